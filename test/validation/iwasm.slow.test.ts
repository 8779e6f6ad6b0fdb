// A small interpreter of our own, laid out as WAMR's classic one: its recording comes to the model's counts, and what disassembly
// says of its bodies and dispatches is what the recording shows.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { parseTable } from "../../dist/src/bodies/native-code-files.js";
import { type Validation, validate } from "../../dist/src/index.js";
import { bplab, temporaryFolder } from "../support.js";

const data = (file: string): string => fileURLToPath(new URL(`../data/wasm/${file}`, import.meta.url));
const missing = ["gcc", "objdump", "qemu-x86_64"].filter((command) => spawnSync(command, ["--version"]).status !== 0);
if (missing.length > 0) console.warn(`${missing.join(", ")} missing: no interpreter of WebAssembly is compiled, measured and recorded`);

const cellsOf = (text: string, column: string): Map<string, string> =>
  new Map(parseTable(text, "map", ["opcode", column]).rows.map(({ cells }) => [cells.opcode, cells[column]]));

describe.skipIf(missing.length > 0)("a small interpreter laid out as WAMR's", () => {
  const path = join(temporaryFolder(), "iwasm");
  let validation: Validation;
  beforeAll(async () => {
    const flags = ["-O2", "-fno-gcse", "-fno-crossjumping"];
    const { status, stderr } = spawnSync("gcc", [...flags, "-o", path, data("small-interpreter.c")], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    process.env.BPLAB_IWASM = path;
    validation = await validate({ inputs: [data("widths.wasm")] });
  }, 600_000);

  it("mispredicts as the model says under each predictor, and enters every opcode at one address", () => {
    const { rows, skipped } = validation;
    expect(skipped).toEqual([]);
    expect(rows).toHaveLength(6);
    for (const { dispatches, virtualInstructions, recordedMisses, ownMisses, splitEntries, splitExits } of rows) {
      expect([dispatches, recordedMisses]).toEqual([virtualInstructions, ownMisses]);
      expect([splitEntries, splitExits]).toEqual([[], []]);
    }
    expect(rows[0].recordedMisses).toBeGreaterThan(1000);
  });

  it("has bodies by width, and two dispatches where there is a prefix", () => {
    const entries = cellsOf(validation.binaries[0].map, "body_address");
    for (const [name, other] of [
      ["select", "select (64 bits)"],
      ["local.get", "local.get (far)"],
      ["global.set", "global.set (64 bits)"],
      ["(prefix 0xfc)", "memory.fill"],
    ]) {
      expect([name, entries.has(name), entries.has(other)]).toEqual([name, true, true]);
      expect(entries.get(name)).not.toBe(entries.get(other));
    }
  });

  it("leaves through the sites that measure-wamr finds by disassembly, opcode for opcode", async () => {
    const { measureWamr } = await import("../../dist/scripts/measure-wamr.js");
    const { sites, bodies } = measureWamr(path);
    const [{ map }] = validation.binaries;
    for (const column of ["dispatch_site", "body_address"]) {
      const found = cellsOf(sites, column);
      const seen = cellsOf(map, column);
      seen.delete("(entry)");
      expect(seen.size).toBeGreaterThan(35);
      for (const [opcode, place] of seen) expect([column, opcode, found.get(opcode)]).toEqual([column, opcode, place]);
    }
    for (const [opcode, bytes] of cellsOf(bodies, "body_bytes")) expect([opcode, Number(bytes) > 0]).toEqual([opcode, true]);
  });

  it("is refused in one line where it is stripped, or is not there", () => {
    const stripped = join(temporaryFolder(), "stripped");
    expect(spawnSync("strip", ["-o", stripped, path]).status).toBe(0);
    const run = (iwasm: string) => bplab(["validate", data("widths.wasm")], { env: { ...process.env, BPLAB_IWASM: iwasm } });
    expect(run(stripped)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^\S+: expected a symbol of the interpreter.*stripped\?\n$/),
    });
    expect(run("/nowhere")).toMatchObject({ code: 2, stdout: "", stderr: "BPLAB_IWASM: no program /nowhere\n" });
    const none = bplab(["validate", data("widths.wasm")], { env: { ...process.env, BPLAB_IWASM: "", PATH: "/nowhere" } });
    expect(none).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^iwasm is not installed: build .* BPLAB_IWASM\n$/) });
  });
});
