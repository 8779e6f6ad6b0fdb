// O-GEHL: counters from eight tables are added up, each found by another length of history, in geometric progression. How far three
// of them look back, and how clear a sum must be to be left alone, adapt to the program.
import { CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { createFoldedHistory, FOLD_BITS } from "../src/models/history.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

/** Ten lengths from 3 to 200, each 1.59 times the one before; those of a table with short and with long histories. */
const LENGTHS = [0, 3, 5, 8, 12, 19, 31, 49, 79, 125, 200];
const SHORT = [0, 1, 2, 3, 4, 5, 6, 7];
const LONG = [0, 1, 8, 3, 9, 5, 10, 7];
const ROW_BITS = [11, 10, 11, 11, 11, 11, 11, 11];
const COUNTER_BITS = [5, 5, 4, 4, 4, 4, 4, 4];
const TABLES = 8;
const TAGS = 1024; // of one bit, with the last table

// Places in the small state.
const THRESHOLD = 0;
const BALANCE = 1; // -64 to 63: wrong sums against right ones that were not clear
const ALIASING = 2; // -256 to 255: how seldom two branches meet in an entry of the last table
const IS_LONG = 3;

export default definePredictor({
  title: "O-GEHL, 64 Kbit",
  source:
    "A. Seznec, Analysis of the O-GEometric history length branch predictor, ISCA 2005, its 64 Kbits: 8 tables, lengths 3 to 200, " +
    "counters of 4 bits (5 in the first two), adaptive threshold and lengths. Departures: a row is taken from a product of one 31-bit fold " +
    "and the address, without the path of addresses; outcomes of conditionals enter the history (history=all: of all branches).",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: { history: DIRECTION_PARAMETERS.history },
  // 65,536 bits; the history and three small counters are left out, as in the paper.
  storageBits: () => TAGS + ROW_BITS.reduce((sum, bits, table) => sum + 2 ** bits * COUNTER_BITS[table], 0),
  create() {
    const history = createFoldedHistory(FOLD_BITS, LENGTHS);
    const starts = fixedArray(ROW_BITS.map((_, table) => table << 11));
    const rowShifts = fixedArray(ROW_BITS.map((bits) => 32 - bits));
    const tops = fixedArray(COUNTER_BITS.map((bits) => 2 ** (bits - 1) - 1));
    const shorts = fixedArray(SHORT);
    const longs = fixedArray(LONG);
    const counters = new Int8Array(TABLES << 11);
    const tags = new Uint8Array(TAGS);
    const places = fixedArray(Array<number>(TABLES).fill(0));
    const state = fixedArray([TABLES, 0, 0, 0]);

    function sumOf(pc: number): number {
      const lengths = state[IS_LONG] !== 0 ? longs : shorts;
      const spread = Math.imul(pc, 0x85ebca6b);
      let sum = TABLES / 2;
      for (let table = 0; table < TABLES; table++) {
        const key = Math.imul(history.fold(lengths[table]) ^ spread, 0x9e3779b1);
        places[table] = starts[table] + (key >>> rowShifts[table]);
        sum += counters[places[table]];
      }
      return sum;
    }

    /** Lets the threshold fall or rise until sums are wrong as often as they are right but not clear. */
    function adaptThreshold(right: boolean): void {
      state[BALANCE] += right ? -1 : 1;
      if (state[BALANCE] === 63) state[THRESHOLD]++;
      if (state[BALANCE] === -64) state[THRESHOLD]--;
      if (state[BALANCE] === 63 || state[BALANCE] === -64) state[BALANCE] = 0;
    }

    /** Long histories as long as few branches meet in the last table's entries, short ones if many do. */
    function adaptLengths(pc: number): void {
      const tag = places[TABLES - 1] & (TAGS - 1);
      state[ALIASING] = (pc & 1) === tags[tag] ? Math.min(state[ALIASING] + 1, 255) : Math.max(state[ALIASING] - 4, -256);
      if (state[ALIASING] === 255) state[IS_LONG] = 1;
      if (state[ALIASING] === -256) state[IS_LONG] = 0;
      tags[tag] = pc & 1;
    }

    return {
      predict: (pc) => (sumOf(pc) >= 0 ? 1 : 0),
      train(pc, _target, taken) {
        const sum = sumOf(pc);
        const right = sum >= 0 === (taken !== 0);
        const clear = Math.abs(sum) >= state[THRESHOLD];
        if (right && clear) return;
        for (let table = 0; table < TABLES; table++) {
          const counter = counters[places[table]];
          if (taken !== 0) {
            if (counter < tops[table]) counters[places[table]] = counter + 1;
          } else if (counter >= -tops[table]) counters[places[table]] = counter - 1;
        }
        adaptThreshold(right);
        if (!right && !clear) adaptLengths(pc);
      },
      track(_pc, _target, taken) {
        history.push(taken, 1);
      },
      histories: history.arrays,
    };
  },
});
