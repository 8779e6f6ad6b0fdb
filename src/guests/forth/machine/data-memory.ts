// Data memory of the Forth guest, checked. Stacks lie outside of it, but their cells have addresses above it.
import { ForthException } from "../exceptions.ts";
import { LOWEST, RETURN_BASE, RETURN_CELLS, RETURN_TOP, STACK_BASE, STACK_CELLS, STACK_TOP } from "./layout.ts";

const floatIn = (view: DataView, at: number, bytes: 4 | 8): number => (bytes === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true));
const setFloatIn = (view: DataView, at: number, bytes: 4 | 8, x: number): void =>
  bytes === 8 ? view.setFloat64(at, x, true) : view.setFloat32(at, x, true);

export class DataMemory {
  /** In bytes. */
  readonly size: number;
  readonly buffer: ArrayBuffer;
  readonly cells: Int32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #ds: Int32Array;
  readonly #rs: Int32Array;
  /** A number on its way between cells of a stack. */
  readonly #halves = new DataView(new ArrayBuffer(8));

  /** @param ds the data stack @param rs the return stack */
  constructor(size: number, ds: Int32Array, rs: Int32Array) {
    this.size = size;
    this.buffer = new ArrayBuffer(size);
    this.bytes = new Uint8Array(this.buffer);
    this.cells = new Int32Array(this.buffer);
    this.view = new DataView(this.buffer);
    this.#ds = ds;
    this.#rs = rs;
  }

  /** @throws ForthException -9 unless `bytes` bytes from `address` on are memory */
  check(address: number, bytes: number): void {
    const start = address >>> 0;
    if (start < LOWEST || start + (bytes >>> 0) > this.size) {
      throw new ForthException(-9, `invalid memory address ${start}${bytes > 4 ? ` (${bytes >>> 0} bytes)` : ""}`);
    }
  }
  fetch(address: number): number {
    const cell = this.#stackCell(address);
    if (cell !== undefined) return cell.cells[cell.index];
    this.check(address, 4);
    return this.view.getInt32(address, true);
  }
  store(address: number, x: number): void {
    const cell = this.#stackCell(address);
    if (cell !== undefined) {
      cell.cells[cell.index] = x;
      return;
    }
    this.check(address, 4);
    this.view.setInt32(address, x, true);
  }
  /** A floating-point number of 64 or 32 bits. It may lie on a stack: programs make room there by `rp@ float - rp!`. */
  float(address: number, bytes: 4 | 8): number {
    if (this.#stackCell(address) === undefined) {
      this.check(address, bytes);
      return floatIn(this.view, address, bytes);
    }
    for (let at = 0; at < bytes; at += 4) this.#halves.setInt32(at, this.fetch(address + at), true);
    return floatIn(this.#halves, 0, bytes);
  }
  setFloat(address: number, bytes: 4 | 8, x: number): void {
    if (this.#stackCell(address) === undefined) {
      this.check(address, bytes);
      setFloatIn(this.view, address, bytes, x);
      return;
    }
    setFloatIn(this.#halves, 0, bytes, x);
    for (let at = 0; at < bytes; at += 4) this.store(address + at, this.#halves.getInt32(at, true));
  }
  byte(address: number): number {
    this.check(address, 1);
    return this.bytes[address];
  }
  setByte(address: number, x: number): void {
    this.check(address, 1);
    this.bytes[address] = x;
  }
  /** The characters of a string in memory, one byte each. */
  text(address: number, length: number): string {
    if (length === 0) return "";
    this.check(address, length);
    return Buffer.from(this.buffer, address, length).toString("latin1");
  }
  /** Writes one byte a character; returns the number of bytes. */
  setText(address: number, text: string): number {
    this.check(address, text.length);
    for (let i = 0; i < text.length; i++) this.bytes[address + i] = text.charCodeAt(i);
    return text.length;
  }

  /** Where a cell of a stack is that has an address; undefined for other addresses. */
  #stackCell(address: number): { readonly cells: Int32Array; readonly index: number } | undefined {
    if (address >= STACK_TOP - 4 * STACK_CELLS && address < STACK_TOP)
      return { cells: this.#ds, index: STACK_BASE + ((STACK_TOP - address) >> 2) };
    if (address >= RETURN_TOP - 4 * RETURN_CELLS && address < RETURN_TOP)
      return { cells: this.#rs, index: RETURN_BASE - 1 + ((RETURN_TOP - address) >> 2) };
    return undefined;
  }
}
