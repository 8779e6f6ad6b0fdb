// Branches for testing models: a mixture of all kinds, and a single repeated branch; the same every time.
import { CALL, CALLS, CONDITIONAL, KINDS, NONE, RETURN } from "../branch.ts";
import type { Context } from "./predictor.ts";

/** Branches for a model, column by column. */
export interface Branches {
  readonly count: number;
  readonly pcs: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly taken: ArrayLike<number>;
  readonly kinds: ArrayLike<number>;
  /** What a model may be told of them beside their addresses; without it, zeros. */
  readonly contexts?: Readonly<Partial<Record<Context, ArrayLike<number>>>>;
  /** Addresses after the branches; without them a call pushes its own address, as in traces without lengths. */
  readonly nexts?: ArrayLike<number>;
  /** Static targets, taken or not; without them none is known. */
  readonly statics?: ArrayLike<number>;
}

/** Pseudo-random numbers below a bound, the same for the same seed. */
export function seeded(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * bound);
  };
}

/** Branches of every kind from a few sites, each kind's outcome partly regular, with calls and returns that nest. */
export function mixture(count: number, seed: number): Branches {
  const random = seeded(seed);
  const pcs: number[] = [];
  const targets: number[] = [];
  const taken: number[] = [];
  const kinds: number[] = [];
  const nexts: number[] = [];
  const stack: number[] = [];
  // numbers of their own: what models are told of addresses stays the same whatever there is beside them
  const aside = seeded(seed + 1000);
  const column = (of: () => number): Int32Array => Int32Array.from({ length: count }, of);
  const nextVirtualAddress = column(() => aside(60));
  const contexts = {
    gap: column(() => 1 + aside(12)),
    highAddressBits: column(() => 0x7fff * aside(2)),
    virtualAddress: column(() => aside(60)),
    nextVirtualAddress,
    opcode: nextVirtualAddress.map((address) => address % 7),
  };
  for (let i = 0; i < count; i++) {
    let kind = KINDS[random(KINDS.length)][0];
    if (kind === RETURN && stack.length === 0) kind = CALL;
    const pc = 0x401000 + 16 * random(12) + kind;
    const outcome = kind === CONDITIONAL ? ((i >> 2) ^ pc) & 1 : 1;
    let target = 0x402000 + 48 * ((i % 5) + random(3));
    if (kind === CONDITIONAL && outcome === 0) target = pc + 2;
    if (kind === RETURN) target = stack.pop() ?? NONE;
    if (kind & CALLS) stack.push(pc + 5);
    pcs.push(pc);
    targets.push(target);
    taken.push(outcome);
    kinds.push(kind);
    nexts.push(pc + 5);
  }
  return { count, pcs, targets, taken, kinds, nexts, contexts };
}

/** One repeated branch; a return is preceded by its call. */
export function constant(kind: number, taken: number, rounds: number): Branches {
  const pc = 0x401234;
  const target = kind === CONDITIONAL && !taken ? pc + 2 : 0x405678;
  const branch = { pc, target, taken, kind, next: pc + 2 };
  const call = { pc: target - 5, target: pc - 16, taken: 1, kind: CALL, next: target };
  const all = Array.from({ length: rounds }, () => (kind === RETURN ? [call, branch] : [branch])).flat();
  return {
    count: all.length,
    pcs: all.map((b) => b.pc),
    targets: all.map((b) => b.target),
    taken: all.map((b) => b.taken),
    kinds: all.map((b) => b.kind),
    nexts: all.map((b) => b.next),
  };
}
