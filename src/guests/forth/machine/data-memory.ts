// Data memory of the Forth guest, checked. Stacks lie outside of it, but their cells have addresses above it.
import { ForthException } from "../exceptions.ts";
import type { Cell, CellArray, Cells } from "./cells.ts";
import { LOWEST, RETURN_BASE, RETURN_CELLS, RETURN_TOP, STACK_BASE, STACK_CELLS, STACK_TOP } from "./layout.ts";

const floatIn = (view: DataView, at: number, bytes: 4 | 8): number => (bytes === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true));
const setFloatIn = (view: DataView, at: number, bytes: 4 | 8, x: number): void =>
  bytes === 8 ? view.setFloat64(at, x, true) : view.setFloat32(at, x, true);

export class DataMemory {
  /** In bytes. */
  readonly size: number;
  readonly buffer: ArrayBuffer;
  readonly cells: CellArray;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #cell: Cells;
  readonly #ds: CellArray;
  readonly #rs: CellArray;
  /** A number on its way between cells of a stack. */
  readonly #halves = new DataView(new ArrayBuffer(8));

  /** @param ds the data stack @param rs the return stack */
  constructor(size: number, cell: Cells, ds: CellArray, rs: CellArray) {
    this.size = size;
    this.#cell = cell;
    this.buffer = new ArrayBuffer(size);
    this.bytes = new Uint8Array(this.buffer);
    this.cells = cell.array(this.buffer);
    this.view = new DataView(this.buffer);
    this.#ds = ds;
    this.#rs = rs;
  }

  /** @throws ForthException -9 unless `bytes` bytes from `address` on are memory */
  check(address: number, bytes: number): void {
    if (address >= LOWEST && bytes >= 0 && address + bytes <= this.size) return;
    const shown = (x: number): bigint => BigInt.asUintN(this.#cell.bits, BigInt(x));
    const length = shown(bytes);
    throw new ForthException(-9, `invalid memory address ${shown(address)}${length > this.#cell.bytes ? ` (${length} bytes)` : ""}`);
  }
  /** The cell at an address, as it is. */
  fetchCell(address: number): Cell {
    const cell = this.#stackCell(address);
    if (cell !== undefined) return cell.cells[cell.index];
    this.check(address, this.#cell.bytes);
    return this.#cell.read(this.view, address);
  }
  /** The cell at an address as a number: an address, a count. */
  fetch(address: number): number {
    return Number(this.fetchCell(address));
  }
  store(address: number, x: Cell): void {
    const cell = this.#stackCell(address);
    if (cell !== undefined) {
      cell.cells[cell.index] = typeof x === "number" ? this.#cell.from(x) : x;
      return;
    }
    this.check(address, this.#cell.bytes);
    this.#cell.write(this.view, address, x);
  }
  /** A floating-point number of 64 or 32 bits. It may lie on a stack: programs make room there by `rp@ float - rp!`. */
  float(address: number, bytes: 4 | 8): number {
    if (this.#stackCell(address) === undefined) {
      this.check(address, bytes);
      return floatIn(this.view, address, bytes);
    }
    for (let at = 0; at < bytes; at += this.#cell.bytes) this.#cell.write(this.#halves, at, this.fetchCell(address + at));
    return floatIn(this.#halves, 0, bytes);
  }
  setFloat(address: number, bytes: 4 | 8, x: number): void {
    if (this.#stackCell(address) === undefined) {
      this.check(address, bytes);
      setFloatIn(this.view, address, bytes, x);
      return;
    }
    setFloatIn(this.#halves, 0, bytes, x);
    for (let at = 0; at < bytes; at += this.#cell.bytes) this.store(address + at, this.#cell.read(this.#halves, at));
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
  #stackCell(address: number): { readonly cells: CellArray; readonly index: number } | undefined {
    const { bytes } = this.#cell;
    if (address >= STACK_TOP - bytes * STACK_CELLS && address < STACK_TOP)
      return { cells: this.#ds, index: STACK_BASE + Math.floor((STACK_TOP - address) / bytes) };
    if (address >= RETURN_TOP - bytes * RETURN_CELLS && address < RETURN_TOP)
      return { cells: this.#rs, index: RETURN_BASE - 1 + Math.floor((RETURN_TOP - address) / bytes) };
    return undefined;
  }
}
