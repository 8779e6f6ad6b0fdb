// The memory of a module as its host sees it. Its buffer is another one whenever it has grown.
import type { Memory } from "../engine.ts";

export class GuestMemory {
  readonly #memory: Memory;
  #view: DataView;
  #bytes: Uint8Array;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
  }

  get view(): DataView {
    if (this.#view.buffer !== this.#memory.buffer) {
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#view = new DataView(this.#memory.buffer);
    }
    return this.#view;
  }
  /** @throws RangeError where they are not all in the memory */
  bytes(at: number, length: number): Uint8Array {
    const start = at >>> 0;
    if (start + (length >>> 0) > this.view.byteLength) throw new RangeError("out of the memory");
    return this.#bytes.subarray(start, start + (length >>> 0));
  }
  u8(at: number, value: number): void {
    this.view.setUint8(at >>> 0, value);
  }
  u16(at: number, value: number): void {
    this.view.setUint16(at >>> 0, value, true);
  }
  u32(at: number, value: number): void {
    this.view.setUint32(at >>> 0, value, true);
  }
  u64(at: number, value: bigint): void {
    this.view.setBigUint64(at >>> 0, value, true);
  }
  readU32(at: number): number {
    return this.view.getUint32(at >>> 0, true);
  }
  readU64(at: number): bigint {
    return this.view.getBigUint64(at >>> 0, true);
  }
  text(at: number, length: number): string {
    return Buffer.from(this.bytes(at, length)).toString("utf8");
  }
  /** The pieces of memory that a vector of addresses and lengths names. */
  pieces(at: number, count: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let i = 0; i < count; i++) pieces.push(this.bytes(this.readU32(at + 8 * i), this.readU32(at + 8 * i + 4)));
    return pieces;
  }
}
