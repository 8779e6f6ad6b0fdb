// The addresses that stand for recorded ones, which have 64 bits where predictors see 32: the low ones, unless another address has
// the same, and each with the sites there. One typed array with open addressing, and one search for an address and its sites: with
// a table for each of three questions, each of the first 40,000 branches of a process took 8 to 9 µs where it takes 3.7 now (1.2 and
// 0.7 once all is compiled).
import { NONE } from "../branch.ts";
import { reserve } from "../files/grown.ts";

export interface PlacedAddresses {
  /**
   * The address that stands for a recorded one, given by its low and high 32 bits. Two addresses with equal low bits must stay
   * distinct: the one that occurs later, usually the rarer one, gets other, free bits.
   */
  place(low: number, high: number): number;
  /** The newest site at an address that `place` returned, or NONE. */
  siteAt(address: number): number;
  /** Makes a site the newest at a placed address. */
  setSite(address: number, site: number): void;
}

/** Room at first; parts that are not used take no memory. */
const ROWS = 1 << 17;

export function createPlacedAddresses(): PlacedAddresses {
  /** The row whose address belongs here, 0 for none: at most half of them are used. */
  let slots = new Int32Array(2 * ROWS);
  /** From row 1 on: the placed address; the recorded one, low and high; the newest site. Dense, as each page that is touched costs. */
  const rows = { addresses: new Int32Array(ROWS), lows: new Int32Array(ROWS), highs: new Int32Array(ROWS), sites: new Int32Array(ROWS) };
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
  /** Whether an address stands for this recorded one, or is free: then it does from now on. */
  function claims(address: number, low: number, high: number): boolean {
    if (address === NONE) return false;
    const slot = find(address);
    const known = slots[slot];
    if (known !== 0) return rows.lows[known] === low && rows.highs[known] === high;
    slots[slot] = count;
    rows.addresses[count] = address;
    rows.lows[count] = low;
    rows.highs[count] = high;
    rows.sites[count] = NONE;
    if (2 * ++count >= slots.length) enlarge();
    return true;
  }
  return {
    place(low, high) {
      // tables are indexed by low bits, so keep them if possible
      let address = low;
      for (let attempt = 1; !claims(address, low, high); attempt++) {
        const noise = scramble(high + Math.imul(attempt, 0x9e3779b1));
        address = low ^ (attempt <= 8 ? noise << 16 : noise);
      }
      return address;
    },
    siteAt: (address) => rows.sites[slots[find(address)]],
    setSite(address, site) {
      rows.sites[slots[find(address)]] = site;
    },
  };
}

/** Spreads all bits over all others. */
export function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
