// The lab's programs for WebAssembly: each prints what it must, runs only when it is named, and is what its source compiles to.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileWasm, sources } from "../../../dist/scripts/wasm-programs.js";
import { findCommand } from "../../../dist/src/files/find-command.js";
import { wasmModule, wasmProgramIds } from "../../../dist/src/guests/wasm/lab-programs.js";
import { programIds } from "../../../dist/src/index.js";
import { bplab, temporaryFolder } from "../../support.js";
import { instructionsOf } from "../instructions-of.js";

const output = (id: string, size: string): string => readFileSync(new URL(`../../../traces/${id}.${size}.out`, import.meta.url), "utf8");

describe("the lab's programs for WebAssembly", () => {
  it("do not run where no program is named", () => {
    expect(programIds().filter((id) => id.startsWith("wasm/"))).toEqual([]);
  });

  it("are listed with their sources", () => {
    const { code, stdout } = bplab(["list", "programs", "--format=json"]);
    expect(code).toBe(0);
    const list: readonly Record<string, string>[] = JSON.parse(stdout);
    const ours = list.filter(({ id }) => id.startsWith("wasm/"));
    expect(ours.map(({ id }) => id)).toEqual(wasmProgramIds());
    expect(ours.map(({ id }) => id)).toEqual(sources().map((name) => `wasm/${name}`));
    for (const { id, title, source } of ours) {
      expect(title).toMatch(/^[a-z].*\.$/);
      expect(source).toBe(`traces/${id}.c`);
    }
  });

  it("are known when a name is wrong", () => {
    const { code, stderr } = bplab(["simulate", "wasm/jason"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^unknown program: wasm\/jason; did you mean wasm\/json\? \(known: .*\)\n$/)]);
  });

  it("are run on a terminal at the size that is asked for, or with words of the user", () => {
    expect(bplab(["run", "wasm/sha256"]).stdout).toBe(output("wasm/sha256", "test"));
    expect(bplab(["run", "wasm/sha256", "full"]).stdout).toBe(output("wasm/sha256", "full"));
  });

  it("train on the others where nobody is named", () => {
    const { code, stdout } = bplab(["simulate", "wasm/json", "--technique=static-superinstructions", "--predictor=btb", "--format=json"]);
    expect(code).toBe(0);
    const [{ training }]: readonly { readonly training: string }[] = JSON.parse(stdout);
    expect(training.split(" ").sort()).toEqual(wasmProgramIds().filter((id) => id !== "wasm/json"));
  });

  it("draw the same pictures with SIMD and without", () => {
    for (const size of ["test", "full"]) expect(output("wasm/ray-tracer-simd", size)).toBe(output("wasm/ray-tracer", size));
  });

  it("hash as SHA-256 does in FIPS 180-2's example, and count chess positions as everybody does", () => {
    expect(output("wasm/sha256", "test")).toContain("abc ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n");
    expect(output("wasm/chess", "full")).toContain("positions 20\npositions 400\npositions 8902\n");
  });
});

describe.each(wasmProgramIds())("%s", (id) => {
  it("prints what it must at size test, in under 300 thousand virtual instructions", async () => {
    const count = await instructionsOf(id, "test");
    expect(count).toBeGreaterThan(100_000);
    expect(count).toBeLessThan(300_000);
  });

  it.skipIf(findCommand("clang-19") === undefined || findCommand("wasm-ld-19") === undefined)(
    "is what its source compiles to",
    { tags: "slow" },
    () => {
      const name = id.slice("wasm/".length);
      const fresh = join(temporaryFolder(), `${name}.wasm`);
      compileWasm(name, fresh);
      expect(readFileSync(fresh).equals(readFileSync(wasmModule(id)))).toBe(true);
    },
  );
});
