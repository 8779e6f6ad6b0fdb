// A WebAssembly module as its sections say: types, imports, functions with the places of their code, exports.

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
