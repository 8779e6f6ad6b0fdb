// Decompression of gzip files piece by piece. Its errors have the codes of Node's. zstd is left to the lab's own dependency.
import { Gunzip } from "fflate";

type Pieces = AsyncIterable<Uint8Array>;

/** fflate's number of the error that a file has no end. */
const UNEXPECTED_END = 0;

function withCode(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return Object.assign(error, { code: (error as { code?: unknown }).code === UNEXPECTED_END ? "Z_BUF_ERROR" : "Z_DATA_ERROR" });
}

export async function* gunzipped(file: Pieces, _chunkSize?: number): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const stream = new Gunzip((piece) => void pieces.push(piece));
  function push(piece: Uint8Array, last: boolean): Uint8Array[] {
    pieces = [];
    try {
      stream.push(piece, last);
    } catch (error) {
      throw withCode(error);
    }
    return pieces;
  }
  for await (const piece of file) yield* push(piece, false);
  yield* push(new Uint8Array(0), true);
}

export const zstdDecompressed: ((file: Pieces, chunkSize: number) => Pieces) | undefined = undefined;

export const zstdByProgram: ((file: Pieces) => Pieces) | undefined = undefined;

/** The content of a gzip file as far as these first bytes give it. @throws an error when they are damaged */
export function startOfGzip(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  new Gunzip((piece) => void pieces.push(piece)).push(bytes, false);
  return Buffer.concat(pieces);
}
