// HotSpot's rewriting of code, on code and streams made by hand: what the sources of JDK 17 say of each instruction.
import { describe, expect, it } from "vitest";
import { HOTSPOT_NAMES, hotspotCode, hotspotOpcodes } from "../../../dist/src/guests/java/hotspot/codes.js";
import { createRewrittenCode } from "../../../dist/src/guests/java/hotspot/rewritten-code.js";
import { RULES } from "../../../dist/src/guests/java/hotspot/rules.js";
import { codeOf, instructions } from "../../../dist/src/guests/java/instructions.js";
import type { VirtualProgram } from "../../../dist/src/trace/virtual.js";

const numberOf = (name: string): number => (HOTSPOT_NAMES.includes(name) ? hotspotCode(name) : codeOf(name));

interface Block {
  readonly start: number;
  readonly length: number;
  readonly left?: boolean;
}

/** A program as class files have it: one method, its instructions at addresses from 0 on. */
function programOf(names: readonly string[], blocks: readonly Block[]): VirtualProgram {
  return {
    opcodes: instructions.map((instruction) => ({ ...hotspotOpcodes[0], name: instruction.name, flow: instruction.flow })),
    opcodeAt: (address) => (address < names.length ? codeOf(names[address]) : -1),
    flowAt: (address) => (address < names.length ? instructions[codeOf(names[address])].flow : "halt"),
    addressCount: names.length,
    targetAt: () => -1,
    enteredAt: () => false,
    blockCount: blocks.length,
    blockStart: (block) => blocks[block].start,
    blockLength: (block) => blocks[block].length,
    leftByHost: (block) => blocks[block].left === true,
  };
}

interface Given {
  readonly code: string;
  readonly blocks: readonly Block[];
  readonly executed: readonly number[];
  /** What instructions that find their operands become, by address. */
  readonly resolved?: Readonly<Record<number, string>>;
}

/** What executes, block by block: names of opcodes; `|` after one that the host took over from. */
function executedBy({ code, blocks, executed, resolved = {} }: Given): { readonly blocks: string[]; readonly program: VirtualProgram } {
  const names = code.split(" ");
  const rewritten = createRewrittenCode(programOf(names, blocks), hotspotOpcodes, (address) =>
    resolved[address] === undefined ? -1 : numberOf(resolved[address]),
  );
  const ruleOf = (name: string): number =>
    name === "aload_0" ? RULES.aload : name === "iload" ? RULES.iload : /field$/.test(name) ? RULES.resolves : RULES.stays;
  rewritten.learn(
    0,
    names.map((name) => ({ opcode: codeOf(name), rule: ruleOf(name) })),
    [],
  );
  const { program } = rewritten;
  const seen: string[] = [];
  const see = (block: number): string => {
    const start = program.blockStart(block);
    const all = Array.from({ length: program.blockLength(block) }, (_, i) => program.opcodes[program.opcodeAt(start + i)].name);
    seen[block] ??= all.join(" ") + (program.leftByHost(block) ? " |" : "");
    return seen[block];
  };
  const passed: string[] = [];
  rewritten.sink = (ids, count, next) => {
    for (let i = 0; i < count; i++) passed.push(see(ids[i]));
    if (next >= 0) see(next);
  };
  for (const [i, id] of executed.entries()) rewritten.take(Int32Array.of(id, 0), 1, executed[i + 1] ?? -1);
  return { blocks: passed, program };
}

/** The first block is one instruction, as in every run: before it nothing can be replaced. */
const START: Block = { start: 0, length: 1 };
const often = (block: number, times: number): number[] => [0, ...new Array<number>(times).fill(block)];

describe("HotSpot's rewriting", () => {
  it("numbers its own opcodes after those of class files, as bytecodes.hpp does", () => {
    expect(hotspotCode("breakpoint")).toBe(202);
    expect(hotspotCode("fast_agetfield")).toBe(203);
    expect(hotspotCode("invokehandle")).toBe(233);
    expect(hotspotOpcodes.map(({ name }) => name)[hotspotCode("fast_iaccess_0")]).toBe("fast_iaccess_0");
  });

  it("gives getfield its fast form at the first execution, aload_0 before it at the second, and executes a pair from the third on", () => {
    const { blocks } = executedBy({
      code: "nop aload_0 getfield ireturn",
      blocks: [START, { start: 1, length: 3 }],
      executed: often(1, 4),
      resolved: { 2: "fast_igetfield" },
    });
    expect(blocks).toEqual([
      "nop",
      "aload_0 getfield ireturn",
      "aload_0 fast_igetfield ireturn",
      "fast_iaccess_0",
      "ireturn",
      "fast_iaccess_0",
      "ireturn",
    ]);
  });

  it("has no pair for fields of other types: aload_0 becomes fast_aload_0", () => {
    const { blocks } = executedBy({
      code: "nop aload_0 getfield lreturn",
      blocks: [START, { start: 1, length: 3 }],
      executed: often(1, 3),
      resolved: { 2: "fast_lgetfield" },
    });
    expect(blocks.slice(1)).toEqual(["aload_0 getfield lreturn", "aload_0 fast_lgetfield lreturn", "fast_aload_0 fast_lgetfield lreturn"]);
  });

  it("leaves aload_0 alone before a field that keeps its opcode, however often it executes, and makes no new blocks", () => {
    const { blocks, program } = executedBy({
      code: "nop aload_0 getfield ireturn",
      blocks: [START, { start: 1, length: 3 }],
      executed: often(1, 9),
    });
    expect(new Set(blocks.slice(1))).toEqual(new Set(["aload_0 getfield ireturn"]));
    expect(program.blockCount).toBe(2);
  });

  it("replaces the last of several iloads first, and pairs the last two", () => {
    const { blocks } = executedBy({
      code: "nop iload iload iload iadd",
      blocks: [START, { start: 1, length: 4 }],
      executed: often(1, 5),
    });
    expect(blocks.slice(1)).toEqual([
      "iload iload iload iadd",
      "iload iload fast_iload iadd",
      // the first one still saw an iload; now the one after it is a pair
      "iload fast_iload2",
      "iadd",
      "fast_iload fast_iload2",
      "iadd",
      "fast_iload fast_iload2",
      "iadd",
    ]);
  });

  it("pairs iload and caload at the first execution, and passes on what the second one throws", () => {
    const { blocks, program } = executedBy({
      code: "nop iload caload ireturn pop",
      blocks: [START, { start: 1, length: 3 }, { start: 1, length: 2 }, { start: 4, length: 1 }],
      executed: [0, 1, 1, 2, 3],
    });
    expect(blocks.slice(1)).toEqual(["iload caload ireturn", "fast_icaload", "ireturn", "fast_icaload |", "pop"]);
    expect([program.flowAt(1), program.targetAt(1)]).toEqual(["jump", 3]);
  });

  it("executes the second of two by itself where control arrives at it", () => {
    const { blocks } = executedBy({
      code: "nop iload caload ireturn",
      blocks: [START, { start: 1, length: 3 }, { start: 2, length: 2 }],
      executed: [0, 1, 1, 2],
    });
    expect(blocks.slice(1)).toEqual(["iload caload ireturn", "fast_icaload", "ireturn", "caload ireturn"]);
  });

  it("does not replace an instruction that throws, but one that a class loader interrupts", () => {
    const given = {
      code: "nop aload_1 getfield ireturn pop",
      blocks: [START, { start: 1, length: 2 }, { start: 4, length: 1 }, { start: 3, length: 1 }, { start: 1, length: 3 }],
      resolved: { 2: "fast_igetfield" },
    };
    // a null reference: a handler at 4 goes on
    expect(executedBy({ ...given, executed: [0, 1, 2, 4, 4] }).blocks.slice(3)).toEqual([
      "aload_1 getfield ireturn",
      "aload_1 fast_igetfield ireturn",
    ]);
    // other code runs, and then what comes after the instruction
    expect(executedBy({ ...given, executed: [0, 1, 2, 3, 4] }).blocks.slice(4)).toEqual(["aload_1 fast_igetfield ireturn"]);
  });
});
