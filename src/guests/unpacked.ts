// Files of programs that are compressed, and standard input: kept in the cache folder as plain files that can be read more than once,
// under the checksum of what was given.
import { createHash } from "#platform/crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, readSync, rmSync, statSync } from "#platform/fs";
import { basename, join } from "#platform/path";
import { messageOf, UsageError } from "../errors.ts";
import { cacheFolder } from "../files/cache-folder.ts";
import { CHUNK_BYTES, type Compression, plainName } from "../files/decompress.ts";
import { createWholeFile, type WholeFile } from "../files/whole-file.ts";

const STANDARD_INPUT = 0;
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

/** The path of a compressed file's content. @throws UsageError when it is damaged, or cannot be kept */
export async function unpackedPath(path: string, { undo, command, name }: Compression): Promise<string> {
  if (undo === undefined)
    throw new UsageError(`${path}: it is compressed with ${name}, which bplab does not undo: unpack it first: ${command} ${path}`);
  const kept = keptPath(readFileSync(path), plainName(basename(path)));
  if (existsSync(kept)) return kept;
  const file = openKept(kept);
  try {
    const pieces = undo.pieces(createReadStream(path, { highWaterMark: CHUNK_BYTES }));
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) file.write(piece.value);
    file.commit();
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${path}: ${error.message}`) : error;
  } finally {
    file.discard();
  }
  return kept;
}

/** The path of what standard input gives. @throws UsageError when it is empty, or cannot be read or kept */
export function standardInputPath(): string {
  const pieces: Buffer[] = [];
  try {
    // not by its name, which a socket does not open under
    for (;;) {
      const piece = Buffer.alloc(CHUNK_BYTES);
      const count = readSync(STANDARD_INPUT, piece);
      if (count === 0) break;
      pieces.push(piece.subarray(0, count));
    }
  } catch (error) {
    throw new UsageError(`-: cannot read standard input: ${messageOf(error)}`);
  }
  const content = Buffer.concat(pieces);
  if (content.length === 0) throw new UsageError("-: expected a program or a log on standard input, got nothing");
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
