// The addresses that stand for recorded ones, which have 64 bits where predictors see 32: the low ones, unless another address has
// the same, and each with the sites there. One typed array with open addressing, and one search for an address and its sites: with
// a table for each of three questions, and an object for each branch, a distinct branch took 2.6 µs where it takes 0.5 now.
import { NONE } from "../branch.ts";

export interface PlacedAddresses {
  /**
   * The address that stands for a recorded one, given by its low and high 32 bits. Two addresses with equal low bits must stay
   * distinct: the one that occurs later, usually the rarer one, gets other, free bits.
   */
  place(low: number, high: number): number;
  /** The newest site at a placed address, or NONE. */
  siteAt(address: number): number;
  /** Makes a site the newest at a placed address. */
  setSite(address: number, site: number): void;
}

/** Words of a slot: the placed address; the recorded one, low and high; 0 where it is free, 1 without a site, else its site + 2. */
const SLOT_WORDS = 4;

export function createPlacedAddresses(): PlacedAddresses {
  let mask = (1 << 17) - 1;
  let slots = new Int32Array((mask + 1) * SLOT_WORDS);
  let used = 0;

  /** The word of the slot that holds a placed address, else of the one where it belongs. */
  function find(address: number): number {
    const mixed = Math.imul(address, 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      if (slots[at + 3] === 0 || slots[at] === address) return at;
      slot = (slot + 1) & mask;
    }
  }
  function enlarge(): void {
    const old = slots;
    mask = 2 * mask + 1;
    slots = new Int32Array((mask + 1) * SLOT_WORDS);
    for (let at = 0; at < old.length; at += SLOT_WORDS) if (old[at + 3] !== 0) slots.set(old.subarray(at, at + SLOT_WORDS), find(old[at]));
  }
  /** Whether an address stands for this recorded one, or is free: then it does from now on. */
  function claims(address: number, low: number, high: number): boolean {
    if (address === NONE) return false;
    const at = find(address);
    if (slots[at + 3] !== 0) return slots[at + 1] === low && slots[at + 2] === high;
    slots[at] = address;
    slots[at + 1] = low;
    slots[at + 2] = high;
    slots[at + 3] = 1;
    if (2 * ++used > mask) enlarge();
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
    siteAt: (address) => Math.max(slots[find(address) + 3] - 2, NONE),
    setSite(address, site) {
      slots[find(address) + 3] = site + 2;
    },
  };
}

/** Spreads all bits over all others. */
export function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
