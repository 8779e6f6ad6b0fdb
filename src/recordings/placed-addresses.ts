// The addresses that stand for recorded ones, which have 64 bits where predictors see 32: the low ones, unless another address has
// the same, and each with the sites there. One typed array with open addressing, and one search for an address and its sites: with
// a table for each of three questions, each of the first 40,000 branches of a process took 8 to 9 µs where it takes 3.7 now (1.2 and
// 0.7 once all is compiled). What is asked of an address is asked by its row, without a search for each question: 0.84 to 0.92 of the
// time of a first occurrence (medians of 63,685 of CPython, four pairs).
import { NONE } from "../branch.ts";
import { reserve, zeroColumns } from "../files/grown.ts";

export interface PlacedAddresses {
  /** The row of a recorded address, given by its low and high 32 bits. */
  rowOf(low: number, high: number): number;
  /**
   * The address that stands for a row's. Two addresses with equal low bits must stay distinct: the one that occurs later, usually the
   * rarer one, gets other, free bits.
   */
  addressOf(row: number): number;
  /** The newest site at a row's address, or NONE. */
  siteOf(row: number): number;
  /** Makes a site the newest at a row's address. */
  setSite(row: number, site: number): void;
}

/** Room at first; parts that are not used take no memory. */
const ROWS = 1 << 17;

export function createPlacedAddresses(): PlacedAddresses {
  /** The row whose address belongs here, 0 for none: at most half of them are used. */
  let slots = new Int32Array(2 * ROWS);
  /** From row 1 on: the placed address; the recorded one, low and high; the newest site. Dense, as each page that is touched costs. */
  const rows = zeroColumns(["addresses", "lows", "highs", "sites"], ROWS);
  let count = 1;

  /** The slot that holds a placed address, else the one where it belongs. */
  function find(address: number): number {
    const mask = slots.length - 1;
    const mixed = Math.imul(address, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (slots[slot] !== 0 && rows.addresses[slots[slot]] !== address) slot = (slot + 1) & mask;
    return slot;
  }
  function enlarge(): void {
    reserve<keyof typeof rows>(rows, 2 * count);
    slots = new Int32Array(2 * slots.length);
    for (let row = 1; row < count; row++) slots[find(rows.addresses[row])] = row;
  }
  /** The row of a recorded address if this one stands for it, or is free: then it does from now on. Otherwise 0. */
  function claimed(address: number, low: number, high: number): number {
    if (address === NONE) return 0;
    const slot = find(address);
    const known = slots[slot];
    if (known !== 0) return rows.lows[known] === low && rows.highs[known] === high ? known : 0;
    const row = count++;
    slots[slot] = row;
    rows.addresses[row] = address;
    rows.lows[row] = low;
    rows.highs[row] = high;
    rows.sites[row] = NONE;
    if (2 * count >= slots.length) enlarge();
    return row;
  }
  return {
    rowOf(low, high) {
      // tables are indexed by low bits, so keep them if possible
      let row = claimed(low, low, high);
      for (let attempt = 1; row === 0; attempt++) {
        const noise = scramble(high + Math.imul(attempt, 0x9e3779b1));
        row = claimed(low ^ (attempt <= 8 ? noise << 16 : noise), low, high);
      }
      return row;
    },
    addressOf: (row) => rows.addresses[row],
    siteOf: (row) => rows.sites[row],
    setSite(row, site) {
      rows.sites[row] = site;
    },
  };
}

/** Spreads all bits over all others. */
export function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
