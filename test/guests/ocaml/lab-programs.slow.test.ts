// The lab's OCaml programs: compiled when they are asked for, each prints what it must at both sizes; and the
// message where no compiler is installed.
// @module-tag slow
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ocamlcVersion, ocamlProgramIds } from "../../../dist/src/guests/ocaml/lab-programs.js";
import { findProgram, programIds } from "../../../dist/src/index.js";
import { bplab, temporaryFolder } from "../../support.js";
import { instructionsOf } from "../instructions-of.js";

const installed = ocamlcVersion() !== undefined;
if (!installed) console.warn("ocamlc is not installed (apt-get install ocaml-nox): OCaml programs are not compiled");

/** Where nothing is on the PATH. */
const nothing = { PATH: temporaryFolder() };

describe("OCaml programs of the lab", () => {
  it("are at least six, and do not run where no program is named", () => {
    expect(ocamlProgramIds().length).toBeGreaterThanOrEqual(6);
    expect(programIds().filter((id) => id.startsWith("ocaml/"))).toEqual([]);
  });

  it("are listed with what they need, installed or not", () => {
    for (const env of [{}, nothing]) {
      const { code, stdout } = bplab(["list", "programs", "--format=json"], { env });
      expect(code).toBe(0);
      const list: readonly Record<string, string>[] = JSON.parse(stdout);
      const ours = list.filter(({ id }) => id.startsWith("ocaml/"));
      expect(ours.map(({ id }) => id)).toEqual(ocamlProgramIds());
      for (const { id, title, source } of ours) {
        expect(title).toMatch(/^\w.* \(needs ocamlc 4\.13 or 4\.14: apt-get install ocaml-nox\)$/);
        expect(source).toBe(`traces/${id}.ml`);
      }
    }
  });

  it.each(["run", "simulate"])("say in one line what to install when they are to %s without a compiler", (command) => {
    expect(bplab([command, "ocaml/n-body"], { env: nothing })).toEqual({
      code: 2,
      stdout: "",
      stderr: "ocaml/n-body needs ocamlc 4.13 or 4.14: apt-get install ocaml-nox\n",
    });
  });

  it("are not compiled where the compiler is one whose bytecode does not run: that says the same, and what is installed", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "ocamlc"), "#!/bin/sh\necho 5.1.1\n", { mode: 0o755 });
    const env = { PATH: folder };
    expect(bplab(["simulate", "ocaml/n-body"], { env })).toEqual({
      code: 2,
      stdout: "",
      stderr: "ocaml/n-body needs ocamlc 4.13 or 4.14: apt-get install ocaml-nox (installed: 5.1.1)\n",
    });
    const { code, stdout } = bplab(["reproduce", "C25"], { env });
    expect([code, stdout]).toEqual([0, expect.stringContaining("left out: OCaml needs ocamlc 4.13 or 4.14")]);
  });

  it("are known when a name is wrong", async () => {
    const { code, stderr } = bplab(["simulate", "ocaml/n-bodies"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^unknown program: ocaml\/n-bodies; did you mean ocaml\/n-body\? \(known: .*\)\n$/),
    ]);
  });
});

describe.skipIf(!installed).each(ocamlProgramIds())("%s", (id) => {
  it("prints what it must at size test, in under 300 thousand virtual instructions", async () => {
    expect(await instructionsOf(id, "test")).toBeGreaterThan(50_000);
    expect(await instructionsOf(id, "test")).toBeLessThan(300_000);
    expect(bplab(["run", id]).stdout).toBe(readFileSync(new URL(`../../../traces/${id}.test.out`, import.meta.url), "utf8"));
  });

  it("prints what it must at size full, in 5 to 50 million virtual instructions", async () => {
    const count = await instructionsOf(id, "full");
    expect(count).toBeGreaterThan(5_000_000);
    expect(count).toBeLessThan(50_000_000);
  }, 600_000);
});

describe.skipIf(!installed)("what the lab compiles", () => {
  it("lies whole in the cache, found again by source and version, and is the same in every cache", async () => {
    const folders = [temporaryFolder(), temporaryFolder()];
    const bytes: Buffer[] = [];
    for (const folder of folders) {
      process.env.BPLAB_CACHE = folder;
      const { path } = await findProgram("ocaml/n-body");
      expect((await findProgram("ocaml/n-body")).path).toBe(path);
      const kept = readdirSync(folder);
      expect(kept).toEqual([expect.stringMatching(/^ocaml-[0-9a-f]{16}$/)]);
      expect(path).toBe(join(folder, kept[0], "program.byte"));
      expect(readdirSync(join(folder, kept[0])).sort()).toEqual(["n-body.cmi", "n-body.cmo", "n-body.ml", "program.byte"]);
      bytes.push(readFileSync(path));
    }
    delete process.env.BPLAB_CACHE;
    expect(bytes[0].equals(bytes[1])).toBe(true);
  });

  it("is refused in one line where the cache cannot be written", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const { code, stderr } = bplab(["simulate", "ocaml/n-body"], { env: { BPLAB_CACHE: join(file, "cache") } });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^cannot write .*, the folder of what is made once: .*BPLAB_CACHE\n$/)]);
  });

  it("trains on the other OCaml programs where nobody is named", () => {
    const { code, stdout } = bplab([
      "simulate",
      "ocaml/n-body",
      "--technique=static-superinstructions",
      "--predictor=btb",
      "--format=json",
    ]);
    expect(code).toBe(0);
    const [{ training }]: readonly { readonly training: string }[] = JSON.parse(stdout);
    expect(training.split(" ").sort()).toEqual(ocamlProgramIds().filter((id) => id !== "ocaml/n-body"));
  });
});
