// Hashed perceptron: instead of a weight for every outcome, one for every length of history, from a table indexed by
// the address xor the folded history. Lengths in geometric progression reach far back with few tables.
import { CONDITIONAL } from "../src/branch.ts";
import { afreshFromText, fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

/** The threshold rises by one after this many more mispredictions than weak correct answers, and falls after the reverse. */
const PATIENCE = 18;

// Indices into the small state.
const THRESHOLD = 0;
const BALANCE = 1;
const TIME = 2; // conditionals so far, modulo the length of the ring
const FOLD = 3; // of all outcomes so far
const ASKED = 4; // the branch of the last prediction, if SUM still holds
const HOLDS = 5;
const SUM = 6;

export default definePredictor({
  title: "Hashed perceptron",
  source:
    "D. Tarjan and K. Skadron, Merging path and gshare indexing in perceptron branch prediction, ACM TACO 2(3), 2005; lengths of history and " +
    "moving threshold from A. Seznec, Analysis of the O-GEometric history length branch predictor, ISCA 2005; sizes of D. A. Jiménez's 2019 " +
    "version for ChampSim, which learns every branch: with history=all:learns=all it mispredicts exactly as often on recorded traces. Departure from Tarjan and Skadron: outcomes only, no path; the histories overlap, all end at the newest outcome.",
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
    learns: {
      type: "choice",
      choices: ["conditional", "all"],
      default: "conditional",
      description: "branches that the weights learn: conditionals, or with history=all every branch (all others are taken), as in ChampSim",
    },
  },
  check({ minHistory, maxHistory, history, learns }) {
    if (minHistory > maxHistory) return `minHistory must be at most maxHistory (${maxHistory}), got ${minHistory}`;
    return learns === "all" && history !== "all" ? "learns=all needs history=all" : undefined;
  },
  // Weights and history; the threshold and its balance are left out.
  storageBits: ({ tables, rows, maxHistory }) => 8 * tables * rows + maxHistory,
  create({ tables, rows, minHistory, maxHistory, learns }) {
    const weights = new Int8Array(tables * rows); // table i begins at i * rows
    const ring = 2 ** Math.ceil(Math.log2(maxHistory + 1));
    const folds = fixedArray(Array<number>(ring).fill(0));
    const state = fixedArray([10, 0, 0, 0, 0, 0, 0]);
    const width = Math.log2(rows);
    const text = textOf(lengthsOf(tables, minHistory, maxHistory), width, ring);
    const { sumOf, move } = afreshFromText<Maker>(["folds", "weights", "state"], text)(folds, weights, state);
    function learn(pc: number, taken: number): void {
      const sum = state[HOLDS] !== 0 && state[ASKED] === pc ? state[SUM] : sumOf(pc);
      state[HOLDS] = 0;
      const right = sum > 0 === (taken !== 0);
      if (right && Math.abs(sum) >= state[THRESHOLD]) return;
      move(pc, taken);
      const balance = state[BALANCE] + (right ? -1 : 1);
      if (Math.abs(balance) < PATIENCE) state[BALANCE] = balance;
      else {
        state[BALANCE] = 0;
        state[THRESHOLD] += right ? -1 : 1;
      }
    }
    const learnsOthers = learns === "all";
    return {
      predict: (pc) => (sumOf(pc) > 0 ? 1 : 0),
      train: (pc, _target, taken) => learn(pc, taken),
      track(pc, _target, taken, kind) {
        if (learnsOthers && kind !== CONDITIONAL) learn(pc, taken);
        const fold = state[FOLD];
        const time = (state[TIME] + 1) & (ring - 1);
        const pushed = (((fold << 1) | (fold >>> (width - 1))) ^ taken) & (rows - 1);
        state[TIME] = time;
        state[FOLD] = pushed;
        folds[time] = (pushed << width) | pushed;
        state[HOLDS] = 0;
      },
      // what tracking learns is no history
      ...(!learnsOthers && { histories: [folds, state.subarray(TIME, FOLD + 1)] }),
    };
  },
});

interface Written {
  /** The sum of a branch's weights. */
  sumOf(pc: number): number;
  /** Moves them towards the outcome. */
  move(pc: number, taken: number): void;
}

type Maker = (folds: Int32Array, weights: Int8Array, state: Int32Array) => Written;

/**
 * The text of both, written out for every table: the sum is 2.4 times as fast as a loop over tables that predicting and training go
 * through once each (16 tables, 121 → 50 ns a branch). `folds` is a ring with the fold of all outcomes at each time, the newest bit in
 * place 0; it is held twice, so that one shift rotates it, if both fit. What is older than a length of history is in the fold of that
 * long ago, rotated since (see src/models/history.ts). One branch in eleven moves weights, so their places are not stored but computed
 * again: with the single shift, 24 to 25 ns a branch became 20 (CPython, in turns).
 */
function textOf(lengths: readonly number[], width: number, ring: number): string {
  const mask = 2 ** width - 1;
  const placeText = (length: number, table: number): string => {
    if (length === 0) return `pc & ${mask}`;
    const turn = length % width;
    const then = `folds[(time - ${length}) & ${ring - 1}]`;
    const doubled = turn === 0 ? then : `${then} >>> ${width - turn}`;
    const turned = 2 * width <= 32 || turn === 0 ? doubled : `${then} << ${turn} ^ (${then} & ${mask}) >>> ${width - turn}`;
    return `${table << width} + ((mixed ^ ${turned}) & ${mask})`;
  };
  const begin = `const time = state[${TIME}], mixed = pc ^ state[${FOLD}];`;
  const moves = (step: string): string =>
    lengths
      .map((length, table) => `place = ${placeText(length, table)}; weight = weights[place]; weights[place] = ${step};`)
      .join("\n    ");
  return `return {
sumOf(pc) {
  ${begin}
  const sum = ${lengths.map((length, table) => `weights[${placeText(length, table)}]`).join("\n    + ")};
  state[${ASKED}] = pc; state[${HOLDS}] = 1; state[${SUM}] = sum;
  return sum;
},
move(pc, taken) {
  ${begin}
  let place = 0, weight = 0;
  if (taken !== 0) {
    ${moves("weight - (weight - 127 >> 31)")}
  } else {
    ${moves("weight + (-128 - weight >> 31)")}
  }
} };`;
}

/** No history for the first table, then lengths from `min` to `max`, each about the same multiple of the one before. */
function lengthsOf(tables: number, min: number, max: number): number[] {
  const rest = Array.from({ length: tables - 1 }, (_, i) => Math.round(min * (max / min) ** (i / Math.max(1, tables - 2))));
  return [0, ...rest];
}
