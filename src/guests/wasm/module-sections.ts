// What the sections of a WebAssembly module say: a reader for each kind of section that this lab needs.
import { EXTERNAL_KINDS, type Module, type Range, SECTION } from "./module.ts";
import { type BinaryReader, hexByte } from "./reader.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends ReadonlySet<infer U> ? Set<U> : T[K] extends readonly (infer U)[] ? U[] : T[K] };

/** What was read so far; each section adds to it. */
export type Contents = Mutable<Omit<Module, "path" | "bytes" | "sections">> & { memories: number };

export const nothingRead = (): Contents => ({
  types: [],
  imports: [],
  exports: [],
  functionTypes: [],
  importedFunctions: 0,
  importedGlobalTypes: [],
  tables: 0,
  tagTypes: [],
  startFunction: undefined,
  bodies: [],
  features: new Set(),
  memories: 0,
});

/** Reads one entry of the type section: a type, or a group of types that refer to each other. */
function typeReader(from: BinaryReader, bytes: Uint8Array, contents: Contents): () => void {
  /** Value types in a row; the bytes that they take. */
  function valueTypes(count: number): Range {
    const start = from.at;
    for (let i = 0; i < count; i++) {
      if (bytes[from.at] === 0x63 || bytes[from.at] === 0x64) contents.features.add("typed references");
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
      contents.types.push({ parameters, parameterBytes, results, resultBytes: valueTypes(results) });
      return;
    }
    contents.features.add("garbage collection");
    if (code === 0x5f) for (let fields = from.count(); fields > 0; fields--) field();
    else if (code === 0x5e) field();
    else throw from.wrong(`there is no kind of type ${hexByte(code)}`, from.at - 1);
    contents.types.push(undefined);
  }
  function subType(): void {
    if (bytes[from.at] === 0x50 || bytes[from.at] === 0x4f) {
      from.skip(1);
      contents.features.add("garbage collection");
      for (let supers = from.count(); supers > 0; supers--) from.u32();
    }
    compositeType();
  }
  function recursiveTypes(): void {
    if (bytes[from.at] !== 0x4e) {
      subType();
      return;
    }
    from.skip(1);
    contents.features.add("garbage collection");
    for (let inside = from.count(); inside > 0; inside--) subType();
  }
  return recursiveTypes;
}

/** Parts of declarations that imports and sections of their own have in common. */
function createShared(from: BinaryReader, contents: Contents) {
  function limits(ofMemory: boolean): void {
    const flags = from.skipLimits();
    if (flags & 4) contents.features.add("memory64");
    if (ofMemory && ++contents.memories > 1) contents.features.add("multiple memories");
  }
  function tag(): void {
    from.byte();
    contents.tagTypes.push(from.u32());
  }
  return { limits, tag };
}

/** Reads one import. */
function importReader(from: BinaryReader, bytes: Uint8Array, contents: Contents, shared: ReturnType<typeof createShared>): () => void {
  return () => {
    const module = from.name();
    const name = from.name();
    const code = from.byte();
    if (code >= EXTERNAL_KINDS.length) throw from.wrong(`there is no kind of import ${hexByte(code)}`, from.at - 1);
    const kind = EXTERNAL_KINDS[code];
    contents.imports.push({ module, name, kind });
    if (kind === "function") {
      contents.functionTypes.push(from.u32());
      contents.importedFunctions++;
    } else if (kind === "table") {
      from.skipValueType();
      shared.limits(false);
      contents.tables++;
    } else if (kind === "memory") shared.limits(true);
    else if (kind === "tag") shared.tag();
    else {
      contents.importedGlobalTypes.push(bytes[from.at]);
      from.skipValueType();
      from.byte();
    }
  };
}

/** By id, what reads a section; `from` is then at its end. */
export function sectionReaders(from: BinaryReader, bytes: Uint8Array, contents: Contents): Readonly<Record<number, () => void>> {
  const shared = createShared(from, contents);
  function exportOne(): void {
    const name = from.name();
    const code = from.byte();
    if (code >= EXTERNAL_KINDS.length) throw from.wrong(`there is no kind of export ${hexByte(code)}`, from.at - 1);
    contents.exports.push({ name, kind: EXTERNAL_KINDS[code], index: from.u32() });
  }
  function body(): void {
    const length = from.u32();
    const start = from.at;
    from.skip(length);
    contents.bodies.push({ start, end: from.at });
  }
  const vector =
    (read: () => void): (() => void) =>
    () => {
      for (let count = from.count(); count > 0; count--) read();
    };
  return {
    [SECTION.type]: vector(typeReader(from, bytes, contents)),
    [SECTION.import]: vector(importReader(from, bytes, contents, shared)),
    [SECTION.function]: vector(() => contents.functionTypes.push(from.u32())),
    [SECTION.memory]: vector(() => shared.limits(true)),
    [SECTION.tag]: vector(shared.tag),
    [SECTION.export]: vector(exportOne),
    [SECTION.start]: () => {
      contents.startFunction = from.u32();
    },
    [SECTION.code]: vector(body),
  };
}
