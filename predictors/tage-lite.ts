// A small ITTAGE: a table of last targets, and tagged tables with increasingly long histories; the matching table with the
// longest history predicts. In 8 KB, about what desktop processors have done since Haswell.

import { CONDITIONAL, INDIRECT, NONE } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { FOOTPRINT_BITS, FOOTPRINTS } from "../src/models/branch-footprints.ts";
import { createFoldedHistory, FOLD_BITS } from "../src/models/history.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";

// An entry of a tagged table is a target and one packed word:
//
//     | tag ............ | u | ctr |     ctr: confidence in the target, 0 to 3
//      31 .............. 3  2  1  0      u:   useful, not to be replaced
const USEFUL = 4;
const CONFIDENCE = 3;
const EMPTY = -8; // no lookup has this tag

// Indices into the small state.
const USE_ALTERNATE = 0; // -8 to 7; if 0 or more, the next shorter match is used instead of an entry without confidence
const PRESSURE = 1; // failed allocations minus successful ones
const RANDOM = 2; // a shift register as pseudo-random numbers, so that the same branches always give the same answers
const WINDOW = 3; // newest bits of a path, which later footprints still change

export default definePredictor({
  title: "Small ITTAGE, 8 KB (TAGE-lite)",
  source:
    "A. Seznec, A 64-Kbytes ITTAGE indirect branch predictor, CBP-3, 2011; rules as in its published simulator, sizes ours. " +
    "Departures: equal tables; whole targets instead of offset and region; a base of last targets without confidence; " +
    "index and tag are cut from a product of one 31-bit fold and the address; the ten bits of a target enter the highest first.",
  covers: INDIRECT,
  tracks: ({ history }) => (history === "hashed" ? CONDITIONAL | INDIRECT : FOOTPRINTS[history].of),
  parameters: {
    tables: { default: 4, min: 1, max: 12, unit: "tables", description: "tagged tables" },
    rows: {
      default: 256,
      min: 16,
      max: 65536,
      powerOfTwo: true,
      unit: "entries",
      description: "entries of each tagged table",
    },
    tagBits: { default: 13, min: 4, max: 16, unit: "bits", description: "tag of an entry" },
    baseRows: {
      default: 512,
      min: 16,
      max: 65536,
      powerOfTwo: true,
      unit: "entries",
      description: "last targets in the untagged table",
    },
    minHistory: {
      default: 10,
      min: 1,
      max: 4000,
      unit: "bits",
      description: "history length of the first tagged table: 10 bits for an indirect branch, 1 for a conditional",
    },
    maxHistory: {
      default: 300,
      min: 1,
      max: 4000,
      unit: "bits",
      description: "history length of the last tagged table; those between are geometric",
    },
    history: {
      type: "choice",
      choices: ["hashed", ...Object.keys(FOOTPRINTS)],
      default: "hashed",
      description:
        "bits that enter it: ten bits of an indirect branch's addresses and the outcome of a conditional; or the address bits of taken " +
        "branches that these processors use, with two bits of history per branch",
    },
  },
  check: ({ minHistory, maxHistory }) =>
    minHistory > maxHistory ? `minHistory must be at most maxHistory (${maxHistory}), got ${minHistory}` : undefined,
  // 32 bits per last target; target, tag, confidence and useful bit per tagged entry: 65,536 bits with the defaults. The
  // history itself and three small counters are left out.
  storageBits: ({ tables, rows, tagBits, baseRows }) => baseRows * 32 + tables * rows * (32 + tagBits + 2 + 1),

  create({ tables, rows, tagBits, baseRows, minHistory, maxHistory, history: enters }) {
    const lengths = geometric(tables, minHistory, maxHistory);
    const footprint = enters === "hashed" ? undefined : FOOTPRINTS[enters];
    // the newest 16 bits still change: they are not in the folds
    const history = createFoldedHistory(
      FOLD_BITS,
      footprint === undefined ? lengths : lengths.map((length) => Math.max(0, length - FOOTPRINT_BITS)),
    );
    // computed once: with this power at each tracked branch, tracking took 83 and 52 ns instead of 4 and 5 (zen-4, golden-cove)
    const windowMask = 2 ** FOOTPRINT_BITS - 1;
    const windowMasks = fixedArray(lengths.map((length) => 2 ** Math.min(length, FOOTPRINT_BITS) - 1));
    const base = new Int32Array(baseRows).fill(NONE);
    const entries = new Int32Array(tables * rows).fill(EMPTY); // table i begins at i * rows
    const targets = new Int32Array(tables * rows);
    const state = fixedArray([0, 0, 1, 0]);
    const rowShift = 32 - Math.log2(rows);
    const tagShift = rowShift - tagBits;
    const tagMask = (1 << tagBits) - 1;

    const keyOf =
      footprint === undefined
        ? (pc: number, table: number): number => Math.imul(history.fold(table) ^ Math.imul(pc, 0x85ebca6b), 0x9e3779b1)
        : (pc: number, table: number): number =>
            Math.imul(
              history.fold(table) ^ Math.imul(state[WINDOW] & windowMasks[table], 0xc2b2ae35) ^ Math.imul(pc, 0x85ebca6b),
              0x9e3779b1,
            );
    const placeOf = (key: number, table: number): number => table * rows + (key >>> rowShift);
    const tagOf = (key: number): number => (key >>> tagShift) & tagMask;
    const tableOf = (place: number): number => place >> (32 - rowShift);

    /** The matching entry with the longest history, from tables below `below`; or -1. */
    function find(pc: number, below: number): number {
      for (let table = below - 1; table >= 0; table--) {
        const key = keyOf(pc, table);
        const place = placeOf(key, table);
        if (entries[place] >> 3 === tagOf(key)) return place;
      }
      return -1;
    }

    /** The target of the next shorter match after the entry at `place`. */
    function alternateTo(place: number, pc: number): number {
      const other = find(pc, tableOf(place));
      return other < 0 ? base[pc & (baseRows - 1)] : targets[other];
    }

    /** Allocates up to three entries, no two in neighbouring tables, beginning with table `from` (sometimes the next). */
    function allocate(pc: number, target: number, from: number): void {
      const random = (state[RANDOM] >>> 1) ^ (-(state[RANDOM] & 1) & 0xb400);
      state[RANDOM] = random;
      let wanted = 3;
      for (let table = from + ((random & 31) === 0 ? 1 : 0); table < tables && wanted > 0; table++) {
        const key = keyOf(pc, table);
        const place = placeOf(key, table);
        if ((entries[place] & USEFUL) !== 0) {
          state[PRESSURE]++;
          continue;
        }
        entries[place] = tagOf(key) << 3;
        targets[place] = target;
        if (state[PRESSURE] > 0) state[PRESSURE]--;
        wanted--;
        table++;
      }
      if (state[PRESSURE] < 64) return;
      state[PRESSURE] = 0;
      for (let place = 0; place < entries.length; place++) entries[place] &= ~USEFUL;
    }

    return {
      predict(pc) {
        const hit = find(pc, tables);
        if (hit < 0) return base[pc & (baseRows - 1)];
        if ((entries[hit] & CONFIDENCE) !== 0 || state[USE_ALTERNATE] < 0) return targets[hit];
        const alternate = alternateTo(hit, pc);
        return alternate === NONE ? targets[hit] : alternate;
      },

      train(pc, target) {
        const hit = find(pc, tables);
        if (hit < 0) {
          if (base[pc & (baseRows - 1)] === target) return;
          base[pc & (baseRows - 1)] = target;
          allocate(pc, target, 0);
          return;
        }
        const right = targets[hit] === target;
        const confidence = entries[hit] & CONFIDENCE;
        // Look up the alternate only if needed: most entries are confident and known to be useful.
        if (confidence === 0 || (right && (entries[hit] & USEFUL) === 0)) {
          const alternate = alternateTo(hit, pc);
          if (confidence === 0 && right !== (alternate === target)) {
            if (right) state[USE_ALTERNATE] = Math.max(state[USE_ALTERNATE] - 1, -8);
            else state[USE_ALTERNATE] = Math.min(state[USE_ALTERNATE] + 1, 7);
          }
          if (right && alternate !== target) entries[hit] |= USEFUL;
        }
        if (right) {
          if (confidence < 3) entries[hit]++;
          return;
        }
        if (confidence > 0) entries[hit]--;
        else targets[hit] = target;
        allocate(pc, target, tableOf(hit) + 1);
      },

      track(pc, target, taken, kind) {
        if (footprint !== undefined) {
          if (taken === 0) return;
          history.push(state[WINDOW] >>> (FOOTPRINT_BITS - 2), 2);
          state[WINDOW] = ((state[WINDOW] << 2) & windowMask) ^ footprint.bits(pc, target);
        } else if (kind === CONDITIONAL) history.push(taken, 1);
        else history.push(target ^ (target >>> 3) ^ pc, 10);
      },
      histories: [...history.arrays, state.subarray(WINDOW, WINDOW + 1)],
      renewal: () => renewalOf(base, entries, targets, state, ...history.arrays),

      inspect(pc) {
        const hit = find(pc, tables);
        const alternate = hit < 0 ? -1 : find(pc, tableOf(hit));
        const last = base[pc & (baseRows - 1)];
        const unsure = hit >= 0 && (entries[hit] & CONFIDENCE) === 0 && state[USE_ALTERNATE] >= 0;
        const answering = unsure && (alternate >= 0 || last !== NONE) ? alternate : hit;
        const role = (place: number): string =>
          place === answering ? "answers" : place === hit ? "longest match" : place === alternate ? "next match" : "";
        const shown: (number | string)[][] = [
          ["base", hit < 0 || alternate < 0 ? role(-1) : "", 0, pc & (baseRows - 1), "no tag", last, "", ""],
        ];
        for (let table = 0; table < tables; table++) {
          const key = keyOf(pc, table);
          const place = placeOf(key, table);
          const entry = entries[place];
          const matches = entry >> 3 === tagOf(key);
          const tag = entry === EMPTY ? "empty" : matches ? "matches" : "another's";
          const held = entry === EMPTY ? [NONE, "", ""] : [targets[place], `${entry & CONFIDENCE} of 3`, entry & USEFUL ? "yes" : "no"];
          shown.push([`T${table + 1}`, matches ? role(place) : "", lengths[table], place - table * rows, tag, ...held]);
        }
        const newest = Math.min(30, Math.max(...lengths));
        const window = state[WINDOW].toString(2).padStart(FOOTPRINT_BITS, "0");
        return [
          { shape: "bits", title: "the newest bits of the history", bits: footprint === undefined ? history.newest(newest) : window },
          {
            shape: "entries",
            title: "the base, and the tagged tables: the longest history that matches answers, unless it has no confidence yet",
            columns: ["table", "", "history bits", "row", "tag", "target", "confidence", "useful"].map((title) =>
              title === "target" ? { title, addresses: true } : { title },
            ),
            rows: shown,
            used: answering < 0 ? 0 : tableOf(answering) + 1,
          },
        ];
      },
    };
  },
});

/** `count` lengths from `min` to `max`, each about the same multiple of the one before. */
function geometric(count: number, min: number, max: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(min * (max / min) ** (i / Math.max(1, count - 1))));
}
