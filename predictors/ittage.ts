// ITTAGE in 64 KB, winner of the third Championship Branch Prediction: a table of last targets and fifteen tagged tables,
// each of which knows a longer stretch of history; the longest that recognises the situation answers. The tables live in
// four arrays; row and tag are cut from one product per table of the address and the history, folded to 31 bits:
//
//     (fold ^ address * c) * d     | row, 12 bits ........ | tag, up to 15 bits ........ | unused |
//                                   31                   20 19                                  0

import { CALL, CONDITIONAL, INDIRECT, NONE } from "../src/branch.ts";
import { afreshFromText, fixedArray } from "../src/models/afresh.ts";
import { BEGIN_FOLDS, createBitHistory, foldText } from "../src/models/bit-history.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";

const LENGTHS = [0, 0, 10, 16, 27, 44, 60, 96, 109, 219, 449, 487, 714, 1313, 2146, 3881]; // of T0 (no history) to T15
const LONGEST = 3881;

// The arrays: their first table, how many bits fewer than rowBits select a row, the width of the tag.
const GROUPS = [
  { first: 0, fewer: 0, tagBits: 0 },
  { first: 1, fewer: 0, tagBits: 9 },
  { first: 3, fewer: 0, tagBits: 13 },
  { first: 11, fewer: 1, tagBits: 15 },
];

// An entry is a target and one packed word; target: | region pointer (7) | offset (18) |
//
//     | r | u | ctr | ........ | tag, at its place in the product | . |     ctr: confidence in the target, 0 to 3
//      31  30  29 28            19                            0             u:   useful, not to be replaced
//
// r is the highest bit of the product, which is also that of the row: an entry that was never written has the opposite bit and
// matches nothing.
const ROW_BIT = 1 << 31;
const USEFUL = 1 << 30;
const CONFIDENCE = 3 << 28;
const ONE_CONFIDENCE = 1 << 28;
const OFFSET_BITS = 18;
const OFFSET = 2 ** OFFSET_BITS - 1;
const REGIONS = 128;

// The result of a lookup: | table | index of the entry |
const TABLE_SHIFT = 20;
const PLACE = 2 ** TABLE_SHIFT - 1;

// Indices into the small state.
const USE_ALTERNATE = 0; // -8 to 7; if 0 or more, the next shorter match is used instead of an entry without confidence
const TICK = 1; // failed allocations minus successful ones
const RANDOM = 2; // a shift register as pseudo-random numbers, so that the same branches always give the same answers
const FOUND = 3; // result of the last lookup, STALE after any change ...
const FOUND_PC = 4; // ... and the branch that was looked up
const ALTERNATE = 5; // the next shorter match after FOUND's
const STALE = -1;

/** The ten bits of a path in the order in which they enter the history, the lowest first. */
const REVERSED = Int32Array.from({ length: 1024 }, (_, path) => {
  let reversed = 0;
  for (let k = 0; k < 10; k++) reversed = (reversed << 1) | ((path >> k) & 1);
  return reversed;
});

export default definePredictor({
  title: "ITTAGE, 64 KB",
  source:
    "A. Seznec, A 64-Kbytes ITTAGE indirect branch predictor, CBP-3, 2011, after its published simulator. Departures: outcomes of " +
    "conditionals enter the history by default, and direct calls do not (history=championship is its author's rule, with which " +
    "ocamlrun-kb has 3539 mispredictions, not 2246: a bytecode interpreter's conditionals tell where it is); no immediate update mimicker, " +
    "because every branch trains before the next is predicted; row and tag are taken from a product of one 31-bit fold and the address (its own: " +
    "folds to seven widths), and tables that share an array are not interleaved; another pseudo-random sequence (which alone moves the " +
    "counts by about 1 %); nothing matches an entry never written.",
  covers: INDIRECT,
  tracks: ({ history }) => INDIRECT | { all: CONDITIONAL, "indirect-only": 0, championship: CALL }[history],
  parameters: {
    rowBits: {
      default: 12,
      min: 6,
      max: 16,
      unit: "bits",
      description: "log2 of the rows of each array of tables; the last array has half as many (9: 8 KB; 11: 32 KB)",
    },
    tables: { default: 15, min: 1, max: 15, unit: "tables", description: "tagged tables, those with the shortest histories first" },
    maxHistory: {
      default: LONGEST,
      min: 16,
      max: LONGEST,
      unit: "bits",
      description: "history length of the fifteenth table; the others shrink in proportion",
    },
    history: {
      type: "choice",
      choices: ["all", "indirect-only", "championship"],
      default: "all",
      description:
        "bits that enter the history: ten bits of path for an indirect branch and the outcome of a conditional, or the path alone, or with it " +
        "five bits of path for a direct call, as in the championship",
    },
  },
  // 64,768 bytes of entries and 240 of regions with the defaults. The history and three small counters are left out.
  storageBits: ({ rowBits, tables }) =>
    GROUPS.filter(({ first }) => first <= tables).reduce(
      (sum, { first, fewer, tagBits }) => sum + 2 ** (rowBits - fewer) * (7 + OFFSET_BITS + 2 + (first > 0 ? tagBits + 1 : 0)),
      REGIONS * (32 - OFFSET_BITS + 1),
    ),

  create({ rowBits, tables, maxHistory }) {
    const lengths = LENGTHS.map((length) => Math.round((length * maxHistory) / LONGEST));
    const history = createBitHistory(lengths);
    const pushPath = history.pusher(10);
    const pushHalf = history.pusher(5);
    const rowShift = 32 - rowBits;
    const baseMask = 2 ** rowBits - 1;
    // The comment after each array says what its i-th element means for table i.
    const group = LENGTHS.map((_, i) => GROUPS.filter(({ first }) => first <= i).length - 1);
    const starts = fixedArray(group.map((g) => g << rowBits)); // start of its array
    const rowMasks = fixedArray(group.map((g) => baseMask & (-1 << GROUPS[g].fewer))); // an array of half the rows has the even ones
    const tagMasks = fixedArray(group.map((g) => ROW_BIT | ((2 ** GROUPS[g].tagBits - 1) << (rowShift - GROUPS[g].tagBits))));
    const entries = Int32Array.from({ length: GROUPS.length << rowBits }, (_, place) => ~(place << rowShift) & ROW_BIT);
    const targets = new Int32Array(GROUPS.length << rowBits).fill(NONE);
    const regions = new Int32Array(REGIONS).fill(NONE); // NONE: never used
    const regionUsed = new Int32Array(REGIONS);
    const state = fixedArray([0, 0, 0xace1, STALE, 0, 0]);

    const spread = (pc: number): number => Math.imul(pc, 0x85ebca6b);
    const keyOf = (spreadPc: number, table: number): number => Math.imul(history.fold(table) ^ spreadPc, 0x9e3779b1);
    const placeOf = (key: number, table: number): number => starts[table] + ((key >>> rowShift) & rowMasks[table]);

    const arrays = { ...history.arrays, entries, state };
    const text = findText({ lengths, tables, rowBits, starts, rowMasks, tagMasks });
    const find = afreshFromText<(...values: Int32Array[]) => (pc: number) => number>(Object.keys(arrays), text)(...Object.values(arrays));

    /** The target of the entry at `place`; NONE if there never was one. */
    function targetAt(place: number): number {
      const target = targets[place];
      return target === NONE ? NONE : (regions[target >> OFFSET_BITS] << OFFSET_BITS) | (target & OFFSET);
    }

    /** A target as an entry stores it. Its region takes the first free pointer; if there is none, all become free. */
    function stored(target: number): number {
      const region = target >>> OFFSET_BITS;
      let pointer = regions.indexOf(region);
      if (pointer < 0) {
        pointer = regionUsed.indexOf(0);
        if (pointer < 0) {
          regionUsed.fill(0);
          pointer = 0;
        }
        regions[pointer] = region;
      }
      regionUsed[pointer] = 1;
      return (pointer << OFFSET_BITS) | (target & OFFSET);
    }

    /** Allocates up to three entries, no two in neighbouring tables, beginning with table `from` (sometimes the next). */
    function allocate(pc: number, target: number, from: number): void {
      const random = (state[RANDOM] >>> 1) ^ (-(state[RANDOM] & 1) & 0xb400);
      state[RANDOM] = random;
      const spreadPc = spread(pc);
      let wanted = 3;
      for (let table = from + ((random & 31) === 0 ? 1 : 0); table <= tables && wanted > 0; table++) {
        const key = keyOf(spreadPc, table);
        const place = placeOf(key, table);
        if ((entries[place] & USEFUL) !== 0) {
          state[TICK]++;
          continue;
        }
        entries[place] = key & tagMasks[table];
        targets[place] = target;
        if (state[TICK] > 0) state[TICK]--;
        wanted--;
        table++;
      }
      if (state[TICK] < 64) return;
      state[TICK] = 0;
      for (let place = 0; place < entries.length; place++) entries[place] &= ~USEFUL;
    }

    return {
      predict(pc) {
        const hit = find(pc);
        state[FOUND] = hit;
        state[FOUND_PC] = pc;
        const table = hit >> TABLE_SHIFT;
        const place = hit & PLACE;
        if (table === 0 || (entries[place] & CONFIDENCE) !== 0 || state[USE_ALTERNATE] < 0) return targetAt(place);
        return targetAt(state[ALTERNATE] & PLACE);
      },

      train(pc, target) {
        const hit = state[FOUND] !== STALE && state[FOUND_PC] === pc ? state[FOUND] : find(pc);
        state[FOUND] = STALE;
        const table = hit >> TABLE_SHIFT;
        const place = hit & PLACE;
        const right = targetAt(place) === target;
        const confidence = entries[place] & CONFIDENCE;
        if (table > 0 && (confidence === 0 || (right && (entries[place] & USEFUL) === 0))) {
          const alternateRight = targetAt(state[ALTERNATE] & PLACE) === target;
          if (confidence === 0 && right !== alternateRight) {
            if (right) state[USE_ALTERNATE] = Math.max(state[USE_ALTERNATE] - 1, -8);
            else state[USE_ALTERNATE] = Math.min(state[USE_ALTERNATE] + 1, 7);
          }
          if (right && !alternateRight) entries[place] |= USEFUL;
        }
        if (right) {
          if (confidence < CONFIDENCE) entries[place] += ONE_CONFIDENCE;
          return;
        }
        const code = stored(target);
        if (confidence > 0) entries[place] -= ONE_CONFIDENCE;
        else targets[place] = code;
        allocate(pc, code, table + 1);
      },

      track(pc, target, taken, kind) {
        state[FOUND] = STALE;
        if (kind === CONDITIONAL) history.push(taken);
        else {
          const path = REVERSED[(target ^ (target >>> 3) ^ pc) & 1023];
          if (kind === CALL) pushHalf(path >> 5);
          else pushPath(path);
        }
      },

      histories: [history.arrays.ring, history.arrays.bits],
      renewal: () => renewalOf(entries, targets, regions, regionUsed, state, history.arrays.ring, history.arrays.bits),

      inspect(pc) {
        const hit = find(pc);
        state[FOUND] = STALE; // ALTERNATE is this branch's now
        const longest = hit >> TABLE_SHIFT;
        const alternate = longest === 0 ? 0 : state[ALTERNATE] >> TABLE_SHIFT;
        const unsure = longest > 0 && (entries[hit & PLACE] & CONFIDENCE) === 0 && state[USE_ALTERNATE] >= 0;
        const used = unsure ? alternate : longest;
        const role = (table: number): string =>
          table === used ? "answers" : table === longest ? "longest match" : table === alternate ? "next match" : "";
        const spreadPc = spread(pc);
        const rows = lengths.slice(0, tables + 1).map((length, table) => {
          const key = keyOf(spreadPc, table);
          const place = table === 0 ? pc & baseMask : placeOf(key, table);
          const written = targets[place] !== NONE && (table === 0 || ((entries[place] ^ (place << rowShift)) & ROW_BIT) === 0);
          const matches = table > 0 && ((entries[place] ^ key) & tagMasks[table]) === 0;
          const tag = table === 0 ? "no tag" : !written ? "empty" : matches ? "matches" : "another's";
          const useful = table === 0 ? "" : entries[place] & USEFUL ? "yes" : "no";
          const confidence = (entries[place] & CONFIDENCE) / ONE_CONFIDENCE;
          const held = written ? [tag, targetAt(place), `${confidence} of 3`, useful] : [tag, NONE, "", ""];
          return [`T${table}`, matches || table === 0 ? role(table) : "", length, place - starts[table], ...held];
        });
        return [
          { shape: "bits", title: "the newest bits of the history", bits: history.newest(30) },
          {
            shape: "entries",
            title: "T0 and the tagged tables: the longest history that matches answers, unless it has no confidence yet",
            columns: [
              { title: "table" },
              { title: "" },
              { title: "history bits" },
              { title: "row" },
              { title: "tag" },
              { title: "target", addresses: true },
              { title: "confidence" },
              { title: "useful" },
            ],
            rows,
            used,
          },
        ];
      },
    };
  },
});

/** By table. */
interface Written {
  readonly lengths: readonly number[];
  readonly tables: number;
  readonly rowBits: number;
  readonly starts: Int32Array;
  readonly rowMasks: Int32Array;
  readonly tagMasks: Int32Array;
}

/**
 * The text of a function that finds the matching entry with the longest history, written out for every table; the next shorter match
 * is ALTERNATE, which training asks for after half to three quarters of the branches. With the ring of folds 1.27 to 1.98 times the
 * speed (three interpreters and CPython, pieces in turns). Finding the next one only where it is asked for: 0.90 to 0.98 of that
 * speed (CPython: 1.07); all tables without a jump: 0.80 to 0.86 (CPython: 1.10).
 */
function findText({ lengths, tables, rowBits, starts, rowMasks, tagMasks }: Written): string {
  const longest = Math.max(...lengths);
  const steps = Array.from({ length: tables }, (_, i) => tables - i).map(
    (table) => `key = Math.imul(${foldText(lengths[table], longest)} ^ spreadPc, 0x9e3779b1);
  place = ${starts[table]} + (key >>> ${32 - rowBits} & ${rowMasks[table]});
  if (((entries[place] ^ key) & ${tagMasks[table]}) === 0) {
    place |= ${table << TABLE_SHIFT};
    if (hit !== 0) {
      state[${ALTERNATE}] = place;
      return hit;
    }
    hit = place;
  }`,
  );
  return `return (pc) => {
  ${BEGIN_FOLDS}
  const spreadPc = Math.imul(pc, 0x85ebca6b), base = pc & ${2 ** rowBits - 1};
  let key = 0, place = 0, hit = 0;
  ${steps.join("\n  ")}
  state[${ALTERNATE}] = base;
  return hit === 0 ? base : hit;
};`;
}
