// A recording of Zero beside a run of the guest, both made by hand: main is found, what had been rewritten before it is taken over, and
// what differs is counted.
import { describe, expect, it } from "vitest";
import { INDIRECT_JUMP } from "../../dist/src/branch.js";
import { hotspotCode, hotspotOpcodes } from "../../dist/src/guests/java/hotspot/codes.js";
import { createRewrittenCode } from "../../dist/src/guests/java/hotspot/rewritten-code.js";
import { RULES } from "../../dist/src/guests/java/hotspot/rules.js";
import { codeOf, instructions } from "../../dist/src/guests/java/instructions.js";
import type { KeptRun } from "../../dist/src/guests/java/kept-run.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";
import type { RecordedDispatches } from "../../dist/src/validation/dispatches.js";
import { matchZero } from "../../dist/src/validation/zero-match.js";

const numberOf = (name: string): number => (instructions.some((one) => one.name === name) ? codeOf(name) : hotspotCode(name));

/** Bodies at multiples of 16; two opcodes share one, as in the binary. */
const ENTRIES = hotspotOpcodes.map((_, opcode) => 0x1000 + 16 * opcode);
ENTRIES[numberOf("fast_iload")] = ENTRIES[numberOf("fload")];
while (ENTRIES.length < 256) ENTRIES.push(0x8000);
/** An indirect jump inside a body. */
const SWITCH = 0x20;

/** A recording that dispatches these opcodes. */
function recordingOf(names: readonly string[]): RecordedDispatches {
  const targets = names.map((name) => (name === "(switch)" ? SWITCH : ENTRIES[numberOf(name)]));
  const distinct = [...new Set(targets)];
  return {
    branches: distinct.map((target) => ({ pc: target + 8, pcHigh: 0, target, targetHigh: 0, kind: INDIRECT_JUMP, taken: 1, gap: 5 })),
    sequence: Int32Array.from(targets.map((target) => distinct.indexOf(target))),
    ownInstructions: 0,
    instructions: 0,
    otherIndirect: 0,
    symbols: { modules: [], find: () => undefined },
  } as unknown as RecordedDispatches;
}

// main: a loop of 30 rounds over a method whose code had been executed before
const CODE = "iconst_1 istore_1 iload iconst_1 iadd istore_2 aload_0 getfield ifne return".split(" ");
const BLOCKS = [
  { start: 0, length: 1 },
  { start: 1, length: 8 },
  { start: 2, length: 7 },
  { start: 9, length: 1 },
];
const ROUNDS = 30;
const EXECUTED = Int32Array.from([0, 1, ...new Array<number>(ROUNDS - 1).fill(2), 3]);

const source: VirtualProgram = {
  opcodes: hotspotOpcodes,
  opcodeAt: (address) => (address < CODE.length ? codeOf(CODE[address]) : -1),
  flowAt: (address) => instructions[codeOf(CODE[address])].flow,
  addressCount: CODE.length,
  targetAt: (address) => (CODE[address] === "ifne" ? 2 : -1),
  enteredAt: (address) => address === 2,
  blockCount: BLOCKS.length,
  blockStart: (block) => BLOCKS[block].start,
  blockLength: (block) => BLOCKS[block].length,
  leftByHost: () => false,
};

const kept: KeptRun = {
  args: [],
  run: () => ({ program: source, blocks: EXECUTED }),
  methodAt: () => "Made.byHand",
  onZero(before) {
    const code = createRewrittenCode(source, hotspotOpcodes, (address) => (address === 7 ? hotspotCode("fast_igetfield") : -1));
    const ruleOf = { iload: RULES.iload, aload_0: RULES.aload, getfield: RULES.resolves } as Readonly<Record<string, number>>;
    code.learn(
      0,
      CODE.map((name, address) => ({
        opcode: before.get(address) ?? codeOf(name),
        rule: before.has(address) ? RULES.stays : (ruleOf[name] ?? RULES.stays),
      })),
      [8],
    );
    return {
      program: code.program,
      run(sink, rewritten = () => {}) {
        code.sink = sink;
        code.rewriting = rewritten;
        code.take(EXECUTED, EXECUTED.length, -1);
      },
    };
  },
};

const START = "getstatic new dup invokespecial (switch) pop return getstatic aload_1 invokevirtual pop".split(" ");
/** What main executes if its iload had been executed before, and its getfield not. */
function main(extra: readonly string[] = []): string[] {
  const round = (access: string): string[] => ["fast_iload", "iconst_1", "iadd", "istore_2", ...access.split(" "), "ifne"];
  const rounds = Array.from({ length: ROUNDS }, (_, i) =>
    round(i === 0 ? "aload_0 getfield" : i === 1 ? "aload_0 fast_igetfield" : "fast_iaccess_0"),
  );
  return ["iconst_1", "istore_1", ...rounds.slice(0, 10).flat(), ...extra, ...rounds.slice(10).flat(), "return"];
}

describe("a recording of Zero", () => {
  it("is the model's run once what had been rewritten before main is known", () => {
    const { dispatches, alignment, residue } = matchZero(kept, recordingOf([...START, ...main(), ...START]), ENTRIES);
    expect(dispatches.sequence).toHaveLength(main().length);
    expect(alignment.virtualInstructions).toBe(main().length);
    expect(residue).toBe(`all ${main().length} dispatches are the same; 1 of 10 instructions had been rewritten before main`);
    for (const { entries } of alignment.bodies) expect(entries).toHaveLength(1);
    const pair = alignment.bodies.find(({ opcode }) => opcode === hotspotCode("fast_iaccess_0"));
    expect(pair?.executed).toBe(ROUNDS - 2);
    // each of them, switches left out
    expect(dispatches.ownInstructions).toBe(5 * main().length);
  });

  it("may have dispatches that the model does not have: they are counted, and say nothing of bodies", () => {
    const extra = new Array<string>(7).fill("lconst_1");
    const { dispatches, alignment, residue } = matchZero(kept, recordingOf([...START, ...main(extra)]), ENTRIES);
    expect(dispatches.sequence).toHaveLength(main().length + 7);
    expect(residue).toMatch(
      /^\d+ dispatches are the same; in 1 place the recording has 7 others and the model 0, mostly in Made.byHand \(7 and 0\);/,
    );
    expect(alignment.bodies.some(({ opcode }) => opcode === codeOf("lconst_1"))).toBe(false);
  });

  it("without the program's beginning is refused", () => {
    expect(() => matchZero(kept, recordingOf(START), ENTRIES)).toThrow("the recording does not have the beginning of its main method");
  });
});
