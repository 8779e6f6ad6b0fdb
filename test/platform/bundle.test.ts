// The bundle, which the executable runs where `npm run build` made one, does what the modules do. (After `tsc` alone there is none.)
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BIN, MODULES_BIN, temporaryFolder } from "../support.js";

const BUNDLE = fileURLToPath(new URL("../../dist/bundle/", import.meta.url));
const TRUTH = fileURLToPath(new URL("../data/truth/", import.meta.url));

/** What a command line prints, by the bundle and by the modules; each in a folder of its own, with all files that it wrote. */
function both(args: readonly string[], prepare: (folder: string) => void = () => {}) {
  return [BIN, MODULES_BIN].map((bin) => {
    const cwd = temporaryFolder();
    prepare(cwd);
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd,
      input: "",
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const files = readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name), "latin1")]);
    return { status, stdout, stderr, files };
  });
}

describe.skipIf(!existsSync(BUNDLE))("the bundle", () => {
  it.each<[what: string, code: number, ...args: string[]]>([
    ["a simulation", 0, "simulate", "queens", "--technique=switch,direct-threading", "--predictor=btb,ittage", "--jobs=1"],
    ["a recording", 0, "simulate", `${TRUTH}ocamlrun-kb.sbbt.gz`, "--predictor=tage+ittage", "--format=csv"],
    ["the lists of plug-ins", 0, "list"],
    ["wrong usage", 2, "simulate", "queens", "--predictor=nonesuch"],
  ])("prints of %s what the modules print", (_, code, ...args) => {
    const [bundle, modules] = both(args);
    expect(bundle.status).toBe(code);
    expect(bundle).toEqual(modules);
  });

  it("runs users' predictors, which get its own functions and errors, and names their lines", () => {
    const prepare = (folder: string): void => {
      const text = (body: string) => `import { definePredictor, INDIRECT, NONE } from "bplab/models";
export default definePredictor({
  title: "t", source: "s", covers: INDIRECT, parameters: {}, storageBits: (): number => 0,
  create: () => ({ predict: () => NONE, train() { ${body} } }),
});`;
      writeFileSync(join(folder, "mine.ts"), text(""));
      writeFileSync(join(folder, "fails.ts"), text('throw new Error("no");'));
    };
    for (const file of ["mine.ts", "fails.ts"]) {
      const [bundle, modules] = both(["simulate", "queens", "--technique=switch", `--predictor=./${file}`, "--format=csv"], prepare);
      expect(bundle).toEqual(modules);
      if (file === "fails.ts") expect(bundle.stderr).toContain("fails.ts:4");
      else expect(bundle.stdout).toContain("mine");
    }
  });

  it("draws charts, and pages with the libraries of browsers", { tags: "slow" }, () => {
    const [bundle, modules] = both(["simulate", "queens", "--technique=switch", "--chart=rates.png", "--report=page.html"]);
    expect(bundle).toEqual(modules);
    expect(bundle.status).toBe(0);
  });

  it("keeps the code of functions that ran, for a process like it", () => {
    spawnSync(process.execPath, [BIN, "list", "techniques"]);
    const kept = readdirSync(BUNDLE).flatMap((name) => /^list-(\w+)\.cjs-/.exec(name)?.[1] ?? []);
    expect(kept).toContain("start");
    expect(kept).toHaveLength(new Set(kept).size);
  });

  it("has the package's executable, which loads no script that a command does not need", () => {
    const { bin } = JSON.parse(readFileSync(`${BUNDLE}../../package.json`, "utf8"));
    const { status, stdout } = spawnSync(process.execPath, [`${BUNDLE}../../${bin.bplab}`, "--help"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: bplab");
    const kept = readdirSync(BUNDLE).flatMap((name) => /^bplab-(\w+)\.cjs-/.exec(name)?.[1] ?? []);
    expect(kept.sort()).toEqual(["platform", "start"]);
  });

  it("names the licences of the packages in it", () => {
    const text = readFileSync(`${BUNDLE}licences.txt`, "utf8");
    for (const name of ["commander", "zod", "papaparse"]) expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
  });
});
