// Hashed perceptron: instead of a weight for every outcome, one for every length of history, from a table indexed by
// the address xor the folded history. Lengths in geometric progression reach far back with few tables.
import { CONDITIONAL } from "../src/branch.ts";
import { createFoldedHistory } from "../src/models/history.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

/** The threshold rises by one after this many more mispredictions than weak correct answers, and falls after the reverse. */
const PATIENCE = 18;

// Indices into the small state.
const THRESHOLD = 0;
const BALANCE = 1;

export default definePredictor({
  title: "Hashed perceptron",
  source:
    "D. Tarjan and K. Skadron, Merging path and gshare indexing in perceptron branch prediction, ACM TACO 2(3), 2005; lengths of history and " +
    "moving threshold from A. Seznec, Analysis of the O-GEometric history length branch predictor, ISCA 2005; sizes of D. A. Jiménez's 2019 " +
    "version for ChampSim (3 to 232 outcomes in its header; the rounding of those between is ours). Departure from Tarjan and Skadron: outcomes only, no path; the histories overlap, all end at the newest outcome.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    tables: { default: 16, min: 2, max: 32, unit: "tables", description: "tables of weights; the first is indexed by the address alone" },
    rows: { default: 4096, min: 2, max: 2 ** 20, powerOfTwo: true, unit: "weights", description: "eight-bit weights of each table" },
    minHistory: { default: 3, min: 1, max: 4000, unit: "bits", description: "outcomes that the second table sees" },
    maxHistory: {
      default: 232,
      min: 1,
      max: 4000,
      unit: "bits",
      description: "outcomes that the last table sees; the lengths between are geometric",
    },
    history: DIRECTION_PARAMETERS.history,
  },
  check: ({ minHistory, maxHistory }) =>
    minHistory > maxHistory ? `minHistory must be at most maxHistory (${maxHistory}), got ${minHistory}` : undefined,
  // Weights and history; the threshold and its balance are left out.
  storageBits: ({ tables, rows, maxHistory }) => 8 * tables * rows + maxHistory,
  create({ tables, rows, minHistory, maxHistory }) {
    const history = createFoldedHistory(Math.log2(rows), lengthsOf(tables, minHistory, maxHistory));
    const weights = new Int8Array(tables * rows); // table i begins at i * rows
    const places = new Int32Array(tables);
    const state = Int32Array.of(10, 0);

    function sumOf(pc: number): number {
      let sum = 0;
      for (let table = 0; table < tables; table++) {
        const place = table * rows + ((pc ^ history.fold(table)) & (rows - 1));
        places[table] = place;
        sum += weights[place];
      }
      return sum;
    }

    return {
      predict: (pc) => (sumOf(pc) > 0 ? 1 : 0),
      train(pc, _target, taken) {
        const sum = sumOf(pc);
        const right = sum > 0 === (taken !== 0);
        if (right && Math.abs(sum) >= state[THRESHOLD]) return;
        for (let table = 0; table < tables; table++) {
          const weight = weights[places[table]];
          if (taken !== 0) {
            if (weight < 127) weights[places[table]] = weight + 1;
          } else if (weight > -128) weights[places[table]] = weight - 1;
        }
        const balance = state[BALANCE] + (right ? -1 : 1);
        if (Math.abs(balance) < PATIENCE) state[BALANCE] = balance;
        else {
          state[BALANCE] = 0;
          state[THRESHOLD] += right ? -1 : 1;
        }
      },
      track(_pc, _target, taken) {
        history.push(taken, 1);
      },
    };
  },
});

/** No history for the first table, then lengths from `min` to `max`, each about the same multiple of the one before. */
function lengthsOf(tables: number, min: number, max: number): number[] {
  const rest = Array.from({ length: tables - 1 }, (_, i) => Math.round(min * (max / min) ** (i / Math.max(1, tables - 2))));
  return [0, ...rest];
}
