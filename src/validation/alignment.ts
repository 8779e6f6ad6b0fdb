// Finds the address of each body, and the dispatch site through which it leaves, by aligning a recording with the virtual trace that
// the interpreter executed. The n-th dispatch goes to the body of the n-th virtual instruction; the next dispatch leaves it.
import { RunError } from "../errors.ts";
import type { Flow, VirtualProgram } from "../trace/virtual.ts";
import { addressOf, type Dispatches } from "./dispatches.ts";

/** Addresses with how often each occurred, the most frequent first. */
export type AddressTally = readonly (readonly [address: number, times: number])[];

/** Occurrences of all addresses except the most frequent one. */
export const elsewhere = (tally: AddressTally): number => tally.slice(1).reduce((sum, [, times]) => sum + times, 0);

export interface BodyMap {
  readonly opcode: number;
  readonly executed: number;
  readonly entries: AddressTally;
  /** Sites through which it leaves when control falls through, and when it is transferred. */
  readonly exits: AddressTally;
  readonly takenExits: AddressTally;
}

export interface Alignment {
  readonly virtualInstructions: number;
  /** The site that dispatches the first instruction. */
  readonly entry: number;
  /** Executed opcodes, by number. */
  readonly bodies: readonly BodyMap[];
}

/**
 * Flows with two exits; other instructions have one exit, wherever the next instruction is. A plain instruction continues elsewhere
 * only when it raises an exception, and then leaves through the body of the raising instruction.
 */
const TWO_WAYS: readonly Flow[] = ["conditional", "raise", "next"];

/** Sites of one body, by how control left it. */
interface ExitCounts {
  /** Control fell through; was transferred by one of TWO_WAYS; was transferred by another flow, which has one exit. */
  readonly on: Counter;
  readonly taken: Counter;
  readonly only: Counter;
  /** Whether it falls through at some addresses, while its opcode transfers control at others: `end` within a function and at its end. */
  goesOn: boolean;
}

class Counter {
  readonly #times = new Map<number, number>();
  add(address: number): void {
    this.#times.set(address, (this.#times.get(address) ?? 0) + 1);
  }
  merge(other: Counter): void {
    for (const [address, times] of other.#times) this.#times.set(address, (this.#times.get(address) ?? 0) + times);
  }
  tally(): AddressTally {
    return [...this.#times].sort(([a, m], [b, n]) => n - m || a - b);
  }
}

const exitsOfNone = (): ExitCounts => ({ on: new Counter(), taken: new Counter(), only: new Counter(), goesOn: false });

/**
 * @param addresses of virtual instructions in the order in which they must have executed; -1 where something is left out
 * @param opcodes   what they were when they executed, where that changes
 * @throws RunError when the recording holds more dispatches than instructions, or fewer
 */
export function align(
  program: VirtualProgram,
  addresses: Iterable<number>,
  { branches, sequence }: Dispatches,
  opcodes?: ArrayLike<number>,
): Alignment {
  const sites = branches.map(({ pc, pcHigh }) => addressOf(pc, pcHigh));
  const targets = branches.map(({ target, targetHigh }) => addressOf(target, targetHigh));
  const bodies: { executed: number; readonly entries: Counter; readonly exits: ExitCounts }[] = [];
  let at = 0;
  let given = 0;
  let previous = -1;
  let opcodeBefore = -1;
  for (const address of addresses) {
    const opcode = opcodes?.[given++] ?? program.opcodeAt(address);
    if (address < 0) {
      previous = -1;
      continue;
    }
    const branch = sequence[at++];
    if (branch === undefined) continue;
    bodies[opcode] ??= { executed: 0, entries: new Counter(), exits: exitsOfNone() };
    const body = bodies[opcode];
    body.executed++;
    body.entries.add(targets[branch]);
    if (previous >= 0) {
      const before = bodies[opcodeBefore].exits;
      const flow = program.flowAt(previous);
      const way = !TWO_WAYS.includes(flow) ? before.only : address === previous + 1 ? before.on : before.taken;
      way.add(sites[branch]);
      before.goesOn ||= flow === "next" && program.opcodes[opcodeBefore].flow !== "next";
    }
    previous = address;
    opcodeBefore = opcode;
  }
  if (at !== sequence.length) {
    throw new RunError(
      `expected ${at} dispatches, as many as virtual instructions, got ${sequence.length}: the compiler left other branches`,
    );
  }
  return {
    virtualInstructions: at,
    entry: sites[sequence[0]],
    bodies: bodies.flatMap(({ executed, entries, exits: { on, taken, only, goesOn } }, opcode) => {
      (goesOn ? taken : on).merge(only);
      return { opcode, executed, entries: entries.tally(), exits: on.tally(), takenExits: taken.tally() };
    }),
  };
}
