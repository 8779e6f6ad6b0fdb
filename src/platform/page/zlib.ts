// Deflate and its checksum, of whole blocks of bytes.
import { deflateSync, inflateSync } from "fflate";

export const constants = { Z_FINISH: 4, Z_SYNC_FLUSH: 2 } as const;

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value;
});

export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before;
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 255];
  return ~value >>> 0;
}

/** Gives at most `maxOutputLength` bytes. */
export const inflateRawSync = (bytes: Uint8Array, { maxOutputLength }: { readonly maxOutputLength: number }): Buffer =>
  Buffer.from(inflateSync(bytes, { out: new Uint8Array(maxOutputLength) }));

export const deflateRawSync = (bytes: Uint8Array): Buffer => Buffer.from(deflateSync(bytes));
