// A WebAssembly module as its sections say: types, imports, functions with the places of their code, exports.
import { BinaryReader, hexByte } from "./reader.ts";

/** Ids of sections. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order in which sections stand: of each id, its place. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
export const sectionPlace = (id: number): number => ORDER.indexOf(id);

/** Bytes from `start` to `end` - 1. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Section extends Range {
  readonly id: number;
  /** Where its head begins: id and length. */
  readonly head: number;
  /** A custom section's. */
  readonly name?: string;
}

/** A type of functions: how many parameters and results, and the bytes of their types. */
export interface FunctionType {
  readonly parameters: number;
  readonly parameterBytes: Range;
  readonly results: number;
  readonly resultBytes: Range;
}

export const EXTERNAL_KINDS = ["function", "table", "memory", "global", "tag"] as const;
export type ExternalKind = (typeof EXTERNAL_KINDS)[number];

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
}

export interface Export {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

export interface Module {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  /** By index; undefined for what is no type of functions. */
  readonly types: readonly (FunctionType | undefined)[];
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** Of each function, imported ones first: the index of its type. */
  readonly functionTypes: readonly number[];
  readonly importedFunctions: number;
  /** Of each imported global: its type's first byte. */
  readonly importedGlobalTypes: readonly number[];
  readonly tables: number;
  /** Of each tag: the index of its type. */
  readonly tagTypes: readonly number[];
  readonly startFunction: number | undefined;
  /** Of each function with code: its locals and instructions. */
  readonly bodies: readonly Range[];
  /** Proposals that sections make use of, for messages. */
  readonly features: ReadonlySet<string>;
}

const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/**
 * Reads what sections say. Of code only where it stands.
 * @throws UsageError when it is no module, or one of a later format
 */
export function readModule(path: string, bytes: Uint8Array): Module {
  const from = new BinaryReader(bytes, path);
  if (HEAD.slice(0, 4).some((byte, i) => bytes[i] !== byte)) throw from.wrong(`there are not the bytes "\\0asm"`);
  if (HEAD.some((byte, i) => bytes[i] !== byte)) {
    const component = bytes[6] === 1 ? "a component (take the core module out of it: wasm-tools component unbundle)" : "another format";
    throw from.wrong(`there is not version 1: it is ${component}`, 4);
  }
  from.at = HEAD.length;
  const types: (FunctionType | undefined)[] = [];
  const imports: Import[] = [];
  const exports: Export[] = [];
  const functionTypes: number[] = [];
  const tagTypes: number[] = [];
  const bodies: Range[] = [];
  const sections: Section[] = [];
  const features = new Set<string>();
  const importedGlobalTypes: number[] = [];
  let importedFunctions = 0;
  let tables = 0;
  let memories = 0;
  let startFunction: number | undefined;

  /** Value types in a row; the bytes that they take. */
  function valueTypes(count: number): Range {
    const start = from.at;
    for (let i = 0; i < count; i++) {
      if (bytes[from.at] === 0x63 || bytes[from.at] === 0x64) features.add("typed references");
      from.skipValueType();
    }
    return { start, end: from.at };
  }
  function field(): void {
    if (bytes[from.at] === 0x77 || bytes[from.at] === 0x78) from.skip(1);
    else from.skipValueType();
    from.byte();
  }
  function compositeType(): void {
    const code = from.byte();
    if (code === 0x60) {
      const parameters = from.count();
      const parameterBytes = valueTypes(parameters);
      const results = from.count();
      types.push({ parameters, parameterBytes, results, resultBytes: valueTypes(results) });
      return;
    }
    features.add("garbage collection");
    if (code === 0x5f) for (let fields = from.count(); fields > 0; fields--) field();
    else if (code === 0x5e) field();
    else throw from.wrong(`there is no kind of type ${hexByte(code)}`, from.at - 1);
    types.push(undefined);
  }
  function subType(): void {
    if (bytes[from.at] === 0x50 || bytes[from.at] === 0x4f) {
      from.skip(1);
      features.add("garbage collection");
      for (let supers = from.count(); supers > 0; supers--) from.u32();
    }
    compositeType();
  }
  function limits(ofMemory: boolean): void {
    const flags = from.skipLimits();
    if (flags & 4) features.add("memory64");
    if (ofMemory && ++memories > 1) features.add("multiple memories");
  }
  function tag(): void {
    from.byte();
    tagTypes.push(from.u32());
  }
  function importOne(): void {
    const module = from.name();
    const name = from.name();
    const code = from.byte();
    if (code >= EXTERNAL_KINDS.length) throw from.wrong(`there is no kind of import ${hexByte(code)}`, from.at - 1);
    const kind = EXTERNAL_KINDS[code];
    imports.push({ module, name, kind });
    if (kind === "function") {
      functionTypes.push(from.u32());
      importedFunctions++;
    } else if (kind === "table") {
      from.skipValueType();
      limits(false);
      tables++;
    } else if (kind === "memory") limits(true);
    else if (kind === "tag") tag();
    else {
      importedGlobalTypes.push(bytes[from.at]);
      from.skipValueType();
      from.byte();
    }
  }
  function exportOne(): void {
    const name = from.name();
    const code = from.byte();
    if (code >= EXTERNAL_KINDS.length) throw from.wrong(`there is no kind of export ${hexByte(code)}`, from.at - 1);
    exports.push({ name, kind: EXTERNAL_KINDS[code], index: from.u32() });
  }
  function recursiveTypes(): void {
    if (bytes[from.at] !== 0x4e) {
      subType();
      return;
    }
    from.skip(1);
    features.add("garbage collection");
    for (let inside = from.count(); inside > 0; inside--) subType();
  }
  function body(): void {
    const length = from.u32();
    const start = from.at;
    from.skip(length);
    bodies.push({ start, end: from.at });
  }
  const vector =
    (read: () => void): (() => void) =>
    () => {
      for (let count = from.count(); count > 0; count--) read();
    };
  const readers: Readonly<Record<number, () => void>> = {
    [SECTION.type]: vector(recursiveTypes),
    [SECTION.import]: vector(importOne),
    [SECTION.function]: vector(() => functionTypes.push(from.u32())),
    [SECTION.memory]: vector(() => limits(true)),
    [SECTION.tag]: vector(tag),
    [SECTION.export]: vector(exportOne),
    [SECTION.start]: () => {
      startFunction = from.u32();
    },
    [SECTION.code]: vector(body),
  };

  let place = -1;
  while (from.at < bytes.length) {
    const head = from.at;
    const id = from.byte();
    const length = from.u32();
    const start = from.at;
    from.skip(length);
    const end = from.at;
    from.at = start;
    if (id === SECTION.custom) {
      sections.push({ id, head, start, end, name: from.name() });
    } else {
      const next = sectionPlace(id);
      if (next < 0) throw from.wrong(`there is no kind of section ${id}`, head);
      if (next <= place) throw from.wrong(`section ${id} stands out of order`, head);
      place = next;
      sections.push({ id, head, start, end });
      if (id === SECTION.table) tables += from.count();
      else readers[id]?.();
      if (readers[id] !== undefined && from.at !== end) throw from.wrong(`section ${id} is not as long as it says`);
    }
    if (from.at > end) throw from.wrong("a section is longer than it says");
    from.at = end;
  }
  if (functionTypes.length - importedFunctions !== bodies.length)
    throw from.wrong(`${functionTypes.length - importedFunctions} functions are declared, and ${bodies.length} have code`);
  if (functionTypes.some((type) => types[type] === undefined)) throw from.wrong("a function has a type that is none of functions");
  if (tagTypes.some((type) => types[type] === undefined)) throw from.wrong("a tag has a type that is none of functions");
  return {
    path,
    bytes,
    sections,
    types,
    imports,
    exports,
    functionTypes,
    importedFunctions,
    importedGlobalTypes,
    tables,
    tagTypes,
    startFunction,
    bodies,
    features,
  };
}
