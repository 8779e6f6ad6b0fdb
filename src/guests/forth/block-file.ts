// BLOCK's mass storage: numbered blocks of 1024 characters in a file (blocks.fb in the working folder), buffered.
// The file is made when the first block is written; blocks past its end read as blanks.
import { closeSync, fstatSync, openSync, readSync, writeSync } from "#platform/fs";
import { ForthException } from "./exceptions.ts";
import type { Files } from "./files.ts";
import type { Machine } from "./machine/machine.ts";

const BLOCK_BYTES = 1024;
const BUFFERS = 16;
/** Blocks before a written one are filled with blanks, so a huge number would fill the disk. */
const HIGHEST = 65535;

interface BlockBuffer {
  block: number;
  updated: boolean;
  lastUse: number;
}

export class BlockFile {
  readonly #machine: Machine;
  readonly #base: number;
  readonly #buffers: BlockBuffer[] = Array.from({ length: BUFFERS }, () => ({ block: -1, updated: false, lastUse: 0 }));
  #latest: BlockBuffer | undefined;
  #uses = 0;
  path = "blocks.fb";
  readonly #files: Files;

  constructor(machine: Machine, files: Files, base: number) {
    this.#machine = machine;
    this.#files = files;
    this.#base = base;
  }

  #assign(block: number): { readonly buffer: BlockBuffer; readonly address: number; readonly fresh: boolean } {
    if (block < 0 || block > HIGHEST) throw new ForthException(-35, `invalid block number ${block} (the highest is ${HIGHEST})`);
    let buffer = this.#buffers.find((candidate) => candidate.block === block);
    const fresh = buffer === undefined;
    if (buffer === undefined) {
      buffer = this.#buffers.reduce((oldest, candidate) => (candidate.lastUse < oldest.lastUse ? candidate : oldest));
      this.#write(buffer);
      buffer.block = block;
      buffer.updated = false;
    }
    buffer.lastUse = ++this.#uses;
    this.#latest = buffer;
    return { buffer, address: this.#address(buffer), fresh };
  }

  #address(buffer: BlockBuffer): number {
    return this.#base + this.#buffers.indexOf(buffer) * BLOCK_BYTES;
  }

  /** BUFFER: an address for the block without reading it. */
  buffer(block: number): number {
    return this.#assign(block).address;
  }

  /** BLOCK: the address where its contents are. */
  read(block: number): number {
    const { buffer, address, fresh } = this.#assign(block);
    if (fresh) {
      const bytes = this.#machine.bytes.subarray(address, address + BLOCK_BYTES);
      bytes.fill(32);
      try {
        this.#withFile("r", (file) => readSync(file, bytes, 0, BLOCK_BYTES, block * BLOCK_BYTES));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
          buffer.block = -1;
          throw new ForthException(-33, `cannot read block ${block}: ${(error as Error).message}`);
        }
      }
    }
    return address;
  }

  update(): void {
    if (this.#latest !== undefined && this.#latest.block >= 0) this.#latest.updated = true;
  }

  #withFile(mode: "r" | "r+", run: (file: number) => void): void {
    if (mode === "r") this.#files.surroundings?.reads(this.path);
    else this.#files.surroundings?.changes(this.path);
    let file: number;
    try {
      file = openSync(this.path, mode);
    } catch (error) {
      if (mode === "r" || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      file = openSync(this.path, "w+");
    }
    try {
      run(file);
    } finally {
      closeSync(file);
    }
  }

  #write(buffer: BlockBuffer): void {
    if (!buffer.updated) return;
    const { block } = buffer;
    try {
      this.#withFile("r+", (file) => {
        const size = fstatSync(file).size;
        if (size < block * BLOCK_BYTES) {
          // blocks between the old end and this one are blank, not zero
          const gap = new Uint8Array(block * BLOCK_BYTES - size).fill(32);
          writeSync(file, gap, 0, gap.length, size);
        }
        const at = this.#address(buffer);
        writeSync(file, this.#machine.bytes, at, BLOCK_BYTES, block * BLOCK_BYTES);
      });
    } catch (error) {
      throw new ForthException(-34, `cannot write block ${block}: ${(error as Error).message}`);
    }
    buffer.updated = false;
  }

  save(): void {
    for (const buffer of this.#buffers) this.#write(buffer);
  }

  empty(): void {
    for (const buffer of this.#buffers) {
      buffer.block = -1;
      buffer.updated = false;
    }
    this.#latest = undefined;
  }

  /** FLUSH. */
  flush(): void {
    this.save();
    this.empty();
  }
}
