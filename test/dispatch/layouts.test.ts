// Every technique's layout of programs of a few instructions, worked out by hand: bodies and dispatch sequences in bytes and
// native instructions as compilers leave them, where each branch stands and goes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CONDITIONAL } from "../../dist/src/branch.js";
import type { NativeCode } from "../../dist/src/dispatch/native-code.js";
import type { ProfiledRun } from "../../dist/src/dispatch/profile.js";
import { readTechniques, techniqueIds } from "../../dist/src/index.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";
import { blockProgram, blockRun, countAll, temporaryFolder } from "../support.js";
import { bytesOf, codeLines, siteLine, tinyProgram, where, wideProgram } from "./tiny-program.js";

const LOOP = tinyProgram(["A", "B", "A", "JZ 0"]);

const laidOut = new Set<string>();

async function layOut(spec: string, program: VirtualProgram = LOOP, runs: readonly ProfiledRun[] = []): Promise<NativeCode> {
  laidOut.add(spec.split(":")[0]);
  const [technique] = await readTechniques(spec);
  return technique.layout(technique.view(program)?.program ?? program, { layoutSeed: 0, profile: { programs: [], runs } });
}
/** The entries of the instructions from address 0 on. */
const entries = (code: NativeCode, count: number): string[] => Array.from({ length: count }, (_, at) => where(code.at(at).entry));
const pieceBytes = (code: NativeCode) => bytesOf(code.pieces());
const tableBytes = async (spec: string, opcodes: number): Promise<number | undefined> =>
  pieceBytes(await layOut(spec, wideProgram(opcodes))).table;
const folder = temporaryFolder();
function mergeMap(name: string, ...rows: string[]): string {
  writeFileSync(join(folder, name), `opcode,dispatch_site,taken_dispatch_site\n${rows.join("\n")}\n`);
  return `merge=${join(folder, name)}`;
}

describe("switch", () => {
  it("dispatches with 5 instructions and 17 bytes at the head of a loop, to which bodies jump back in 5 bytes", async () => {
    const code = await layOut("switch");
    const head = "dispatch loop: indirect-jump at T+15, 2 bytes, to NEXT through D+0, dispatches";
    expect(siteLine(code.entry)).toBe(head);
    expect(codeLines(code, 0)).toEqual(["T+32: 11 instructions in T+32..57 T+0..17", "A: jump at T+52, 5 bytes, to T+0", head]);
    expect(codeLines(code, 1)).toEqual(["T+64: 9 instructions in T+64..79 T+0..17", "B: jump at T+74, 5 bytes, to T+0", head]);
    expect(codeLines(code, 3)).toEqual(["T+80: 10 instructions in T+80..99 T+0..17", "JZ: jump at T+94, 5 bytes, to T+0", head]);
    expect(code.at(2)).toBe(code.at(0));
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 17 + 3 * 5, table: 3 * 4 });
  });

  it.each([
    [1, ["T+17", "T+42", "T+17", "T+57"]],
    [16, ["T+32", "T+64", "T+32", "T+80"]],
    [64, ["T+64", "T+128", "T+64", "T+192"]],
  ])("puts bodies at multiples of %i bytes", async (align, expected) => {
    const code = await layOut(`switch:align=${align}`);
    expect(entries(code, 4)).toEqual(expected);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 32, table: 12 });
  });

  it.each([1, 2, 64, 200])("takes 17 + 5 N bytes of dispatch and a table of 4 N or 8 N bytes for %i opcodes", async (opcodes) => {
    const expected = { body: 8 * opcodes, dispatch: 17 + 5 * opcodes };
    expect(pieceBytes(await layOut("switch", wideProgram(opcodes)))).toEqual({ ...expected, table: 4 * opcodes });
    expect(pieceBytes(await layOut("switch:entryBytes=8", wideProgram(opcodes)))).toEqual({ ...expected, table: 8 * opcodes });
  });

  it("tests the opcode's range with 7 instructions and 27 bytes in all", async () => {
    const code = await layOut("switch:range-check");
    expect(codeLines(code, 0)).toEqual([
      "T+32: 13 instructions in T+32..57 T+0..27",
      "A: jump at T+52, 5 bytes, to T+0",
      "dispatch loop: conditional at T+8, 2 bytes, to outside, never taken",
      "dispatch loop: indirect-jump at T+25, 2 bytes, to NEXT through D+0, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 27 + 15, table: 12 });
  });

  it("tests the length of the list in front of the range", async () => {
    expect(codeLines(await layOut("switch:counted:range-check"), 0)).toEqual([
      "T+48: 16 instructions in T+48..73 T+0..35",
      "A: jump at T+68, 5 bytes, to T+0",
      "dispatch loop: conditional at T+6, 2 bytes, to outside, never taken",
      "dispatch loop: conditional at T+16, 2 bytes, to outside, never taken",
      "dispatch loop: indirect-jump at T+33, 2 bytes, to NEXT through D+0, dispatches",
    ]);
  });

  it("with a sentinel has a jump of 7 bytes through a table of 8-byte entries in every body", async () => {
    const code = await layOut("switch:sentinel");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+8, 7 bytes, to NEXT through D+0, dispatches");
    expect(codeLines(code, 0)).toEqual([
      "T+16: 8 instructions in T+16..51",
      "A: indirect-jump at T+44, 7 bytes, to NEXT through D+0, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 15, table: 24 });
  });

  it("with a sentinel is refused where something else tests for the end", async () => {
    for (const test of ["range-check", "counted"]) {
      await expect(layOut(`switch:sentinel:${test}`)).rejects.toThrow("technique switch: a sentinel needs neither range-check nor counted");
    }
  });

  it("decides virtual conditionals by a native branch over nothing, if bodies are compiled so", async () => {
    const code = await layOut("switch:conditional=branch");
    expect(codeLines(code, 3).slice(0, 3)).toEqual([
      "T+80: 11 instructions in T+80..101 T+0..17",
      "JZ: conditional at T+94, 2 bytes, to T+96, if taken",
      "JZ: jump at T+96, 5 bytes, to T+0",
    ]);
    expect(pieceBytes(code).dispatch).toBe(32 + 2);
  });
});

describe("call-threading", () => {
  it("calls from a loop of 8 instructions and 22 bytes; bodies return to its test in one", async () => {
    const code = await layOut("call-threading");
    const loop = [
      "dispatch loop: conditional at T+20, 2 bytes, to T+0",
      "dispatch loop: indirect-call at T+12, 2 bytes, to NEXT, dispatches",
    ];
    expect(siteLine(code.entry)).toBe(loop[1]);
    expect(codeLines(code, 0)).toEqual(["T+32: 14 instructions in T+32..53 T+0..22", "A: return at T+52, 1 bytes, to T+14", ...loop]);
    expect(codeLines(code, 3)).toEqual(["T+80: 13 instructions in T+80..95 T+0..22", "JZ: return at T+94, 1 bytes, to T+14", ...loop]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 22 + 3 });
    expect(entries(await layOut("call-threading:align=1"), 2)).toEqual(["T+22", "T+43"]);
  });
});

describe("direct-threading", () => {
  it("ends every body in 3 instructions and 9 bytes of dispatch", async () => {
    const code = await layOut("direct-threading");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+7, 2 bytes, to NEXT, dispatches");
    expect(codeLines(code, 0)).toEqual(["T+16: 8 instructions in T+16..45", "A: indirect-jump at T+43, 2 bytes, to NEXT, dispatches"]);
    expect(codeLines(code, 1)).toEqual(["T+48: 6 instructions in T+48..67", "B: indirect-jump at T+65, 2 bytes, to NEXT, dispatches"]);
    expect(codeLines(code, 3)).toEqual(["T+80: 7 instructions in T+80..103", "JZ: indirect-jump at T+101, 2 bytes, to NEXT, dispatches"]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 9 });
    expect(entries(await layOut("direct-threading:align=1"), 4)).toEqual(["T+9", "T+38", "T+9", "T+57"]);
    expect(entries(await layOut("direct-threading:align=64"), 4)).toEqual(["T+64", "T+128", "T+64", "T+192"]);
  });

  it("may decide a virtual conditional by a native branch, in front of one dispatch or of two", async () => {
    expect(codeLines(await layOut("direct-threading:conditional=branch"), 3)).toEqual([
      "T+80: 8 instructions in T+80..105",
      "JZ: conditional at T+94, 2 bytes, to T+96, if taken",
      "JZ: indirect-jump at T+103, 2 bytes, to NEXT, dispatches",
    ]);
    const code = await layOut("direct-threading:conditional=two-exits");
    expect(codeLines(code, 3)).toEqual([
      "T+80: 8 instructions in T+80..114",
      "JZ: conditional at T+94, 2 bytes, to T+105, if taken",
      "JZ: indirect-jump at T+103, 2 bytes, to NEXT, if it falls through, dispatches",
      "JZ: indirect-jump at T+112, 2 bytes, to NEXT, if taken, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 9 + 2 + 9 });
  });

  it("merged into one site jumps there from all bodies, as the entry does", async () => {
    const code = await layOut("direct-threading:merge=all");
    const tail = "tail all: indirect-jump at T+7, 2 bytes, to NEXT, dispatches";
    expect(siteLine(code.entry)).toBe(tail);
    expect(codeLines(code, 0)).toEqual(["T+16: 9 instructions in T+16..41 T+0..9", "A: jump at T+36, 5 bytes, to T+0", tail]);
    expect(codeLines(code, 3)).toEqual(["T+64: 8 instructions in T+64..83 T+0..9", "JZ: jump at T+78, 5 bytes, to T+0", tail]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 9 + 3 * 5 });
  });

  it("merged by a map has tails behind the entry, and bodies with two exits", async () => {
    const code = await layOut(`direct-threading:${mergeMap("two.csv", "A,tail,", "B,tail,", "JZ,own,tail")}`);
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+7, 2 bytes, to NEXT, dispatches");
    expect(codeLines(code, 1)).toEqual([
      "T+64: 7 instructions in T+64..79 T+9..18",
      "B: jump at T+74, 5 bytes, to T+9",
      "tail tail: indirect-jump at T+16, 2 bytes, to NEXT, dispatches",
    ]);
    expect(codeLines(code, 3)).toEqual([
      "T+80: 8 instructions (9 if taken) in T+80..110 T+9..18",
      "JZ: conditional at T+94, 2 bytes, to T+105, if taken",
      "JZ: indirect-jump at T+103, 2 bytes, to NEXT, if it falls through, dispatches",
      "JZ: jump at T+105, 5 bytes, to T+9, if taken",
      "tail tail: indirect-jump at T+16, 2 bytes, to NEXT, if taken, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 9 + 9 + 5 + 5 + (2 + 9 + 5) });
  });
});

describe("indirect-threading", () => {
  it("ends every body in 4 instructions and 12 bytes, through code fields of 8 bytes", async () => {
    const code = await layOut("indirect-threading");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+10, 2 bytes, to NEXT through D+0, dispatches");
    expect(codeLines(code, 0)).toEqual([
      "T+16: 9 instructions in T+16..48",
      "A: indirect-jump at T+46, 2 bytes, to NEXT through D+0, dispatches",
    ]);
    expect(entries(code, 4)).toEqual(["T+16", "T+48", "T+16", "T+80"]);
    expect(code.tableEntryBytes).toBe(8);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 12, table: 24 });
  });
});

describe("token-threading", () => {
  it("ends every body in 4 instructions and 13 bytes, through a table of 8-byte entries", async () => {
    const code = await layOut("token-threading");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+11, 2 bytes, to NEXT through D+0, dispatches");
    expect(codeLines(code, 0)).toEqual([
      "T+16: 9 instructions in T+16..49",
      "A: indirect-jump at T+47, 2 bytes, to NEXT through D+0, dispatches",
    ]);
    expect(entries(code, 4)).toEqual(["T+16", "T+64", "T+16", "T+96"]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 13, table: 24 });
  });
});

describe("token-threading-shared-next", () => {
  it("jumps from every body to one NEXT of 4 instructions and 13 bytes", async () => {
    const code = await layOut("token-threading-shared-next");
    const next = "tail NEXT: indirect-jump at T+11, 2 bytes, to NEXT through D+0, dispatches";
    expect(siteLine(code.entry)).toBe(next);
    expect(codeLines(code, 0)).toEqual(["T+16: 10 instructions in T+16..41 T+0..13", "A: jump at T+36, 5 bytes, to T+0", next]);
    expect(codeLines(code, 3)).toEqual(["T+64: 9 instructions in T+64..83 T+0..13", "JZ: jump at T+78, 5 bytes, to T+0", next]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 13 + 3 * 5, table: 24 });
  });
});

describe("tail-call-threading", () => {
  it("ends every function in 3 instructions and 9 bytes of tail call", async () => {
    const code = await layOut("tail-call-threading");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+7, 2 bytes, to NEXT, dispatches");
    expect(codeLines(code, 0)).toEqual(["T+16: 8 instructions in T+16..45", "A: indirect-jump at T+43, 2 bytes, to NEXT, dispatches"]);
    expect(entries(code, 4)).toEqual(["T+16", "T+48", "T+16", "T+80"]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 9 });
  });
});

describe("tail-call-dispatcher", () => {
  it("jumps from every body to one dispatcher of 3 instructions and 9 bytes", async () => {
    const code = await layOut("tail-call-dispatcher");
    const dispatcher = "tail dispatcher: indirect-jump at T+7, 2 bytes, to NEXT, dispatches";
    expect(siteLine(code.entry)).toBe(dispatcher);
    expect(codeLines(code, 1)).toEqual(["T+48: 7 instructions in T+48..63 T+0..9", "B: jump at T+58, 5 bytes, to T+0", dispatcher]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 9 + 3 * 5 });
  });
});

describe("tail-call-no-elimination", () => {
  const MIRROR = 1 << 30;

  it("calls from every body, and returns behind the call in 2 instructions and 5 bytes", async () => {
    const code = await layOut("tail-call-no-elimination");
    expect(siteLine(code.entry)).toBe("entry: indirect-call at T+7, 2 bytes, to NEXT, dispatches");
    expect(codeLines(code, 0)).toEqual(["T+16: 8 instructions in T+16..45", "A: indirect-call at T+43, 2 bytes, to NEXT, dispatches"]);
    expect(codeLines(code, 1)).toEqual(["T+64: 6 instructions in T+64..83", "B: indirect-call at T+81, 2 bytes, to NEXT, dispatches"]);
    expect(codeLines(code, MIRROR)).toEqual(["T+45: 2 instructions in T+45..50", "A: return at T+49, 1 bytes, to NEXT"]);
    expect(codeLines(code, MIRROR - 1)).toEqual(["T+83: 2 instructions in T+83..88", "B: return at T+87, 1 bytes, to NEXT"]);
    // the caller of the first body
    expect(codeLines(code, MIRROR + 1)).toEqual(["T+9: 0 instructions in"]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 14 });
  });
});

describe("replicated-switch", () => {
  it("ends every body in 5 instructions and 17 bytes, through one table", async () => {
    const code = await layOut("replicated-switch");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+15, 2 bytes, to NEXT through D+0, dispatches");
    expect(codeLines(code, 0)).toEqual([
      "T+32: 10 instructions in T+32..69",
      "A: indirect-jump at T+67, 2 bytes, to NEXT through D+0, dispatches",
    ]);
    expect(entries(code, 4)).toEqual(["T+32", "T+80", "T+32", "T+112"]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 17, table: 12 });
  });

  it("tests the range in every body: 7 instructions and 27 bytes", async () => {
    const code = await layOut("replicated-switch:range-check");
    expect(codeLines(code, 0)).toEqual([
      "T+32: 12 instructions in T+32..79",
      "A: conditional at T+60, 2 bytes, to outside, never taken",
      "A: indirect-jump at T+77, 2 bytes, to NEXT through D+0, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 27, table: 12 });
  });

  it("has a table for each body if tables are private, at multiples of 8 bytes", async () => {
    const code = await layOut("replicated-switch:tables=private");
    const tables = [0, 1, 3].map((address) => code.at(address).sites.map(({ table }) => where(table ?? 0)));
    expect(tables).toEqual([["D+0"], ["D+16"], ["D+32"]]);
    expect(pieceBytes(code).table).toBe(3 * 12);
  });

  it("of 200 prongs takes 156.25 KiB just for private jump tables, 312.5 KiB with 8-byte entries", async () => {
    expect(await tableBytes("replicated-switch:tables=private", 200)).toBe(156.25 * 1024);
    expect(await tableBytes("replicated-switch:tables=private:entryBytes=8", 200)).toBe(312.5 * 1024);
    expect(await tableBytes("replicated-switch:tables=shared", 200)).toBe(800);
    expect(await tableBytes("replicated-switch:tables=shared:entryBytes=8", 200)).toBe(1600);
    expect(await tableBytes("replicated-switch:tables=shared", 150)).toBe(600);
  });
});

describe("unrolled-switch", () => {
  const PHASE = 1 << 26;
  const head = (copy: number, at: number, table: number, when: string) =>
    `dispatch loop, copy ${copy}: indirect-jump at T+${at}, 2 bytes, to NEXT through D+${table}${when}, dispatches`;

  it("goes on to the copy behind, and over to the first when control is transferred", async () => {
    const code = await layOut("unrolled-switch:copies=3");
    expect(siteLine(code.entry)).toBe(head(1, 15, 0, ""));
    expect(codeLines(code, 0)).toEqual([
      "T+32: 11 instructions in T+0..17 T+32..57",
      "A: jump at T+52, 5 bytes, to T+106, if it falls through",
      head(2, 121, 16, ", if it falls through"),
    ]);
    expect(codeLines(code, 3)).toEqual([
      "T+80: 11 instructions in T+0..17 T+80..106",
      "JZ: conditional at T+94, 2 bytes, to T+101, if taken",
      "JZ: jump at T+96, 5 bytes, to T+106, if it falls through",
      head(2, 121, 16, ", if it falls through"),
      "JZ: jump at T+101, 5 bytes, to T+0, if taken",
      head(1, 15, 0, ", if taken"),
    ]);
    expect(pieceBytes(code)).toEqual({ body: 3 * 44, dispatch: 3 * (17 + 5 + 5 + 12), table: 36 });
  });

  it("puts an instruction where its virtual address and the phase say", async () => {
    const code = await layOut("unrolled-switch:copies=3");
    // the phase is (address + difference) modulo 3
    const differences = [0, 1, 2].map((difference) => [0, 1, 3].map((address) => where(code.at(address + difference * PHASE).entry)));
    expect(differences).toEqual([
      ["T+32", "T+160", "T+80"],
      ["T+128", "T+256", "T+176"],
      ["T+224", "T+64", "T+272"],
    ]);
    // the last copy goes on to the first
    expect(codeLines(code, 2 * PHASE)).toEqual([
      "T+224: 11 instructions in T+202..219 T+224..249",
      "A: jump at T+244, 5 bytes, to T+0, if it falls through",
      head(1, 15, 0, ", if it falls through"),
    ]);
  });

  it("goes on whatever executes out of line, and over what always jumps", async () => {
    const program = tinyProgram(["A", "GOTO 0"]);
    const code = await layOut("unrolled-switch:copies=2", { ...program, flowAt: (address) => (address === 0 ? "return" : "jump") });
    expect(codeLines(code, 0).slice(1)).toEqual(["A: jump at T+52, 5 bytes, to T+83", head(2, 98, 8, "")]);
    expect(codeLines(code, 1).slice(1)).toEqual(["GOTO: jump at T+158, 5 bytes, to T+0", head(1, 15, 0, "")]);
  });
});

describe("unrolled-switch, executed", () => {
  /** Executed dispatches of each copy. */
  async function dispatches(copies: number, blocks: readonly (readonly string[])[], ids: readonly number[]): Promise<number[]> {
    const technique = `unrolled-switch:copies=${copies}`;
    const counts = (await countAll(blockRun(blockProgram(blocks), ids), technique, "btb:unbounded")).get(`${technique} btb:unbounded`);
    const heads = Array.from({ length: copies }, (_, copy) => `dispatch loop, copy ${copy + 1}`);
    return heads.map((head) => counts?.siteCounts().find(({ site }) => site.owner === head)?.branches ?? 0);
  }

  it("takes turns while control goes on, across blocks too, and starts over at every transfer", async () => {
    // A in copy 1, B in 2, A in 3, D in 1, and over
    expect(await dispatches(3, [["A", "B", "A", "D"]], Array(10).fill(0))).toEqual([20, 10, 10]);
    // A B, on to C, on to D: copies 1, 2, 3, 1
    const blocks = [["A", "B"], ["C"], ["D"]];
    expect(await dispatches(3, blocks, [0, 1, 2, 0, 1, 2, 0, 1, 2])).toEqual([6, 3, 3]);
    // A B, over to A B, on to C, over to C twice: 1, 2; 1, 2, 3; 1; 1
    expect(await dispatches(3, blocks, [0, 0, 1, 1, 1])).toEqual([4, 2, 1]);
  });
});

describe("compare-tree", () => {
  it("comes to a body through compares of 9 bytes and conditional branches alone", async () => {
    const code = await layOut("compare-tree");
    expect(siteLine(code.entry)).toBe("entry: jump at T+0, 5 bytes, to T+5");
    expect(codeLines(code, 0)).toEqual([
      "T+48: 13 instructions in T+5..12 T+12..21 T+21..30 T+30..35 T+48..73",
      "arrival compare tree: conditional at T+15, 6 bytes, to T+96, never taken, dispatches",
      "arrival compare tree: conditional at T+24, 6 bytes, to T+80, never taken, dispatches",
      "arrival compare tree: jump at T+30, 5 bytes, to T+48",
      "A: jump at T+68, 5 bytes, to T+5",
    ]);
    expect(codeLines(code, 1)).toEqual([
      "T+80: 10 instructions in T+5..12 T+12..21 T+21..30 T+80..95",
      "arrival compare tree: conditional at T+15, 6 bytes, to T+96, never taken, dispatches",
      "arrival compare tree: conditional at T+24, 6 bytes, to T+80, dispatches",
      "B: jump at T+90, 5 bytes, to T+5",
    ]);
    expect(codeLines(code, 3)).toEqual([
      "T+96: 9 instructions in T+5..12 T+12..21 T+96..115",
      "arrival compare tree: conditional at T+15, 6 bytes, to T+96, dispatches",
      "JZ: jump at T+110, 5 bytes, to T+5",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 5 + (7 + 9 + 9 + 5) + 3 * 5 });
  });

  it.each([1, 2, 3, 4, 5, 8, 9, 63, 64, 65, 100])("of %i opcodes is balanced, and every path ends at its body", async (opcodes) => {
    const code = await layOut("compare-tree", wideProgram(opcodes));
    const depths: number[] = [];
    const conditionals = new Set<number>();
    for (let address = 0; address < opcodes; address++) {
      const { arrival = [], entry } = code.at(address);
      const tests = arrival.filter(({ kind }) => kind === CONDITIONAL);
      for (const { address: at } of tests) conditionals.add(at);
      depths.push(tests.length);
      // where control is after each branch, the next one's compare begins
      let pc = code.entry.target + 7;
      for (const { kind, address: at, target, when, after } of arrival) {
        expect(at).toBe(kind === CONDITIONAL ? pc + 3 : pc);
        pc = when === "always" ? target : after;
      }
      expect(pc).toBe(entry);
    }
    expect(Math.max(...depths)).toBe(Math.ceil(Math.log2(opcodes)));
    expect(Math.min(...depths)).toBe(Math.floor(Math.log2(opcodes)));
    expect(conditionals.size).toBe(opcodes - 1);
  });
});

describe("subroutine-threading", () => {
  it("generates a call of 5 bytes for every instruction; bodies advance in 4 bytes and return in one", async () => {
    const code = await layOut("subroutine-threading");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+3, 2 bytes, to NEXT, dispatches");
    expect(codeLines(code, 0)).toEqual([
      "G+0: 8 instructions in G+0..5 T+16..41",
      "A: call at G+0, 5 bytes, to T+16, dispatches",
      "A: return at T+40, 1 bytes, to G+5, dispatches",
    ]);
    expect(codeLines(code, 1)).toEqual([
      "G+5: 6 instructions in G+5..10 T+48..63",
      "B: call at G+5, 5 bytes, to T+48, dispatches",
      "B: return at T+62, 1 bytes, to G+10, dispatches",
    ]);
    expect(codeLines(code, 3)).toEqual([
      "G+15: 9 instructions in G+15..25 T+64..83",
      "JZ: call at G+15, 5 bytes, to T+64, dispatches",
      "JZ: return at T+82, 1 bytes, to G+20, dispatches",
      "JZ: indirect-jump at G+23, 2 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 5 + 3 * 5, generated: 4 * 5 + 5 });
  });

  it("may leave virtual branches at the end of their body, in 9 bytes, without returning", async () => {
    const code = await layOut("subroutine-threading:leave=body");
    expect(codeLines(code, 2)).toEqual([
      "G+10: 8 instructions in G+10..15 T+16..41",
      "A: call at G+10, 5 bytes, to T+16, dispatches",
      "A: return at T+40, 1 bytes, to G+15, dispatches",
    ]);
    expect(codeLines(code, 3)).toEqual([
      "G+15: 8 instructions in G+15..20 T+64..87",
      "JZ: call at G+15, 5 bytes, to T+64, dispatches",
      "JZ: indirect-jump at T+85, 2 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 5 + 5 + 5 + 9, generated: 4 * 5 });
  });

  it("inlines bodies up to a threshold, which advance the virtual program counter in 4 bytes", async () => {
    const code = await layOut("subroutine-threading:tiny=14");
    expect(entries(code, 4)).toEqual(["G+0", "G+5", "G+19", "G+24"]);
    expect(codeLines(code, 1)).toEqual(["G+5: 4 instructions in G+5..19"]);
    expect(codeLines(code, 3)).toEqual(["G+24: 7 instructions in G+24..47", "JZ: indirect-jump at G+45, 2 bytes, to NEXT, dispatches"]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 20, generated: 5 + 14 + 5 + 23 });
    // one byte less leaves the JZ of 14 bytes outside
    expect(pieceBytes(await layOut("subroutine-threading:tiny=13")).generated).toBe(5 + 14 + 5 + 10);
    expect(pieceBytes(await layOut("subroutine-threading:tiny=20")).generated).toBe(24 + 14 + 24 + 23);
  });

  it("inlines only bodies that may be copied, unless all may", async () => {
    const program = tinyProgram(["A", "B", "A", "JZ 0"], { B: { relocatable: false } });
    expect(entries(await layOut("subroutine-threading:tiny=14", program), 4)).toEqual(["G+0", "G+5", "G+10", "G+15"]);
    expect(entries(await layOut("subroutine-threading:tiny=14:relocatable=all", program), 4)).toEqual(["G+0", "G+5", "G+19", "G+24"]);
  });

  it("turns virtual conditionals and jumps into native ones, and no calls", async () => {
    const code = await layOut("subroutine-threading:branches", tinyProgram(["JZ 0", "CALL 0", "GOTO 1"]));
    expect(codeLines(code, 0)).toEqual([
      "G+0: 6 instructions in G+0..24",
      "JZ: conditional at G+18, 6 bytes, to NEXT (virtual 0), if taken, dispatches",
    ]);
    expect(codeLines(code, 1)).toEqual([
      "G+24: 9 instructions in G+24..34 T+48..67",
      "CALL: call at G+24, 5 bytes, to T+48, dispatches",
      "CALL: return at T+66, 1 bytes, to G+29, dispatches",
      "CALL: indirect-jump at G+32, 2 bytes, to NEXT, dispatches",
    ]);
    expect(codeLines(code, 2)).toEqual([
      "G+34: 6 instructions in G+34..57",
      "GOTO: jump at G+52, 5 bytes, to NEXT (virtual 1), dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 42, dispatch: 5 + 15, generated: 24 + 10 + 23 });
  });
});

describe("context-threading", () => {
  const FLOWS = ["A", "JZ 0", "CALL 5", "ICALL", "GOTO 0", "A", "RET"];

  it("does every virtual transfer by the native branch of its kind, in a copy of its body", async () => {
    const code = await layOut("context-threading", tinyProgram(FLOWS));
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+3, 2 bytes, to NEXT, dispatches");
    expect([0, 1, 2, 3, 4, 5, 6].flatMap((address) => codeLines(code, address))).toEqual([
      "G+0: 8 instructions in G+0..5 T+16..41",
      "A: call at G+0, 5 bytes, to T+16, dispatches",
      "A: return at T+40, 1 bytes, to G+5, dispatches",
      "G+5: 6 instructions in G+5..29",
      "JZ: conditional at G+23, 6 bytes, to NEXT (virtual 0), if taken, dispatches",
      "G+29: 6 instructions in G+29..52",
      "CALL: call at G+47, 5 bytes, to NEXT (virtual 5), dispatches",
      "G+52: 7 instructions in G+52..75",
      "ICALL: indirect-call at G+73, 2 bytes, to NEXT, dispatches",
      "G+75: 6 instructions in G+75..98",
      "GOTO: jump at G+93, 5 bytes, to NEXT (virtual 0), dispatches",
      "G+98: 8 instructions in G+98..103 T+16..41",
      "A: call at G+98, 5 bytes, to T+16, dispatches",
      "A: return at T+40, 1 bytes, to G+103, dispatches",
      "G+103: 6 instructions in G+103..122",
      "RET: return at G+121, 1 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 20 + 5 * 14, dispatch: 5 + 6 * 5, generated: 122 });
  });

  it("calls where the code says, and that may be its first address", async () => {
    const code = await layOut("context-threading", tinyProgram(["CALL 0"]));
    expect(codeLines(code, 0).slice(1)).toEqual(["CALL: call at G+18, 5 bytes, to NEXT (virtual 0), dispatches"]);
  });

  it("returns from a virtual call to the instruction behind it", async () => {
    const code = await layOut("context-threading:tiny=0", tinyProgram(FLOWS));
    for (const address of [2, 3]) expect(code.at(address).sites[0].after).toBe(code.at(address + 1).entry);
  });

  it("inlines bodies of 16 bytes by default, and calls those that may not be copied in front of the native branch", async () => {
    const program = tinyProgram(["D", "A", "JZ 0"], { JZ: { relocatable: false } });
    const code = await layOut("context-threading", program);
    expect(codeLines(code, 0)).toEqual(["G+0: 5 instructions in G+0..20"]);
    expect(codeLines(code, 2)).toEqual([
      "G+25: 8 instructions in G+25..36 T+80..99",
      "JZ: call at G+25, 5 bytes, to T+80, dispatches",
      "JZ: return at T+98, 1 bytes, to G+30, dispatches",
      "JZ: conditional at G+30, 6 bytes, to NEXT (virtual 0), if taken, dispatches",
    ]);
    expect(entries(await layOut("context-threading:tiny=15", program), 3)).toEqual(["G+0", "G+5", "G+10"]);
    expect(entries(await layOut("context-threading:tiny=20", program), 3)).toEqual(["G+0", "G+20", "G+44"]);
    expect(codeLines(await layOut("context-threading:relocatable=all", program), 2)).toEqual([
      "G+25: 6 instructions in G+25..49",
      "JZ: conditional at G+43, 6 bytes, to NEXT (virtual 0), if taken, dispatches",
    ]);
  });

  it("jumps indirectly where no code says where to", async () => {
    const code = await layOut("context-threading", tinyProgram(["THROW", "JZ"]));
    expect(codeLines(code, 1).slice(-1)).toEqual(["JZ: indirect-jump at G+44, 2 bytes, to NEXT, dispatches"]);
  });
});

/** Two equal basic blocks, and one of a single instruction. */
const TWICE = tinyProgram(["A", "B", "JZ 0", "A", "B", "JZ 0", "GOTO 0"]);
const SPLIT = tinyProgram(["A", "B", "A", "JZ 0"], { B: { relocatable: false } });

describe("dynamic-replication", () => {
  it("copies every body, dispatch and all, in load order", async () => {
    const code = await layOut("dynamic-replication");
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+7, 2 bytes, to NEXT, dispatches");
    expect([0, 1, 2, 3].flatMap((address) => codeLines(code, address))).toEqual([
      "G+0: 8 instructions in G+0..29",
      "A: indirect-jump at G+27, 2 bytes, to NEXT, dispatches",
      "G+29: 6 instructions in G+29..48",
      "B: indirect-jump at G+46, 2 bytes, to NEXT, dispatches",
      "G+48: 8 instructions in G+48..77",
      "A: indirect-jump at G+75, 2 bytes, to NEXT, dispatches",
      "G+77: 7 instructions in G+77..100",
      "JZ: indirect-jump at G+98, 2 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 4 * 9, generated: 100 });
  });

  it("executes what may not be copied where it stands, unless all may be", async () => {
    const code = await layOut("dynamic-replication", SPLIT);
    expect(entries(code, 4)).toEqual(["G+0", "T+48", "G+29", "G+58"]);
    expect(codeLines(code, 1)).toEqual(["T+48: 6 instructions in T+48..67", "B: indirect-jump at T+65, 2 bytes, to NEXT, dispatches"]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 36, generated: 81 });
    expect(entries(await layOut("dynamic-replication:relocatable=all", SPLIT), 4)).toEqual(["G+0", "G+29", "G+48", "G+77"]);
  });
});

describe.each(["dynamic-superinstructions", "selective-inlining", "dynamic-both"])("%s", (technique) => {
  it("copies a basic block into one piece with one dispatch; in between, 4 bytes and an instruction advance", async () => {
    const code = await layOut(technique);
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+7, 2 bytes, to NEXT, dispatches");
    expect([0, 1, 2, 3].flatMap((address) => codeLines(code, address))).toEqual([
      "G+0: 6 instructions in G+0..24",
      "G+24: 4 instructions in G+24..38",
      "G+38: 6 instructions in G+38..62",
      "G+62: 7 instructions in G+62..85",
      "A B A JZ: indirect-jump at G+83, 2 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 36, generated: 20 + 10 + 20 + 14 + 3 * 4 + 9 });
  });

  it("is cut at what may not be copied, which executes in place; a new piece begins behind it", async () => {
    const code = await layOut(technique, SPLIT);
    // a piece of one body is a copy under dynamic-both, and the body itself where pieces are shared
    const copies = technique === "dynamic-both";
    expect(codeLines(code, 0)).toEqual(
      copies
        ? ["G+0: 8 instructions in G+0..29", "A: indirect-jump at G+27, 2 bytes, to NEXT, dispatches"]
        : ["T+16: 8 instructions in T+16..45", "A: indirect-jump at T+43, 2 bytes, to NEXT, dispatches"],
    );
    expect(codeLines(code, 1)).toEqual(["T+48: 6 instructions in T+48..67", "B: indirect-jump at T+65, 2 bytes, to NEXT, dispatches"]);
    const from = copies ? 29 : 0;
    expect([2, 3].flatMap((address) => codeLines(code, address))).toEqual([
      `G+${from}: 6 instructions in G+${from}..${from + 24}`,
      `G+${from + 24}: 7 instructions in G+${from + 24}..${from + 47}`,
      `A JZ: indirect-jump at G+${from + 45}, 2 bytes, to NEXT, dispatches`,
    ]);
    expect(pieceBytes(code)).toEqual({ body: 44, dispatch: 36, generated: from + 47 });
    expect(entries(await layOut(`${technique}:relocatable=all`, SPLIT), 4)).toEqual(["G+0", "G+24", "G+38", "G+62"]);
  });
});

describe.each(["dynamic-superinstructions", "selective-inlining"])("%s", (technique) => {
  it("shares equal blocks; a block of one instruction is the body itself", async () => {
    const code = await layOut(technique, TWICE);
    expect(entries(code, 7)).toEqual(["G+0", "G+24", "G+38", "G+0", "G+24", "G+38", "T+112"]);
    expect(codeLines(code, 6)).toEqual([
      "T+112: 7 instructions in T+112..135",
      "GOTO: indirect-jump at T+133, 2 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 58, dispatch: 5 * 9, generated: 44 + 2 * 4 + 9 });
  });
});

describe("dynamic-both", () => {
  it("shares nothing, and copies even a single instruction", async () => {
    const code = await layOut("dynamic-both", TWICE);
    expect(entries(code, 7)).toEqual(["G+0", "G+24", "G+38", "G+61", "G+85", "G+99", "G+122"]);
    expect(pieceBytes(code)).toEqual({ body: 58, dispatch: 5 * 9, generated: 2 * 61 + 23 });
  });
});

describe("across-basic-blocks", () => {
  it("dispatches only where control is transferred: a conditional that goes on skips its dispatch", async () => {
    const code = await layOut("across-basic-blocks", tinyProgram(["A", "B", "JZ 0", "A", "GOTO 3"]));
    expect([0, 1, 2, 3, 4].flatMap((address) => codeLines(code, address))).toEqual([
      "G+0: 6 instructions in G+0..24",
      "G+24: 4 instructions in G+24..38",
      "G+38: 6 instructions (8 if taken) in G+38..67",
      "JZ: conditional at G+52, 2 bytes, to G+63, if it falls through",
      "JZ: indirect-jump at G+61, 2 bytes, to NEXT, if taken, dispatches",
      "G+67: 6 instructions in G+67..91",
      "G+91: 7 instructions in G+91..114",
      "GOTO: indirect-jump at G+112, 2 bytes, to NEXT, dispatches",
    ]);
    // behind the conditional's dispatch, what advances the virtual program counter where it goes on
    expect(pieceBytes(code)).toEqual({ body: 58, dispatch: 5 * 9, generated: 24 + 14 + (14 + 2 + 9 + 4) + 24 + 23 });
  });

  it("dispatches in front of a body that may not be copied, and behind it", async () => {
    const code = await layOut("across-basic-blocks", tinyProgram(["A", "B", "JZ 0", "B", "A", "HALT"], { B: { relocatable: false } }));
    expect([0, 1, 2, 3, 4].flatMap((address) => codeLines(code, address))).toEqual([
      "G+0: 8 instructions in G+0..29",
      "A: indirect-jump at G+27, 2 bytes, to NEXT, dispatches",
      "T+48: 6 instructions in T+48..67",
      "B: indirect-jump at T+65, 2 bytes, to NEXT, dispatches",
      // whether taken or not
      "G+29: 7 instructions in G+29..52",
      "JZ: indirect-jump at G+50, 2 bytes, to NEXT, dispatches",
      "T+48: 6 instructions in T+48..67",
      "B: indirect-jump at T+65, 2 bytes, to NEXT, dispatches",
      "G+52: 6 instructions in G+52..76",
    ]);
  });
});

describe("static-across-basic-blocks", () => {
  const AB: ProfiledRun[] = [{ opcodes: ["A", "B"], count: 1 }];

  it("advances only between superinstructions, not within", async () => {
    const code = await layOut("static-across-basic-blocks", tinyProgram(["A", "B", "JZ 0", "A", "GOTO 3"]), AB);
    expect([0, 1, 2, 3, 4].flatMap((address) => codeLines(code, address))).toEqual([
      "G+0: 5 instructions in G+0..20",
      "G+20: 4 instructions in G+20..34",
      "G+34: 6 instructions (8 if taken) in G+34..63",
      "JZ: conditional at G+48, 2 bytes, to G+59, if it falls through",
      "JZ: indirect-jump at G+57, 2 bytes, to NEXT, if taken, dispatches",
      "G+63: 6 instructions in G+63..87",
      "G+87: 7 instructions in G+87..110",
      "GOTO: indirect-jump at G+108, 2 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 58, dispatch: 5 * 9, generated: 110 });
  });

  it("makes no superinstruction of what may not be copied", async () => {
    const code = await layOut("static-across-basic-blocks", SPLIT, AB);
    expect(entries(code, 4)).toEqual(["G+0", "T+48", "G+29", "G+53"]);
    expect(entries(await layOut("static-across-basic-blocks:relocatable=all", SPLIT, AB), 4)).toEqual(["G+0", "G+20", "G+34", "G+58"]);
  });
});

describe("static-superinstructions", () => {
  // of these, B C D saves 20 dispatches, then A B comes first of those that save 10
  const RUNS: ProfiledRun[] = [
    { opcodes: ["A", "B"], count: 10 },
    { opcodes: ["B", "C", "D"], count: 10 },
  ];
  const program = tinyProgram(["A", "B", "C", "D", "GOTO 0"]);

  it("cuts A B C D greedily into A B, C and D", async () => {
    const code = await layOut("static-superinstructions:superinstructions=2:longest=3", program, RUNS);
    expect([0, 1, 2, 3, 4].flatMap((address) => codeLines(code, address))).toEqual([
      "T+224: 5 instructions in T+224..244",
      "T+244: 6 instructions in T+244..263",
      "A B: indirect-jump at T+261, 2 bytes, to NEXT, dispatches",
      "T+80: 6 instructions in T+80..101",
      "C: indirect-jump at T+99, 2 bytes, to NEXT, dispatches",
      "T+112: 7 instructions in T+112..137",
      "D: indirect-jump at T+135, 2 bytes, to NEXT, dispatches",
      "T+144: 7 instructions in T+144..167",
      "GOTO: indirect-jump at T+165, 2 bytes, to NEXT, dispatches",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 72 + 38 + 30, dispatch: 9 + 5 * 9 + 2 * 9 });
  });

  it("cuts it optimally into A and B C D", async () => {
    const code = await layOut("static-superinstructions:superinstructions=2:longest=3:parse=optimal", program, RUNS);
    expect([0, 1, 2, 3].flatMap((address) => codeLines(code, address))).toEqual([
      "T+16: 8 instructions in T+16..45",
      "A: indirect-jump at T+43, 2 bytes, to NEXT, dispatches",
      "T+176: 3 instructions in T+176..186",
      "T+186: 3 instructions in T+186..198",
      "T+198: 7 instructions in T+198..223",
      "B C D: indirect-jump at T+221, 2 bytes, to NEXT, dispatches",
    ]);
  });

  it("has a body for each that was chosen, even if the parse never comes to it", async () => {
    // the third is B C, which B C D hides
    const code = await layOut("static-superinstructions:superinstructions=3:longest=3", program, RUNS);
    expect(pieceBytes(code)).toEqual({ body: 72 + 38 + 30 + 22, dispatch: 9 + 5 * 9 + 3 * 9 });
  });

  it("is direct threading without superinstructions, and leaves out those with opcodes of other programs", async () => {
    const direct = await layOut("direct-threading", program);
    const none = await layOut("static-superinstructions:superinstructions=0", program, RUNS);
    const foreign = await layOut("static-superinstructions", program, [{ opcodes: ["A", "X"], count: 5 }]);
    for (const code of [none, foreign]) {
      for (const address of [0, 1, 4]) expect(codeLines(code, address)).toEqual(codeLines(direct, address));
      expect(pieceBytes(code)).toEqual(pieceBytes(direct));
    }
  });
});

describe("static-replication", () => {
  const RUNS: ProfiledRun[] = [{ opcodes: ["A", "B", "A", "GOTO"], count: 100 }];
  const program = tinyProgram(["A", "B", "A", "A", "GOTO 0"]);

  it("gives the instances of an opcode its copies in turn, the original first", async () => {
    const code = await layOut("static-replication:replicas=1", program, RUNS);
    expect(entries(code, 5)).toEqual(["T+16", "T+48", "T+112", "T+16", "T+80"]);
    expect(codeLines(code, 2)).toEqual(["T+112: 8 instructions in T+112..141", "A: indirect-jump at T+139, 2 bytes, to NEXT, dispatches"]);
    expect(pieceBytes(code)).toEqual({ body: 44 + 20, dispatch: 9 + 4 * 9 });
  });

  it("gives out copies at random, the same for the same seed", async () => {
    const many = tinyProgram([...Array<string>(40).fill("A"), "GOTO 0"]);
    const assigned = async (seed: number) =>
      entries(await layOut(`static-replication:replicas=3:assign=random:seed=${seed}`, many, RUNS), 40);
    const first = await assigned(1);
    expect(await assigned(1)).toEqual(first);
    expect(await assigned(2)).not.toEqual(first);
    // all of them: A has two or more of three replicas
    expect(new Set(first).size).toBeGreaterThan(2);
    const inTurn = entries(await layOut("static-replication:replicas=3", many, RUNS), 40);
    expect(new Set(inTurn)).toEqual(new Set(first));
    expect(inTurn).not.toEqual(first);
  });
});

describe("static-both", () => {
  it("replicates superinstructions as it does plain instructions", async () => {
    const program = tinyProgram(["A", "B", "GOTO 3", "A", "B", "GOTO 6", "A", "B", "A", "B", "GOTO 0"]);
    const runs: ProfiledRun[] = [{ opcodes: ["A", "B", "GOTO"], count: 10 }];
    const code = await layOut("static-both:superinstructions=1:longest=2:replicas=1", program, runs);
    expect([0, 1, 2, 3, 4, 5].flatMap((address) => codeLines(code, address))).toEqual([
      "T+112: 5 instructions in T+112..132",
      "T+132: 6 instructions in T+132..151",
      "A B: indirect-jump at T+149, 2 bytes, to NEXT, dispatches",
      "T+80: 7 instructions in T+80..103",
      "GOTO: indirect-jump at T+101, 2 bytes, to NEXT, dispatches",
      "T+160: 5 instructions in T+160..180",
      "T+180: 6 instructions in T+180..199",
      "A B: indirect-jump at T+197, 2 bytes, to NEXT, dispatches",
      "T+80: 7 instructions in T+80..103",
      "GOTO: indirect-jump at T+101, 2 bytes, to NEXT, dispatches",
    ]);
    // two copies in turn
    expect(entries(code, 11).slice(6)).toEqual(["T+112", "T+132", "T+160", "T+180", "T+80"]);
    expect(pieceBytes(code)).toEqual({ body: 44 + 2 * 30, dispatch: 4 * 9 + 2 * 9 });
  });
});

describe("catenation", () => {
  it("puts bodies one behind the other without anything in between, and branches natively", async () => {
    const code = await layOut("catenation", tinyProgram(["A", "B", "JZ 0", "CALL 6", "ICALL", "GOTO 0", "THROW", "RET", "HALT"]));
    expect(siteLine(code.entry)).toBe("entry: indirect-jump at T+7, 2 bytes, to NEXT, dispatches");
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((address) => codeLines(code, address))).toEqual([
      "G+0: 5 instructions in G+0..20",
      "G+20: 3 instructions in G+20..30",
      "G+30: 5 instructions in G+30..50",
      "JZ: conditional at G+44, 6 bytes, to NEXT (virtual 0), if taken",
      "G+50: 5 instructions in G+50..69",
      "CALL: jump at G+64, 5 bytes, to NEXT (virtual 6)",
      "G+69: 6 instructions in G+69..88",
      "ICALL: indirect-jump at G+86, 2 bytes, to NEXT, dispatches",
      "G+88: 5 instructions in G+88..107",
      "GOTO: jump at G+102, 5 bytes, to NEXT (virtual 0)",
      "G+107: 5 instructions (7 if taken) in G+107..128",
      "THROW: conditional at G+121, 2 bytes, to G+128, if it falls through",
      "THROW: indirect-jump at G+126, 2 bytes, to NEXT, if taken, dispatches",
      "G+128: 6 instructions in G+128..147",
      "RET: indirect-jump at G+145, 2 bytes, to NEXT, dispatches",
      "G+147: 4 instructions in G+147..161",
    ]);
    expect(pieceBytes(code)).toEqual({ body: 30 + 7 * 14, dispatch: 9 + 9 * 9, generated: 161 });
  });

  it("moves even bodies that may not be copied", async () => {
    expect(entries(await layOut("catenation", SPLIT), 4)).toEqual(["G+0", "G+20", "G+30", "G+50"]);
  });

  it("does not dispatch in a loop without calls", async () => {
    const counts = await countAll(blockRun(LOOP, Array(50).fill(0)), "catenation,across-basic-blocks", "btb:unbounded");
    const dispatches = [...counts.values()].map(({ byKind }) => byKind.dispatch.branches);
    // entering the first; and every taken branch under across-basic-blocks
    expect(dispatches).toEqual([1, 1 + 49]);
  });
});

describe("a layout seed", () => {
  it("puts bodies in any order, and up to four multiples of the alignment in front of each", async () => {
    const [technique] = await readTechniques("direct-threading:align=32");
    const orders = new Set<string>();
    const paddings = new Set<number>();
    for (let layoutSeed = 1; layoutSeed <= 100; layoutSeed++) {
      const code = technique.layout(LOOP, { layoutSeed, profile: { programs: [], runs: [] } });
      const bodies = [0, 1, 3].map((address) => ({ address, start: code.at(address).entry, end: code.at(address).sites[0].after }));
      bodies.sort((a, b) => a.start - b.start);
      orders.add(bodies.map(({ address }) => address).join(" "));
      let before = code.entry.after;
      for (const { start, end } of bodies) {
        paddings.add(start - 32 * Math.ceil(before / 32));
        before = end;
      }
    }
    expect(orders.size).toBe(3 * 2 * 1);
    expect([...paddings].sort((a, b) => a - b)).toEqual([0, 32, 64, 96, 128]);
  });
});

it("every technique has been laid out above", () => {
  expect([...laidOut].sort()).toEqual(techniqueIds());
});
