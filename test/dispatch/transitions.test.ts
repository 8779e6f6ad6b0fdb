// How many dispatches each technique executes, by rules that ask only which virtual instruction follows which: no layout, no
// lowering. A transition goes from one executed instruction to the next; the entry is a dispatch too.
import { describe, expect, it } from "vitest";
import { findProgram, techniqueIds } from "../../dist/src/index.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";
import { countAll, execute, loopProfile } from "../support.js";

interface Transition {
  readonly from: number;
  readonly to: number;
}

/** Whether a transition dispatches, or how many times. */
type Rule = (program: VirtualProgram, transition: Transition) => boolean | number;

const opcodeAt = (program: VirtualProgram, address: number) => program.opcodes[program.opcodeAt(address)];
const moves = (program: VirtualProgram, address: number): boolean => opcodeAt(program, address).relocatable;
const goesOn = ({ from, to }: Transition): boolean => to === from + 1;
const startsBlock = (program: VirtualProgram, address: number): boolean =>
  program.enteredAt(address) || program.flowAt(address - 1) !== "next";
/** The host took over where the instruction itself transfers nothing. */
const escapes = (program: VirtualProgram, { from, to }: Transition): boolean => to !== from + 1 && program.flowAt(from) === "next";

const always: Rule = () => true;
const atBlocks: Rule = (program, transition) => {
  const { from, to } = transition;
  return !goesOn(transition) || startsBlock(program, to) || !moves(program, from) || !moves(program, to);
};
const acrossBlocks: Rule = (program, transition) =>
  !goesOn(transition) || !moves(program, transition.from) || !moves(program, transition.to);
/** Call and return of the body, and a jump where the instruction could transfer control. */
const called: Rule = (program, transition) => 2 + (program.flowAt(transition.from) !== "next" || escapes(program, transition) ? 1 : 0);

/** Compares on the way to an instruction's opcode through a tree that halves the opcode table. */
function compares(program: VirtualProgram, address: number): number {
  const opcode = program.opcodeAt(address);
  let count = 0;
  for (let [from, to] = [0, program.opcodes.length]; to - from > 1; count++) {
    const middle = Math.ceil((from + to) / 2);
    if (opcode < middle) to = middle;
    else from = middle;
  }
  return count;
}
/** Every two instructions of a basic block are one, from its start, when the training program is the program itself. */
const pairs: Rule = (program, transition) => !goesOn(transition) || startsPair(program)[transition.to] === 1;

/** 1 where the first of two instructions of a basic block is, counted from its start. Programs grow while they run: asked afterwards. */
function startsPair(program: VirtualProgram): Uint8Array {
  const known = pairStarts.get(program);
  if (known !== undefined) return known;
  const starts = new Uint8Array(program.addressCount);
  for (let address = 0; address < starts.length; address++) {
    starts[address] = address === 0 || startsBlock(program, address) ? 1 : 1 - starts[address - 1];
  }
  pairStarts.set(program, starts);
  return starts;
}
const pairStarts = new WeakMap<VirtualProgram, Uint8Array>();

const RULES: Readonly<Record<string, Rule>> = {
  switch: always,
  "switch:counted:range-check": always,
  "switch:sentinel": always,
  "call-threading": always,
  "token-threading-shared-next": always,
  "token-threading": always,
  "indirect-threading": always,
  "direct-threading": always,
  "direct-threading:merge=all": always,
  "direct-threading:conditional=two-exits": always,
  "direct-threading:merge=gforth-fast-0.7.3": always,
  "tail-call-threading": always,
  "tail-call-no-elimination": always,
  "tail-call-dispatcher": always,
  "replicated-switch": always,
  "unrolled-switch": always,
  "compare-tree": (program, { to }) => compares(program, to),
  "static-superinstructions:superinstructions=65536:longest=2": pairs,
  "static-both:superinstructions=65536:longest=2": pairs,
  "static-replication": always,
  "dynamic-replication": always,
  "subroutine-threading": called,
  // where the body of a virtual branch jumps itself, it does not return
  "subroutine-threading:leave=body": (program, transition) => {
    const { from } = transition;
    const outOfLine = program.flowAt(from) !== "next" && opcodeAt(program, from).flow === "next";
    return 2 + (outOfLine || escapes(program, transition) ? 1 : 0);
  },
  "dynamic-superinstructions": atBlocks,
  "selective-inlining": atBlocks,
  "dynamic-both": atBlocks,
  "dynamic-both:relocatable=all": (program, transition) => !goesOn(transition) || startsBlock(program, transition.to),
  "across-basic-blocks": acrossBlocks,
  "across-basic-blocks:relocatable=all": (_, transition) => !goesOn(transition),
  "static-across-basic-blocks": acrossBlocks,
  catenation: (program, transition) => !goesOn(transition) && (program.targetAt(transition.from) < 0 || escapes(program, transition)),
  "context-threading": (program, transition) => {
    const { from } = transition;
    const flow = program.flowAt(from);
    const direct = program.targetAt(from) >= 0;
    const native =
      flow === "return" || flow === "call" || flow === "indirect-call" || (direct && (flow === "conditional" || flow === "jump"));
    const inlined = moves(program, from) && (native || opcodeAt(program, from).bodyBytes <= 16);
    return (inlined ? 0 : 2) + (flow !== "next" || escapes(program, transition) ? 1 : 0);
  },
};

it("every technique has a rule", () => {
  const ruled = new Set(Object.keys(RULES).map((technique) => technique.split(":")[0]));
  expect(techniqueIds().filter((id) => !ruled.has(id))).toEqual([]);
});

describe.each(["queens", "word-count", "compiler", "unpredictable", "zir-pass"])("dispatches on %s", (id) => {
  it("are as many as the rules of transitions say", { tags: "slow" }, async () => {
    const run = (await findProgram(id)).start("test", 1e7);
    const { addresses } = execute(run);
    const context = { layoutSeed: 0, profile: loopProfile(run.program, addresses) };
    const all = await countAll((await findProgram(id)).start("test", 1e7), Object.keys(RULES).join(","), "btb", { context });
    const counted = Object.keys(RULES).map((technique) => {
      // names leave out what is a default, and put parameters in their order
      const name = technique === "switch:counted:range-check" ? "switch:range-check:counted" : technique;
      return [technique, all.get(`${name} btb`)?.byKind.dispatch.branches];
    });
    const expected = Object.entries(RULES).map(([technique, rule]) => {
      let sum = technique === "compare-tree" ? compares(run.program, addresses[0]) : 1;
      for (let i = 0; i + 1 < addresses.length; i++) sum += Number(rule(run.program, { from: addresses[i], to: addresses[i + 1] }));
      return [technique, sum];
    });
    expect(counted).toEqual(expected);
  });
});

describe("a loop without virtual calls", () => {
  it("is never dispatched once it is catenated", async () => {
    const all = await countAll((await findProgram("unpredictable")).start("test", 1e7), "catenation", "btb");
    expect(all.get("catenation btb")?.byKind.dispatch.branches).toBe(1);
    expect(all.get("catenation btb")?.byKind.indirect.branches).toBe(1);
  });
});

describe("an oracle keyed by virtual address", () => {
  it.each(["queens", "word-count", "fibonacci", "unpredictable"])(
    "misses on %s what a copy of every body misses, and both what the trace says",
    { tags: "slow" },
    async (id) => {
      const run = (await findProgram(id)).start("test", 1e7);
      const { addresses } = execute(run);
      const last = new Map<number, number>();
      let changes = 1;
      addresses.forEach((address, i) => {
        if (i + 1 === addresses.length) return;
        if (last.get(address) !== addresses[i + 1]) changes++;
        last.set(address, addresses[i + 1]);
      });
      const technique = "dynamic-replication:relocatable=all";
      const all = await countAll((await findProgram(id)).start("test", 1e7), technique, "btb:unbounded,oracle");
      expect(all.get(`${technique} btb:unbounded`)?.byKind.dispatch.mispredictions).toBe(changes);
      expect(all.get(`${technique} oracle`)?.byKind.dispatch.mispredictions).toBe(changes);
    },
  );

  it("does not care where branches stand: all techniques with one dispatch an instruction and the same bodies miss alike", async () => {
    const techniques = ["switch", "token-threading", "direct-threading", "replicated-switch"];
    const all = await countAll((await findProgram("queens")).start("test", 1e7), techniques.join(","), "oracle");
    expect(new Set(techniques.map((technique) => all.get(`${technique} oracle`)?.byKind.dispatch.mispredictions)).size).toBe(1);
  });
});

describe("perfect prediction", () => {
  it("misses nothing, and counts every branch", async () => {
    const all = await countAll((await findProgram("queens")).start("test", 1e7), "switch,context-threading", "perfect,btb");
    for (const technique of ["switch", "context-threading"]) {
      expect(all.get(`${technique} perfect`)?.byKind.all.mispredictions).toBe(0);
      expect(all.get(`${technique} perfect`)?.byKind.all.branches).toBe(all.get(`${technique} btb`)?.byKind.all.branches);
    }
  });
});
