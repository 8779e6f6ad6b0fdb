// The arrows of the house (ARCHITECTURE.md): data flows one way, and a room imports only from rooms before it.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Files of the ground floor, then rooms, each of which imports only from what stands before it. */
const ROOMS: readonly string[] = [
  "src/branch.ts",
  "src/errors.ts",
  "src/numbers.ts",
  "src/parameters.ts",
  "src/platform/",
  "src/files/",
  "src/trace/",
  "src/bodies/",
  "src/guests/",
  "src/dispatch/",
  "src/recordings/",
  "src/models/",
  "src/front-end/",
  "src/replay/",
  "src/options/",
  "src/results/",
  "src/lab/",
  "src/workbench/",
  "src/jobs/",
  "src/simulate/",
  "src/validation/",
  "src/advise/",
  "src/host/",
  "src/reproduce/",
  "src/report/",
  "src/sweep/",
  "src/explorer/",
  "src/index.ts",
  "src/cli/",
  "src/bin.ts",
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
  return found
    .map(([, a, b, c]) => a ?? b ?? c)
    .map((name) => name.replace(/^#platform\/(.*)$/, "./src/platform/node/$1.ts"))
    .map((name) => (name.startsWith("./src/") ? normalize(name) : name.startsWith(".") ? normalize(join(dirname(file), name)) : name));
}

const roomOf = (file: string): number => ROOMS.findIndex((room) => file.startsWith(room));
const local = (name: string): boolean => /^(src|predictors|traces|notebooks|bench|test|dist)\//.test(name);

describe("the arrows of the architecture", () => {
  const source = filesIn("src");

  it("finds imports at all", () => {
    expect(importsOf("src/replay/lane.ts")).toContain("src/replay/replay.ts");
    expect(importsOf("predictors/btb.ts").some((name) => name.startsWith("src/"))).toBe(true);
  });

  it.each(source)("%s belongs to a room and imports only from its own or earlier ones", (file) => {
    const room = roomOf(file);
    expect(room, "add it to ROOMS and to ARCHITECTURE.md").toBeGreaterThanOrEqual(0);
    for (const name of importsOf(file).filter(local)) {
      expect(name, `${file} imports ${name}`).toMatch(/^src\//);
      expect(roomOf(name), `${file} imports ${name}, in a later room`).toBeLessThanOrEqual(room);
    }
  });

  it("no two files import each other", () => {
    const imports = new Map(source.map((file) => [file, new Set(importsOf(file))]));
    const pairs = source.flatMap((file) =>
      [...(imports.get(file) ?? [])].filter((name) => imports.get(name)?.has(file) && file < name).map((name) => `${file} and ${name}`),
    );
    expect(pairs).toEqual([]);
  });

  it.each(filesIn("predictors"))("%s imports from src/branch.ts, src/parameters.ts and src/models/ alone", (file) => {
    for (const name of importsOf(file)) expect(name).toMatch(/^src\/(branch|parameters|models\/[\w-]+)\.ts$/);
  });

  it("techniques import neither guests nor predictors nor each other", () => {
    for (const file of filesIn("src/dispatch/techniques")) {
      for (const name of importsOf(file)) expect(name).toMatch(/^src\/(branch\.ts|dispatch\/([\w-]+\/)?(?<!techniques\/)[\w-]+\.ts)$/);
    }
  });

  it("no file but the tests' own names a predictor by its file", () => {
    for (const file of source) for (const name of importsOf(file)) expect(name).not.toMatch(/^predictors\//);
  });

  it("the core, which also runs in a web page, imports modules of Node.js only through #platform/…", () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file) || file.startsWith("src/platform/")) return;
      reached.add(file);
      for (const name of importsOf(file).filter(local)) visit(name);
    };
    const starts = ["src/explorer/worker.ts", ...filesIn("src/dispatch/techniques"), ...filesIn("src/recordings/formats")];
    for (const start of [...starts, ...filesIn("predictors")]) visit(start);
    expect(reached).toContain("src/guests/forth/guest.ts");
    for (const file of reached) {
      const text = readFileSync(join(ROOT, file), "utf8");
      const modules = [...text.matchAll(/^import (?!type\b)[^;]*?from "(node:[\w/]+)"|\bimport\("(node:[^"]+)"\)/gms)].map(
        ([, a, b]) => a ?? b,
      );
      expect(modules, `${file}: import it from "#platform/…" (src/platform/node, and the same in src/platform/page)`).toEqual([]);
    }
  });

  it("nothing in the lab asks a clock or an unseeded random number generator, but for what measures time", () => {
    const asking = [...source, ...filesIn("predictors")].filter((file) =>
      /Math\.random|Date\.now|new Date\b(?!\([^)])|performance\.now|hrtime|process\.uptime|process\.cpuUsage/.test(
        readFileSync(join(ROOT, file), "utf8"),
      ),
    );
    const measures = /^src\/(host\/|sweep\/stopwatch\.ts$)/;
    expect(asking.filter((file) => !measures.test(file))).toEqual([]);
  });
});
