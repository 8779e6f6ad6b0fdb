// The arrows of the house (ARCHITECTURE.md): data flows one way, and a stage imports only from stages before it.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Every file of src/ belongs to the first stage whose prefix it has. */
const STAGES: readonly (readonly string[])[] = [
  ["src/branch.ts", "src/errors.ts"],
  ["src/parameters.ts"],
  ["src/trace/"],
  ["src/native-code-files.ts"],
  ["src/measured-bodies.ts"],
  ["src/with-bodies.ts"],
  ["src/guests/"],
  ["src/cache-folder.ts", "src/ocaml-programs.ts"],
  [
    "src/programs.ts",
    "src/write-all.ts",
    "src/digest.ts",
    "src/digest-worker.ts",
    "src/zstd-frames.ts",
    "src/decompress.ts",
    "src/recordings.ts",
    "src/gzip-writer.ts",
    "src/convert.ts",
    "src/recording-summary.ts",
  ],
  ["src/trace-cache.ts"],
  ["src/recorder/"],
  ["src/dispatch/"],
  ["src/afresh.ts"],
  [
    "src/predictor.ts",
    "src/history.ts",
    "src/tage.ts",
    "src/banked-tage.ts",
    "src/loop-table.ts",
    "src/statistical-corrector.ts",
    "src/associative-table.ts",
    "src/exact-table.ts",
    "src/path-table.ts",
  ],
  ["src/load-predictor.ts", "src/check-predictor.ts"],
  ["src/oracles.ts"],
  ["src/machines/"],
  ["src/front-end.ts"],
  ["src/replay-loop.ts"],
  ["src/replay.ts", "src/cache.ts", "src/cache-replay.ts"],
  ["src/statistics.ts", "src/contexts.ts", "src/footprint.ts", "src/cost.ts"],
  ["src/lane.ts", "src/training.ts", "src/branch-trace.ts"],
  ["src/rows.ts"],
  ["src/intervals.ts"],
  ["src/lab.ts", "src/simulate-recording.ts", "src/trace-program.ts"],
  ["src/jobs/"],
  ["src/explain.ts", "src/simulate.ts"],
  ["src/validation/"],
  ["src/claims/"],
  ["src/reproduce.ts"],
  ["src/report/"],
  ["src/index.ts"],
  ["src/cli/"],
  ["src/cli.ts"],
  ["src/bin.ts"],
];

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .sort();
}

/** What a file imports or exports from, as paths from the root; packages as they are named. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gms)];
  return found.map(([, a, b, c]) => a ?? b ?? c).map((name) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name));
}

const stageOf = (file: string): number => STAGES.findIndex((prefixes) => prefixes.some((prefix) => file.startsWith(prefix)));
const local = (name: string): boolean => /^(src|predictors|traces|notebooks|bench|test|dist)\//.test(name);

describe("the arrows of the architecture", () => {
  const source = filesIn("src");

  it("finds imports at all", () => {
    expect(importsOf("src/lane.ts")).toContain("src/replay.ts");
    expect(importsOf("predictors/btb.ts").some((name) => name.startsWith("src/"))).toBe(true);
  });

  it.each(source)("%s belongs to a stage and imports only from its own or earlier ones", (file) => {
    const stage = stageOf(file);
    expect(stage, "add it to STAGES and to ARCHITECTURE.md").toBeGreaterThanOrEqual(0);
    for (const name of importsOf(file).filter(local)) {
      expect(name, `${file} imports ${name}`).toMatch(/^src\//);
      expect(stageOf(name), `${file} imports ${name}, a later stage`).toBeLessThanOrEqual(stage);
    }
  });

  it.each(filesIn("predictors"))("%s imports from src/ alone", (file) => {
    for (const name of importsOf(file))
      expect(name).toMatch(
        /^src\/(afresh|branch|predictor|parameters|history|tage|banked-tage|loop-table|statistical-corrector|associative-table|exact-table|path-table)\.ts$/,
      );
  });

  it("techniques import neither guests nor predictors nor each other", () => {
    for (const file of filesIn("src/dispatch/techniques")) {
      for (const name of importsOf(file)) expect(name).toMatch(/^src\/(branch\.ts|dispatch\/[\w-]+\.ts)$/);
    }
  });

  it("no file but the tests' own names a predictor by its file", () => {
    for (const file of source) for (const name of importsOf(file)) expect(name).not.toMatch(/^predictors\//);
  });

  it("nothing in the lab asks a clock or an unseeded random number generator", () => {
    for (const file of [...source, ...filesIn("predictors")]) {
      expect(readFileSync(join(ROOT, file), "utf8")).not.toMatch(/Math\.random|Date\.now|new Date\(|performance\.now|hrtime/);
    }
  });
});
