// The package as npm packs it, unpacked in a project of a user's: its size, its commands, its library, its types.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { textOf } from "./shown-commands.js";
import { bplab, temporaryFolder } from "./support.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** A predictor of a user's, with types. */
const MINE = `import { definePredictor, INDIRECT, NONE, type Predictor } from "bplab";
import { findWay } from "bplab/models";
export default definePredictor({
  title: "t", source: "s", covers: INDIRECT, parameters: {}, storageBits: (): number => 0,
  create: (): Predictor => ({ predict: () => (findWay === undefined ? 1 : NONE), train() {} }),
});
`;

const STUDY = "inputs: [queens]\ntechniques: [switch, direct-threading]\npredictors: [btb]\noptions: { max-instructions: 20000 }\n";

/** A module that exports one function which gives 7. */
const SEVEN = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0, 65, 7, 11];

describe.skipIf(!existsSync(`${ROOT}dist/bundle/index.js`) && process.env.CI === undefined)(
  "the package (skipped only where npm run build did not make the bundle)",
  () => {
    const project = temporaryFolder();
    const installed = join(project, "node_modules/bplab");

    function run(command: string, ...args: readonly string[]) {
      const env = { ...process.env, BPLAB_CACHE: join(project, "cache") };
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, env, encoding: "utf8", maxBuffer: 1 << 28 });
      return { code: status, stdout, stderr };
    }
    const packaged = (...args: readonly string[]) =>
      run(process.execPath, join(installed, JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).bin.bplab), ...args);

    beforeAll(() => {
      expect(run(process.execPath, `${ROOT}dist/scripts/pack.js`)).toMatchObject({ code: 0, stderr: "" });
      const packed = spawnSync("npm", ["pack", "--ignore-scripts", `--pack-destination=${project}`], { cwd: ROOT, encoding: "utf8" });
      expect(packed.status, packed.stderr).toBe(0);
      mkdirSync(installed, { recursive: true });
      const archive = readdirSync(project).find((name) => name.endsWith(".tgz")) ?? "";
      expect(run("tar", "-xzf", archive, "--strip-components=1", "-C", installed)).toMatchObject({ code: 0 });
      const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
      // a clone's own processes would unpack it after its bundle is deleted
      rmSync(`${ROOT}dist/scripts.br`);
      for (const name of Object.keys(dependencies)) {
        mkdirSync(join(project, "node_modules", name, ".."), { recursive: true });
        symlinkSync(`${ROOT}node_modules/${name}`, join(project, "node_modules", name));
      }
      writeFileSync(join(project, "package.json"), '{ "type": "module" }');
      writeFileSync(join(project, "mine.ts"), MINE);
      writeFileSync(join(project, "study.yaml"), STUDY);
    });

    it("is less than a megabyte, of 2 ** 20 bytes so that a few more pages of documents have room", () => {
      const [archive] = readdirSync(project).filter((name) => name.endsWith(".tgz"));
      expect(statSync(join(project, archive)).size).toBeLessThan(2 ** 20);
    });

    it("has no sources in TypeScript, and of modules those alone that load the bundle", () => {
      const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
      expect(files.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))).toEqual([]);
      expect(files.filter((name) => /^dist\/src\/.*\.js$/.test(name)).length).toBeLessThan(10);
    });

    const simulation = ["simulate", "queens", "--technique=switch,direct-threading", "--predictor=btb,ittage", "--format=csv"];

    it("simulates what a clone does, first from its compressed script, then from the one that was written", () => {
      const ours = bplab(simulation).stdout;
      expect(packaged(...simulation, "--jobs=1")).toEqual({ code: 0, stdout: ours, stderr: "" });
      expect(existsSync(join(installed, "dist/bundle/bplab.cjs"))).toBe(true);
      expect(packaged(...simulation, "--jobs=2")).toEqual({ code: 0, stdout: ours, stderr: "" });
    });

    it.each([
      ["list", "techniques"],
      ["run", "wasm/json", "--histogram"],
      ["reproduce", "C5"],
      ["advise", "fibonacci", "--machine=haswell", "--max-instructions=20000"],
      ["sweep", "study.yaml", "--out=swept"],
      ["sweep", "merge", "swept", "--output=swept.parquet", "--format=parquet"],
      ["report", "swept.parquet", "--chart=misprediction-rate", "--output=swept.svg"],
      ["simulate", "queens", "--technique=switch", "--predictor=./mine.ts", "--report=page.html", "--chart=rates.svg"],
    ])("runs %s %s", (...args) => {
      const ours = args[0] === "list" || args[0] === "run" ? bplab(args).stdout : undefined;
      const { code, stdout, stderr } = packaged(...args);
      expect([code, stderr], stdout).toEqual([0, expect.not.stringContaining("bug in bplab")]);
      if (ours !== undefined) expect(stdout).toBe(ours);
    });

    it("writes the explorer's page, which is that of a clone", () => {
      expect(packaged("explore", "--output=explorer.html")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(readFileSync(join(project, "explorer.html")).equals(readFileSync(`${ROOT}dist/explorer.html`))).toBe(true);
    });

    it("traces the WebAssembly of a program of Node.js", () => {
      writeFileSync(
        join(project, "seven.mjs"),
        `const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${SEVEN}])));\nconsole.log(exports.f());\n`,
      );
      const { code, stdout, stderr } = packaged("trace", "--wasm", "--output=seven.tape", "--", process.execPath, "seven.mjs");
      expect([code, stdout], stderr).toEqual([0, "7\n"]);
      expect(packaged("simulate", "seven.tape", "--technique=switch")).toMatchObject({ code: 0, stderr: "" });
    });

    it("is a library: the examples of docs/api.md run, and import and require give the same", () => {
      const examples = [...textOf("docs/api.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
      writeFileSync(join(project, "examples.mjs"), examples.join("\n"));
      const { code, stdout, stderr } = run(process.execPath, "examples.mjs");
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("queens direct-threading btb 109725 210129");
      const same = `const models = await import("bplab/models"); const { NONE, definePredictor } = await import("bplab");
process.exitCode = models.NONE === NONE && models.definePredictor === definePredictor ? 0 : 1;`;
      expect(run(process.execPath, "--input-type=module", "--eval", same)).toEqual({ code: 0, stdout: "", stderr: "" });
    });

    it("has types, by which a user's predictor is checked", () => {
      const options = { module: "nodenext", target: "es2022", strict: true, noEmit: true, skipLibCheck: true, types: [] };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["mine.ts", "wrong.ts"] }));
      writeFileSync(join(project, "wrong.ts"), 'import { simulate } from "bplab";\nvoid simulate({ inputs: 7 });\n');
      const { stdout } = run(process.execPath, `${ROOT}node_modules/typescript/bin/tsc`, "-p", ".");
      expect(stdout.trim().split("\n")).toEqual([expect.stringMatching(/^wrong\.ts\(2,17\): error TS2322/)]);
    });
  },
);
