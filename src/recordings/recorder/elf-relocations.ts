// The code of functions with its relocations, from a program linked with its relocations kept.
import { type ElfSection, FUNCTION, type Reader, readHeader, SYMBOL_BYTES, SYMBOL_TABLE, withReader } from "./elf.ts";

const RELOCATIONS = 4;

const RELOCATION_BYTES = 24;

/** A place in a function that the linker filled in, with its value. */
export interface Relocation {
  /** Bytes from the function's start. */
  readonly offset: number;
  /** As the psABI numbers them: 2 and 4 are relative to the place, 1, 10 and 11 absolute. */
  readonly type: number;
  /** "" for a section symbol. */
  readonly symbol: string;
  /** The symbol's address plus the addend. */
  readonly value: number;
}

export interface RelocatableFunction {
  readonly address: number;
  /** As linked. */
  readonly code: Buffer;
  readonly relocations: readonly Relocation[];
}

/** Contents of a program's file that was linked with its relocations kept (`-Wl,--emit-relocs`). */
export interface RelocatableCode {
  /** Addresses of all symbols that have one. */
  readonly symbols: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, RelocatableFunction>;
}

function relocationsIn(read: Reader, section: ElfSection, symbols: readonly NamedSymbol[]): (Relocation & { readonly address: number })[] {
  const bytes = read(section.offset, Number(section.bytes));
  return Array.from({ length: Math.floor(bytes.length / RELOCATION_BYTES) }, (_, i) => {
    const at = i * RELOCATION_BYTES;
    const { name, value } = symbols[bytes.readUInt32LE(at + 12)] ?? { name: "", value: 0 };
    const address = Number(bytes.readBigUInt64LE(at));
    return { address, offset: 0, type: bytes.readUInt32LE(at + 8), symbol: name, value: value + Number(bytes.readBigInt64LE(at + 16)) };
  });
}

interface NamedSymbol {
  readonly name: string;
  readonly value: number;
  readonly bytes: number;
  readonly type: number;
  readonly section: number;
}

function namedSymbols(read: Reader, sections: readonly ElfSection[], table: ElfSection): NamedSymbol[] {
  const names = sections[table.link];
  const texts = read(names.offset, Number(names.bytes));
  const bytes = read(table.offset, Number(table.bytes));
  return Array.from({ length: Math.floor(bytes.length / SYMBOL_BYTES) }, (_, i) => {
    const at = i * SYMBOL_BYTES;
    const start = bytes.readUInt32LE(at);
    return {
      name: texts.toString("latin1", start, texts.indexOf(0, start)),
      value: Number(bytes.readBigUInt64LE(at + 8)),
      bytes: Number(bytes.readBigUInt64LE(at + 16)),
      type: bytes[at + 4] & 15,
      section: bytes.readUInt16LE(at + 6),
    };
  });
}

function parseRelocatable(read: Reader, isWanted: (name: string) => boolean): RelocatableCode | undefined {
  const header = readHeader(read);
  if (header === undefined) return undefined;
  const { sections } = header;
  const table = sections.find(({ type }) => type === SYMBOL_TABLE);
  if (table === undefined) return undefined;
  const named = namedSymbols(read, sections, table);
  const relocations = sections
    .filter(({ type, info }) => type === RELOCATIONS && sections[info]?.executable)
    .flatMap((section) => relocationsIn(read, section, named))
    .sort((a, b) => a.address - b.address);
  const functions = new Map<string, RelocatableFunction>();
  for (const { name, value: address, bytes, type, section } of named) {
    const place = sections[section];
    if (type !== FUNCTION || place === undefined || !isWanted(name)) continue;
    functions.set(name, {
      address,
      code: read(place.offset + BigInt(address) - place.address, bytes),
      relocations: relocations
        .filter((one) => one.address >= address && one.address < address + bytes)
        .map(({ address: at, type: kind, symbol, value }) => ({ offset: at - address, type: kind, symbol, value })),
    });
  }
  return { symbols: new Map(named.filter(({ name }) => name !== "").map(({ name, value }) => [name, value])), functions };
}

/**
 * The code of functions with its relocations, for copying it elsewhere. Undefined as above, and if the file has no symbols.
 * @param isWanted names of functions
 */
export const readRelocatable = (path: string, isWanted: (name: string) => boolean): RelocatableCode | undefined =>
  withReader(path, (read) => parseRelocatable(read, isWanted));
