// ALLOCATE, FREE and RESIZE: a first-fit heap at the upper end of data memory. Its book-keeping lies outside memory,
// so that a program which writes past its own cells cannot break it.

/** More than any memory. */
const MOST = 1 << 30;

export class Heap {
  readonly #sizes = new Map<number, number>();
  /** Free ranges [start, size], ascending, never touching each other. */
  readonly #free: [start: number, size: number][];

  constructor(start: number, end: number) {
    this.#free = [[start, end - start]];
  }

  /** The address of `bytes` bytes, aligned to 8; 0 when there is no room. */
  allocate(bytes: number): number {
    if (bytes < 0 || bytes > MOST) return 0;
    const size = (Math.max(bytes, 1) + 7) & ~7;
    const index = this.#free.findIndex(([, free]) => free >= size);
    if (index < 0) return 0;
    const range = this.#free[index];
    const start = range[0];
    if (range[1] === size) this.#free.splice(index, 1);
    else {
      range[0] += size;
      range[1] -= size;
    }
    this.#sizes.set(start, size);
    return start;
  }

  /** The size of an allocated range, undefined if none starts there. */
  size(address: number): number | undefined {
    return this.#sizes.get(address);
  }

  free(address: number): boolean {
    const size = this.#sizes.get(address);
    if (size === undefined) return false;
    this.#sizes.delete(address);
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#free[middle][0] < address) low = middle + 1;
      else high = middle;
    }
    const before = this.#free[low - 1];
    const after = this.#free[low];
    const joinsBefore = before !== undefined && before[0] + before[1] === address;
    const joinsAfter = after !== undefined && address + size === after[0];
    if (joinsBefore) {
      before[1] += size + (joinsAfter ? after[1] : 0);
      if (joinsAfter) this.#free.splice(low, 1);
    } else if (joinsAfter) {
      after[0] = address;
      after[1] += size;
    } else this.#free.splice(low, 0, [address, size]);
    return true;
  }
}
