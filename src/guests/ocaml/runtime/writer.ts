// Bytes that grow: numbers as marshalling writes them, highest byte first.

export class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  #room(count: number): number {
    const at = this.length;
    if (at + count > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(at + count, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.length = at + count;
    return at;
  }
  int8(value: number): void {
    // Room first: the bytes may then be others.
    const at = this.#room(1);
    this.#bytes[at] = value;
  }
  int16(value: number): void {
    const at = this.#room(2);
    this.#view.setInt16(at, value);
  }
  int32(value: number): void {
    const at = this.#room(4);
    this.#view.setInt32(at, value);
  }
  int64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigInt64(at, value);
  }
  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }
  /** Elements of `width` bytes, which lie lowest byte first in memory. */
  swapped(bytes: Uint8Array, width: number): void {
    const at = this.#room(bytes.length);
    for (let i = 0; i < bytes.length; i += width)
      for (let k = 0; k < width; k++) this.#bytes[at + i + k] = bytes[i + width - 1 - k] as number;
  }
  /** Overwrites four bytes that were written before. */
  patch32(at: number, value: number): void {
    this.#view.setInt32(at, value);
  }
  result(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}
