// A bytecode executable as ocamlc writes it: anything first (#!/usr/bin/ocamlrun, a whole native runtime), then sections, and
// at the end the table of them:
//
//   … | CODE | … | PRIM | DATA | … | name length  name length … | how many | Caml1999X030
//                                    4    4 bytes, big endian      4          12
import { closeSync, fstatSync, openSync, readSync } from "#platform/fs";
import { UsageError, unreadable } from "../../../errors.ts";
import { OCAML_FILES } from "../language.ts";

export interface Bytecode {
  /** The instructions as 32-bit words. */
  readonly words: Int32Array;
  /** The initial global data, marshalled. */
  readonly data: Uint8Array;
  /** Names of the C primitives, by number. */
  readonly primitives: readonly string[];
  /** How it codes effects; undefined before OCaml 5, which has none. */
  readonly effects: EffectCoding | undefined;
}

/** How effects are coded in bytecode: up to OCaml 5.1 a continuation does not know its outermost fiber. */
export type EffectCoding = "5.0" | "5.2";

function effectCodingOf(version: string): EffectCoding | undefined {
  if (version < "5") return undefined;
  return version < "5.2" ? "5.0" : "5.2";
}

/** Those whose instructions this guest has: 149, the same in all, and in OCaml 5 four more, for effects. */
const SUPPORTED = new Map([
  ["Caml1999X030", "4.13"],
  ["Caml1999X031", "4.14"],
  ["Caml1999X032", "5.0"],
  ["Caml1999X033", "5.1"],
  ["Caml1999X034", "5.2"],
  ["Caml1999X035", "5.3"],
]);
/** The versions of OCaml whose bytecode runs. */
export const READABLE_VERSIONS: readonly string[] = [...SUPPORTED.values()];
/** Names of others, for messages: each release has the next number (exec_magic_number in its utils/config). */
const OTHERS = new Map([
  ["Caml1999X023", "4.07"],
  ["Caml1999X025", "4.08"],
  ["Caml1999X026", "4.09"],
  ["Caml1999X027", "4.10"],
  ["Caml1999X028", "4.11"],
  ["Caml1999X029", "4.12"],
  ["Caml1999X036", "5.4"],
]);

const MAGIC_BYTES = 12;
const TRAILER_BYTES = 4 + MAGIC_BYTES;
const DESCRIPTOR_BYTES = 8;
/** ocamlc itself compiled to bytecode has 8 MB. */
const LARGEST_FILE = 1 << 28;

function contentsOf(path: string): Buffer {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > LARGEST_FILE) throw new UsageError(`${path}: ${size} bytes, expected ${OCAML_FILES.file} of at most ${LARGEST_FILE}`);
      const bytes = Buffer.alloc(size);
      let length = 0;
      for (let count = 1; count > 0 && length < size; length += count) count = readSync(file, bytes, length, size - length, length);
      return bytes.subarray(0, length);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, OCAML_FILES.file, error);
  }
}

/** The version of OCaml that wrote a file. */
function versionOf(path: string, bytes: Buffer): string {
  const magic = bytes.toString("latin1", Math.max(0, bytes.length - MAGIC_BYTES));
  const known = SUPPORTED.get(magic);
  if (known !== undefined) return known;
  const [magics, versions] = [[...SUPPORTED.keys()], READABLE_VERSIONS];
  const supported = `${versions.slice(0, -1).join(", ")} or ${versions.at(-1)} (${magics[0]} to ${magics.at(-1)})`;
  if (/^Caml1999X\d{3}$/.test(magic)) {
    const version = OTHERS.get(magic);
    const what = version === undefined ? `bytecode ${magic}` : `bytecode of OCaml ${version} (${magic})`;
    throw new UsageError(`${path}: ${what}, expected that of OCaml ${supported}: compile it with one of these`);
  }
  throw new UsageError(`${path} is not ${OCAML_FILES.file}: it does not end in the name of a version, ${supported}; or it was cut short`);
}

/** @throws UsageError when the file cannot be read, or is none of a supported version */
export function readBytecode(path: string): Bytecode {
  const bytes = contentsOf(path);
  if (bytes.length === 0) throw new UsageError(`${path} is empty, expected ${OCAML_FILES.file}`);
  const version = versionOf(path, bytes);
  const damaged = (what: string): UsageError => new UsageError(`${path} is damaged: ${what}`);
  const tableEnd = bytes.length - TRAILER_BYTES;
  if (tableEnd < 0) throw damaged("nothing but the name of a version");
  const count = bytes.readUInt32BE(tableEnd);
  if (count > tableEnd / DESCRIPTOR_BYTES) throw damaged(`${count} sections, more than it has room for`);
  const table = tableEnd - count * DESCRIPTOR_BYTES;
  const sections = new Map<string, Uint8Array>();
  let end = table;
  for (let i = count - 1; i >= 0; i--) {
    const at = table + i * DESCRIPTOR_BYTES;
    const name = bytes.toString("latin1", at, at + 4);
    const length = bytes.readUInt32BE(at + 4);
    if (length > end) throw damaged(`section ${i} has ${length} bytes, ${end} are left for it`);
    // a plain Uint8Array: V8 treats a Buffer as a different type
    sections.set(name, Uint8Array.from(bytes.subarray(end - length, end)));
    end -= length;
  }
  const section = (name: string): Uint8Array => {
    const found = sections.get(name);
    if (found === undefined) throw damaged(`no section ${name}`);
    return found;
  };
  const code = section("CODE");
  if (code.length === 0 || code.length % 4 !== 0) throw damaged(`${code.length} bytes of code, expected a multiple of 4`);
  const view = new DataView(code.buffer);
  const names = Buffer.from(section("PRIM")).toString("latin1").split("\0");
  return {
    words: Int32Array.from({ length: code.length / 4 }, (_, i) => view.getInt32(i * 4, true)),
    data: section("DATA"),
    // each name ends in a zero
    primitives: names.slice(0, -1),
    effects: effectCodingOf(version),
  };
}
