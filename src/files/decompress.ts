// Compressions of files of recorded branches: how each is recognised, and decompressed piece by piece.
import { gunzipped, startOfGzip, zstdByProgram, zstdDecompressed } from "#platform/gunzip";
import { messageOf, UsageError } from "../errors.ts";
import { createZstdFrames } from "./zstd-frames.ts";

/** The content of a file, piece by piece. */
type Pieces = AsyncIterable<Uint8Array>;

export interface Compression {
  readonly name: string;
  /** The ending of such files' names. */
  readonly ending: string;
  /** How such files begin, hexadecimal. */
  readonly magic: string;
  /** The shell command that decompresses it. */
  readonly command: string;
  readonly undo?: Undo;
}

export interface Undo {
  /** Yields the decompressed content. @throws UsageError if the file is damaged or truncated; the message does not name it */
  pieces(file: Pieces): AsyncIterator<Uint8Array>;
  /** The beginning of the decompressed content of a file that begins with these bytes; empty if it is damaged. */
  start(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Bytes per piece of gunzip's output. 16 KiB, the default, cost a fifth of the speed. */
export const CHUNK_BYTES = 1 << 17;

/** Compressed bytes that are enough to decompress a file's beginning: a block of zstd may be 128 KiB long. */
export const START_BYTES = 1 << 18;
/** The same for gzip, which may expand a thousandfold. */
const GZIP_START_BYTES = 1 << 12;

const AGAIN = "fetch or record it again";
const cutShort = (name: string): UsageError => new UsageError(`it is cut short: its ${name} stream has no end; ${AGAIN}`);
const damaged = (name: string, why: string): UsageError => new UsageError(`its ${name} stream is damaged: ${why}; ${AGAIN}`);

/** Decompressed by the platform. */
async function* undone(name: string, decompressed: Pieces): AsyncGenerator<Uint8Array> {
  try {
    yield* decompressed;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") throw cutShort(name);
    throw /^(Z|ZSTD)_/.test(code ?? "") ? damaged(name, messageOf(error)) : error;
  }
}
const gunzip = (file: Pieces): AsyncGenerator<Uint8Array> => undone("gzip", gunzipped(file, CHUNK_BYTES));

/** Messages for the error numbers of xz-decompress, those of XZ Embedded. */
const XZ_ERRORS = new Map([
  ["4", "it wants more memory than 64 MiB"],
  ["5", "it does not begin as one"],
  ["6", "it has options or checksums that are not supported"],
  ["7", "its data are not what its checksums say"],
]);
const XZ_CUT_SHORT = "8";

async function* unxz(file: Pieces): AsyncGenerator<Uint8Array> {
  const { default: xz } = await import("xz-decompress");
  const source = file[Symbol.asyncIterator]();
  const packed = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await source.next();
        // at the end it needs empty pieces, from which it notices the end itself
        controller.enqueue(next.done === true ? new Uint8Array(0) : next.value);
      },
    },
    { highWaterMark: 0 },
  );
  const reader = new xz.XzReadableStream(packed).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value.length > 0) yield value;
    }
  } catch (error) {
    const [, number] = /error code (\d+)$/.exec(messageOf(error)) ?? [];
    if (number === undefined) throw error;
    throw number === XZ_CUT_SHORT ? cutShort("xz") : damaged("xz", XZ_ERRORS.get(number) ?? `error ${number}`);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** It moves the whole window for every block: 5 times as slow as Node's with 8 MB, 50 times with 128 MB. */
async function* unzstdSlowly(file: Pieces): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  let pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => void pieces.push(piece));
  function push(bytes: Uint8Array): Uint8Array[] {
    pieces = [];
    try {
      stream.push(bytes);
    } catch (error) {
      throw damaged("zstd", messageOf(error));
    }
    return pieces;
  }
  // little at a time: four bytes may expand to 128 KiB
  for await (const piece of file) {
    for (let at = 0; at < piece.length; at += ZSTD_STEP) yield* push(piece.subarray(at, at + ZSTD_STEP));
  }
}
const ZSTD_STEP = 1 << 10;
/**
 * fzstd 0.1.1 reads at most 25 bits of a distance wherever they begin: what looks back further comes out wrong, without an error
 * (MBPlib's sample trace, 128 MiB, from its byte 1,298,098,648 on).
 */
const FZSTD_WINDOW = 1 << 26;

const farFrom = (window: number): UsageError =>
  new UsageError(
    `its zstd stream looks back ${window} bytes, which Node.js undoes from version 22.15 on, and an installed zstd: ` +
      "take one of the two, or undo it first with unzstd",
  );

async function* begunBy(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

/** By the installed program: what looks back too far for fzstd. @throws UsageError where there is none */
async function* unzstdFar(file: Pieces, window: number): AsyncGenerator<Uint8Array> {
  if (zstdByProgram === undefined) throw farFrom(window);
  try {
    yield* undone("zstd", zstdByProgram(file));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT" ? farFrom(window) : error;
  }
}

async function* unzstd(file: Pieces): AsyncGenerator<Uint8Array> {
  const frames = createZstdFrames();
  const rest = file[Symbol.asyncIterator]();
  const first = await rest.next();
  if (first.done === true) throw cutShort("zstd");
  const atStart = createZstdFrames();
  atStart.follow(first.value);
  const far = zstdDecompressed === undefined && atStart.window() >= FZSTD_WINDOW;
  async function* followed(): AsyncGenerator<Uint8Array> {
    for await (const piece of begunBy(first.value, rest)) {
      const wrong = frames.follow(piece);
      if (wrong !== undefined) throw damaged("zstd", wrong);
      if (zstdDecompressed === undefined && !far && frames.window() >= FZSTD_WINDOW) throw farFrom(frames.window());
      yield piece;
    }
    if (far && !frames.ended()) throw cutShort("zstd");
  }
  if (zstdDecompressed !== undefined) yield* undone("zstd", zstdDecompressed(followed(), CHUNK_BYTES));
  else yield* far ? unzstdFar(followed(), atStart.window()) : unzstdSlowly(followed());
  if (!frames.ended()) throw cutShort("zstd");
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The first decompressed bytes. */
async function startBy(undo: (file: Pieces) => Pieces, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    for await (const piece of undo(whole(bytes))) return piece;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  return new Uint8Array(0);
}

async function gzipStart(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return startOfGzip(bytes.subarray(0, GZIP_START_BYTES));
  } catch {
    return new Uint8Array(0);
  }
}

/** Every compression that is recognised. */
export const COMPRESSIONS: readonly Compression[] = [
  { name: "gzip", ending: ".gz", magic: "1f8b", command: "gunzip", undo: { pieces: gunzip, start: gzipStart } },
  {
    name: "xz",
    ending: ".xz",
    magic: "fd377a585a00",
    command: "unxz",
    undo: { pieces: unxz, start: (bytes) => startBy(unxz, bytes) },
  },
  {
    name: "zstd",
    ending: ".zst",
    magic: "28b52ffd",
    command: "unzstd",
    undo: { pieces: unzstd, start: (bytes) => startBy(unzstd, bytes) },
  },
  { name: "lz4", ending: ".lz4", magic: "04224d18", command: "unlz4" },
  { name: "bzip2", ending: ".bz2", magic: "425a68", command: "bunzip2" },
];

/** A path in lower case, without the ending of a compression. */
export function plainName(path: string): string {
  const name = path.toLowerCase();
  const ending = COMPRESSIONS.find((compression) => name.endsWith(compression.ending))?.ending ?? "";
  return name.slice(0, name.length - ending.length);
}
