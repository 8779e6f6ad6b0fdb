// Code generated of compiled bodies does what the guest does, and executes the branches that the model makes, one by one.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { techniqueIds } from "../../dist/src/dispatch/techniques.js";
import { recordImage } from "../../dist/src/guests/forth/image.js";
import { findProgram } from "../../dist/src/guests/programs.js";
import { profileOf } from "../../dist/src/lab/training.js";
import { GENERATED, readGenerated } from "../../dist/src/validation/generated/generate.js";
import { checkNative, createNativePrograms, type NativePrograms } from "../../dist/src/validation/native-programs.js";
import type { LoadedImage } from "../../dist/src/validation/prepare.js";
import { runTool } from "../../dist/src/validation/tools.js";
import { VALIDATED, validate } from "../../dist/src/validation/validate.js";
import { bplab, temporaryFolder } from "../support.ts";

const installed = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const gcc = process.arch === "x64" && installed("gcc") && installed("objdump");
const qemu = gcc && installed("qemu-x86_64");
if (!qemu) console.warn("gcc, binutils or qemu-user for x86-64 is missing: no code is generated, or it is not recorded");

const PROGRAM = fileURLToPath(new URL("../data/validation/constructs.fs", import.meta.url));
const compiler = { command: "gcc", flags: ["-O2"], limit: 120 };
const wordsOf = (line: readonly string[]): [string, ...string[]] => line as [string, ...string[]];

it("is there for every technique, or a form in C is", () => {
  expect(VALIDATED).toEqual(techniqueIds());
});

describe.skipIf(!gcc)("generated code", () => {
  let one: LoadedImage;
  let native: NativePrograms;
  beforeAll(async () => {
    one = { program: await findProgram(PROGRAM), image: recordImage(PROGRAM, { full: false, maxInstructions: 1e6 }) };
    native = createNativePrograms(temporaryFolder(), compiler, [one]);
  }, 600_000);

  it("leaves the guest's memory, stacks and output under every technique", { tags: "slow" }, async () => {
    const profile = { programs: [], runs: profileOf(one.image.run()) };
    for (const technique of [
      ...GENERATED,
      "subroutine-threading:leave=body",
      "subroutine-threading:branches:tiny=30",
      "static-both:assign=random",
    ]) {
      const built = await native.build(technique, one, { making: "generated", profile });
      expect(() => checkNative(built), technique).not.toThrow();
    }
  });

  // Linux puts the heap anywhere in the gigabyte after the executable: code that is mapped there overwrites it, now and then
  it("lies in a part of the executable, where no heap can be", async () => {
    const { generated, command } = await native.build("unrolled-switch", one, { making: "generated" });
    const parts = runTool("readelf", ["-lW", command[0]])
      .split("\n")
      .filter((line) => line.trim().startsWith("LOAD"))
      .map((line) => line.trim().split(/\s+/).map(Number))
      .map(([, , address, , , bytes]) => ({ from: address, to: address + bytes }));
    const { start = 0, end = 0 } = generated ?? {};
    expect(end).toBeGreaterThan(start);
    expect(parts.filter(({ from, to }) => from <= start && end <= to)).toHaveLength(1);
  });

  it("is found out when it goes another way than the guest", async () => {
    const { image } = one;
    const wrong = { ...one, image: { ...image, output: `${image.output}!` } };
    const built = await native.build("catenation", wrong, { making: "generated" });
    expect(() => checkNative(built)).toThrow("its output is not the guest's");
    // the first operand of a literal that prints becomes another one
    const words = (opcode: (number: number) => number): Int32Array => {
      const all = image.words(opcode).slice();
      for (let address = 0; address < image.program.addressCount; address++) {
        const at = image.program.opcodeAt(address);
        if (at >= 0 && image.program.opcodes[at].name === "lit" && all[2 + 2 * address] === 100) all[2 + 2 * address] = 101;
      }
      return all;
    };
    const other = await native.build("catenation", { ...one, image: { ...image, words } }, { making: "generated" });
    expect(() => checkNative(other)).toThrow(/exit code 3.*went another way than the guest/);
  });

  it("says how long it took", async () => {
    const { time } = await native.build("dynamic-replication", one);
    const [path, ...args] = wordsOf(time);
    expect(spawnSync(path, args, { encoding: "utf8" }).stderr).toMatch(/^time \d+ \d+\.\d+ \d+\.\d+\n$/);
    expect(runTool(path, args)).toBe(one.image.output);
  });

  it("refuses parameters that it does not follow, and compilers that leave calls", async () => {
    await expect(readGenerated("dynamic-both:relocatable=measured")).rejects.toThrow("generated code is that of relocatable=all");
    const plain = createNativePrograms(temporaryFolder(), { ...compiler, flags: ["-O0"] }, [one]);
    await expect(plain.build("dynamic-both", one)).rejects.toThrow("left a call where a tail call stands");
  });
});

describe.skipIf(!qemu)("recorded branches of generated code", () => {
  it("are the modelled ones, and so are the mispredictions", { tags: "slow" }, async () => {
    const { rows, skipped } = await validate({
      inputs: [PROGRAM],
      technique: "dynamic-replication,context-threading,catenation,unrolled-switch",
      predictor: "btb:unbounded,two-level:targets=4:unbounded",
    });
    expect(skipped).toEqual([]);
    expect(rows).toHaveLength(4 * 2);
    for (const row of rows) {
      expect([row.technique, row.making, row.difference, row.dispatches]).toEqual([row.technique, "generated", "", row.idealDispatches]);
      // conditionals are predicted by gshare, which sees address bits
      if (row.technique !== "context-threading") expect([row.technique, row.recordedMisses]).toEqual([row.technique, row.idealMisses]);
      expect(row.sitesExecuted).toBe(row.modelledSitesExecuted);
    }
  });
});

describe("bplab validate", () => {
  it.each([
    ["dynamic-both:relocatable=measured", "generated code is that of relocatable=all, got relocatable=measured"],
    ["catenation:align=3", "align must be a power of two"],
    ["direct-threads", "unknown technique that can be validated: direct-threads"],
  ])("says in one line what is wrong with --technique=%s", { tags: "slow" }, (technique, message) => {
    const { code, stdout, stderr } = bplab(["validate", "fibonacci", `--technique=${technique}`]);
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
    expect(stderr).toContain(message);
  });
});
