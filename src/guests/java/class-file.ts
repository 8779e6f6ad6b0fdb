// A class file, as far as a trace needs it: names, methods, and the instructions of a method. The virtual machine has checked the
// file when we read it; where it has not, an error says so.
import { UsageError } from "../../errors.ts";
import { codeOf, instructions, OPERAND_BYTES } from "./instructions.ts";

export const FLAGS = { private: 0x2, static: 0x8, final: 0x10, volatile: 0x40, native: 0x100 } as const;

export interface Method {
  readonly name: string;
  readonly descriptor: string;
  /** Bits of FLAGS. */
  readonly flags: number;
  /** Where its code begins in the file, and its length in bytes; 0 if it has none. */
  readonly codeAt: number;
  readonly codeBytes: number;
  /** Offsets of its exception handlers. */
  readonly handlers: readonly number[];
}

export interface Field {
  readonly name: string;
  readonly descriptor: string;
  /** Bits of FLAGS. */
  readonly flags: number;
}

/** A member that an instruction names. */
export interface Member {
  readonly owner: string;
  readonly name: string;
  readonly descriptor: string;
}

const MAGIC = 0xcafebabe;
const [UTF8, LONG, DOUBLE, CLASS] = [1, 5, 6, 7];
/** Bytes of a constant after its tag. */
const CONSTANT_BYTES: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

export interface ClassFile {
  /** With slashes: java/lang/Object. */
  readonly name: string;
  readonly superName: string | undefined;
  readonly flags: number;
  /** Version of the format: 61 is Java 17's. */
  readonly major: number;
  readonly fields: readonly Field[];
  readonly methods: readonly Method[];
  /** Text of a constant of characters. */
  text(index: number): string;
  className(index: number): string;
  tag(index: number): number;
  member(index: number): Member;
  /** Name and type of an invokedynamic or a field. */
  readonly bytes: Buffer;
}

/** @throws UsageError for something else */
export function readClassFile(bytes: Buffer, path: string): ClassFile {
  try {
    return read(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${path}: expected a Java class file, got something else, or a damaged one`);
  }
}

function read(bytes: Buffer): ClassFile {
  let at = 0;
  const u1 = (): number => bytes.readUInt8(at++);
  const u2 = (): number => {
    at += 2;
    return bytes.readUInt16BE(at - 2);
  };
  const u4 = (): number => {
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  if (u4() !== MAGIC) throw new RangeError("no class file");
  at += 2;
  const major = u2();
  const places: number[] = [0];
  for (let left = u2() - 1; left > 0; left--) {
    places.push(at);
    const tag = u1();
    at += tag === UTF8 ? 2 + bytes.readUInt16BE(at) : (CONSTANT_BYTES[tag] ?? Number.NaN);
    if (Number.isNaN(at)) throw new RangeError("no such constant");
    // two places of the table
    if (tag === LONG || tag === DOUBLE) {
      places.push(0);
      left--;
    }
  }
  const place = (index: number): number => {
    const found = places[index];
    if (found === undefined || found === 0) throw new RangeError("no such constant");
    return found;
  };
  const text = (index: number): string =>
    bytes.toString("latin1", place(index) + 3, place(index) + 3 + bytes.readUInt16BE(place(index) + 1));
  const className = (index: number): string => {
    if (bytes[place(index)] !== CLASS) throw new RangeError("no class");
    return text(bytes.readUInt16BE(place(index) + 1));
  };
  const member = (index: number): Member => {
    const from = place(index);
    const nameAndType = place(bytes.readUInt16BE(from + 3));
    // an invokedynamic has a bootstrap method instead of an owner
    const owner = bytes[from] >= 17 ? "" : className(bytes.readUInt16BE(from + 1));
    return { owner, name: text(bytes.readUInt16BE(nameAndType + 1)), descriptor: text(bytes.readUInt16BE(nameAndType + 3)) };
  };
  const flags = u2();
  const name = className(u2());
  const superIndex = u2();
  at += 2 * bytes.readUInt16BE(at) + 2;
  function skipAttributes(found: (name: string, from: number) => void): void {
    for (let left = u2(); left > 0; left--) {
      const attribute = text(u2());
      const length = u4();
      found(attribute, at);
      at += length;
    }
  }
  const fields: Field[] = [];
  for (let left = u2(); left > 0; left--) {
    fields.push({ flags: u2(), name: text(u2()), descriptor: text(u2()) });
    skipAttributes(() => {});
  }
  const methods: Method[] = [];
  for (let left = u2(); left > 0; left--) {
    const head = { flags: u2(), name: text(u2()), descriptor: text(u2()) };
    let code = { codeAt: 0, codeBytes: 0, handlers: [] as readonly number[] };
    skipAttributes((attribute, from) => {
      if (attribute === "Code") code = codeIn(bytes, from);
    });
    methods.push({ ...head, ...code });
  }
  return {
    name,
    superName: superIndex === 0 ? undefined : className(superIndex),
    flags,
    major,
    fields,
    methods,
    text,
    className,
    tag: (index) => bytes[place(index)],
    member,
    bytes,
  };
}

function codeIn(bytes: Buffer, from: number): Pick<Method, "codeAt" | "codeBytes" | "handlers"> {
  const codeBytes = bytes.readUInt32BE(from + 4);
  const table = from + 8 + codeBytes;
  const handlers = Array.from({ length: bytes.readUInt16BE(table) }, (_, i) => bytes.readUInt16BE(table + 2 + 8 * i + 4));
  return { codeAt: from + 8, codeBytes, handlers };
}

const [TABLE_SWITCH, LOOKUP_SWITCH, WIDE, IINC] = ["tableswitch", "lookupswitch", "wide", "iinc"].map(codeOf);

/** An instruction of a method's code. */
export interface Instruction {
  /** In bytes from the beginning of the code. */
  readonly offset: number;
  readonly code: number;
  /** Offsets where it may go, itself apart: one of a jump or a conditional, all of a switch. */
  readonly targets: readonly number[];
  /** Its first operand as an index of constants; 0 if it has none. */
  readonly constant: number;
}

const NONE: readonly number[] = [];

/** Instructions of a method, in order. @throws RangeError for code that the virtual machine would refuse as no code at all */
export function instructionsOf({ bytes }: ClassFile, { codeAt, codeBytes }: Method): Instruction[] {
  const all: Instruction[] = [];
  const codeEnd = codeAt + codeBytes;
  if (codeEnd > bytes.length) throw new RangeError("the code ends after the file");
  for (let offset = 0; offset < codeBytes; ) {
    const at = codeAt + offset;
    const code = bytes[at];
    const instruction = instructions[code];
    if (instruction === undefined) throw new RangeError(`no such instruction: ${code}`);
    const { operands } = instruction;
    let targets = NONE;
    let constant = 0;
    let length = 1 + OPERAND_BYTES[operands];
    if (operands === "jump") targets = [offset + bytes.readInt16BE(at + 1)];
    else if (operands === "far jump") targets = [offset + bytes.readInt32BE(at + 1)];
    else if (operands === "index" || operands === "interface" || operands === "short and byte") constant = bytes.readUInt16BE(at + 1);
    else if (operands === "byte") constant = bytes[at + 1];
    else if (code === WIDE) length = bytes[at + 1] === IINC ? 6 : 4;
    else if (code === TABLE_SWITCH || code === LOOKUP_SWITCH) {
      const table = at + 4 - (offset % 4);
      const count = code === TABLE_SWITCH ? bytes.readInt32BE(table + 8) - bytes.readInt32BE(table + 4) + 1 : bytes.readInt32BE(table + 4);
      const [first, step] = code === TABLE_SWITCH ? [table + 12, 4] : [table + 12, 8];
      if (count < 0 || table + 8 + step * count > codeEnd) throw new RangeError(`no such switch: ${count} targets`);
      targets = [
        offset + bytes.readInt32BE(table),
        ...Array.from({ length: count }, (_, i) => offset + bytes.readInt32BE(first + step * i)),
      ];
      length = (code === TABLE_SWITCH ? first + 4 * count : table + 8 + 8 * count) - at;
    }
    all.push({ offset, code, targets, constant });
    offset += length;
  }
  return all;
}
