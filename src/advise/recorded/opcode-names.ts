// What the places are called to which a recorded interpreter's dispatches go: opcodes of an interpreter that is known, else numbers in
// its table, functions, or addresses.
import { basename } from "node:path";
import { readElf } from "../../recordings/recorder/elf.ts";
import { printable, type RecordedModule, type SymbolTable } from "../../recordings/symbols.ts";
import { bodyTable, type FunctionRange } from "./body-table.ts";
import type { DispatchSequence } from "./dispatch-sequence.ts";
import { CPYTHON } from "./interpreters/cpython.ts";
import { GFORTH_ENGINE } from "./interpreters/gforth.ts";
import { JAVA_ZERO } from "./interpreters/java-zero.ts";
import { LUA } from "./interpreters/lua.ts";
import { OCAML_BYTECODE } from "./interpreters/ocaml.ts";
import type { KnownInterpreter } from "./known-interpreter.ts";
import { sourceLines } from "./source-lines.ts";

const INTERPRETERS: readonly KnownInterpreter[] = [CPYTHON, GFORTH_ENGINE, JAVA_ZERO, LUA, OCAML_BYTECODE];

/** More opcodes with one body are not all named. */
const MOST_NAMED = 3;

export interface NamedOpcodes {
  /** By number of a target; all different, without blanks and commas. */
  readonly names: readonly string[];
  /** File and line of each body in its source; undefined where they are not known. */
  readonly sources: readonly (string | undefined)[];
  /** Bytes from each body to the next one of the table, or of those that executed; undefined for the last. */
  readonly bytes: readonly (number | undefined)[];
  /** The function that interprets, or the file where it has no name; undefined where neither is known. */
  readonly interpreter: string | undefined;
  /** The interpreter whose opcodes' names are known. */
  readonly known: KnownInterpreter | undefined;
  /** How many bodies its table has; undefined if none was found. */
  readonly tableBodies: number | undefined;
}

/** The mapped file where most of some addresses lie. */
function moduleOf(addresses: readonly bigint[], { modules }: SymbolTable): RecordedModule | undefined {
  const counts = new Map<RecordedModule, number>();
  for (const address of addresses) {
    const module = modules.findLast(({ start, size }) => address >= start && address < start + size);
    if (module !== undefined) counts.set(module, (counts.get(module) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The function that has most bodies, in addresses of the file; what lies between the outermost bodies where it has no name. */
function functionOf(addresses: readonly bigint[], { base, symbols }: RecordedModule): FunctionRange & { readonly name: string } {
  const counts = new Map<RecordedModule["symbols"][number], number>();
  for (const address of addresses) {
    const symbol = symbols.find(({ start, size }) => address >= start && address < start + size);
    if (symbol !== undefined) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  const [symbol, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [undefined, 0];
  if (symbol !== undefined && count * 2 > addresses.length)
    return { name: symbol.name, start: symbol.start - base, end: symbol.start + symbol.size - base };
  const sorted = [...addresses].sort((a, b) => (a < b ? -1 : 1));
  return { name: "", start: sorted[0] - base, end: sorted[sorted.length - 1] + 1n - base };
}

/** Numbers of opcodes by the address of their body. */
function numbersOf(table: readonly bigint[]): Map<bigint, number[]> {
  const numbers = new Map<bigint, number[]>();
  table.forEach((address, number) => {
    const all = numbers.get(address);
    if (all === undefined) numbers.set(address, [number]);
    else all.push(number);
  });
  return numbers;
}

const joined = (names: readonly string[]): string =>
  names.length <= MOST_NAMED ? names.join("|") : `${names.slice(0, MOST_NAMED).join("|")}|…`;

/** A name without blanks, commas and what would make two of one. */
const asWord = (name: string): string => printable(name).replace(/[\s,]+/g, "_");

/** Gives equal names a number. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

/** Without what all names of functions begin with: "op_" of "op_add". */
function withoutCommon(names: readonly string[]): string[] {
  const [first] = names;
  let common = 0;
  while (common < first.length && names.every((name) => name.startsWith(first.slice(0, common + 1)))) common++;
  const at = first.lastIndexOf("_", common - 1) + 1;
  return names.map((name) => (at > 0 && name.length > at ? name.slice(at) : name));
}

/** Where the bodies lie: a mapped file that is still here as it was recorded, and a table of them in it. */
export interface BodiesFile {
  readonly module: RecordedModule;
  readonly range: ReturnType<typeof functionOf>;
  readonly known: KnownInterpreter | undefined;
  readonly names: readonly string[] | undefined;
  /** Addresses of bodies by number, in the file; undefined if there is no table. */
  readonly table: readonly bigint[] | undefined;
}

/** Undefined where the file is not known, or is another one by now. */
export function findBodies({ targets, symbols, sites, totals }: DispatchSequence): BodiesFile | undefined {
  const addresses = targets.map(({ address }) => address);
  const module = moduleOf(addresses, symbols);
  const here = module && readElf(module.path);
  if (module === undefined || here === undefined || here.buildId !== module.buildId) return undefined;
  const range = functionOf(addresses, module);
  const found = {
    file: basename(module.path),
    path: module.path,
    interpreter: range.name,
    program: totals.provenance?.program ?? module.path,
  };
  const known = INTERPRETERS.find((one) => one.recognises({ ...found, entries: 0 }));
  const inFile = new Set(addresses.map((address) => address - module.base));
  const table = bodyTable(module.path, inFile, sites[0] - module.base, range, known?.entries ?? []);
  const names = table === undefined ? undefined : known?.names({ ...found, entries: table.length, table });
  return { module, range, known: names === undefined ? undefined : known, names, table };
}

/** All bodies of a table, in the recording's addresses. */
export const tableAddresses = (file: BodiesFile | undefined): ReadonlySet<bigint> | undefined =>
  file?.table === undefined ? undefined : new Set(file.table.map((address) => address + file.module.base));

export function nameOpcodes({ targets, symbols }: DispatchSequence, file: BodiesFile | undefined): NamedOpcodes {
  const addresses = targets.map(({ address }) => address);
  const module = moduleOf(addresses, symbols);
  const inFile = addresses.map((address) => address - (module?.base ?? 0n));
  const hexadecimal = inFile.map((address) => `0x${address.toString(16)}`);
  const places = addresses.map((address) => symbols.find(address));
  const functions = places.every((place) => place !== undefined && place.offset === 0n && place.name !== place.module);
  const functionNames = functions ? withoutCommon(places.map((place) => asWord(place?.name ?? ""))) : undefined;
  const range = module && functionOf(addresses, module);
  const numbers = numbersOf(file?.table ?? []);
  const sources = file === undefined ? addresses.map(() => undefined) : sourceLines(file.module.path, inFile);
  // bodies on one line are told apart by nothing that it says
  const oneLine = new Set(sources.map((source) => source?.place)).size === 1;
  const names = inFile.map((address, i): string => {
    const own = numbers.get(address);
    if (own !== undefined && file?.names !== undefined) return asWord(joined(own.map((number) => file.names?.[number] ?? `op${number}`)));
    if (functionNames !== undefined) return functionNames[i];
    const name = own === undefined ? hexadecimal[i] : joined(own.map((number) => `op${number}`));
    const source = sources[i];
    return asWord(source === undefined || oneLine ? name : `${source.label ?? name}@${source.place}`);
  });
  return {
    names: distinct(names),
    sources: sources.map((source) => source?.place),
    bytes: bytesBetween(inFile, file?.table ?? inFile),
    interpreter:
      module === undefined ? undefined : printable(range === undefined || range.name === "" ? basename(module.path) : range.name),
    known: file?.known,
    tableBodies: file?.table === undefined ? undefined : new Set(file.table).size,
  };
}

/** From each address to the next one of all. */
function bytesBetween(addresses: readonly bigint[], all: readonly bigint[]): (number | undefined)[] {
  const sorted = [...new Set([...all, ...addresses])].sort((a, b) => (a < b ? -1 : 1));
  const next = new Map(sorted.map((address, i) => [address, sorted[i + 1]]));
  return addresses.map((address) => {
    const after = next.get(address);
    return after === undefined ? undefined : Number(after - address);
  });
}
