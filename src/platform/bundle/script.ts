// Scripts that the build makes. The package has them in one file, dist/scripts.br, compressed by brotli, which takes a tenth off the
// package's size (scripts/pack.ts); the first process that needs one writes all of them to their places.
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

export interface ScriptFile {
  /** ASCII. */
  readonly text: string;
  /** What changes when the text does. */
  readonly version: string;
}

function readFile(path: string): ScriptFile | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  const { size, mtimeMs } = fstatSync(file);
  const text = readFileSync(file, "latin1");
  closeSync(file);
  return { text, version: `${size}-${mtimeMs}` };
}

const ARCHIVE = "dist/scripts.br";

/** What is in the archive by paths in the package, once it has been read. */
let unpacked: ReadonlyMap<string, ScriptFile> | undefined;

/** Reads the archive, and writes its files, if that can be: unpacking takes 10 ms. @param root the package's folder */
function unpack(root: string): ReadonlyMap<string, ScriptFile> {
  const archive = `${root}${ARCHIVE}`;
  // not imported above: other processes do not need it
  const { brotliDecompressSync } = createRequire(archive)("node:zlib") as typeof import("node:zlib");
  const { mtime, mtimeMs } = statSync(archive);
  const bytes = brotliDecompressSync(readFileSync(archive));
  let at = bytes.indexOf("\n".charCodeAt(0)) + 1;
  const scripts = new Map<string, ScriptFile>();
  for (const [name, length] of JSON.parse(bytes.toString("latin1", 0, at)) as [string, number][]) {
    const script = bytes.subarray(at, at + length);
    at += length;
    scripts.set(name, { text: script.toString("latin1"), version: `${length}-${mtimeMs}` });
    const part = `${root}${name}.${process.pid}.part`;
    try {
      mkdirSync(dirname(part), { recursive: true });
      writeFileSync(part, script);
      // the time of the archive, so that all processes that unpack it write the same
      utimesSync(part, mtime, mtime);
      renameSync(part, `${root}${name}`);
    } catch {
      // the package's folder is not ours to write
    }
  }
  return scripts;
}

/** What is in the archive; nothing if there is none, as in a clone. */
function inArchive(root: string): ReadonlyMap<string, ScriptFile> {
  try {
    unpacked ??= unpack(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    unpacked = new Map();
  }
  return unpacked;
}

/**
 * A script, from its file or the archive; undefined if it is in neither.
 * @param root the package's folder, with a slash at its end
 * @param name its path in the package: "dist/bundle/platform.cjs"
 */
export const readScript = (root: string, name: string): ScriptFile | undefined => readFile(`${root}${name}`) ?? inArchive(root).get(name);

/** The paths of all scripts in a folder of the package, sorted. @param folder "dist/bundle/lab/" */
export function scriptsIn(root: string, folder: string): string[] {
  if (!existsSync(`${root}${folder}`)) return [...inArchive(root).keys()].filter((name) => name.startsWith(folder));
  return readdirSync(`${root}${folder}`)
    .filter((name) => name.endsWith(".cjs"))
    .sort()
    .map((name) => `${folder}${name}`);
}
