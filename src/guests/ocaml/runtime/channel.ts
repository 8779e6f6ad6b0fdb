// A channel: a descriptor with a buffer. Reading, `offset` is where the buffer ends in the file; writing, where it begins.
import { Custom } from "../value.ts";
import type { Descriptors } from "./descriptors.ts";
import { systemError } from "./system-errors.ts";

/** Bytes of a buffer; when they are written depends on it, and so how output and errors mix. */
const CAPACITY = 65536;
const NEWLINE = 10;
const CLOSED = -1;

/** All methods throw the operating system's errors. */
export class Channel {
  readonly id: number;
  readonly isOutput: boolean;
  /** What OCaml holds of it. */
  readonly box: Custom;
  readonly #descriptors: Descriptors;
  readonly #buffer = new Uint8Array(CAPACITY);
  #descriptor: number;
  #offset: number;
  /** The next byte to be read or written, and the end of those that were read. */
  #next = 0;
  #end = 0;
  /** Output that does not wait in the buffer. */
  unbuffered = false;

  constructor(id: number, descriptor: number, isOutput: boolean, descriptors: Descriptors) {
    this.id = id;
    this.isOutput = isOutput;
    this.box = new Custom("_chan", this);
    this.#descriptors = descriptors;
    this.#descriptor = descriptor;
    this.#offset = descriptors.device(descriptor).position ?? 0;
  }

  /** @throws when it is closed */
  get descriptor(): number {
    if (this.#descriptor === CLOSED) throw systemError("EBADF");
    return this.#descriptor;
  }

  close(): void {
    const descriptor = this.#descriptor;
    if (descriptor === CLOSED) return;
    this.#descriptor = CLOSED;
    // Whatever is read or written next finds that it is closed.
    this.#next = CAPACITY;
    this.#end = CAPACITY;
    this.#descriptors.close(descriptor);
  }

  flush(): void {
    if (this.#descriptor === CLOSED) return;
    this.#writeBuffer();
  }

  #writeBuffer(): void {
    const device = this.#descriptors.device(this.descriptor);
    const count = this.#next;
    if (count === 0) return;
    this.#next = 0;
    device.write(this.#buffer.slice(0, count));
    this.#offset += count;
  }

  writeByte(byte: number): void {
    if (this.#next >= CAPACITY) this.#writeBuffer();
    this.#buffer[this.#next++] = byte;
    if (this.unbuffered) this.flush();
  }

  write(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      const count = Math.min(bytes.length - done, CAPACITY - this.#next);
      this.#buffer.set(bytes.subarray(done, done + count), this.#next);
      this.#next += count;
      done += count;
      if (this.#next === CAPACITY) this.#writeBuffer();
    }
    if (this.unbuffered) this.flush();
  }

  /** Reads more after the bytes in the buffer; returns how many. */
  #readMore(): number {
    const count = this.#descriptors.device(this.descriptor).read(this.#buffer.subarray(this.#end));
    this.#offset += count;
    this.#end += count;
    return count;
  }

  #refill(): boolean {
    if (this.#next < this.#end) return true;
    if (this.#descriptor === CLOSED) throw systemError("EBADF");
    this.#next = 0;
    this.#end = 0;
    return this.#readMore() > 0;
  }

  /** The next byte; undefined at the end. */
  readByte(): number | undefined {
    return this.#refill() ? this.#buffer[this.#next++] : undefined;
  }

  /** Some of the next bytes, at least one unless it is at the end. */
  read(into: Uint8Array): number {
    if (!this.#refill()) return 0;
    const count = Math.min(into.length, this.#end - this.#next);
    into.set(this.#buffer.subarray(this.#next, this.#next + count));
    this.#next += count;
    return count;
  }

  /** Up to so many bytes: fewer only at the end. */
  readAll(count: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let left = count;
    while (left > 0) {
      const part = new Uint8Array(Math.min(left, CAPACITY));
      const length = this.read(part);
      if (length === 0) break;
      parts.push(part.subarray(0, length));
      left -= length;
    }
    return new Uint8Array(Buffer.concat(parts));
  }

  /** Bytes until the next end of a line, which is one of them; if there is none in the buffer, minus the bytes that are. */
  scanLine(): number {
    let from = this.#next;
    for (;;) {
      const found = this.#buffer.subarray(0, this.#end).indexOf(NEWLINE, from);
      if (found >= 0) return found + 1 - this.#next;
      this.#buffer.copyWithin(0, this.#next, this.#end);
      this.#end -= this.#next;
      this.#next = 0;
      from = this.#end;
      if (this.#end === CAPACITY || this.#readMore() === 0) return -this.#end;
    }
  }

  get position(): number {
    return this.isOutput ? this.#offset + this.#next : this.#offset - (this.#end - this.#next);
  }

  seek(position: number): void {
    if (this.isOutput) this.flush();
    else if (position >= this.#offset - this.#end && position <= this.#offset) {
      this.#next = this.#end - (this.#offset - position);
      return;
    }
    const device = this.#descriptors.device(this.descriptor);
    if (device.position === undefined) throw systemError("ESPIPE");
    // The runtime takes the operating system's -1 for the position that it asked for.
    if (position < -1) throw systemError("EINVAL");
    if (position >= 0) device.position = position;
    this.#offset = position;
    this.#next = 0;
    this.#end = 0;
  }

  size(): number {
    return this.#descriptors.device(this.descriptor).size();
  }
}
