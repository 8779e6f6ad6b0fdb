// What OCaml programs compute with, as values of the host. Everything outside the interpreter's hot loop goes through the
// functions here, so that how a block looks can change in one place. Memory is the host's garbage collector's business.
import type { Host } from "./host.ts";

/** An integer of 63 bits: a number wherever a double holds it exactly (a safe integer), a bigint beyond; never either way. */
export type Integer = number | bigint;

/** A boxed floating-point number. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** What C calls a custom block: int32, int64, nativeint, channels, abstract things of primitives. */
export class Custom {
  /** Its identifier, as marshalling writes it: "_i", "_j", "_n", "_chan", … */
  readonly kind: string;
  /** int32: a number; int64 and nativeint: a bigint, signed; else whatever its primitives put there. */
  readonly data: unknown;
  constructor(kind: string, data: unknown) {
    this.kind = kind;
    this.data = data;
  }
}

/** A tag as the first element of a block. An object: with a number there, V8 would keep blocks of integers, of doubles and of anything apart. */
class Tag {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
}

/** The tags, by their numbers. Only the interpreter makes blocks of them itself. */
export const TAGS: readonly Tag[] = Array.from({ length: 256 }, (_, number) => new Tag(number));

/**
 * A block: its tag, then its fields, without holes. Strings and bytes are `Uint8Array` (without padding; never `Buffer`, which V8
 * tells apart), float arrays `Float64Array`. A function that was defined among others is a block apart, tagged INFIX_TAG: its
 * code pointer, the block of all of them, and the field there where its code pointer stands.
 */
export type HeapBlock = (Value | Tag)[];

export type Value = Integer | Float | Custom | Uint8Array | Float64Array | HeapBlock;

export const FORCING_TAG = 244;
export const CONTINUATION_TAG = 245;
export const LAZY_TAG = 246;
export const CLOSURE_TAG = 247;
export const OBJECT_TAG = 248;
export const INFIX_TAG = 249;
export const FORWARD_TAG = 250;
export const ABSTRACT_TAG = 251;
export const STRING_TAG = 252;
export const DOUBLE_TAG = 253;
export const DOUBLE_ARRAY_TAG = 254;
export const CUSTOM_TAG = 255;

export function makeHeapBlock(tag: number, ...fields: Value[]): HeapBlock {
  return [TAGS[tag], ...fields];
}

/** A block to copy from: copies of an array without holes have none, and no room that they do not need. */
let template: HeapBlock = [TAGS[0]];

/** A block whose fields are all `initial`, however many. */
export function allocateHeapBlock(tag: number, size: number, initial: Value): HeapBlock {
  while (template.length <= size) template = template.concat(template);
  const block = template.slice(0, size + 1).fill(initial);
  block[0] = TAGS[tag];
  return block;
}

/** The one array without elements, of floats or anything. Nothing may change it. */
export const EMPTY_ARRAY: HeapBlock = makeHeapBlock(0);

export function isHeapBlock(value: Value): value is HeapBlock {
  return Array.isArray(value);
}

export function isInteger(value: Value): value is Integer {
  return typeof value === "number" || typeof value === "bigint";
}

export function tagOf(block: HeapBlock): number {
  return (block[0] as Tag).number;
}

/** Fields of a block. */
export function sizeOf(block: HeapBlock): number {
  return block.length - 1;
}

/** @param index from 0 */
export function fieldOf(block: HeapBlock, index: number): Value {
  return block[index + 1] as Value;
}

/** @param index from 0 */
export function setField(block: HeapBlock, index: number, value: Value): void {
  block[index + 1] = value;
}

export function setTag(block: HeapBlock, tag: number): void {
  block[0] = TAGS[tag];
}

/** Takes fields from a block, or gives it more, which are 0. */
export function resize(block: HeapBlock, size: number): void {
  while (block.length <= size) block.push(0);
  block.length = size + 1;
}

/** Words of a value without its header, on a machine of 64 bits. */
export function wordsOf(value: Exclude<Value, Integer>): number {
  if (isHeapBlock(value)) return sizeOf(value);
  if (value instanceof Uint8Array) return Math.floor(value.length / 8) + 1;
  if (value instanceof Float) return 1;
  if (value instanceof Float64Array) return value.length;
  return 2;
}

/** An integer in its one form, cut to 63 bits. */
export function toInteger(value: bigint): Integer {
  const cut = BigInt.asIntN(63, value);
  return cut >= -9007199254740991n && cut <= 9007199254740991n ? Number(cut) : cut;
}

/** An OCaml exception on its way: primitives throw it, the interpreter catches it. */
export class Raised {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** What primitives may ask of the machine that runs them. */
export interface Runtime {
  /** Raises one of the runtime's own exceptions (`Failure`, `Invalid_argument`, `Sys_error`, …) with a message. */
  raiseWith(exception: PredefinedException, message: string | Uint8Array): never;
  /** Raises one without argument: `Not_found`, `End_of_file`, `Division_by_zero`, `Out_of_memory`, `Stack_overflow`. */
  raise(exception: PredefinedException): never;
  /** Calls an OCaml function from a primitive. */
  callback(closure: Value, ...values: Value[]): Value;
  /** Values registered by `caml_register_named_value`. */
  readonly named: Map<string, Value>;
  /** The program's name and the words after it: Sys.argv. */
  readonly words: readonly string[];
  /** The world outside: what the program reads and writes. */
  readonly host: Host;
  /** The global data, field by field. */
  readonly globals: HeapBlock;
  /** Ends the run with an exit code. */
  exit(code: number): never;
}

/** The runtime's own exceptions, by their places in the global data. */
export const PREDEFINED_EXCEPTIONS = [
  "Out_of_memory",
  "Sys_error",
  "Failure",
  "Invalid_argument",
  "End_of_file",
  "Division_by_zero",
  "Not_found",
  "Match_failure",
  "Stack_overflow",
  "Sys_blocked_io",
  "Assert_failure",
  "Undefined_recursive_module",
] as const;
export type PredefinedException = (typeof PREDEFINED_EXCEPTIONS)[number];

/** C primitives of one family, by their C names. Each takes its arguments as values; `unit` is 0. */
export type Primitives = Readonly<Record<string, (...values: never[]) => Value>>;
