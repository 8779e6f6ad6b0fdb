// Files of programs that are compressed, and standard input: kept in the cache folder as plain files that can be read more than once,
// under the checksum of what was given. Results and messages have the name that the user gave, never that of the kept file.
import { createHash } from "#platform/crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, readSync, rmSync, statSync } from "#platform/fs";
import { basename, join } from "#platform/path";
import { messageOf, RunError, UsageError } from "../errors.ts";
import { cacheFolder } from "./cache-folder.ts";
import { CHUNK_BYTES, type Compression, plainName } from "./decompress.ts";
import { createWholeFile, type WholeFile } from "./whole-file.ts";

const STANDARD_INPUT = 0;
/** What names standard input. */
export const STANDARD_INPUT_NAME = "-";
const FOLDER = "inputs";
/** Bytes of all of them together before another one is added: those written longest ago make room. */
const MOST_KEPT_BYTES = 2 ** 30;

function makeRoom(folder: string): void {
  const files = readdirSync(folder).map((name) => ({ path: join(folder, name), status: statSync(join(folder, name)) }));
  let bytes = files.reduce((sum, { status }) => sum + status.size, 0);
  for (const { path, status } of files.sort((a, b) => a.status.mtimeMs - b.status.mtimeMs)) {
    if (bytes <= MOST_KEPT_BYTES) return;
    rmSync(path, { force: true });
    bytes -= status.size;
  }
}

/** A new file in the cache folder. @throws UsageError when it cannot be written */
function openKept(path: string): WholeFile {
  try {
    mkdirSync(join(path, ".."), { recursive: true });
    makeRoom(join(path, ".."));
    return createWholeFile(path);
  } catch (error) {
    throw new UsageError(`cannot write ${path}, where unpacked inputs are kept: ${messageOf(error)}; name another folder by BPLAB_CACHE`);
  }
}

const keptPath = (content: Uint8Array, name: string): string =>
  join(cacheFolder(), FOLDER, `${createHash("sha256").update(content).digest("hex").slice(0, 16)}-${name}`);

/**
 * The path of a compressed file's content.
 * @param given what the user calls the file
 * @throws UsageError when it is damaged, or cannot be kept
 */
export async function unpackedPath(path: string, { undo, command, name }: Compression, given: string): Promise<string> {
  if (undo === undefined)
    throw new UsageError(`${given}: it is compressed with ${name}, which bplab does not undo: unpack it first: ${command} ${given}`);
  const kept = keptPath(readFileSync(path), plainName(basename(path)));
  if (existsSync(kept)) return kept;
  const file = openKept(kept);
  try {
    const pieces = undo.pieces(createReadStream(path, { highWaterMark: CHUNK_BYTES }));
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) file.write(piece.value);
    file.commit();
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${given}: ${error.message}`) : error;
  } finally {
    file.discard();
  }
  return kept;
}

/** Keeps what standard input gives; returns the path. @throws UsageError when it is empty or too long, or cannot be read or kept */
function keepStandardInput(): string {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    // not by its name, which a socket does not open under
    for (;;) {
      const piece = Buffer.alloc(CHUNK_BYTES);
      const count = readSync(STANDARD_INPUT, piece);
      if (count === 0) break;
      pieces.push(piece.subarray(0, count));
      bytes += count;
      if (bytes > MOST_KEPT_BYTES)
        throw new UsageError(`it gives more than ${MOST_KEPT_BYTES / 2 ** 20} MiB, which are not kept: write it to a file and name that`);
    }
  } catch (error) {
    throw new UsageError(`${STANDARD_INPUT_NAME}: cannot read standard input: ${messageOf(error)}`);
  }
  const content = Buffer.concat(pieces);
  if (content.length === 0) throw new UsageError(`${STANDARD_INPUT_NAME}: expected a program or a log on standard input, got nothing`);
  const kept = keptPath(content, "stdin");
  if (existsSync(kept)) return kept;
  const file = openKept(kept);
  try {
    file.write(content);
    file.commit();
  } finally {
    file.discard();
  }
  return kept;
}

/** Where standard input is kept, once it has been read. */
let standardInput: string | undefined;

/** Where this thread keeps standard input, for its workers; undefined if it was not read. */
export const keptStandardInput = (): string | undefined => standardInput;

/** Tells a worker where its parent keeps standard input. */
export function useStandardInput(path: string | undefined): void {
  standardInput = path;
}

/** The path of an input: its name, or where standard input is kept. @throws UsageError as reading and keeping it does */
export function inputPath(name: string): string {
  if (name !== STANDARD_INPUT_NAME) return name;
  standardInput ??= keepStandardInput();
  return standardInput;
}

/** An error whose message has the name that the user gave in place of the kept file's path. */
function inGivenName(error: unknown, path: string, name: string): unknown {
  if (!(error instanceof UsageError || error instanceof RunError) || !error.message.includes(path)) return error;
  const message = error.message.replaceAll(path, name);
  return error instanceof UsageError ? new UsageError(message) : new RunError(message);
}

/** Does what may throw errors that name a kept file, and gives those its user's name. */
export function inItsName<T>(path: string, name: string, action: () => T): T {
  if (path === name) return action();
  try {
    return action();
  } catch (error) {
    throw inGivenName(error, path, name);
  }
}
