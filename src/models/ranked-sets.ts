// Sets of entries in an order that changes only when there is no room: then the entries are sorted by their worth, those of equal worth
// as they stood, the last one goes and the new one comes first. So LLBP replaces contexts and patterns.
import { afresh, fixedArray } from "./afresh.ts";

export interface RankedSets {
  /** The entry of a set with this key, or -1. */
  find(set: number, key: number): number;
  /** Makes room for a key that the set does not have. @returns its entry */
  insert(set: number, key: number): number;
  /** Empties a set. */
  clear(set: number): void;
}

/** @param worth of an entry, by its number: set * ways + place */
export function createRankedSets(sets: number, ways: number, worth: (entry: number) => number): RankedSets {
  return afresh(create)(sets, ways, worth, fixedArray(Array<number>(ways).fill(0)));
}

function create(sets: number, ways: number, worth: (entry: number) => number, sorted: Int32Array): RankedSets {
  const EMPTY = -1;
  const keys = new Int32Array(sets * ways).fill(EMPTY);
  const order = new Uint8Array(sets * ways); // places within the set, the first one first
  const counts = new Uint8Array(sets);

  /** Insertion sort: the sets are small, and it keeps the order of equals. */
  function sort(start: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const place = order[start + i];
      let at = i;
      for (; at > 0 && worth(start + sorted[at - 1]) < worth(start + place); at--) sorted[at] = sorted[at - 1];
      sorted[at] = place;
    }
    for (let i = 0; i < count; i++) order[start + i] = sorted[i];
  }

  return {
    find(set, key) {
      for (let entry = set * ways; entry < (set + 1) * ways; entry++) if (keys[entry] === key) return entry;
      return -1;
    },
    insert(set, key) {
      const start = set * ways;
      const count = counts[set];
      sort(start, count);
      const place = count < ways ? count : order[start + ways - 1];
      if (count < ways) counts[set]++;
      for (let i = Math.min(count, ways - 1); i > 0; i--) order[start + i] = order[start + i - 1];
      order[start] = place;
      keys[start + place] = key;
      return start + place;
    },
    clear(set) {
      counts[set] = 0;
      keys.fill(EMPTY, set * ways, (set + 1) * ways);
    },
  };
}
