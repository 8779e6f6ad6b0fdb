// Int32s by pairs of Int32s, in one typed array with open addressing. A Map whose keys are numbers beyond 31 bits makes an object for
// each: reading 55,000 branches' addresses took four times as long.

export interface PairMap {
  /** The value of a pair, or undefined. */
  get(a: number, b: number): number | undefined;
  /** Adds a pair that is not in the map. */
  add(a: number, b: number, value: number): void;
}

/** Words of a slot: the pair, its value, and 1 where it is in use. */
const SLOT_WORDS = 4;

export function createPairMap(): PairMap {
  let mask = (1 << 14) - 1;
  let slots = new Int32Array((mask + 1) * SLOT_WORDS);
  let used = 0;

  /** The word of the slot that holds a pair, else of the one where it belongs. */
  function find(a: number, b: number): number {
    const mixed = Math.imul(a ^ Math.imul(b, 0xc2b2ae35), 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const at = slot * SLOT_WORDS;
      if (slots[at + 3] === 0 || (slots[at] === a && slots[at + 1] === b)) return at;
      slot = (slot + 1) & mask;
    }
  }
  function place(a: number, b: number, value: number): void {
    const at = find(a, b);
    slots[at] = a;
    slots[at + 1] = b;
    slots[at + 2] = value;
    slots[at + 3] = 1;
  }
  return {
    get(a, b) {
      const at = find(a, b);
      return slots[at + 3] === 0 ? undefined : slots[at + 2];
    },
    add(a, b, value) {
      if (2 * ++used > mask) {
        const old = slots;
        mask = 2 * mask + 1;
        slots = new Int32Array((mask + 1) * SLOT_WORDS);
        for (let at = 0; at < old.length; at += SLOT_WORDS) if (old[at + 3] !== 0) place(old[at], old[at + 1], old[at + 2]);
      }
      place(a, b, value);
    },
  };
}
