// Cells of 32 or of 64 bits: what they are in JavaScript (numbers, or bigints), how they lie in memory, and how the interpreter's text
// computes with them. The machine and the words of the host are the same for both.

/** A cell with its sign: a number in machines with cells of 32 bits, a bigint in machines with 64. */
export type Cell = number | bigint;

/** A stack, data memory or operands, cell by cell. */
export interface CellArray {
  [index: number]: Cell;
  readonly length: number;
}

/** Widths that programs may ask for. */
export type CellBits = 32 | 64;

/** How the interpreter's text says what depends on the width of cells. Each takes and gives JavaScript expressions. */
export interface CellText {
  /** A sum, difference or shifted cell, cut to its bits. */
  wrap(x: string): string;
  unsigned(x: string): string;
  flag(condition: string): string;
  /** The number that a cell is: an address, a count, an execution token. */
  number(x: string): string;
  /** The cell that a number is. */
  cell(x: string): string;
  /** The low bits of a cell, as a number. */
  low(x: string): string;
  times(a: string, b: string): string;
  /** A shift to the right in which zeros come in. */
  shiftRight(x: string, count: string): string;
  /** A cell that may be undefined. */
  orZero(x: string): string;
  /** The operand as a cell. */
  readonly operand: string;
  /** A literal cell. */
  literal(digits: string): string;
}

export interface Cells {
  readonly bits: CellBits;
  readonly bytes: 4 | 8;
  /** Cells of a count, or those of a memory. */
  array(from: number | ArrayBuffer): CellArray;
  /** The cell that a whole number is, whose high bits are cut. */
  of(x: bigint): Cell;
  /** The cell that a whole number is, if a cell holds it. */
  from(x: number): Cell;
  read(view: DataView, address: number): Cell;
  /** Cuts what a cell does not hold. */
  write(view: DataView, address: number, x: Cell): void;
  readonly text: CellText;
}

const narrow: Cells = {
  bits: 32,
  bytes: 4,
  array: (from) => (typeof from === "number" ? new Int32Array(from) : new Int32Array(from)),
  of: (x) => Number(BigInt.asIntN(32, x)),
  from: (x) => x,
  read: (view, address) => view.getInt32(address, true),
  write: (view, address, x) => view.setInt32(address, Number(x), true),
  text: {
    wrap: (x) => `(${x} | 0)`,
    unsigned: (x) => `(${x} >>> 0)`,
    flag: (condition) => `((${condition}) ? -1 : 0)`,
    number: (x) => x,
    cell: (x) => x,
    low: (x) => x,
    times: (a, b) => `Math.imul(${a}, ${b})`,
    shiftRight: (x, count) => `(${x} >>> ${count} | 0)`,
    orZero: (x) => `(${x} | 0)`,
    operand: "A",
    literal: (digits) => digits,
  },
};

// V8 keeps a bigint of 64 bits in a register where its text says BigInt.asIntN(64, …)
const wide: Cells = {
  bits: 64,
  bytes: 8,
  array: (from) => (typeof from === "number" ? new BigInt64Array(from) : new BigInt64Array(from)),
  of: (x) => BigInt.asIntN(64, x),
  from: (x) => BigInt(x),
  read: (view, address) => view.getBigInt64(address, true),
  write: (view, address, x) => view.setBigInt64(address, BigInt(x), true),
  text: {
    wrap: (x) => `BigInt.asIntN(64, ${x})`,
    unsigned: (x) => `BigInt.asUintN(64, ${x})`,
    flag: (condition) => `((${condition}) ? -1n : 0n)`,
    number: (x) => `Number(${x})`,
    cell: (x) => (/^\d+$/.test(x) ? `${x}n` : `BigInt(${x})`),
    low: (x) => `Number(BigInt.asIntN(32, ${x}))`,
    times: (a, b) => `BigInt.asIntN(64, ${a} * ${b})`,
    shiftRight: (x, count) => `BigInt.asIntN(64, BigInt.asUintN(64, ${x}) >> ${count})`,
    orZero: (x) => `(${x} ?? 0n)`,
    operand: "literals[ip - 1]",
    literal: (digits) => `${digits}n`,
  },
};

export const cellsOf = (bits: CellBits): Cells => (bits === 32 ? narrow : wide);
