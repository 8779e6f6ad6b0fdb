// TAGE as its author teaches it in "TAGE: an engineering cookbook" (2024), and as it entered the championship of 2025. All tables
// share all banks, as in banked-tage.ts, but each is a skewed table of two ways of its own:
//
//     bank  =  (address ^ path + table) mod 28        way 0: row r        way 1: row r ^ (tag & 255)
//
// Where both ways are useful, an entry may move to its other way to make room. New entries are filtered: per address and for
// all, counters watch how often weak entries are right, and where they seldom are, few new ones are allocated.
import { afresh, fixedArray } from "./afresh.ts";
import { COOKBOOK_FOLDS, COOKBOOK_TAGE, cookbookLengths } from "./cookbook-tage-sizes.ts";
import { createFoldedHistory, type FoldedHistory } from "./history.ts";
import type { Inspection } from "./inspection.ts";

/** Results of a lookup: indices into `found`. A match is twice its table's number, plus its way; 0 is the base. */
export const MATCH = {
  HIT: 0, // the match with the longest history
  OTHER: 1, // the match with the next shorter history
  FIRM: 2, // the match with the longest history whose counter is not weak
  LONGEST: 3, // prediction of HIT, ...
  ALTERNATE: 4, // ... of OTHER ...
  FIRM_ANSWER: 5, // ... and of FIRM
  CONFIDENCE: 6, // of HIT, from 0 (weak) to 3, ...
  OTHER_CONFIDENCE: 7,
  FIRM_CONFIDENCE: 8,
} as const;

export interface CookbookTage {
  /** Results of the last `look`, indexed by MATCH. */
  readonly found: Int32Array;
  /** Looks a branch up, by its address without the two low bits; changes only `found`. */
  look(address: number): void;
  /**
   * Learns an outcome after `look`.
   * @param earlyRight     whether the corrector was right with what flows from TAGE and the global history alone: no entry is needed then
   * @param correctorRight whether the corrector's sum was right: an entry that was wrong stays useful otherwise
   */
  train(address: number, taken: number, earlyRight: boolean, correctorRight: boolean): void;
  /** Updates history and path with a branch and the address of the next instruction. */
  push(address: number, target: number, taken: number): void;
  /** Everything that `push` changes. */
  readonly histories: readonly Int32Array[];
  /** The tables that `look` looks at, for `inspect`. */
  inspect(address: number): Inspection;
}

export function createCookbookTage(): CookbookTage {
  const lengths = cookbookLengths();
  const folds = COOKBOOK_FOLDS.map((width) => createFoldedHistory(width, lengths));
  return afresh(create)(lengths, folds, { ...COOKBOOK_TAGE, ...MATCH }, fixedArray);
}

function create(
  lengths: readonly number[],
  [rowFolds, tagFolds, secondTagFolds]: readonly FoldedHistory[],
  names: typeof COOKBOOK_TAGE & typeof MATCH,
  array: typeof fixedArray,
): CookbookTage {
  const { TABLES, ROW_BITS, TAG_BITS, BASE_BITS, BASE_SHARING_BITS, PATH_BITS, BITS_PER_BRANCH } = names;
  const { RATE_BITS, RATE_GROUPS, RATE_COUNTER_BITS, MISS_COUNTER_BITS, TICKS } = names;
  const { HIT, OTHER, FIRM, LONGEST, ALTERNATE, FIRM_ANSWER, CONFIDENCE, OTHER_CONFIDENCE, FIRM_CONFIDENCE } = names;
  const ROW_MASK = 2 ** ROW_BITS - 1;
  const RATES = RATE_GROUPS << RATE_BITS; // counters by address; those for all addresses follow

  const PATH = 0;
  const TICK = 1; // failed allocations minus successful ones
  const RANDOM = 2; // a shift register as pseudo-random numbers, so that the same branches always give the same answers
  const MISSES = 3; // 0 or more if more than about one prediction in nine is wrong
  const BASE = 4; // counter of the base, -4 to 3, for the branch looked up
  const state = array([0, 0, 0x1f123bb5, -64, 0]);

  const size = (2 * TABLES) << ROW_BITS; // the two ways of a row are neighbours
  const tags = new Int16Array(size);
  const counters = new Int8Array(size);
  const usefuls = new Uint8Array(size);
  const directions = new Uint8Array(2 ** BASE_BITS);
  const lows = new Uint8Array(2 ** (BASE_BITS - BASE_SHARING_BITS)).fill(1);
  // How often weak entries are right: 0 or more if in 1 of 2, in 16 of 31, in 8 of 15.
  const rates = [0, 0, 0].map(() => array(Array.from({ length: RATES + RATE_GROUPS }, (_, i) => (i === 0 || i === RATES ? 7 : 0))));

  const found = array(Array<number>(9).fill(0));
  const places = array(Array<number>(2 * TABLES + 2).fill(0)); // of the branch looked up, both ways of each table
  const wanted = array(Array<number>(TABLES + 1).fill(0)); // its tags
  const pathMasks = array([0, ...lengths.map((length) => 2 ** Math.min(length, PATH_BITS) - 1)]);
  const bankMask = 2 ** lengths[0] - 1;

  function random(): number {
    let x = state[RANDOM];
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    state[RANDOM] = x;
    return x;
  }

  function move(numbers: Int32Array | Int8Array, place: number, up: boolean, bits: number): void {
    const limit = 1 << (bits - 1);
    if (up) {
      if (numbers[place] < limit - 1) numbers[place]++;
    } else if (numbers[place] > -limit) numbers[place]--;
  }
  const strength = (counter: number): number => (counter >= 0 ? counter : -1 - counter);
  const isWeak = (place: number): boolean => counters[place] === 0 || counters[place] === -1;

  /** A table's part of the path, cut in two and, for the first tables, turned. */
  function mixedPath(path: number, table: number): number {
    const own = path & pathMasks[table];
    const high = own >>> ROW_BITS;
    if (table >= ROW_BITS) return (own & ROW_MASK) ^ high;
    const both = (own & ROW_MASK) ^ (((high << table) & ROW_MASK) ^ (high >>> (ROW_BITS - table)));
    return ((both << table) & ROW_MASK) ^ (both >>> (ROW_BITS - table));
  }

  /** Finds places and tag of a branch in a table. @returns the way that matches, or -1 */
  function match(address: number, table: number, bank: number): number {
    const path = mixedPath(state[PATH], table);
    const fold = rowFolds.fold(table - 1);
    const row = address ^ (address >>> (Math.abs(ROW_BITS - table) + 1)) ^ fold ^ (fold >>> ROW_BITS) ^ path;
    const short = address ^ (address >>> 2);
    let tag = (short >> 1) ^ ((short & 1) << 10) ^ path ^ tagFolds.fold(table - 1) ^ (secondTagFolds.fold(table - 1) << 1);
    tag ^= tag >> TAG_BITS;
    tag ^= tag >> (TAG_BITS - 2);
    tag &= 2 ** TAG_BITS - 1;
    const first = (((row ^ (row >>> ROW_BITS) ^ (row >>> (2 * ROW_BITS))) & ROW_MASK) + (bank << ROW_BITS)) * 2;
    const second = (first ^ ((tag & 255) << 1)) + 1;
    wanted[table] = tag;
    places[2 * table] = first;
    places[2 * table + 1] = second;
    return tags[first] === tag ? 0 : tags[second] === tag ? 1 : -1;
  }

  const baseAt = (address: number): number => address & (2 ** BASE_BITS - 1);

  function look(address: number): void {
    const low = lows[baseAt(address) >> BASE_SHARING_BITS];
    const taken = directions[baseAt(address)];
    state[BASE] = taken !== 0 ? low : -1 - low;
    found[HIT] = 0;
    found[OTHER] = 0;
    found[FIRM] = 0;
    found.fill(taken, LONGEST, FIRM_ANSWER + 1);
    found.fill(low, CONFIDENCE, FIRM_CONFIDENCE + 1);
    const start = ((address ^ (address >>> 4) ^ (state[PATH] & bankMask)) >>> 0) % TABLES;
    for (let table = TABLES; table > 0; table--) {
      const way = match(address, table, (start + table) % TABLES);
      if (way < 0) continue;
      const counter = counters[places[2 * table + way]];
      const answer = counter >= 0 ? 1 : 0;
      const entry = 2 * table + way;
      if (found[HIT] === 0) {
        found[HIT] = entry;
        found[LONGEST] = answer;
        found[CONFIDENCE] = strength(counter);
      } else if (found[OTHER] === 0) {
        found[OTHER] = entry;
        found[ALTERNATE] = answer;
        found[OTHER_CONFIDENCE] = strength(counter);
      }
      if (strength(counter) > 0 && found[FIRM] === 0) {
        found[FIRM] = entry;
        found[FIRM_ANSWER] = answer;
        found[FIRM_CONFIDENCE] = strength(counter);
      }
      if (found[OTHER] !== 0 && found[FIRM] !== 0) break;
    }
  }

  function moveBase(address: number, taken: number): void {
    const moved = taken !== 0 ? Math.min(state[BASE] + 1, 3) : Math.max(state[BASE] - 1, -4);
    directions[baseAt(address)] = moved >= 0 ? 1 : 0;
    lows[baseAt(address) >> BASE_SHARING_BITS] = strength(moved);
  }

  const rateAt = (address: number): number => (address ^ (address >>> RATE_BITS)) & (2 ** RATE_BITS - 1);
  /** Whether weak entries are seldom right, both of this address and of all, for the tables from the next group on. */
  const seldomRight = (rate: number, address: number, group: number): boolean =>
    rates[rate][rateAt(address) * RATE_GROUPS + group] < 0 && rates[rate][RATES + group] < 0;

  function watchWeak(address: number, right: boolean): void {
    for (let group = (found[HIT] >> 1) >> 2; group < RATE_GROUPS; group++) {
      for (let rate = 0; rate < 3; rate++) {
        if (rate > 0 && right && (random() & 31) <= 2 * rate - 1) continue;
        move(rates[rate], rateAt(address) * RATE_GROUPS + group, right, RATE_COUNTER_BITS);
        move(rates[rate], RATES + group, right, RATE_COUNTER_BITS);
      }
    }
  }

  /** Whether to allocate although new entries are unlikely to be right. */
  function passes(address: number, group: number): boolean {
    const confidence = found[CONFIDENCE];
    if (confidence >= 2) return true;
    for (let rate = 0; rate < 3; rate++)
      if (seldomRight(rate, address, group)) return (random() & ((1 << ([4, 2, 1][rate] - confidence)) - 1)) === 0;
    return true;
  }

  /** Where an entry could move to: its row in the other way. */
  const elsewhere = (place: number): number => place ^ ((tags[place] & 255) << 1) ^ 1;

  /** Frees a place of this table, if one is not useful or can move. @returns the place, or -1 */
  function roomIn(table: number): number {
    const way = (random() & 1) ^ 1;
    for (let i = 0; i < 2; i++) {
      const place = places[2 * table + (way ^ i)];
      if (usefuls[place] === 0) return place;
      const other = elsewhere(place);
      if (usefuls[other] !== 0) continue;
      usefuls[other] = usefuls[place];
      tags[other] = tags[place];
      counters[other] = counters[place];
      return place;
    }
    return -1;
  }

  /** A weak entry that was useful once loses that, one time in eight. */
  function weaken(place: number): void {
    if ((random() & 7) === 0 && isWeak(place) && usefuls[place] === 1) usefuls[place] = 0;
  }

  function allocate(address: number, taken: number, group: number): void {
    let more = found[CONFIDENCE];
    for (let rate = 0; rate < 3; rate++) if (!seldomRight(rate, address, group)) more++;
    let allocated = 0;
    let failed = 0;
    const one = (mask: number): number => ((random() & mask) === 0 ? 1 : 0);
    for (let table = (found[HIT] >> 1) + 1 + one(1) + one(3); table <= TABLES; table++) {
      const place = roomIn(table);
      if (place >= 0) {
        tags[place] = wanted[table];
        usefuls[place] = allocated === 0 ? 1 : 0;
        counters[place] = taken !== 0 ? 0 : -1;
        if (table >= 3 || allocated > 0) more--;
        allocated++;
        table += 2 - one(1);
        table += one(1);
        table += one(3);
      }
      if (more < 0) break;
      if (place >= 0) continue;
      for (let way = 0; way < 2; way++) {
        weaken(places[2 * table + way]);
        weaken(elsewhere(places[2 * table + way]));
      }
      failed++;
    }
    state[TICK] = Math.max(0, state[TICK] + failed - (state[MISSES] >= 0 ? 4 : 2) * allocated);
    if (state[TICK] < TICKS) return;
    state[TICK] = 0;
    for (let place = 0; place < size; place++) if (usefuls[place] > 0) usefuls[place]--;
  }

  function learn(address: number, taken: number): void {
    if (found[HIT] === 0) {
      moveBase(address, taken);
      return;
    }
    if (found[CONFIDENCE] === 0 && found[LONGEST] !== taken) {
      if (found[OTHER] !== found[FIRM]) move(counters, places[found[OTHER]], taken !== 0, 3);
      if (found[FIRM] !== 0) move(counters, places[found[FIRM]], taken !== 0, 3);
      else moveBase(address, taken);
    }
    move(counters, places[found[HIT]], taken !== 0, 3);
  }

  return {
    found,
    look,

    train(address, taken, earlyRight, correctorRight) {
      const right = found[LONGEST] === taken;
      let wants = found[HIT] >> 1 < TABLES && !right && !earlyRight;
      if (!right || (random() & 31) < 4) move(state, MISSES, !right, MISS_COUNTER_BITS);
      if (found[HIT] !== 0 && found[CONFIDENCE] === 0) watchWeak(address, right);
      const group = ((found[HIT] >> 1) + 1) >> 2;
      if (!passes(address, group)) wants = false;
      if (wants) allocate(address, taken, group);
      learn(address, taken);
      if (found[LONGEST] === found[ALTERNATE]) return;
      const place = places[found[HIT]];
      if (right) usefuls[place] = Math.min(usefuls[place] + (usefuls[place] === 0 ? 2 : 1), 3);
      else if (correctorRight && usefuls[place] > 0) usefuls[place]--;
    },

    push(address, target, taken) {
      const mixed = address ^ (address >>> 2) ^ (address >>> 4) ^ (target >>> 1) ^ taken;
      let pushed = 0;
      for (let k = 0; k < BITS_PER_BRANCH; k++) pushed = (pushed << 1) | ((mixed >>> k) & 1);
      rowFolds.push(pushed, BITS_PER_BRANCH);
      tagFolds.push(pushed, BITS_PER_BRANCH);
      secondTagFolds.push(pushed, BITS_PER_BRANCH);
      const step = address ^ (address >>> 2) ^ (target >>> 3);
      state[PATH] = ((state[PATH] << BITS_PER_BRANCH) ^ step) & (2 ** PATH_BITS - 1);
    },
    histories: [...[rowFolds, tagFolds, secondTagFolds].flatMap(({ arrays }) => arrays), state.subarray(PATH, PATH + 1)],

    inspect(address) {
      look(address);
      const rows = [["base", "", 0, baseAt(address), "no tag", `${state[BASE] + 4} of 7`, ""]];
      const last = found[FIRM] === 0 || found[OTHER] === 0 ? 1 : Math.min(found[FIRM], found[OTHER]) >> 1;
      for (let table = last; table <= TABLES; table++) {
        const isFound = [found[HIT], found[OTHER], found[FIRM]].find((entry) => entry >> 1 === table && entry !== 0);
        const place = places[isFound ?? 2 * table];
        const role = found[HIT] >> 1 === table ? "longest match" : isFound === undefined ? "" : "shorter match";
        const useful = `${usefuls[place]} of 3`;
        const tag = isFound === undefined ? "another's" : "matches";
        rows.push([`T${table}`, role, lengths[table - 1], place >> 1, tag, `${counters[place] + 4} of 7`, useful]);
      }
      const used = rows.findIndex(([, role]) => role === "longest match");
      return [
        { shape: "bits", title: "the newest bits of the history, five for each branch", bits: rowFolds.newest(30) },
        {
          shape: "entries",
          title: "the base, and the tagged tables that are looked at: the longest match answers, the corrector hears of the others",
          columns: ["table", "", "history bits", "row", "tag", "counter", "useful"].map((title) => ({ title })),
          rows,
          used: Math.max(used, 0),
        },
      ];
    },
  };
}
