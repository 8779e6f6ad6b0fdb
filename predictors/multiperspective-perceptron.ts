// The multiperspective perceptron: a sum of weights, as in the hashed perceptron, but the tables look at the past from many different sides:
// outcomes and paths of all branches, of some, of this one, loops, and how recently the branch was executed. A branch that
// has always gone one way is left to a filter, and spoils no weights. A sum that says next to nothing is replaced
// by that of the tables that are seldom wrong.
import { ALL_KINDS, CONDITIONAL, NONE } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { LOCAL_BITS, multiperspectiveBits } from "../src/models/multiperspective-features.ts";
import { createMultiperspectiveHistories, hashedAddress } from "../src/models/multiperspective-histories.ts";
import { MISSES_BITS, MULTIPERSPECTIVE_SIZES } from "../src/models/multiperspective-sizes.ts";
import { definePredictor } from "../src/models/predictor.ts";

/** What a weight counts by its magnitude, of five bits and of four. */
const TRANSFER = [1, 3, 4, 5, 7, 8, 9, 11, 12, 14, 15, 17, 19, 21, 23, 25, 27, 29, 32, 34, 37, 41, 45, 49, 53, 58, 63, 69, 76, 85, 94, 106];
const SMALL_TRANSFER = [0, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19, 22, 28, 33, 39, 45];
const MAGNITUDES = 32;
const SCALE = 0.245; // of a sum, before it is compared with thresholds
const UNCLEAR = 1; // a scaled sum up to this says next to nothing
const BEST = 20; // tables that decide then
const SPEED = 9; // wrong or unclear sums that move the threshold for training

// Local histories that speak for themselves: never taken, always, only long ago, always but long ago.
const LOCALS = [0, 2 ** LOCAL_BITS - 1, 2 ** (LOCAL_BITS - 1), 2 ** (LOCAL_BITS - 1) - 1];
const BIASES = [-5, 5, -1, 1];

// Ways that a branch has gone, in the filter.
const TAKEN = 1;
const NOT_TAKEN = 2;

// Places in the small state.
const THRESHOLD = 0;
const BALANCE = 1;
const RANDOM = 2;
const LAST = 3; // outcome of the last conditional
const FRESH = 4; // whether the last lookup still holds, ...
const FOUND_PC = 5; // ... the branch that was looked up, ...
const FILTERED = 6; // ... whether the filter answered for it, ...
const SUM = 7; // ... the scaled sum ...
const ANSWER = 8; // ... and the prediction
const TRAINED_FILTERED = 9; // whether the filter answered for the branch trained last
const ASKED_PC = 10; // the conditional of the last prediction ...
const ASKED_TARGET = 11; // ... and its static target

export default definePredictor({
  title: "Multiperspective perceptron, 64 KB",
  source:
    "D. A. Jiménez, Multiperspective perceptron predictor, CBP-5, 2016, after the author's code, with the sizes that gem5 has for 64 KB and 8 KB; it " +
    "mispredicts exactly as often on recorded traces. Of tables that are wrong equally often, the first count as better (there: however the C library sorts them). " +
    "The code shifts a word by a negative distance, here as x86 does. A branch whose static target is not known (one that a recording never saw taken) counts as forward.",
  covers: CONDITIONAL,
  tracks: ALL_KINDS,
  parameters: {
    size: { type: "choice", choices: ["64", "8"], default: "64", description: "which of the two published predictors, in KB" },
  },
  // The author's count: histories, filter, counters of mispredictions, weights with two signs.
  storageBits({ size }) {
    const { tables, locals, filters } = MULTIPERSPECTIVE_SIZES[size];
    const weights = tables.reduce((sum, { entries, magnitudeBits }) => sum + entries * (magnitudeBits + 2), 0);
    const histories = multiperspectiveBits(tables.map(({ feature }) => feature)) + locals * LOCAL_BITS;
    return weights + histories + filters * 2 + tables.length * MISSES_BITS;
  },

  create({ size }) {
    const { tables, locals, filters } = MULTIPERSPECTIVE_SIZES[size];
    const count = tables.length;
    const best = Math.min(BEST, count);
    const histories = createMultiperspectiveHistories(
      tables.map(({ feature }) => feature),
      locals,
    );
    const sizes = fixedArray(tables.map(({ entries }) => entries));
    const wraps = fixedArray(tables.map(({ entries }) => 2 ** 32 % entries));
    const starts = fixedArray(tables.map((_, table) => tables.slice(0, table).reduce((sum, { entries }) => sum + entries, 0)));
    const mixes = (of: string): Int32Array => fixedArray(tables.map(({ mixedWith }) => (mixedWith.some((mixed) => mixed === of) ? -1 : 0)));
    const [withBackward, withForward, withRecency] = [mixes("taken backward"), mixes("not taken forward"), mixes("recency position")];
    const isRecency = fixedArray(tables.map(({ feature }) => (feature[0] === "recency position" ? 1 : 0)));
    const most = fixedArray(tables.map(({ magnitudeBits }) => 2 ** magnitudeBits - 1));
    const transfer = fixedArray(TRANSFER);
    const contributions = fixedArray(
      tables.flatMap(({ coefficient, magnitudeBits }) =>
        Array.from({ length: MAGNITUDES }, (_, i) => Math.trunc(coefficient * ((magnitudeBits === 5 ? TRANSFER : SMALL_TRANSFER)[i] ?? 0))),
      ),
    );
    const all = starts[count - 1] + sizes[count - 1];
    const magnitudes = new Uint8Array(all);
    // Two signs of each weight, 1 for less than 0; half of the addresses use the first. Those of every other table start below 0.
    const signs = Uint8Array.from({ length: 2 * all }, (_, i) => i & 1);
    for (let table = 1; table < count; table += 2) signs.fill(1, 2 * starts[table], 2 * (starts[table] + sizes[table]));
    const filter = new Uint8Array(filters);
    const missed = fixedArray(tables.map(() => 0)); // mispredictions of each table ...
    const isBest = fixedArray(tables.map((_, table) => (table < best ? -1 : 0))); // ... and whether it is among the best
    const places = fixedArray(tables.map(() => 0)); // weights of the branch looked up ...
    const signPlaces = fixedArray(tables.map(() => 0)); // ... and their signs
    const state = fixedArray([10, 0, 0xdeadbeef | 0, 0, 0, 0, 0, 0, 0, 0, 0, NONE]);

    /** The C library's rand_r. */
    function random(): number {
      let seed = Math.imul(state[RANDOM], 1103515245) + 12345;
      let result = (seed >>> 16) & 2047;
      for (let i = 0; i < 2; i++) {
        seed = Math.imul(seed, 1103515245) + 12345;
        result = (result << 10) ^ ((seed >>> 16) & 1023);
      }
      state[RANDOM] = seed;
      return result;
    }

    /** A weight as it counts in a sum. */
    function countsAt(table: number): number {
      const counts = contributions[table * MAGNITUDES + magnitudes[places[table]]];
      return signs[signPlaces[table]] !== 0 ? -counts : counts;
    }
    /** The same without coefficients, for training. */
    function valueAt(table: number): number {
      const value = transfer[magnitudes[places[table]]];
      return signs[signPlaces[table]] !== 0 ? -value : value;
    }

    function findWeights(pc: number, hashed: number): void {
      const recency = histories.recency(pc);
      const address = (pc >>> 2) & 0xffff;
      for (let table = 0; table < count; table++) {
        const entries = sizes[table];
        const position = recency < 0 ? entries - 1 : Math.floor((recency * entries) / 31);
        const hash = isRecency[table] !== 0 ? position : histories.hash(table, pc);
        const mixed =
          address ^
          (withBackward[table] & histories.takenBackward()) ^
          (withForward[table] & histories.notTakenForward()) ^
          (withRecency[table] & position);
        // (hash * 64 ^ mixed) modulo entries, of 38 bits
        const index = ((((hash << 6) ^ mixed) >>> 0) % entries) + (hash >>> 26) * wraps[table];
        places[table] = starts[table] + (index % entries);
        signPlaces[table] = 2 * places[table] + (hashed & 1);
      }
    }

    /** Sets SUM. @returns the prediction */
    function sumUp(pc: number, hashed: number): number {
      findWeights(pc, hashed);
      const local = LOCALS.indexOf(histories.local(pc));
      let sum = local < 0 ? 0 : BIASES[local];
      let ofBest = 0;
      for (let table = 0; table < count; table++) {
        const counts = countsAt(table);
        sum += counts;
        ofBest += counts & isBest[table];
      }
      state[SUM] = Math.trunc(sum * SCALE);
      return (Math.abs(state[SUM]) <= UNCLEAR ? ofBest : state[SUM]) >= 1 ? 1 : 0;
    }

    const filterAt = (hashed: number): number => (hashed ^ state[LAST]) % filters;

    function look(pc: number): void {
      if (state[FRESH] !== 0 && state[FOUND_PC] === pc) return;
      const hashed = hashedAddress(pc);
      const ways = filters > 0 ? filter[filterAt(hashed)] : TAKEN | NOT_TAKEN;
      state[FRESH] = 1;
      state[FOUND_PC] = pc;
      state[FILTERED] = ways === TAKEN || ways === NOT_TAKEN ? 1 : 0;
      if (state[FILTERED] !== 0) state[ANSWER] = ways === TAKEN ? 1 : 0;
      else {
        const answer = sumUp(pc, hashed);
        state[ANSWER] = ways === 0 ? 0 : answer; // a branch that is new is predicted not taken
      }
    }

    /** Counts which tables are wrong, and finds the best again. */
    function judgeTables(taken: number): void {
      let halve = false;
      for (let table = 0; table < count; table++) {
        if ((countsAt(table) >= 1 ? 1 : 0) === taken) continue;
        if (++missed[table] === 2 ** MISSES_BITS - 1) halve = true;
      }
      for (let table = 0; table < count; table++) if (halve) missed[table] >>= 1;
      for (let table = 0; table < count; table++) {
        let better = 0;
        for (let other = 0; other < count; other++)
          if (missed[other] < missed[table] || (missed[other] === missed[table] && other < table)) better++;
        isBest[table] = better < best ? -1 : 0;
      }
    }

    /** Moves every weight one step, through a zero of each sign. @returns the sum of what they are then */
    function moveWeights(taken: number): number {
      let sum = 0;
      for (let table = 0; table < count; table++) {
        const place = places[table];
        const magnitude = magnitudes[place];
        if (signs[signPlaces[table]] === taken) {
          if (magnitude === 0) signs[signPlaces[table]] = 1 - taken;
          else magnitudes[place] = magnitude - 1;
        } else if (magnitude < most[table]) magnitudes[place] = magnitude + 1;
        sum += valueAt(table);
      }
      return sum;
    }

    /** Weakens one weight, from a random one on the first without which the sum would be right. */
    function weakenOne(sum: number, taken: number): void {
      const from = random() % count;
      for (let i = 0; i < count; i++) {
        const table = (from + i) % count;
        if ((sum - valueAt(table) >= 1 ? 1 : 0) !== taken) continue;
        if (magnitudes[places[table]] > 1) magnitudes[places[table]]--;
        return;
      }
    }

    function adaptThreshold(right: boolean, clear: number): void {
      if (!right) {
        if (++state[BALANCE] < SPEED) return;
        state[THRESHOLD]++;
      } else {
        if (clear >= state[THRESHOLD] || --state[BALANCE] > -SPEED) return;
        state[THRESHOLD]--;
      }
      state[BALANCE] = 0;
    }

    function learn(taken: number): void {
      const right = (state[SUM] >= 1 ? 1 : 0) === taken;
      const clear = Math.abs(state[SUM]);
      if (clear <= UNCLEAR) judgeTables(taken);
      if (right && clear > state[THRESHOLD]) return;
      adaptThreshold(right, clear);
      const sum = moveWeights(taken);
      if ((sum >= 1 ? 1 : 0) !== taken) weakenOne(sum, taken);
    }

    return {
      predict(pc, staticTarget) {
        state[ASKED_PC] = pc;
        state[ASKED_TARGET] = staticTarget;
        look(pc);
        return state[ANSWER];
      },
      train(pc, _target, taken) {
        look(pc);
        state[FRESH] = 0;
        state[TRAINED_FILTERED] = state[FILTERED];
        if (filters > 0) filter[filterAt(hashedAddress(pc))] |= taken !== 0 ? TAKEN : NOT_TAKEN;
        if (state[FILTERED] === 0) learn(taken);
      },
      track(pc, target, taken, kind) {
        // trained late, the branch has only been predicted so far
        const filtered = state[FRESH] !== 0 && state[FOUND_PC] === pc ? state[FILTERED] : state[TRAINED_FILTERED];
        state[FRESH] = 0;
        if (kind !== CONDITIONAL) {
          histories.pushOther(pc);
          return;
        }
        const takenTarget = taken !== 0 ? target : state[ASKED_PC] === pc ? state[ASKED_TARGET] : NONE;
        const isBackward = takenTarget !== NONE && ((takenTarget - pc) | 0) < 0;
        histories.pushConditional(pc, taken, isBackward, filtered === 0);
        state[LAST] = taken;
      },
      histories: [...histories.arrays, state.subarray(LAST, LAST + 1)],
      inspect(pc) {
        look(pc);
        const hashed = hashedAddress(pc);
        const ways = filters > 0 ? filter[filterAt(hashed)] : TAKEN | NOT_TAKEN;
        const says = (taken: boolean): string => (taken ? "taken" : "not taken");
        if (ways !== (TAKEN | NOT_TAKEN))
          return [
            {
              shape: "entries",
              title: "the filter answers for branches that are new or have always gone one way",
              columns: [{ title: "has gone" }, { title: "says" }],
              rows: [[ways === 0 ? "never" : `always ${says(ways === TAKEN)}`, says(ways === TAKEN)]],
              used: 0,
            },
          ];
        const rows = tables.map(({ feature }, table) => [feature.join(" "), countsAt(table), isBest[table] !== 0 ? "yes" : ""]);
        const ofBest = isBest.reduce((sum, mask, table) => sum + (countsAt(table) & mask), 0);
        return [
          {
            shape: "entries",
            title: "a weight from each table, and whether it is one of those that are seldom wrong",
            columns: [{ title: "table" }, { title: "counts" }, { title: "among the best" }],
            rows,
          },
          {
            shape: "entries",
            title: `the scaled sum of all answers unless it is from -${UNCLEAR} to ${UNCLEAR}`,
            columns: [{ title: "of" }, { title: "sum" }, { title: "says" }],
            rows: [
              ["all tables", state[SUM], says(state[SUM] >= 1)],
              ["the best", ofBest, says(ofBest >= 1)],
            ],
            used: Math.abs(state[SUM]) <= UNCLEAR ? 1 : 0,
          },
        ];
      },
    };
  },
});
