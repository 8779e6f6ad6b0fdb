// WAMR's classic interpreter: what was measured of it fits the guest's opcodes; a program without its table is refused in one line.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readMeasuredBodies } from "../../dist/src/bodies/measured-bodies.js";
import { readMergeMap } from "../../dist/src/dispatch/layouts/merge-map.js";
import { instructions } from "../../dist/src/guests/wasm/instructions.js";
import { wamrInstructions } from "../../dist/src/guests/wasm/wamr/instructions.js";
import { readWamr } from "../../dist/src/validation/wamr-binary.js";
import { bplab } from "../support.js";

const ID = "wamr-2.4-classic-gcc12";
const plain = new Set(instructions.map(({ name }) => name));
const names = new Set(wamrInstructions.map(({ name }) => name));
const map = readMergeMap(ID);

describe("what was measured of WAMR's classic interpreter", () => {
  it("has a body for each opcode that it executes, what follows prefixes included, under the names of the form wamr", () => {
    const { bodies } = readMeasuredBodies(ID);
    for (const { opcode } of bodies) expect([opcode, names.has(opcode)]).toEqual([opcode, true]);
    expect(bodies.filter(({ opcode }) => !plain.has(opcode)).map(({ opcode }) => opcode)).toHaveLength(13);
    for (const name of ["local.get", "i32.add", "f64.sqrt", "br_table", "call_indirect", "i64.extend32_s", "ref.func", "memory.copy"])
      expect(bodies.some(({ opcode }) => opcode === name)).toBe(true);
  });

  it("shares the dispatches of branches, of returns and of calls", () => {
    expect(new Set([map("br").site, map("br_table").site, map("br_if").takenSite]).size).toBe(1);
    expect(map("br_if").site).not.toBe(map("br_if").takenSite);
    expect(map("end").takenSite).toBe(map("return").site);
    expect(new Set(["(entry)", "call", "call_indirect"].map((name) => map(name).site)).size).toBe(1);
    expect(map("i32.add").site).not.toBe(map("i32.sub").site);
  });

  it("changes what a predictor sees", () => {
    const techniques = `--technique=direct-threading,direct-threading:merge=${ID}`;
    const { code, stdout } = bplab(["simulate", "wasm/json", techniques, "--predictor=btb:unbounded", "--format=json"]);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout).filter(({ kind }: { kind: string }) => kind === "dispatch");
    expect(rows).toHaveLength(2);
    expect(rows[0].mispredictions).not.toBe(rows[1].mispredictions);
  });
});

describe("a program that is no such interpreter", () => {
  it("is refused", () => {
    expect(() => readWamr(process.execPath)).toThrow(/expected a symbol of the interpreter|binutils/);
  });
});

it("the measured files name the binary that they were read off", () => {
  for (const file of [`${ID}.csv`, `${ID}.sites.csv`])
    expect(readFileSync(new URL(`../../native-code/${file}`, import.meta.url), "utf8")).toMatch(/SHA-256 [0-9a-f]{64}/);
});
