// A file system in memory, which begins empty and ends with the page's worker: what the lab and its guests use of Node's, with the
// same errors. Links cannot be made; time stands still.
import { dirname, resolve } from "./path.ts";

interface File {
  readonly kind: "file";
  /** The content is the first `length` of these bytes. */
  bytes: Uint8Array;
  length: number;
  mode: number;
}
interface Folder {
  readonly kind: "folder";
  readonly entries: Map<string, File | Folder>;
  mode: number;
}

type Path = string | Uint8Array;

const MESSAGES = {
  EBADF: "bad file descriptor",
  EEXIST: "file already exists",
  EINVAL: "invalid argument",
  EISDIR: "illegal operation on a directory",
  ENOENT: "no such file or directory",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EPERM: "operation not permitted",
} as const;

function refusal(code: keyof typeof MESSAGES, syscall: string, path?: string): Error & { readonly code: string } {
  const error = new Error(`${code}: ${MESSAGES[code]}, ${syscall}${path === undefined ? "" : ` '${path}'`}`);
  return Object.assign(error, { code, syscall, path });
}

export const constants = {
  R_OK: 4,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_NOCTTY: 0o400,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_DSYNC: 0o10000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  O_SYNC: 0o4010000,
} as const;

const { O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = constants;
const WRITE = O_CREAT | O_TRUNC;
const FLAGS: Readonly<Record<string, number>> = {
  r: 0,
  "r+": O_RDWR,
  w: O_WRONLY | WRITE,
  wx: O_WRONLY | WRITE | O_EXCL,
  "w+": O_RDWR | WRITE,
  a: O_WRONLY | O_CREAT | O_APPEND,
  "a+": O_RDWR | O_CREAT | O_APPEND,
};

const root: Folder = { kind: "folder", entries: new Map(), mode: 0o755 };
const textOf = (path: Path): string => (typeof path === "string" ? path : new TextDecoder().decode(path));
const namesIn = (path: string): string[] => resolve(path).split("/").slice(1).filter(Boolean);
const nameOf = (path: string): string => namesIn(path).at(-1) ?? "";

/** What is at a path; undefined if nothing is. */
function find(path: string): File | Folder | undefined {
  let at: File | Folder | undefined = root;
  for (const name of namesIn(path)) at = at?.kind === "folder" ? at.entries.get(name) : undefined;
  return at?.kind === "file" && path.endsWith("/") ? undefined : at;
}

/** The error for a path at which nothing is: a file may stand where it names a folder. */
function missing(path: string, syscall: string): ReturnType<typeof refusal> {
  const names = namesIn(path);
  const folders = names.map((_, i) => `/${names.slice(0, path.endsWith("/") ? i + 1 : i).join("/")}`);
  return refusal(folders.some((folder) => find(folder)?.kind === "file") ? "ENOTDIR" : "ENOENT", syscall, path);
}

function found(path: Path, syscall: string): File | Folder {
  const node = find(textOf(path));
  if (node === undefined) throw missing(textOf(path), syscall);
  return node;
}

/** The folder in which a path's last name is, or is to be. */
function parentOf(path: string, syscall: string): Folder {
  const folder = find(dirname(resolve(path)));
  if (folder?.kind !== "folder") throw missing(resolve(path), syscall);
  return folder;
}

interface Status {
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

const statusOf = (node: File | Folder | "stream"): Status => ({
  size: node !== "stream" && node.kind === "file" ? node.length : 0,
  mode: node === "stream" ? 0o666 : node.mode,
  mtimeMs: 0,
  isFile: () => node !== "stream" && node.kind === "file",
  isDirectory: () => node !== "stream" && node.kind === "folder",
  isSymbolicLink: () => false,
});

export const existsSync = (path: Path): boolean => find(textOf(path)) !== undefined;
export const accessSync = (path: Path): void => void found(path, "access");
export function realpathSync(path: Path): string {
  found(path, "realpath");
  return resolve(textOf(path));
}

export function statSync(path: Path, options?: { readonly throwIfNoEntry?: boolean }): Status | undefined {
  const node = options?.throwIfNoEntry === false ? find(textOf(path)) : found(path, "stat");
  return node && statusOf(node);
}
export const lstatSync: typeof statSync = (path, options) => statSync(path, options);

/** An open file, its position, and what may be done with it. Standard input, output and error are streams. */
interface Open {
  readonly file: File | Folder | "stream";
  readonly flags: number;
  position: number;
}

const STREAM: Open = { file: "stream", flags: O_RDWR, position: 0 };
const open = new Map<number, Open>([0, 1, 2].map((standard) => [standard, STREAM]));

function opened(descriptor: number, syscall: string): Open {
  const known = open.get(descriptor);
  if (known === undefined) throw refusal("EBADF", syscall);
  return known;
}

export function openSync(path: Path, how: string | number = "r", mode = 0o666): number {
  const text = textOf(path);
  const flags = typeof how === "number" ? how : FLAGS[how];
  let node = find(text);
  if (node !== undefined && (flags & (O_CREAT | O_EXCL)) === (O_CREAT | O_EXCL)) throw refusal("EEXIST", "open", text);
  if (node?.kind === "folder" && (flags & (O_WRONLY | O_RDWR)) !== 0) throw refusal("EISDIR", "open", text);
  if (node === undefined && (flags & O_CREAT) !== 0 && !text.endsWith("/")) {
    node = { kind: "file", bytes: new Uint8Array(0), length: 0, mode: mode & ~0o022 };
    parentOf(text, "open").entries.set(nameOf(text), node);
  }
  if (node === undefined) throw missing(text, "open");
  if (node.kind === "file" && (flags & O_TRUNC) !== 0) node.length = 0;
  let descriptor = 3;
  while (open.has(descriptor)) descriptor++;
  open.set(descriptor, { file: node, flags, position: 0 });
  return descriptor;
}

export function closeSync(descriptor: number): void {
  opened(descriptor, "close");
  if (descriptor > 2) open.delete(descriptor);
}

export const fstatSync = (descriptor: number): Status => statusOf(opened(descriptor, "fstat").file);
export const fsyncSync = (descriptor: number): void => void opened(descriptor, "fsync");

/** A position of null, as without one, is that of the descriptor, which moves on. */
export function readSync(descriptor: number, into: Uint8Array, at = 0, length = into.length - at, position: number | null = null): number {
  const one = opened(descriptor, "read");
  if (one.file === "stream") return 0;
  if (one.file.kind === "folder") throw refusal("EISDIR", "read");
  if ((one.flags & O_WRONLY) !== 0) throw refusal("EBADF", "read");
  const from = position ?? one.position;
  const count = Math.max(0, Math.min(length, one.file.length - from));
  into.set(one.file.bytes.subarray(from, from + count), at);
  if (position === null) one.position += count;
  return count;
}

/** Gives a file room for more bytes; those after its end are zero. */
function reserve(file: File, length: number): void {
  if (length > file.bytes.length) {
    const larger = new Uint8Array(Math.max(length, 2 * file.bytes.length));
    larger.set(file.bytes.subarray(0, file.length));
    file.bytes = larger;
  }
  if (length > file.length) file.bytes.fill(0, file.length, length);
}

export function writeSync(descriptor: number, from: Uint8Array, at = 0, length = from.length - at, position: number | null = null): number {
  const one = opened(descriptor, "write");
  if (one.file === "stream") return length;
  if (one.file.kind === "folder" || (one.flags & (O_WRONLY | O_RDWR)) === 0) throw refusal("EBADF", "write");
  const { file } = one;
  const to = (one.flags & O_APPEND) !== 0 ? file.length : (position ?? one.position);
  reserve(file, to + length);
  file.bytes.set(from.subarray(at, at + length), to);
  file.length = Math.max(file.length, to + length);
  if (position === null) one.position = to + length;
  return length;
}

export function ftruncateSync(descriptor: number, length = 0): void {
  const { file, flags } = opened(descriptor, "ftruncate");
  if (file === "stream" || file.kind === "folder" || (flags & (O_WRONLY | O_RDWR)) === 0) throw refusal("EINVAL", "ftruncate");
  reserve(file, length);
  file.length = length;
}

/** A file's content; as text if an encoding is given. */
export function readFileSync(path: Path | number, encoding?: "utf8"): Buffer | string {
  const file = typeof path === "number" ? opened(path, "read").file : found(path, "open");
  if (file === "stream") return encoding === undefined ? Buffer.alloc(0) : "";
  if (file.kind === "folder") throw refusal("EISDIR", "read");
  const content = Buffer.from(file.bytes.subarray(0, file.length));
  return encoding === undefined ? content : content.toString(encoding);
}

export function writeFileSync(path: Path, content: Uint8Array | string): void {
  const descriptor = openSync(path, "w");
  writeSync(descriptor, typeof content === "string" ? new TextEncoder().encode(content) : content);
  closeSync(descriptor);
}

/** A file that is read piece by piece. */
export function createReadStream(path: string, { highWaterMark }: { readonly highWaterMark: number }) {
  const descriptor = openSync(path);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = new Uint8Array(highWaterMark);
      const count = readSync(descriptor, piece);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  }
  return Object.assign(pieces(), { destroy: (): void => closeSync(descriptor) });
}

interface ListOptions {
  readonly withFileTypes?: boolean;
  readonly recursive?: boolean;
  readonly encoding?: string;
}

export function readdirSync(path: Path, { withFileTypes = false, recursive = false, encoding = "utf8" }: ListOptions = {}): unknown[] {
  const folder = found(path, "scandir");
  if (folder.kind === "file") throw refusal("ENOTDIR", "scandir", textOf(path));
  const entriesIn = ({ entries }: Folder, before: string): [string, File | Folder][] =>
    [...entries].flatMap(([name, node]) => [
      [`${before}${name}`, node] as [string, File | Folder],
      ...(recursive && node.kind === "folder" ? entriesIn(node, `${before}${name}/`) : []),
    ]);
  return entriesIn(folder, "").map(([name, node]) => {
    if (withFileTypes) return { name, ...statusOf(node) };
    return encoding === "buffer" ? Buffer.from(name) : name;
  });
}

export function mkdirSync(path: Path, options?: number | { readonly recursive?: boolean }): void {
  const text = textOf(path);
  const recursive = typeof options === "object" && options.recursive === true;
  const there = find(text);
  if (there !== undefined) {
    if (recursive && there.kind === "folder") return;
    throw refusal("EEXIST", "mkdir", text);
  }
  if (recursive && find(dirname(resolve(text))) === undefined) mkdirSync(dirname(resolve(text)), options);
  const mode = typeof options === "number" ? options : 0o777;
  parentOf(text, "mkdir").entries.set(nameOf(text), { kind: "folder", entries: new Map(), mode: mode & ~0o022 });
}

let temporary = 0;

export function mkdtempSync(prefix: string): string {
  const path = `${prefix}${++temporary}`;
  mkdirSync(path, { recursive: true });
  return path;
}

export function unlinkSync(path: Path): void {
  const text = textOf(path);
  if (found(path, "unlink").kind === "folder") throw refusal("EISDIR", "unlink", text);
  parentOf(text, "unlink").entries.delete(nameOf(text));
}

export function rmdirSync(path: Path): void {
  const text = textOf(path);
  const folder = found(path, "rmdir");
  if (folder.kind === "file") throw refusal("ENOTDIR", "rmdir", text);
  if (folder.entries.size > 0) throw refusal("ENOTEMPTY", "rmdir", text);
  parentOf(text, "rmdir").entries.delete(nameOf(text));
}

export function rmSync(path: Path, { force = false, recursive = false } = {}): void {
  const text = textOf(path);
  const absent = find(text) === undefined ? missing(text, "rm") : undefined;
  if (force && absent?.code === "ENOENT") return;
  if (found(path, "rm").kind === "folder" && !recursive) throw refusal("EISDIR", "rm", text);
  parentOf(text, "rm").entries.delete(nameOf(text));
}

export function renameSync(from: Path, to: Path): void {
  const [old, next] = [textOf(from), textOf(to)];
  const [before, folder] = [parentOf(old, "rename"), parentOf(next, "rename")];
  const node = found(from, "rename");
  const replaced = find(next);
  if (replaced === node) return;
  if (`${resolve(next)}/`.startsWith(`${resolve(old)}/`)) throw refusal("EINVAL", "rename", old);
  if (replaced?.kind === "folder" && node.kind === "file") throw refusal("EISDIR", "rename", old);
  if (replaced?.kind === "file" && node.kind === "folder") throw refusal("ENOTDIR", "rename", old);
  if (replaced?.kind === "folder" && replaced.entries.size > 0) throw refusal("ENOTEMPTY", "rename", old);
  before.entries.delete(nameOf(old));
  folder.entries.set(nameOf(next), node);
}

export function chmodSync(path: Path, mode: number): void {
  found(path, "chmod").mode = mode;
}

export function readlinkSync(path: Path): string {
  found(path, "readlink");
  throw refusal("EINVAL", "readlink", textOf(path));
}

export function symlinkSync(_target: string, path: Path): void {
  throw refusal("EPERM", "symlink", textOf(path));
}
