// Files as Forth programs see them: ids, positions, lines. Reads and writes go to the operating system at once, so that
// two ids on one file agree.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "#platform/fs";

import type { Surroundings } from "../guest.ts";

/** How a file is opened: OPEN-FILE's r/o, w/o, r/w; CREATE-FILE empties it first. */
export type AccessMode = "r" | "r+" | "w" | "w+";

const CHUNK = 4096;

export class OpenFile {
  readonly id: number;
  readonly path: string;
  readonly #descriptor: number;
  position = 0;

  /** @throws the operating system's error */
  constructor(id: number, path: string, mode: AccessMode) {
    this.id = id;
    this.path = path;
    this.#descriptor = openSync(path, mode);
    if (fstatSync(this.#descriptor).isDirectory()) {
      closeSync(this.#descriptor);
      throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    }
  }

  get size(): number {
    return fstatSync(this.#descriptor).size;
  }

  read(into: Uint8Array, length: number): number {
    let done = 0;
    while (done < length) {
      const count = readSync(this.#descriptor, into, done, length - done, this.position);
      if (count === 0) break;
      done += count;
      this.position += count;
    }
    return done;
  }

  /** All that follows the position, which stays. */
  rest(): Buffer {
    const { position } = this;
    const bytes = Buffer.alloc(Math.max(0, this.size - position));
    const length = this.read(bytes, bytes.length);
    this.position = position;
    return bytes.subarray(0, length);
  }

  /** The next line of at most `limit` bytes, without its end (LF or CRLF), or undefined at the end of the file. */
  readLine(limit: number): { readonly line: Buffer } | undefined {
    const parts: Buffer[] = [];
    let total = 0;
    for (;;) {
      const chunk = Buffer.alloc(Math.min(CHUNK, limit - total + 1));
      const count = readSync(this.#descriptor, chunk, 0, chunk.length, this.position + total);
      if (count === 0) {
        if (total === 0) return undefined;
        break;
      }
      const end = chunk.subarray(0, count).indexOf(10);
      if (end >= 0 && total + end <= limit) {
        parts.push(chunk.subarray(0, end));
        this.position += total + end + 1;
        const line = Buffer.concat(parts);
        return { line: line.at(-1) === 13 ? line.subarray(0, -1) : line };
      }
      parts.push(chunk.subarray(0, Math.min(count, limit - total)));
      total += Math.min(count, limit - total);
      if (total >= limit) break;
    }
    this.position += total;
    return { line: Buffer.concat(parts) };
  }

  write(from: Uint8Array): void {
    let done = 0;
    while (done < from.length) {
      const count = writeSync(this.#descriptor, from, done, from.length - done, this.position);
      done += count;
      this.position += count;
    }
  }

  truncate(size: number): void {
    ftruncateSync(this.#descriptor, size);
  }

  flush(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The open files of one Forth, by id. */
export class Files {
  readonly #open = new Map<number, OpenFile>();
  #next = 3;
  /** Gets told of the files that a program uses. */
  surroundings: Surroundings | undefined;

  open(path: string, mode: AccessMode): OpenFile {
    if (mode === "r") this.surroundings?.reads(path);
    else this.surroundings?.changes(path);
    const file = new OpenFile(this.#next, path, mode);
    this.#open.set(this.#next++, file);
    return file;
  }

  byId(id: number): OpenFile | undefined {
    return this.#open.get(id);
  }

  /** Closes a file; no harm if that was done. */
  close(file: OpenFile): void {
    if (this.#open.delete(file.id)) file.close();
  }

  closeAll(): void {
    for (const file of this.#open.values()) this.close(file);
  }
}
