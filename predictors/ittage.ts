// ITTAGE in 64 KB, winner of the third Championship Branch Prediction: a table of last targets and fifteen tagged tables,
// each of which knows a longer stretch of history; the longest that recognises the situation answers. The tables live
// interleaved in three arrays of rows; the ones with the same place in the row of eight never meet:
//
//     rows of one array   | g of table i (3 bits fewer) .... | g of the first table & 7  ^  i - first |
import { CONDITIONAL, INDIRECT, NONE } from "../src/branch.ts";
import { createFoldedHistories } from "../src/history.ts";
import { definePredictor } from "../src/predictor.ts";

const LENGTHS = [0, 0, 10, 16, 27, 44, 60, 96, 109, 219, 449, 487, 714, 1313, 2146, 3881]; // of T0 (no history) to T15
const LONGEST = 3881;

// The arrays: their first table, how many bits fewer than rowBits select a row, the tag.
const GROUPS = [
  { first: 0, fewer: 0, tagBits: 0 },
  { first: 1, fewer: 0, tagBits: 9 },
  { first: 3, fewer: 0, tagBits: 13 },
  { first: 11, fewer: 1, tagBits: 15 },
];

// An entry is a target and one packed word; target: | region pointer (7) | offset (18) |
//
//     | tag ............ | u | ctr |     ctr: confidence in the target, 0 to 3
//      31 .............. 3  2  1  0      u:   useful, not to be replaced
const USEFUL = 4;
const CONFIDENCE = 3;
const EMPTY = -8; // no lookup has this tag
const OFFSET_BITS = 18;
const OFFSET = 2 ** OFFSET_BITS - 1;
const REGIONS = 128;

// Places in the small state.
const USE_ALTERNATE = 0; // -8 to 7; from 0 on, an entry without confidence gives way to the next shorter match
const TICK = 1; // how much oftener allocation found no room than room
const RANDOM = 2; // a shift register, so that the same branches always give the same answers
const LOOKED_FROM = 3; // the lowest table that has been looked up ...
const LOOKED_PC = 4; // ... for this branch
const LOW_ROW = 5; // low three bits of its row in the first table of the array

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
    "conditionals enter the history by default (history=indirect-only is a published variant); no immediate update mimicker, " +
    "because every branch trains before the next is met; another pseudo-random sequence (which alone moves the counts by about 1 %); nothing matches an entry never written.",
  covers: INDIRECT,
  tracks: CONDITIONAL | INDIRECT,
  parameters: {
    rowBits: {
      default: 12,
      min: 6,
      max: 16,
      unit: "bits",
      description: "log2 of the rows of each array of tables; the last has half as many",
    },
    tables: { default: 15, min: 1, max: 15, unit: "tables", description: "tagged tables, those with the shortest histories first" },
    maxHistory: {
      default: LONGEST,
      min: 16,
      max: LONGEST,
      unit: "bits",
      description: "history that the fifteenth table sees; the other lengths shrink with it",
    },
    history: {
      type: "choice",
      choices: ["all", "indirect-only"],
      default: "all",
      description: "what enters the history: ten bits of path for an indirect branch and the outcome of a conditional, or the path alone",
    },
  },
  // 64,768 bytes of entries and 240 of regions with the defaults. The history and three small counters are left out.
  storageBits: ({ rowBits, tables }) =>
    GROUPS.filter(({ first }) => first <= tables).reduce(
      (sum, { first, fewer, tagBits }) => sum + 2 ** (rowBits - fewer) * (7 + OFFSET_BITS + 2 + (first > 0 ? tagBits + 1 : 0)),
      REGIONS * (32 - OFFSET_BITS + 1),
    ),

  create({ rowBits, tables, maxHistory, history }) {
    // What stands in a comment behind an array is what table i has there.
    const group = Int32Array.from(LENGTHS, (_, i) => GROUPS.filter(({ first }) => first <= i).length - 1);
    const firsts = Int32Array.from(group, (g) => GROUPS[g].first); // the first table of its array
    const starts = Int32Array.from(group, (g) => g << rowBits); // where its array begins
    const indexBits = group.map((g, i) => rowBits - GROUPS[g].fewer - (i === GROUPS[g].first ? 0 : 3));
    const indexMasks = indexBits.map((bits) => (1 << bits) - 1);
    const pcShifts = indexBits.map((bits, i) => Math.abs(bits - i) + 1);
    const tagBits = group.map((g) => GROUPS[g].tagBits);
    const tagMasks = tagBits.map((bits) => (1 << bits) - 1);

    // A folded history for each width that an index or a tag needs.
    const lengths = LENGTHS.map((length) => Math.round((length * maxHistory) / LONGEST));
    const tagged = tagBits.slice(1);
    const widths = [...new Set([...indexBits, ...tagged, ...tagged.map((bits) => bits - 1)])];
    const histories = createFoldedHistories(widths, lengths);
    const indexWidths = indexBits.map((bits) => widths.indexOf(bits));
    const tagWidths = tagBits.map((bits) => widths.indexOf(bits));
    const otherTagWidths = tagBits.map((bits) => widths.indexOf(bits - 1));

    const entries = new Int32Array(GROUPS.length << rowBits).fill(EMPTY);
    const targets = new Int32Array(GROUPS.length << rowBits).fill(NONE);
    entries.fill(0, 0, 1 << rowBits); // T0 has no tags
    const regions = new Int32Array(REGIONS).fill(NONE); // NONE: never used
    const regionUsed = new Int32Array(REGIONS);
    const state = Int32Array.of(0, 0, 0xace1, tables + 1, 0, 0);

    // Where this branch lies in each table, and its tag there, from table state[LOOKED_FROM] up: every table is looked up
    // at most once for a branch, because what a lookup needs most time for is to fold the history.
    const places = new Int32Array(LENGTHS.length);
    const tags = new Int32Array(LENGTHS.length);

    const rowOf = (pc: number, table: number): number => pc ^ (pc >>> pcShifts[table]) ^ histories.fold(indexWidths[table], table);

    /** Looks up one table; the next longer one has been looked up before. */
    function look(pc: number, table: number): void {
      const first = firsts[table];
      if (table === tables || first !== firsts[table + 1]) state[LOW_ROW] = rowOf(pc, first) & 7;
      const row = rowOf(pc, table) & indexMasks[table];
      places[table] = starts[table] + (table === first ? row : (row << 3) | (state[LOW_ROW] ^ (table - first)));
      const other = histories.fold(otherTagWidths[table], table);
      tags[table] = (pc ^ histories.fold(tagWidths[table], table) ^ (other << 1)) & tagMasks[table];
      state[LOOKED_FROM] = table;
    }

    /** The table with the longest history that knows this branch, of those below `below`; T0 knows every branch. */
    function find(pc: number, below: number): number {
      if (state[LOOKED_PC] !== pc) {
        state[LOOKED_PC] = pc;
        state[LOOKED_FROM] = tables + 1;
        places[0] = pc & indexMasks[0];
      }
      for (let table = below - 1; table > 0; table--) {
        if (table < state[LOOKED_FROM]) look(pc, table);
        if (entries[places[table]] >> 3 === tags[table]) return table;
      }
      return 0;
    }

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

    /** Takes up to three entries, no two in neighbouring tables, from table `from` (now and then the next) on. */
    function allocate(target: number, from: number): void {
      const random = (state[RANDOM] >>> 1) ^ (-(state[RANDOM] & 1) & 0xb400);
      state[RANDOM] = random;
      let wanted = 3;
      for (let table = from + ((random & 31) === 0 ? 1 : 0); table <= tables && wanted > 0; table++) {
        const place = places[table];
        if ((entries[place] & USEFUL) !== 0) {
          state[TICK]++;
          continue;
        }
        entries[place] = tags[table] << 3;
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
        const hit = find(pc, tables + 1);
        const place = places[hit];
        if (hit === 0 || (entries[place] & CONFIDENCE) !== 0 || state[USE_ALTERNATE] < 0) return targetAt(place);
        return targetAt(places[find(pc, hit)]);
      },

      train(pc, target) {
        const hit = find(pc, tables + 1);
        const place = places[hit];
        const right = targetAt(place) === target;
        const confidence = entries[place] & CONFIDENCE;
        // Only now does the alternate matter: most entries are sure of themselves and known to be useful.
        if (hit > 0 && (confidence === 0 || (right && (entries[place] & USEFUL) === 0))) {
          const alternateRight = targetAt(places[find(pc, hit)]) === target;
          if (confidence === 0 && right !== alternateRight) {
            if (right) state[USE_ALTERNATE] = Math.max(state[USE_ALTERNATE] - 1, -8);
            else state[USE_ALTERNATE] = Math.min(state[USE_ALTERNATE] + 1, 7);
          }
          if (right && !alternateRight) entries[place] |= USEFUL;
        }
        if (right) {
          if (confidence < 3) entries[place]++;
          return;
        }
        const code = stored(target);
        if (confidence > 0) entries[place]--;
        else targets[place] = code;
        allocate(code, hit + 1);
      },

      track(pc, target, taken, kind) {
        state[LOOKED_FROM] = tables + 1;
        if (kind === CONDITIONAL) {
          if (history === "all") histories.push(taken, 1);
          return;
        }
        const path = REVERSED[(target ^ (target >>> 3) ^ pc) & 1023];
        histories.push(path, 10);
      },
    };
  },
});
