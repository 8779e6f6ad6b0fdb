// Tables of addresses in a program's file, such as the labels of an interpreter's bodies: words of its data that are addresses of code,
// as they are in the file or as the loader fills them in.
import { readHeader, withReader } from "./elf.ts";

/** ELF's number of sections of relocations, and of the relocation that adds the program's place in memory. */
const RELOCATIONS = 4;
const RELATIVE = 8;
const RELOCATION_BYTES = 24;
const WORD_BYTES = 8;
/** Longer sections are no tables of an interpreter. */
const MOST_BYTES = 1 << 26;
/** Sections whose bytes are in the file. */
const CONTENT = 1;

/** Consecutive words of data, each the address of code. */
export interface AddressTable {
  /** Of the first word. */
  readonly address: bigint;
  readonly entries: readonly bigint[];
}

/**
 * All tables of at least two addresses of code in a program's file, in no order of importance; all addresses are those of the file.
 * Undefined if it cannot be read or is no 64-bit ELF file.
 */
export const readAddressTables = (path: string): AddressTable[] | undefined =>
  withReader(path, (read) => {
    const header = readHeader(read);
    if (header === undefined) return undefined;
    const code = header.sections.filter(({ executable, address }) => executable && address !== 0n);
    const isCode = (value: bigint): boolean => code.some(({ address, bytes }) => value >= address && value < address + bytes);
    const words = new Map<bigint, bigint>();
    const data = header.sections.filter(
      ({ type, executable, address, bytes }) => type === CONTENT && !executable && address !== 0n && bytes <= MOST_BYTES,
    );
    for (const { address, offset, bytes } of data) {
      const content = read(offset, Number(bytes));
      // tables of addresses lie at multiples of eight
      for (let at = Number(-address & 7n); at + WORD_BYTES <= content.length; at += WORD_BYTES) {
        const value = content.readBigUInt64LE(at);
        if (value !== 0n && isCode(value)) words.set(address + BigInt(at), value);
      }
    }
    for (const { offset, bytes } of header.sections.filter(({ type }) => type === RELOCATIONS)) {
      const content = read(offset, Math.min(Number(bytes), MOST_BYTES));
      for (let at = 0; at + RELOCATION_BYTES <= content.length; at += RELOCATION_BYTES) {
        const value = content.readBigUInt64LE(at + 16);
        if (content.readUInt32LE(at + 8) === RELATIVE && isCode(value)) words.set(content.readBigUInt64LE(at), value);
      }
    }
    const tables: { address: bigint; entries: bigint[] }[] = [];
    let next = -1n;
    for (const [slot, value] of [...words].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (slot === next) tables[tables.length - 1].entries.push(value);
      else tables.push({ address: slot, entries: [value] });
      next = slot + BigInt(WORD_BYTES);
    }
    return tables.filter(({ entries }) => entries.length > 1);
  });
