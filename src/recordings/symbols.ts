// Names of addresses in a recording: the files that were mapped into the process, and the functions in them.
import { basename } from "#platform/path";

/** A function: a range of a file's addresses. */
export interface RecordedSymbol {
  readonly start: bigint;
  /** Bytes. */
  readonly size: bigint;
  readonly name: string;
}

/** A range of a file that was mapped into the recorded process. */
export interface RecordedModule {
  readonly path: string;
  /** Hexadecimal; "" if it has none. */
  readonly buildId: string;
  /** Subtract this from an address to get the one in the file. */
  readonly base: bigint;
  readonly start: bigint;
  readonly size: bigint;
  /** Ascending; none reaches into the next. */
  readonly symbols: readonly RecordedSymbol[];
}

/** Where an address is. */
export interface NamedAddress {
  /** A function, or the file where no function is known. */
  readonly name: string;
  readonly offset: bigint;
  readonly module: string;
}

/** Grows while a recording is read. */
export interface SymbolTable {
  readonly modules: readonly RecordedModule[];
  add(module: RecordedModule): void;
  /** Undefined where nothing is known of an address. */
  find(address: bigint): NamedAddress | undefined;
}

/** A text from a file without control characters, so that a file cannot control the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]/gu, "?");

/** The last of the symbols that begins at an address or before. */
function lastBefore(symbols: readonly RecordedSymbol[], address: bigint): RecordedSymbol | undefined {
  let low = 0;
  let high = symbols.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (symbols[middle].start <= address) low = middle + 1;
    else high = middle;
  }
  return symbols[low - 1];
}

export function createSymbolTable(): SymbolTable {
  const modules: RecordedModule[] = [];
  return {
    modules,
    add: (module) => void modules.push(module),
    find(address) {
      // later mappings cover earlier ones
      const module = modules.findLast(({ start, size }) => address >= start && address < start + size);
      if (module === undefined) return undefined;
      const file = basename(module.path);
      const symbol = lastBefore(module.symbols, address);
      return symbol !== undefined && address < symbol.start + symbol.size
        ? { name: symbol.name, offset: address - symbol.start, module: file }
        : { name: file, offset: address - module.base, module: file };
    },
  };
}

/** "caml_interprete+0x42". */
export const namedAddress = ({ name, offset }: NamedAddress): string => `${name}+0x${offset.toString(16)}`;
