// Decompression of files piece by piece, by the streams of Node. Their errors have codes: Z_BUF_ERROR if a file is cut short, others
// that begin with Z_ or ZSTD_ if it is damaged.
import { spawn } from "node:child_process";
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

/** By the program `zstd`. @throws an error with code ENOENT where it is not installed */
async function* unzstdByProgram(file: Pieces): AsyncGenerator<Uint8Array> {
  const program = spawn("zstd", ["--decompress", "--stdout", "--quiet"]);
  let said = "";
  let wrong: Error | undefined;
  program.stderr.on("data", (text: Buffer) => {
    said += text.toString();
  });
  const ended = new Promise<number | Error | null>((resolve) => {
    program.on("error", resolve);
    program.on("close", resolve);
  });
  pipeline(Readable.from(file), program.stdin, (error) => {
    // errors with a code are of the pipe: a program that ended reads no more
    if (error && (error as NodeJS.ErrnoException).code === undefined) wrong = error;
  });
  try {
    yield* program.stdout;
    const end = await ended;
    if (wrong !== undefined) throw wrong;
    if (end instanceof Error) throw end;
    if (end !== 0) throw Object.assign(new Error(said.replace(/^.*: /, "").trim()), { code: "ZSTD_PROGRAM" });
  } finally {
    program.kill();
  }
}
export const zstdByProgram: ((file: Pieces) => Pieces) | undefined = unzstdByProgram;

/** The content of a gzip file as far as these first bytes give it. @throws an error when they are damaged */
export const startOfGzip = (bytes: Uint8Array): Uint8Array => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
