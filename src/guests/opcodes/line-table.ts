// Numbers the distinct lines of a file, so that each is parsed only once: a hash table over bytes.

export interface LineTable {
  /** The number of a line; -1 for a new one. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number;
  add(bytes: Uint8Array, start: number, end: number, hash: number, number: number): void;
}

export function createLineTable(): LineTable {
  let text = new Uint8Array(1 << 16);
  let used = 0;
  let count = 0;
  // four words a slot: hash, first byte and length of the line's text, its number + 1 (0: free)
  let mask = (1 << 10) - 1;
  let slots = new Int32Array((mask + 1) * 4);

  /** Mixes high bits into the low ones, which the hash's last multiplication leaves weak. */
  const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & mask;

  function insert(hash: number, first: number, length: number, number: number): void {
    let slot = slotOf(hash);
    while (slots[slot * 4 + 3] !== 0) slot = (slot + 1) & mask;
    slots[slot * 4] = hash;
    slots[slot * 4 + 1] = first;
    slots[slot * 4 + 2] = length;
    slots[slot * 4 + 3] = number + 1;
  }
  function grow(): void {
    const old = slots;
    mask = mask * 2 + 1;
    slots = new Int32Array((mask + 1) * 4);
    for (let i = 0; i < old.length; i += 4) {
      if (old[i + 3] !== 0) insert(old[i], old[i + 1], old[i + 2], old[i + 3] - 1);
    }
  }
  return {
    find(bytes, start, end, hash) {
      const length = end - start;
      for (let slot = slotOf(hash); slots[slot * 4 + 3] !== 0; slot = (slot + 1) & mask) {
        if (slots[slot * 4] !== hash || slots[slot * 4 + 2] !== length) continue;
        const first = slots[slot * 4 + 1];
        let same = 0;
        while (same < length && text[first + same] === bytes[start + same]) same++;
        if (same === length) return slots[slot * 4 + 3] - 1;
      }
      return -1;
    },
    add(bytes, start, end, hash, number) {
      const length = end - start;
      if (used + length > text.length) {
        const longer = new Uint8Array((used + length) * 2);
        longer.set(text.subarray(0, used));
        text = longer;
      }
      text.set(bytes.subarray(start, end), used);
      if (++count * 2 > mask) grow();
      insert(hash, used, length, number);
      used += length;
    },
  };
}
