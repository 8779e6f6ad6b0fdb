// Writes gzip files piece by piece, synchronously: one stream, deflated in parts that end at whole bytes.
import { crc32, deflateRawSync, constants as zlib } from "node:zlib";

/** Bytes that are deflated at a time. Parts are compressed independently: shorter parts make longer files. */
const PART_BYTES = 1 << 20;

/** Without time and name: same input, same bytes. */
const HEADER = Buffer.from("1f8b08000000000000ff", "hex");
/** An empty last block. */
const END = Buffer.from("0300", "hex");

export interface GzipWriter {
  write(bytes: Uint8Array): void;
  /** Writes the remaining bytes and the trailer. */
  finish(): void;
}

export function createGzipWriter(write: (bytes: Uint8Array) => void): GzipWriter {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let checksum = 0;
  let total = 0;
  write(HEADER);
  function flush(): void {
    const part = Buffer.concat(pieces);
    checksum = crc32(part, checksum);
    total += part.length;
    if (part.length > 0) write(deflateRawSync(part, { finishFlush: zlib.Z_SYNC_FLUSH }));
    pieces = [];
    length = 0;
  }
  return {
    write(bytes) {
      pieces.push(bytes);
      length += bytes.length;
      if (length >= PART_BYTES) flush();
    },
    finish() {
      flush();
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(checksum >>> 0, 0);
      trailer.writeUInt32LE(total % 2 ** 32, 4);
      write(Buffer.concat([END, trailer]));
    },
  };
}
