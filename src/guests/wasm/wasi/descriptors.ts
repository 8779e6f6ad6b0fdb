// Open files of a module: standard input and output, the folders that were named, and what it opens below them.
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from "#platform/fs";
import { DESCRIPTOR, FILE_TYPE, OPEN, RIGHT, WasiError, WHENCE } from "./codes.ts";
import { resolveBelow } from "./folders.ts";
import type { World } from "./world.ts";

/** More descriptors than this are a leak. */
const MOST_OPEN = 1024;

interface Stream {
  readonly kind: "input" | "output" | "error";
}
interface Folder {
  readonly kind: "folder";
  readonly host: string;
  /** Its name, where it was named for the module. */
  readonly named: string | undefined;
}
interface File {
  readonly kind: "file";
  readonly host: string;
  readonly descriptor: number;
  position: number;
  flags: number;
}
export type Descriptor = Stream | Folder | File;

/** Messages about a file. */
export interface FileStatus {
  readonly type: number;
  readonly size: bigint;
  /** Which file it is, as far as a program can tell: equal numbers are one file. */
  readonly inode: bigint;
  readonly links: bigint;
}

export class Descriptors {
  readonly #world: World;
  readonly #open = new Map<number, Descriptor>();
  /** Numbers of files in the order in which a program met them: those of the host differ between hosts. */
  readonly #inodes = new Map<string, bigint>();

  constructor(world: World) {
    this.#world = world;
    (["input", "output", "error"] as const).forEach((kind, number) => {
      this.#open.set(number, { kind });
    });
    for (const { guest, host } of world.folders) this.#add({ kind: "folder", host, named: guest });
  }

  #add(descriptor: Descriptor): number {
    let number = 0;
    while (this.#open.has(number)) number++;
    if (number >= MOST_OPEN) throw new WasiError("EMFILE");
    this.#open.set(number, descriptor);
    return number;
  }
  get(number: number): Descriptor {
    const descriptor = this.#open.get(number);
    if (descriptor === undefined) throw new WasiError("EBADF");
    return descriptor;
  }
  file(number: number): File {
    const descriptor = this.get(number);
    if (descriptor.kind === "file") return descriptor;
    throw new WasiError(descriptor.kind === "folder" ? "EISDIR" : "ESPIPE");
  }
  folder(number: number): Folder {
    const descriptor = this.get(number);
    if (descriptor.kind !== "folder") throw new WasiError("ENOTDIR");
    return descriptor;
  }
  close(number: number): void {
    const descriptor = this.get(number);
    if (descriptor.kind === "file") closeSync(descriptor.descriptor);
    this.#open.delete(number);
  }
  renumber(from: number, to: number): void {
    const descriptor = this.get(from);
    this.get(to);
    if (from === to) return;
    this.close(to);
    this.#open.delete(from);
    this.#open.set(to, descriptor);
  }
  /** The run is over. */
  closeAll(): void {
    for (const number of [...this.#open.keys()]) this.close(number);
  }

  /** The host's path of a path from an open folder. */
  path(folder: number, path: string, follow: boolean): string {
    return resolveBelow(this.folder(folder).host, path, follow);
  }

  /** Opens what stands at a path; returns its number. */
  open(folder: number, path: string, follow: boolean, openFlags: number, rights: bigint, flags: number): number {
    const host = this.path(folder, path, follow);
    const writes = (rights & RIGHT.write) !== 0n || (openFlags & (OPEN.create | OPEN.truncate)) !== 0;
    const { surroundings } = this.#world;
    surroundings?.reads(host);
    let isFolder = false;
    try {
      const status = lstatSync(host);
      if (status.isSymbolicLink()) throw new WasiError("ELOOP");
      isFolder = status.isDirectory();
      if (!isFolder && !status.isFile()) throw new WasiError("EACCES");
    } catch (error) {
      if (error instanceof WasiError || (openFlags & OPEN.create) === 0) throw error;
    }
    if (isFolder) {
      if (openFlags & OPEN.exclusive && openFlags & OPEN.create) throw new WasiError("EEXIST");
      if (openFlags & OPEN.truncate) throw new WasiError("EISDIR");
      return this.#add({ kind: "folder", host, named: undefined });
    }
    if (openFlags & OPEN.directory) throw new WasiError("ENOTDIR");
    if (writes) surroundings?.changes(host);
    const mode =
      (writes ? constants.O_RDWR : constants.O_RDONLY) |
      (openFlags & OPEN.create ? constants.O_CREAT : 0) |
      (openFlags & OPEN.exclusive ? constants.O_EXCL : 0) |
      (openFlags & OPEN.truncate ? constants.O_TRUNC : 0) |
      (constants.O_NOFOLLOW ?? 0);
    const descriptor = openSync(host, mode, 0o666);
    try {
      return this.#add({ kind: "file", host, descriptor, position: 0, flags });
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Reads into pieces of memory; returns how many bytes. @param position where, and then the file's own one stays */
  read(number: number, pieces: readonly Uint8Array[], position?: number): number {
    const descriptor = this.get(number);
    if (descriptor.kind === "folder") throw new WasiError("EISDIR");
    if (descriptor.kind === "output" || descriptor.kind === "error") throw new WasiError("EBADF");
    const start = descriptor.kind === "file" ? (position ?? descriptor.position) : 0;
    let sum = 0;
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      const count =
        descriptor.kind === "file" ? readSync(descriptor.descriptor, piece, 0, piece.length, start + sum) : this.#world.console.read(piece);
      sum += count;
      if (count < piece.length) break;
    }
    if (descriptor.kind === "file" && position === undefined) descriptor.position += sum;
    return sum;
  }

  /** Writes pieces of memory; returns how many bytes. */
  write(number: number, pieces: readonly Uint8Array[], position?: number): number {
    const descriptor = this.get(number);
    const sum = pieces.reduce((count, { length }) => count + length, 0);
    if (descriptor.kind === "output") for (const piece of pieces) this.#world.console.write(piece);
    else if (descriptor.kind === "error") for (const piece of pieces) this.#world.console.writeError(piece);
    else if (descriptor.kind !== "file") throw new WasiError("EBADF");
    else {
      let at = position ?? (descriptor.flags & DESCRIPTOR.append ? fstatSync(descriptor.descriptor).size : descriptor.position);
      for (const piece of pieces) {
        for (let done = 0; done < piece.length; ) done += writeSync(descriptor.descriptor, piece, done, piece.length - done, at + done);
        at += piece.length;
      }
      if (position === undefined) descriptor.position = at;
    }
    return sum;
  }

  seek(number: number, offset: bigint, whence: number): bigint {
    const file = this.file(number);
    const bases = { [WHENCE.set]: 0, [WHENCE.current]: file.position, [WHENCE.end]: fstatSync(file.descriptor).size };
    const base = bases[whence as keyof typeof bases];
    if (base === undefined) throw new WasiError("EINVAL");
    const position = Number(offset) + base;
    if (position < 0 || !Number.isSafeInteger(position)) throw new WasiError("EINVAL");
    file.position = position;
    return BigInt(position);
  }

  resize(number: number, size: bigint): void {
    const { descriptor } = this.file(number);
    if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError("EFBIG");
    ftruncateSync(descriptor, Number(size));
  }

  typeOf(number: number): number {
    const { kind } = this.get(number);
    if (kind === "folder") return FILE_TYPE.directory;
    if (kind === "file") return FILE_TYPE.regular;
    return this.#world.terminal ? FILE_TYPE.character : FILE_TYPE.unknown;
  }

  status(number: number): FileStatus {
    const descriptor = this.get(number);
    if (descriptor.kind === "folder") return this.statusOf(descriptor.host, true);
    if (descriptor.kind === "file") return this.#describe(descriptor.host, fstatSync(descriptor.descriptor));
    return { type: this.typeOf(number), size: 0n, inode: BigInt(number), links: 1n };
  }
  statusOf(host: string, follow: boolean): FileStatus {
    this.#world.surroundings?.reads(host);
    return this.#describe(host, follow ? statSync(host) : lstatSync(host));
  }
  #describe(
    host: string,
    status: { isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean; readonly size: number },
  ): FileStatus {
    const isFolder = status.isDirectory();
    const type = isFolder
      ? FILE_TYPE.directory
      : status.isFile()
        ? FILE_TYPE.regular
        : status.isSymbolicLink()
          ? FILE_TYPE.link
          : FILE_TYPE.unknown;
    // how large a folder is, and how many links lead to a file, differs between file systems
    return { type, size: isFolder ? 0n : BigInt(status.size), inode: this.inode(host), links: 1n };
  }
  inode(host: string): bigint {
    const known = this.#inodes.get(host) ?? BigInt(this.#inodes.size + 16);
    this.#inodes.set(host, known);
    return known;
  }

  /** What is in a folder, sorted, "." and ".." first. */
  entries(number: number): readonly { readonly name: string; readonly type: number; readonly inode: bigint }[] {
    const { host } = this.folder(number);
    // a list of names is nothing that a tape can depend on
    this.#world.surroundings?.changes(host);
    const names = readdirSync(host, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return [
      { name: ".", type: FILE_TYPE.directory, inode: this.inode(host) },
      { name: "..", type: FILE_TYPE.directory, inode: this.inode(host) },
      ...names.map((entry) => ({
        name: entry.name,
        type: entry.isDirectory()
          ? FILE_TYPE.directory
          : entry.isFile()
            ? FILE_TYPE.regular
            : entry.isSymbolicLink()
              ? FILE_TYPE.link
              : FILE_TYPE.unknown,
        inode: this.inode(`${host}/${entry.name}`),
      })),
    ];
  }
}
