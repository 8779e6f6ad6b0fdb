// The chunks of our own format of recorded branches, bpt: tag, length, checksum, content. docs/recorded-branches.md describes it.
import { crc32 } from "#platform/zlib";

/** Like PNG's: a byte that is not text, and line ends that a transfer as text would change. */
export const MAGIC = Buffer.from("\x89BPT\r\n\x1a\n", "latin1");

export const VERSION = 1;

/** Magic, version, zero, length and checksum of the provenance. */
export const HEADER_BYTES = 20;

/** Tag, length, checksum of both and the content. */
export const CHUNK_BYTES = 12;

export const MOST_CONTENT_BYTES = 1 << 24;

export const MOST_IDS = 1 << 16;

export const DEFINITIONS = "DEFS";

export const EXECUTED = "RUNS";

export const SYMBOLS = "SYMS";

export const END = "ENDS";

/** The fields of a branch's first byte: one kind of KINDS, and flags: conditional form, taken, target given. */
export const KIND_BITS = 7;

export const CONDITIONAL_FORM = 8;

export const TAKEN = 16;

/** The checksum of a chunk, or of the header. */
export const checksum = (head: Uint8Array, content: Uint8Array): number => crc32(content, crc32(head)) >>> 0;

export function chunkOf(tag: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(CHUNK_BYTES);
  head.write(tag, "latin1");
  head.writeUInt32LE(content.length, 4);
  head.writeUInt32LE(checksum(head.subarray(0, 8), content), 8);
  return Buffer.concat([head, content]);
}
