// Reads a program's file (ELF, 64 bits, little-endian): the addresses of its segments, its functions, its build id. Files may be
// damaged: parts that lie outside of the file are ignored.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

interface Segment {
  readonly offset: bigint;
  readonly address: bigint;
  readonly bytes: bigint;
}

export interface ElfSymbol {
  readonly address: bigint;
  /** 0 if unknown. */
  readonly size: bigint;
  readonly name: string;
}

export interface ElfFile {
  /** As ELF numbers them; 62 is x86-64. */
  readonly machine: number;
  /** Hexadecimal; "" if it has none. */
  readonly buildId: string;
  readonly segments: readonly Segment[];
  /** Functions, ascending; none reaches into the next. */
  readonly symbols: readonly ElfSymbol[];
}

const MAGIC = "7f454c460201";
const MOST_HEADERS = 1 << 16;
const MOST_SYMBOLS = 1 << 20;
const MOST_NAMES_BYTES = 1 << 27;
const MOST_NAME_BYTES = 4096;

export const SYMBOL_TABLE = 2;
const DYNAMIC_SYMBOLS = 11;
const LOADED = 1;
const NOTES = 4;
const BUILD_ID = 3;
const EXECUTABLE = 4n;
export const SYMBOL_BYTES = 24;
const NO_TYPE = 0;
export const FUNCTION = 2;
const INDIRECT_FUNCTION = 10;

export interface ElfSection {
  readonly type: number;
  readonly executable: boolean;
  readonly address: bigint;
  readonly offset: bigint;
  readonly bytes: bigint;
  readonly link: number;
  readonly info: number;
}

/** Reads a part of a file; less if the file ends before. */
export type Reader = (offset: bigint, bytes: number) => Buffer;

function readTable<T>(read: Reader, offset: bigint, entryBytes: number, count: number, least: number, of: (entry: Buffer) => T): T[] {
  if (entryBytes < least || count > MOST_HEADERS) return [];
  const table = read(offset, entryBytes * count);
  return Array.from({ length: Math.floor(table.length / entryBytes) }, (_, i) => of(table.subarray(i * entryBytes, (i + 1) * entryBytes)));
}

function buildIdIn(notes: Buffer): string {
  for (let at = 0; at + 12 <= notes.length; ) {
    const nameBytes = notes.readUInt32LE(at);
    const bytes = notes.readUInt32LE(at + 4);
    const content = at + 12 + 4 * Math.ceil(nameBytes / 4);
    if (notes.readUInt32LE(at + 8) === BUILD_ID && notes.toString("latin1", at + 12, at + 16) === "GNU\0")
      return notes.toString("hex", content, Math.min(content + bytes, content + 64));
    at = content + 4 * Math.ceil(bytes / 4);
  }
  return "";
}

interface Candidate extends ElfSymbol {
  /** Order of preference: more informative symbols first. */
  readonly rank: number;
}

function candidatesIn(read: Reader, sections: readonly ElfSection[], table: ElfSection): Candidate[] {
  const names = sections[table.link];
  if (names === undefined || names.bytes > MOST_NAMES_BYTES) return [];
  const texts = read(names.offset, Number(names.bytes));
  const count = Math.min(Number(table.bytes / BigInt(SYMBOL_BYTES)), MOST_SYMBOLS);
  const bytes = read(table.offset, count * SYMBOL_BYTES);
  const found: Candidate[] = [];
  for (let at = 0; at + SYMBOL_BYTES <= bytes.length; at += SYMBOL_BYTES) {
    const type = bytes[at + 4] & 15;
    const binding = bytes[at + 4] >> 4;
    const section = sections[bytes.readUInt16LE(at + 6)];
    const isFunction = type === FUNCTION || type === INDIRECT_FUNCTION;
    if (section === undefined || !section.executable || !(isFunction || type === NO_TYPE)) continue;
    const start = bytes.readUInt32LE(at);
    if (start >= texts.length) continue;
    const end = texts.indexOf(0, start);
    const name = texts.toString("utf8", start, Math.min(end < 0 ? texts.length : end, start + MOST_NAME_BYTES));
    if (name === "") continue;
    const size = bytes.readBigUInt64LE(at + 16);
    // global names, then weak ones, then local ones; labels last
    const rank = (isFunction && size > 0n ? 0 : 4) + (binding === 1 ? 0 : binding === 2 ? 1 : 2);
    found.push({ address: bytes.readBigUInt64LE(at + 8), size, name, rank });
  }
  return found;
}

/** Ascending, one for each address, cut where the next begins; labels end there, and are left out where a function is. */
function ordered(candidates: readonly Candidate[], sections: readonly ElfSection[]): ElfSymbol[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...candidates].sort((a, b) =>
    a.address === b.address ? a.rank - b.rank || a.name.length - b.name.length || compare(a.name, b.name) : a.address < b.address ? -1 : 1,
  );
  const kept: Candidate[] = [];
  let covered = 0n;
  for (const symbol of sorted) {
    if (symbol.address === kept.at(-1)?.address || (symbol.rank >= 4 && symbol.address < covered)) continue;
    kept.push(symbol);
    if (symbol.rank < 4 && symbol.address + symbol.size > covered) covered = symbol.address + symbol.size;
  }
  const code = sections.filter(({ executable }) => executable);
  const cut = kept.map(({ address, size, name }, i) => {
    const section = code.find((one) => address >= one.address && address < one.address + one.bytes);
    const limit = section === undefined ? address : section.address + section.bytes;
    const next = i + 1 < kept.length && kept[i + 1].address < limit ? kept[i + 1].address : limit;
    return { address, name, size: size > 0n && address + size < next ? size : next - address };
  });
  return cut.filter(({ size }) => size > 0n);
}

interface Header {
  readonly machine: number;
  readonly segments: readonly (Segment & { readonly type: number })[];
  readonly sections: readonly ElfSection[];
}

export function readHeader(read: Reader): Header | undefined {
  const header = read(0n, 64);
  if (header.length < 64 || header.toString("hex", 0, 6) !== MAGIC) return undefined;
  const segments = readTable(
    read,
    header.readBigUInt64LE(32),
    header.readUInt16LE(54),
    header.readUInt16LE(56),
    56,
    (entry): Segment & { readonly type: number } => ({
      type: entry.readUInt32LE(0),
      offset: entry.readBigUInt64LE(8),
      address: entry.readBigUInt64LE(16),
      bytes: entry.readBigUInt64LE(32),
    }),
  );
  const sections = readTable(
    read,
    header.readBigUInt64LE(40),
    header.readUInt16LE(58),
    header.readUInt16LE(60),
    64,
    (entry): ElfSection => ({
      type: entry.readUInt32LE(4),
      executable: (entry.readBigUInt64LE(8) & EXECUTABLE) !== 0n,
      address: entry.readBigUInt64LE(16),
      offset: entry.readBigUInt64LE(24),
      bytes: entry.readBigUInt64LE(32),
      link: entry.readUInt32LE(40),
      info: entry.readUInt32LE(44),
    }),
  );
  return { machine: header.readUInt16LE(18), segments, sections };
}

function parse(read: Reader): ElfFile | undefined {
  const header = readHeader(read);
  if (header === undefined) return undefined;
  const { machine, segments, sections } = header;
  const table = sections.find(({ type }) => type === SYMBOL_TABLE) ?? sections.find(({ type }) => type === DYNAMIC_SYMBOLS);
  const notes = segments.filter(({ type }) => type === NOTES).map(({ offset, bytes }) => read(offset, Math.min(Number(bytes), 1 << 16)));
  return {
    machine,
    buildId: notes.map(buildIdIn).find((id) => id !== "") ?? "",
    segments: segments.filter(({ type }) => type === LOADED),
    symbols: table === undefined ? [] : ordered(candidatesIn(read, sections, table), sections),
  };
}

export function withReader<T>(path: string, parsed: (read: Reader) => T | undefined): T | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    return parsed((offset, bytes) => {
      if (offset >= BigInt(size)) return Buffer.alloc(0);
      const buffer = Buffer.alloc(Math.min(bytes, size - Number(offset)));
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, Number(offset)));
    });
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Undefined if a file is no 64-bit ELF file, or cannot be read. */
export const readElf = (path: string): ElfFile | undefined => withReader(path, parse);
