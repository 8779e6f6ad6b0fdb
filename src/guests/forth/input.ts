// Sources of Forth text: lines of a file, of the terminal, a string in memory, a block; nested when files include files and strings
// are evaluated. The current line is in data memory, as programs expect of SOURCE.
import { messageOf } from "../../errors.ts";
import type { BlockFile } from "./block-file.ts";
import { ForthException } from "./exceptions.ts";
import type { OpenFile } from "./files.ts";
import type { Heap } from "./heap.ts";
import type { Machine } from "./machine/machine.ts";

export interface Source {
  readonly kind: "terminal" | "file" | "string" | "block";
  /** SOURCE-ID: 0, -1, or a file id. */
  readonly id: number;
  /** Its name in messages: a path, or "command line". */
  readonly name: string;
  readonly file?: OpenFile;
  address: number;
  length: number;
  /** >IN while another source is being read. */
  position: number;
  line: number;
  /** Where in the file the current line starts; the number of the block. */
  start: number;
  capacity: number;
}

/** JavaScript's stack has room for about 240 nested interpreters: the limit is ours, so that it is the same everywhere. */
const DEEPEST = 160;

export class Input {
  readonly #machine: Machine;
  readonly #heap: Heap;
  readonly #inCell: number;
  readonly #blkCell: number;
  readonly #blocks: BlockFile;
  readonly #readTerminal: () => Buffer | undefined;
  readonly stack: Source[] = [];

  constructor(machine: Machine, heap: Heap, inCell: number, blkCell: number, blocks: BlockFile, readTerminal: () => Buffer | undefined) {
    this.#machine = machine;
    this.#heap = heap;
    this.#inCell = inCell;
    this.#blkCell = blkCell;
    this.#blocks = blocks;
    this.#readTerminal = readTerminal;
    this.stack.push(this.#source({ kind: "terminal", id: 0, name: "standard input" }));
  }

  #source(what: Pick<Source, "kind" | "id" | "name" | "file">): Source {
    return { ...what, address: 0, length: 0, position: 0, line: 0, start: 0, capacity: 0 };
  }

  get current(): Source {
    return this.stack[this.stack.length - 1];
  }

  /** >IN; beyond the line's end, or before its start, is at its end. */
  get position(): number {
    return this.#inLine(this.#machine.memory.fetch(this.#inCell));
  }
  #inLine(at: number): number {
    const { length } = this.current;
    return at < 0 || at > length ? Math.max(0, length) : at;
  }
  set position(value: number) {
    this.#machine.memory.store(this.#inCell, value);
  }

  #enter(source: Source): Source {
    if (this.stack.length >= DEEPEST) {
      throw new ForthException(-5, `${DEEPEST} nested files and strings are being read: does one include or evaluate itself?`);
    }
    this.current.position = this.position;
    this.stack.push(source);
    this.position = 0;
    this.#machine.memory.store(this.#blkCell, 0);
    return source;
  }

  enterString(address: number, length: number): Source {
    const source = this.#source({ kind: "string", id: -1, name: this.current.name });
    Object.assign(source, { address, length, line: this.current.line });
    return this.#enter(source);
  }

  enterFile(file: OpenFile): Source {
    return this.#enter(this.#source({ kind: "file", id: file.id, name: file.path, file }));
  }

  enterBlock(number: number): void {
    const source = this.#source({ kind: "block", id: 0, name: `block ${number}` });
    Object.assign(source, { length: 1024, start: number, line: 1 });
    this.#enter(source);
    this.#readBlock(source);
  }

  /** Goes back to the source before. */
  leave(): void {
    const source = this.stack.pop();
    if (source !== undefined && source.capacity > 0) this.#heap.free(source.address);
    this.position = this.current.position;
    this.#machine.memory.store(this.#blkCell, 0);
    // another block may be in the buffer by now
    if (this.current.kind === "block") this.#readBlock(this.current);
  }

  #readBlock(source: Source): void {
    source.address = this.#blocks.read(source.start);
    this.#machine.memory.store(this.#blkCell, source.start);
  }

  /** Reads on: the next line, or the next block of a source that is a block; false at its end. Strings have no next. */
  refill(): boolean {
    const source = this.current;
    if (source.kind === "string") return false;
    if (source.kind === "block") {
      source.start++;
      this.#readBlock(source);
      this.position = 0;
      return true;
    }
    const start = source.file?.position ?? 0;
    const line = source.file === undefined ? this.#readTerminal() : this.#readFile(source.file);
    if (line === undefined) return false;
    this.#setLine(source, line);
    source.start = start;
    source.line++;
    this.position = 0;
    return true;
  }

  #readFile(file: OpenFile): Buffer | undefined {
    try {
      return file.readLine(1 << 24)?.line;
    } catch (error) {
      throw new ForthException(-37, `cannot read ${file.path}: ${messageOf(error)}`);
    }
  }

  #setLine(source: Source, line: Buffer): void {
    if (line.length >= source.capacity) {
      if (source.capacity > 0) this.#heap.free(source.address);
      const capacity = Math.max(256, line.length * 2);
      const address = this.#heap.allocate(capacity);
      Object.assign(source, { address, capacity: address === 0 ? 0 : capacity, length: 0 });
      if (address === 0) throw new ForthException(-59, `no memory left for a line of ${line.length} characters`);
    }
    this.#machine.bytes.set(line, source.address);
    source.length = line.length;
  }

  /** Goes back to a line of the current file source that SAVE-INPUT noted. */
  restoreLine(start: number, line: number, position: number): boolean {
    const source = this.current;
    if (source.kind === "block") {
      source.start = start;
      this.#readBlock(source);
    } else if (source.file !== undefined && (source.start !== start || source.line !== line)) {
      source.file.position = start;
      if (!this.refill()) return false;
      source.line = line;
    }
    this.position = position;
    return true;
  }

  /** Skips blanks, then takes what comes up to the next blank. Returns [address, length], the length 0 at the end. */
  parseName(): [number, number] {
    const { address, length } = this.current;
    const { bytes } = this.#machine;
    let at = this.position;
    while (at < length && bytes[address + at] <= 32) at++;
    const start = at;
    while (at < length && bytes[address + at] > 32) at++;
    this.position = Math.min(at + 1, length);
    return [address + start, at - start];
  }

  /** Takes what comes up to a delimiter and steps over that. A blank as delimiter stands for any white space. */
  parse(delimiter: number): [number, number] {
    const { address, length } = this.current;
    const { bytes } = this.#machine;
    const start = this.position;
    let at = start;
    if (delimiter === 32) while (at < length && bytes[address + at] > 32) at++;
    else while (at < length && bytes[address + at] !== delimiter) at++;
    this.position = Math.min(at + 1, length);
    return [address + start, at - start];
  }

  /** Steps over delimiters, as WORD does before it parses. */
  skip(delimiter: number): void {
    const { address, length } = this.current;
    const { bytes } = this.#machine;
    let at = this.position;
    while (at < length && (bytes[address + at] === delimiter || (delimiter === 32 && bytes[address + at] <= 32))) at++;
    this.position = at;
  }
}
