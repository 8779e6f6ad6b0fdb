// Decompression of files piece by piece, by the streams of Node. Their errors have codes: Z_BUF_ERROR if a file is cut short, others
// that begin with Z_ or ZSTD_ if it is damaged.
import { type Duplex, pipeline, Readable } from "node:stream";
import zlib, { constants, createGunzip, gunzipSync } from "node:zlib";

type Pieces = AsyncIterable<Uint8Array>;

/** Node has it from 22.15 on. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: (options: { readonly chunkSize: number }) => Duplex };

// errors are thrown by the loop that reads from the pipeline
const through = (file: Pieces, decompress: Duplex): Pieces =>
  pipeline(file instanceof Readable ? file : Readable.from(file), decompress, () => {});

/** @param chunkSize bytes of a piece of output */
export const gunzipped = (file: Pieces, chunkSize: number): Pieces => through(file, createGunzip({ chunkSize }));

/** Undefined where there is none. */
export const zstdDecompressed =
  createZstdDecompress === undefined
    ? undefined
    : (file: Pieces, chunkSize: number): Pieces => through(file, createZstdDecompress({ chunkSize }));

/** The content of a gzip file as far as these first bytes give it. @throws an error when they are damaged */
export const startOfGzip = (bytes: Uint8Array): Uint8Array => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
