// Recorded branches in files: finds the format by a file's content or name, decompresses, and reads it piece by piece.
import { createHash } from "node:crypto";
import { closeSync, createReadStream, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { pipeline } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { constants, createGunzip, gunzipSync } from "node:zlib";
import { digestFile } from "./digest.ts";
import { messageOf, UsageError } from "./errors.ts";
import type { ByteSource, RecordingFormat, RecordingSink, RecordingTotals } from "./trace/recording.ts";

const FOLDER = fileURLToPath(new URL("./trace/formats/", import.meta.url));

/** Every way to compress a file that is recognised: how names of such files end, how the files begin, what reads them. */
const COMPRESSIONS = [
  { name: "gzip", ending: ".gz", start: "1f8b", command: "gunzip" },
  { name: "xz", ending: ".xz", start: "fd377a585a00", command: "unxz" },
  { name: "zstd", ending: ".zst", start: "28b52ffd", command: "unzstd" },
  { name: "lz4", ending: ".lz4", start: "04224d18", command: "unlz4" },
  { name: "bzip2", ending: ".bz2", start: "425a68", command: "bunzip2" },
];

/** Bytes of a file that tell its format. Decompressed they are at most a thousand times as many. */
const SNIFFED_BYTES = 1024;

/** A file being read. */
interface Opened extends ByteSource {
  /** Of the whole file as it stands there, once it has been read. */
  sha256(): Promise<string>;
  close(): void;
}

/** Bytes that gunzip hands on at a time. 16 KiB, its default, cost a fifth of the speed. */
const CHUNK_BYTES = 1 << 17;

export interface Recording {
  /** The path as it was given. */
  readonly id: string;
  /**
   * Reads the whole file, handing on its branches in order.
   * @param hashed whether the SHA-256 of the file is wanted; else it is empty
   * @throws UsageError when it cannot be read or is damaged
   */
  read(sink: RecordingSink, hashed?: boolean): Promise<RecordingTotals & { readonly sha256: string }>;
}

async function readFormats(): Promise<RecordingFormat[]> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".js"));
  return Promise.all(files.sort().map(async (file) => (await import(pathToFileURL(`${FOLDER}${file}`).href)).default));
}

/** Kinds of recorded files, for messages: "an SBBT trace (.sbbt)". */
export async function recordingKinds(): Promise<string[]> {
  return (await readFormats()).map(({ file, endings }) => `${file} (${endings.join(", ")})`);
}

/** A format that can be written. */
export type WritableFormat = RecordingFormat & Required<Pick<RecordingFormat, "createWriter">>;

/** @throws UsageError when no format that can be written has a file's name */
export async function findWritableFormat(path: string): Promise<WritableFormat> {
  const writable = (await readFormats()).filter((format): format is WritableFormat => format.createWriter !== undefined);
  const named = writable.find(({ endings }) => endings.some((ending) => path.toLowerCase().endsWith(ending)));
  if (named !== undefined) return named;
  const kinds = writable.map(({ file, endings }) => `${file} (${endings.join(", ")})`);
  throw new UsageError(`${path}: expected a name that says what to write: ${kinds.join(", ")}`);
}

/** @throws UsageError when a file does not exist, cannot be read, or holds no recorded branches */
export async function readRecording(path: string): Promise<Recording> {
  const recording = await findRecording(path);
  if (recording !== undefined) return recording;
  if (!existsSync(path)) throw new UsageError(`no such file: ${path}`);
  throw new UsageError(`${path}: expected recorded branches: ${(await recordingKinds()).join(", ")}`);
}

/** The first bytes of a file. */
function startOf(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(SNIFFED_BYTES);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

/** The first bytes behind a compression that can be undone; none where they are damaged. */
function unpacked(start: Buffer): Buffer {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

/** A path without what compressions add to it. */
const plainName = (path: string): string => {
  const ending = COMPRESSIONS.map((compression) => compression.ending).find((end) => path.toLowerCase().endsWith(end)) ?? "";
  return path.toLowerCase().slice(0, path.length - ending.length);
};

/**
 * A file of recorded branches, told by what it contains or else by its name; undefined if it is none.
 * @throws UsageError when it is one by its name and cannot be read, or is compressed in a way that cannot be undone
 */
export async function findRecording(path: string): Promise<Recording | undefined> {
  const formats = await readFormats();
  const named = formats.find(({ endings }) => endings.some((ending) => plainName(path).endsWith(ending)));
  // what is no path, because it is too long, is no file either
  const status = existsSync(path) ? statSync(path) : undefined;
  if (!status?.isFile()) {
    if (named === undefined) return undefined;
    throw new UsageError(status === undefined ? `no such file: ${path}` : `${path} is not a file, expected ${named.file}`);
  }
  let start: Buffer;
  try {
    start = startOf(path);
  } catch (error) {
    if (named === undefined) return undefined;
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  }
  const compression = COMPRESSIONS.find(({ start: magic }) => start.toString("hex").startsWith(magic));
  const packed = compression?.name === "gzip";
  const recognised = formats.find((format) => format.recognises(packed ? unpacked(start) : start));
  const format = recognised ?? named;
  if (format === undefined) return undefined;
  if (compression !== undefined && !packed) {
    const { name, command } = compression;
    throw new UsageError(`${path}: expected ${format.file}, plain or in gzip, got ${name}: decompress it first (${command} ${path})`);
  }
  return { id: path, read: (sink, hashed = true) => read(path, format, packed, sink, hashed) };
}

/** A plain file: read straight into the format's buffer. */
function openPlain(path: string, hashed: boolean): Opened {
  const file = openSync(path, "r");
  const digest = hashed ? digestFile(path, statSync(path).size) : undefined;
  return {
    async fill(buffer, from) {
      let end = from;
      while (end < buffer.length) {
        const count = readSync(file, buffer, end, buffer.length - end, null);
        if (count === 0) break;
        end += count;
      }
      return end;
    },
    at: (offset) => `at byte ${offset}`,
    sha256: async () => digest?.sha256 ?? "",
    close() {
      closeSync(file);
      digest?.stop();
    },
  };
}

/** A compressed file, piece by piece. */
function openPacked(path: string): Opened {
  const hash = createHash("sha256");
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  file.on("data", (piece) => hash.update(piece));
  // the loop that reads its end of the pipeline throws what goes wrong in it
  const pieces: AsyncIterator<Uint8Array> = pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => {})[Symbol.asyncIterator]();
  let piece: Uint8Array = new Uint8Array(0);
  return {
    async fill(buffer, from) {
      let end = from;
      while (end < buffer.length) {
        if (piece.length === 0) {
          const next = await pieces.next();
          if (next.done === true) break;
          piece = next.value;
        }
        const part = piece.subarray(0, buffer.length - end);
        buffer.set(part, end);
        end += part.length;
        piece = piece.subarray(part.length);
      }
      return end;
    },
    at: (offset) => `at byte ${offset} (decompressed)`,
    sha256: async () => hash.digest("hex"),
    close: () => file.destroy(),
  };
}

async function read(
  path: string,
  format: RecordingFormat,
  packed: boolean,
  sink: RecordingSink,
  hashed: boolean,
): Promise<RecordingTotals & { sha256: string }> {
  let source: Opened | undefined;
  try {
    source = packed ? openPacked(path) : openPlain(path, hashed);
    const totals = await format.read(source, sink);
    return { ...totals, sha256: await source.sha256() };
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") throw new UsageError(`${path}: it is cut short: its gzip stream has no end; fetch or record it again`);
    if (code?.startsWith("Z_")) throw new UsageError(`${path}: its gzip stream is damaged: ${messageOf(error)}; fetch or record it again`);
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
    throw error;
  } finally {
    source?.close();
  }
}
