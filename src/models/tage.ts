// TAGE, shared by the models that are built on it: a table of two-bit counters, and tagged tables of three-bit counters
// that know longer and longer stretches of history. The longest that recognises a branch in its situation answers. All
// tables are cut from one product per table of the address and the history, folded to 31 bits:
//
//     (fold ^ address * c) * d     | row ........ | tag ........ | unused |
//                                   31                                   0
import { afresh, afreshFromText, fixedArray } from "./afresh.ts";
import { BEGIN_FOLDS, type BitHistory, createBitHistory, foldText } from "./bit-history.ts";
import type { Inspection } from "./inspection.ts";
import { renewalOf } from "./renewal.ts";

/** Sizes of a TAGE; table i of the tagged ones has `2 ** rowBits[i]` entries, `rowBits[i] + tagBits[i]` at most 32. */
export interface TageSizes {
  readonly baseBits: number;
  /** Number of the base's two-bit counters that share their low bit, as log2. */
  readonly sharingBits: number;
  readonly rowBits: readonly number[];
  readonly tagBits: readonly number[];
  /** History length of each table in bits. */
  readonly lengths: readonly number[];
  /** If all candidates for a new entry are useful: `age` makes all of them less useful, `take` replaces the first. */
  readonly noRoom: "age" | "take";
}

/** Two-bit counters of the base and tagged entries; without history and a few small counters. */
export function tageBits({ baseBits, sharingBits, rowBits, tagBits }: Omit<TageSizes, "lengths" | "noRoom">): number {
  const base = 2 ** baseBits + 2 ** (baseBits - sharingBits);
  return rowBits.reduce((sum, bits, i) => sum + 2 ** bits * (tagBits[i] + 2 + 3), base);
}

/** `count` lengths from `min` to `max`, each about the same multiple of the one before. */
export function geometricLengths(count: number, min: number, max: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(min * (max / min) ** (i / Math.max(1, count - 1)) + 0.5));
}

export interface Tage {
  /** 1 or 0. Changes nothing that a later prediction depends on. */
  predict(pc: number): number;
  /** Learns an outcome; returns the prediction before it. */
  train(pc: number, taken: number): number;
  /** Appends the lowest bit to the history. */
  push(bit: number): void;
  /** Everything of its history that `push` changes. */
  readonly histories: readonly Int32Array[];
  renewal(): () => void;
  /** The newest bits of the history and the entries that match. */
  inspect(pc: number): Inspection;
}

export function createTage(sizes: TageSizes): Tage {
  const history = createBitHistory(sizes.lengths);
  return afresh(create)(sizes, history, LOOKUP, fixedArray, renewalOf, (entries, state) => {
    const constants = { entries, state, ...history.arrays };
    return afreshFromText<(...values: Int32Array[]) => Find>(Object.keys(constants), findTextOf(sizes))(...Object.values(constants));
  });
}

/** A match is the place of its entry with its table above PLACE_BITS; -1 for none. The next shorter one is in the state, at OTHER. */
const LOOKUP = { PLACE_BITS: 24, OTHER: 6 } as const;

/**
 * The match with the longest history; the next shorter one is left at OTHER, in one pass: 1.14 to 1.22 times as fast as searching for
 * it where it is asked for (`tage`; CPython and ocamlrun, pieces in turns; `l-tage` 1.02 to 1.11).
 */
type Find = (pc: number) => number;

/** The text of it, written out for every table. */
function findTextOf({ rowBits, tagBits, lengths }: TageSizes): string {
  const longest = Math.max(...lengths);
  let start = 0;
  const tables = lengths.map((length, table) => {
    const rowShift = 32 - rowBits[table];
    const lines = `key = Math.imul(${foldText(length, longest)} ^ spreadPc, 0x9e3779b1);
  place = ${start} + (key >>> ${rowShift});
  if (entries[place] >> 5 === ((key >>> ${rowShift - tagBits[table]}) & ${2 ** tagBits[table] - 1})) {
    place |= ${table << LOOKUP.PLACE_BITS};
    if (hit >= 0) {
      state[${LOOKUP.OTHER}] = place;
      return hit;
    }
    hit = place;
  }`;
    start += 2 ** rowBits[table];
    return lines;
  });
  return `return (pc) => {
  ${BEGIN_FOLDS}
  const spreadPc = Math.imul(pc, 0x85ebca6b);
  let key = 0, place = 0, hit = -1;
  ${tables.reverse().join("\n  ")}
  state[${LOOKUP.OTHER}] = -1;
  return hit;
};`;
}

function create(
  { baseBits, sharingBits, rowBits, tagBits, lengths, noRoom }: TageSizes,
  history: BitHistory,
  { PLACE_BITS, OTHER }: typeof LOOKUP,
  array: typeof fixedArray,
  renewal: typeof renewalOf,
  finder: (entries: Int32Array, state: Int32Array) => Find,
): Tage {
  // A tagged entry:
  //
  //     | tag .............. | u | counter |     counter: 4 or more means taken; 3 and 4 are weak
  //      31 .............. 5  4 3  2 .... 0      u:       usefulness, 0 to 3; replaced only at 0
  const COUNTER = 7;
  const USEFUL = 24;
  const ONE_USEFUL = 8;
  const EMPTY = (-1 << 5) | 4; // no lookup has this tag

  /** After this many trained branches one bit of every u is cleared, alternately the high and the low one. */
  const RESET_PERIOD = 2 ** 18;

  // Indices into the small state.
  const USE_ALTERNATE = 0; // -8 to 7; if 0 or more, the next shorter match is used instead of a weak entry that is not useful yet
  const RANDOM = 1; // a shift register as pseudo-random numbers, so that the same branches always give the same answers
  const TRAINED = 2; // branches since the last reset
  const RESET_MASK = 3; // bits of an entry that the next reset keeps
  const FOUND = 4; // result of the last lookup, STALE after any change ...
  const FOUND_PC = 5; // ... and the branch that was looked up
  const STALE = -2;

  const tables = lengths.length;
  const directions = new Int8Array(2 ** baseBits); // the high and low bits of the base's counters, weakly not taken
  const hystereses = new Int8Array(2 ** (baseBits - sharingBits)).fill(1);
  const baseMask = 2 ** baseBits - 1;
  const starts = array(Array<number>(tables + 1).fill(0)); // table i is at starts[i] to starts[i + 1]
  for (let i = 0; i < tables; i++) starts[i + 1] = starts[i] + 2 ** rowBits[i];
  const rowShifts = array(rowBits.map((bits) => 32 - bits));
  const tagShifts = array(tagBits.map((bits, i) => rowShifts[i] - bits));
  const tagMasks = array(tagBits.map((bits) => 2 ** bits - 1));
  const entries = new Int32Array(starts[tables]).fill(EMPTY);
  const state = array([0, 0xace1, 0, ~16, STALE, 0, -1]);

  const find = finder(entries, state);
  const spread = (pc: number): number => Math.imul(pc, 0x85ebca6b);
  const keyOf = (spreadPc: number, table: number): number => Math.imul(history.fold(table) ^ spreadPc, 0x9e3779b1);
  const placeOf = (key: number, table: number): number => starts[table] + (key >>> rowShifts[table]);
  const tagOf = (key: number, table: number): number => (key >>> tagShifts[table]) & tagMasks[table];

  const PLACE = 2 ** PLACE_BITS - 1;
  const answerAt = (match: number, pc: number): number => (match < 0 ? directions[pc & baseMask] : (entries[match & PLACE] >> 2) & 1);

  function isWeak(match: number): boolean {
    const counter = entries[match & PLACE] & COUNTER;
    return counter === 3 || counter === 4;
  }

  /** Moves the counter of a match, or the base's, towards the outcome. */
  function learn(match: number, pc: number, taken: number): void {
    if (match >= 0) {
      const place = match & PLACE;
      const counter = entries[place] & COUNTER;
      if (taken !== 0) {
        if (counter < 7) entries[place]++;
      } else if (counter > 0) entries[place]--;
      return;
    }
    const row = pc & baseMask;
    const hysteresis = row >> sharingBits;
    const counter = (directions[row] << 1) | hystereses[hysteresis];
    const moved = taken !== 0 ? Math.min(counter + 1, 3) : Math.max(counter - 1, 0);
    directions[row] = moved >> 1;
    hystereses[hysteresis] = moved & 1;
  }

  /** Allocates one entry, beginning with table `from`, or one or two tables later with a probability of 1/4 each. */
  function allocate(pc: number, taken: number, from: number): void {
    const random = (state[RANDOM] >>> 1) ^ (-(state[RANDOM] & 1) & 0xb400);
    state[RANDOM] = random;
    const skipped = (random & 1) === 0 ? 0 : (random & 2) === 0 ? 1 : 2;
    const first = Math.min(from + skipped, tables - 1);
    const spreadPc = spread(pc);
    for (let table = first; table < tables; table++) {
      const key = keyOf(spreadPc, table);
      const place = placeOf(key, table);
      if ((entries[place] & USEFUL) === 0) {
        entries[place] = (tagOf(key, table) << 5) | (taken !== 0 ? 4 : 3);
        return;
      }
    }
    if (noRoom === "take") {
      const key = keyOf(spreadPc, first);
      entries[placeOf(key, first)] = (tagOf(key, first) << 5) | (taken !== 0 ? 4 : 3);
    } else for (let table = first; table < tables; table++) entries[placeOf(keyOf(spreadPc, table), table)] -= ONE_USEFUL;
  }

  function age(): void {
    if (++state[TRAINED] < RESET_PERIOD) return;
    state[TRAINED] = 0;
    for (let place = 0; place < entries.length; place++) entries[place] &= state[RESET_MASK];
    state[RESET_MASK] ^= USEFUL;
  }

  return {
    predict(pc) {
      const hit = find(pc);
      state[FOUND] = hit;
      state[FOUND_PC] = pc;
      if (hit >= 0 && isWeak(hit) && state[USE_ALTERNATE] >= 0) return answerAt(state[OTHER], pc);
      return answerAt(hit, pc);
    },

    train(pc, taken) {
      const hit = state[FOUND] !== STALE && state[FOUND_PC] === pc ? state[FOUND] : find(pc);
      state[FOUND] = STALE;
      const answer = answerAt(hit, pc);
      if (hit < 0) {
        if (answer !== taken) allocate(pc, taken, 0);
        learn(-1, pc, taken);
        age();
        return answer;
      }
      const weak = isWeak(hit);
      const table = hit >> PLACE_BITS;
      const place = hit & PLACE;
      let given = answer;
      // The alternate is needed unless the entry is right, strong and known to be useful.
      if (answer !== taken || weak || (entries[place] & USEFUL) !== USEFUL) {
        const other = state[OTHER];
        const alternate = answerAt(other, pc);
        if (weak && state[USE_ALTERNATE] >= 0) given = alternate;
        if (weak && answer !== alternate) {
          if (answer === taken) state[USE_ALTERNATE] = Math.max(state[USE_ALTERNATE] - 1, -8);
          else state[USE_ALTERNATE] = Math.min(state[USE_ALTERNATE] + 1, 7);
        }
        if (given !== taken && !(weak && answer === taken) && table < tables - 1) allocate(pc, taken, table + 1);
        const useful = entries[place] & USEFUL;
        if (useful === 0) learn(other, pc, taken);
        if (answer !== alternate) {
          if (answer === taken) {
            if (useful !== USEFUL) entries[place] += ONE_USEFUL;
          } else if (useful !== 0) entries[place] -= ONE_USEFUL;
        }
      }
      learn(hit, pc, taken);
      age();
      return given;
    },

    push(bit) {
      state[FOUND] = STALE;
      history.push(bit);
    },
    histories: [history.arrays.ring, history.arrays.bits],
    renewal: () => renewal(directions, hystereses, entries, state, history.arrays.ring, history.arrays.bits),

    inspect(pc) {
      const hit = find(pc);
      const alternate = state[OTHER];
      state[FOUND] = STALE; // OTHER is this branch's now
      const answering = hit >= 0 && isWeak(hit) && state[USE_ALTERNATE] >= 0 ? alternate : hit;
      const role = (match: number): string =>
        match === answering ? "answers" : match === hit ? "longest match" : match === alternate ? "next match" : "";
      const row = pc & baseMask;
      const base = (directions[row] << 1) | hystereses[row >> sharingBits];
      const spreadPc = spread(pc);
      const rows = [["base", hit < 0 || alternate < 0 ? role(-1) : "", 0, row, "no tag", `${base} of 3`, ""]];
      for (let table = 0; table < tables; table++) {
        const key = keyOf(spreadPc, table);
        const place = placeOf(key, table);
        const [entry, matches] = [entries[place], entries[place] >> 5 === tagOf(key, table)];
        const found = entry === EMPTY ? "empty" : matches ? "matches" : "another's";
        const [counter, useful] = entry === EMPTY ? ["", ""] : [`${entry & COUNTER} of 7`, `${(entry & USEFUL) >> 3} of 3`];
        rows.push([
          `T${table + 1}`,
          matches ? role((table << PLACE_BITS) | place) : "",
          lengths[table],
          place - starts[table],
          found,
          counter,
          useful,
        ]);
      }
      return [
        { shape: "bits", title: "the newest bits of the history", bits: history.newest(Math.min(30, lengths[tables - 1])) },
        {
          shape: "entries",
          title: "the base, and the tagged tables: the longest history that matches answers, unless its counter is weak",
          columns: ["table", "", "history bits", "row", "tag", "counter", "useful"].map((title) => ({ title })),
          rows,
          used: answering < 0 ? 0 : (answering >> PLACE_BITS) + 1,
        },
      ];
    },
  };
}
