// Two-level predictors of directions (Yeh and Patt): a history selects a two-bit counter from a pattern table. Their names
// say who has a history and who has a table: G one for all, P one per address, S one per set of addresses; small letters
// are the tables.
//
//     address ─► history register ─► pattern, historyBits long ─┐
//     address ─► table ─────────────────────────────────────────┴─► counter
//
// All nine are one machine with other sizes. Registers and tables are untagged: so many consecutive addresses are a set, and
// the sets take turns.
import { ALL_KINDS, CONDITIONAL } from "../branch.ts";
import { afresh, fixedArray } from "./afresh.ts";
import type { Predictor } from "./predictor.ts";

export interface TwoLevelSizes {
  readonly historyBits: number;
  /** History registers, a power of two. */
  readonly histories: number;
  /** Consecutive addresses that share a register, a power of two. */
  readonly historySet: number;
  /** Pattern tables, a power of two. */
  readonly tables: number;
  /** Consecutive addresses that share a table, a power of two. */
  readonly tableSet: number;
  /** Where counters start, 0 to 3. */
  readonly initial: number;
}

/** What all of them have: where counters start, and whose outcomes enter histories. */
export const DIRECTION_PARAMETERS = {
  initial: { default: 1, min: 0, max: 3, unit: "", description: "where counters start: 0 and 1 predict not taken, 2 and 3 taken" },
  history: {
    type: "choice",
    choices: ["conditional", "all"],
    default: "conditional",
    description: "whose outcomes enter a history: those of conditionals, or of every branch (all others are taken)",
  },
} as const;

export const historyKinds = ({ history }: { readonly history: string }): number => (history === "all" ? ALL_KINDS : CONDITIONAL);

/** Registers and counters. */
export const twoLevelBits = ({ historyBits, histories, tables }: TwoLevelSizes): number =>
  histories * historyBits + 2 * tables * 2 ** historyBits;

/** Refuses more than 2^26 counters. @param name of the parameter that says how many tables there are */
export const tooManyCounters = (name: string, tables: number, historyBits: number): string | undefined =>
  tables * 2 ** historyBits > 2 ** 26 ? `${name}=${tables} with historyBits=${historyBits} needs more than 2^26 counters` : undefined;

export function createTwoLevel(sizes: TwoLevelSizes): Predictor {
  return afresh(create)(sizes, fixedArray(Array<number>(sizes.histories).fill(0)));
}

function create({ historyBits, histories, historySet, tables, tableSet, initial }: TwoLevelSizes, registers: Int32Array): Predictor {
  const counters = new Int8Array(tables * 2 ** historyBits).fill(initial);
  const historyMask = 2 ** historyBits - 1;
  const historyShift = Math.log2(historySet);
  const tableShift = Math.log2(tableSet);
  const registerOf = (pc: number): number => (pc >>> historyShift) & (histories - 1);
  const indexOf = (pc: number): number => (((pc >>> tableShift) & (tables - 1)) << historyBits) | registers[registerOf(pc)];
  return {
    predict: (pc) => counters[indexOf(pc)] >> 1,
    train(pc, _target, taken) {
      const index = indexOf(pc);
      const counter = counters[index];
      if (taken !== 0) {
        if (counter < 3) counters[index] = counter + 1;
      } else if (counter > 0) counters[index] = counter - 1;
    },
    track(pc, _target, taken) {
      const register = registerOf(pc);
      registers[register] = ((registers[register] << 1) | taken) & historyMask;
    },
    histories: [registers],
    inspect(pc) {
      const register = registerOf(pc);
      const bits = historyBits === 0 ? "" : registers[register].toString(2).padStart(historyBits, "0");
      const counter = `counter of this history${tables > 1 ? ` in table ${(pc >>> tableShift) & (tables - 1)}` : ""}`;
      return [
        { shape: "bits", title: histories > 1 ? `history register ${register}` : "history", bits },
        { shape: "counter", title: counter, value: counters[indexOf(pc)], max: 3 },
      ];
    },
  };
}
