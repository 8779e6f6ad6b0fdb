// How many dispatches each technique executes, by rules that ask only which virtual instruction follows which: no layout, no
// lowering. A transition goes from one executed instruction to the next; the entry is a dispatch too.
import type { VirtualRun } from "../../dist/src/trace/run.js";
import type { Flow, VirtualProgram } from "../../dist/src/trace/virtual.js";

export interface Transition {
  readonly from: number;
  readonly to: number;
}

/** Whether a transition dispatches, or how many times. */
export type Rule = (program: VirtualProgram, transition: Transition) => boolean | number;

const opcodeAt = (program: VirtualProgram, address: number) => program.opcodes[program.opcodeAt(address)];
const moves = (program: VirtualProgram, address: number): boolean => opcodeAt(program, address).relocatable;
/** Control falls through; a call, a return or a jump that comes to the next address transfers control all the same. */
const goesOn = (program: VirtualProgram, { from, to }: Transition): boolean =>
  to === from + 1 && ["next", "conditional", "raise"].includes(program.flowAt(from));
const startsBlock = (program: VirtualProgram, address: number): boolean =>
  program.enteredAt(address) || program.flowAt(address - 1) !== "next";
/** The host took over where the instruction itself transfers nothing. */
const escapes = (program: VirtualProgram, { from, to }: Transition): boolean => to !== from + 1 && program.flowAt(from) === "next";

const always: Rule = () => true;
const atBlocks: Rule = (program, transition) => {
  const { from, to } = transition;
  return !goesOn(program, transition) || startsBlock(program, to) || !moves(program, from) || !moves(program, to);
};
/** A conditional runs into the room of an instruction that will be rewritten, where a jump leads to its body. */
const acrossBlocks: Rule = (program, transition) => {
  const { from, to } = transition;
  const jumps = program.flowAt(from) !== "next" && opcodeAt(program, to).quickens;
  return !goesOn(program, transition) || !moves(program, from) || !(moves(program, to) || jumps);
};
/** Call and return of the body, and a jump where the instruction could transfer control. */
const called: Rule = (program, transition) => 2 + (program.flowAt(transition.from) !== "next" || escapes(program, transition) ? 1 : 0);

/** Compares on the way to an instruction's opcode through a tree that halves the opcode table. */
export function compares(program: VirtualProgram, address: number): number {
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
const pairs: Rule = (program, transition) => !goesOn(program, transition) || startsPair(program)[transition.to] === 1;

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

export const RULES: Readonly<Record<string, Rule>> = {
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
    const byItself = opcodeAt(program, from).flow !== "next";
    const outOfLine = program.flowAt(from) !== "next" && !byItself;
    return 2 + (outOfLine || (escapes(program, transition) && !byItself) ? 1 : 0);
  },
  "dynamic-superinstructions": atBlocks,
  "selective-inlining": atBlocks,
  "dynamic-both": atBlocks,
  "dynamic-both:relocatable=all": (program, transition) => !goesOn(program, transition) || startsBlock(program, transition.to),
  "across-basic-blocks": acrossBlocks,
  "across-basic-blocks:relocatable=all": (program, transition) => !goesOn(program, transition),
  "static-across-basic-blocks": acrossBlocks,
  catenation: (program, transition) =>
    !goesOn(program, transition) && (program.targetAt(transition.from) < 0 || escapes(program, transition)),
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

/**
 * Dispatches by rule while a program runs that may rewrite itself: of each transition, both instructions are what they were when
 * their blocks first came. Rules that look at more than the two of them cannot be asked.
 */
export function dispatchesByRule({ program, run }: VirtualRun, rules: Readonly<Record<string, Rule>>): Map<string, number> {
  interface Executed {
    address: number;
    opcode: number;
    flow: Flow;
  }
  const asItStands = (address: number): Executed => ({ address, opcode: program.opcodeAt(address), flow: program.flowAt(address) });
  const expanded: Executed[][] = [];
  const [from, to] = [asItStands(-1), asItStands(-1)];
  const executed = (address: number): Executed => (address === from.address ? from : address === to.address ? to : asItStands(address));
  const asExecuted: VirtualProgram = Object.create(program, {
    opcodeAt: { value: (address: number) => executed(address).opcode },
    flowAt: { value: (address: number) => executed(address).flow },
  });
  const sums = new Map(Object.keys(rules).map((name) => [name, 0]));
  run((chunk, count, next) => {
    for (let id = expanded.length; id < program.blockCount; id++) {
      const start = program.blockStart(id);
      expanded.push(Array.from({ length: program.blockLength(id) }, (_, i) => asItStands(start + i)));
    }
    for (let i = 0; i < count; i++) {
      for (const next of expanded[chunk[i]]) {
        Object.assign(from, to);
        Object.assign(to, next);
        for (const [name, rule] of Object.entries(rules)) {
          const first = name === "compare-tree" ? compares(asExecuted, to.address) : 1;
          const dispatches = from.address < 0 ? first : Number(rule(asExecuted, { from: from.address, to: to.address }));
          sums.set(name, (sums.get(name) ?? 0) + dispatches);
        }
      }
    }
    chunk[count] = next;
  });
  return sums;
}
