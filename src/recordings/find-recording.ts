// Recorded branches in files: finds the format by a file's content or name, decompresses, and reads it piece by piece.
import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from "#platform/fs";
import { messageOf, UsageError } from "../errors.ts";
import { CHUNK_BYTES, COMPRESSIONS, plainName, START_BYTES, type Undo } from "../files/decompress.ts";
import { digestFile } from "../files/digest.ts";
import { inputPath } from "../files/kept-inputs.ts";
import { functionRule, listRule, optional, plugInsIn, textRule } from "../files/plug-ins.ts";
import { type ProgramReference, readReference } from "../guests/program-reference.ts";
import type { ByteSource, RecordingFormat, RecordingSink, RecordingTotals } from "./recording.ts";

/** Ending of names of gzip files. */
const GZIP = ".gz";

/** Decompressed bytes by which a file's format is recognised. */
const SNIFFED_BYTES = 4096;

/** A file being read. */
interface Opened extends ByteSource {
  /** SHA-256 of the file itself, available after it has been read. */
  sha256(): Promise<string>;
  close(): Promise<void>;
}

export interface Recording {
  /** The path as it was given. */
  readonly id: string;
  /**
   * Reads the whole file, passing on its branches in order.
   * @param hashed whether to compute the SHA-256 of the file; otherwise it is empty
   * @throws UsageError when it cannot be read or is damaged
   */
  read(sink: RecordingSink, hashed?: boolean): Promise<RecordingTotals & { readonly sha256: string }>;
}

const { all: readFormats } = plugInsIn<RecordingFormat>("src/recordings/formats", {
  kind: "format",
  typed: "of type RecordingFormat",
  see: 'CONTRIBUTING.md, "Add a format of recorded branches"',
  fields: {
    file: textRule,
    endings: listRule,
    recognises: functionRule("of the first bytes of a file"),
    read: functionRule("of a file's bytes"),
    createWriter: optional(functionRule("that returns a writer or a survey")),
  },
});

/** Kinds of recorded files, for messages: "an SBBT trace (.sbbt)". */
export async function recordingKinds(): Promise<string[]> {
  return (await readFormats()).map(({ file, endings }) => `${file} (${endings.join(", ")})`);
}

/** A format that can be written. */
export type WritableFormat = RecordingFormat & Required<Pick<RecordingFormat, "createWriter">>;

/** Format and compression by a file's name. */
export interface WritableFile {
  readonly format: WritableFormat;
  readonly gzip: boolean;
}

/** @throws UsageError when no format that can be written has a file's name */
export async function findWritableFormat(path: string): Promise<WritableFile> {
  const writable = (await readFormats()).filter((format): format is WritableFormat => format.createWriter !== undefined);
  const gzip = path.toLowerCase().endsWith(GZIP);
  const format = namedBy(gzip ? plainName(path) : path.toLowerCase(), writable);
  if (format !== undefined) return { format, gzip };
  const kinds = writable.map(({ file, endings }) => `${file} (${endings.join(", ")})`);
  throw new UsageError(`${path}: expected a name that says what to write: ${kinds.join(", ")}; with ${GZIP} appended for gzip`);
}

/** @throws UsageError when a file does not exist, cannot be read, or holds no recorded branches */
export async function readRecording(path: string): Promise<Recording> {
  const recording = await findRecording(path);
  if (recording !== undefined) return recording;
  if (!existsSync(inputPath(path))) throw new UsageError(`no such file: ${path}`);
  throw new UsageError(`${path}: expected recorded branches: ${(await recordingKinds()).join(", ")}`);
}

/** A tar archive has a mark in its first header. */
const isTar = (start: Uint8Array): boolean => Buffer.from(start).toString("latin1", 257, 262) === "ustar";

/** The first bytes of a file. */
function startOf(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(START_BYTES);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

/** The format whose ending is the longest that a name has. */
function namedBy<Format extends RecordingFormat>(name: string, formats: readonly Format[]): Format | undefined {
  const endings = formats.flatMap((format) => format.endings.map((ending) => ({ format, ending })));
  const fitting = endings.filter(({ ending }) => name.endsWith(ending));
  return fitting.sort((a, b) => b.ending.length - a.ending.length)[0]?.format;
}

/** @throws UsageError if the file that a text names with options or words is a recording, to which nothing can be given */
async function refuseGiven({ file, options, words }: ProgramReference): Promise<void> {
  if ((await findRecording(file)) === undefined) return;
  const given = [...Object.keys(options).map((option) => `--${option}`), ...(words === undefined ? [] : ["words after --"])];
  throw new UsageError(`${file} is a recording, which takes no ${given.join(" and ")}: leave that out`);
}

/**
 * A file of recorded branches, recognised by its content, otherwise by its name; undefined if it is none.
 * @throws UsageError when its name says that it is one but it cannot be read, when its compression is not supported, or when it is
 * named together with options or words of programs
 */
export async function findRecording(id: string): Promise<Recording | undefined> {
  const path = inputPath(id);
  const reference = existsSync(path) ? undefined : readReference(id);
  // what its text ends in is a word's or another file's name
  if (reference !== undefined) {
    await refuseGiven(reference);
    return undefined;
  }
  const formats = await readFormats();
  const named = namedBy(
    plainName(path),
    formats.filter(({ endingsShared }) => !endingsShared),
  );
  // a text that is too long for a path is no file
  const status = existsSync(path) ? statSync(path) : undefined;
  if (!status?.isFile()) {
    if (named === undefined) return undefined;
    throw new UsageError(status === undefined ? `no such file: ${id}` : `${id} is not a file, expected ${named.file}`);
  }
  let start: Buffer;
  try {
    start = startOf(path);
  } catch (error) {
    if (named === undefined) return undefined;
    throw new UsageError(`cannot read ${id}: ${messageOf(error)}`);
  }
  const compression = COMPRESSIONS.find(({ magic }) => start.toString("hex", 0, magic.length / 2) === magic);
  const undo = compression?.undo;
  const sniffed = undo === undefined ? start : await undo.start(start);
  if (isTar(sniffed))
    throw new UsageError(`${id}: it is a tar archive, expected one file of recorded branches: unpack it first (tar -xf ${id})`);
  const recognised = formats.find((format) => format.recognises(sniffed.subarray(0, SNIFFED_BYTES)));
  const format = recognised ?? named;
  if (format === undefined) return undefined;
  if (compression !== undefined && undo === undefined) {
    const { name, command } = compression;
    throw new UsageError(
      `${id}: expected ${format.file}, plain or in gzip, xz or zstd, got ${name}: decompress it first (${command} ${id})`,
    );
  }
  return { id, read: (sink, hashed = true) => read(id, path, format, undo, sink, hashed) };
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
    async close() {
      closeSync(file);
      digest?.stop();
    },
  };
}

/** A compressed file, piece by piece. */
function openPacked(path: string, undo: Undo, hashed: boolean): Opened {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  // of the whole file, since bytes may follow the end of the compressed stream
  const digest = hashed ? digestFile(path, statSync(path).size) : undefined;
  const pieces = undo.pieces(file);
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
    sha256: async () => digest?.sha256 ?? "",
    async close() {
      digest?.stop();
      file.destroy();
      await pieces.return?.();
    },
  };
}

async function read(
  id: string,
  path: string,
  format: RecordingFormat,
  undo: Undo | undefined,
  sink: RecordingSink,
  hashed: boolean,
): Promise<RecordingTotals & { sha256: string }> {
  let source: Opened | undefined;
  try {
    source = undo === undefined ? openPlain(path, hashed) : openPacked(path, undo, hashed);
    const totals = await format.read(source, sink);
    return { ...totals, sha256: await source.sha256() };
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${id}: ${error.message}`);
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw new UsageError(`cannot read ${id}: ${messageOf(error)}`);
    throw error;
  } finally {
    await source?.close();
  }
}
