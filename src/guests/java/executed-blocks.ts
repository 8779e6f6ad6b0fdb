// From the probes' blocks to those of the lab: joins what follows each other up to the next transfer of control, marks where the
// virtual machine took over, and replaces opcodes at their first execution.
//
//   probes   1 2 3 · 7 8 · 4 …      1, 2 and 3 are one straight run, left by a call; 7 is an entry; 4 comes after the call
//   blocks   1-3     7-8   4 …
import { RunError } from "../../errors.ts";
import { grown } from "../../files/grown.ts";
import type { BlockSink } from "../../trace/virtual.ts";
import { ARRIVES, LEAVES, type Picture } from "./picture.ts";

const CHUNK = 1 << 15;

export class ExecutedBlocks {
  readonly #picture: Picture;
  readonly #path: string;
  readonly #limit: number;
  sink: BlockSink = () => {};
  rewriting: (address: number) => void = () => {};
  /** Instructions of all blocks that were passed on. */
  #executed = 0;

  /** The first and the last of the probes' blocks in the straight run at hand; -1 before the first one. */
  #first = -1;
  #last = -1;

  /** By block. */
  #starts = new Int32Array(1 << 10);
  #lengths = new Int32Array(1 << 10);
  #left = new Uint8Array(1 << 10);
  blockCount = 0;
  /** Blocks by beginning, end, and whether the virtual machine took over; by the probes' block that begins them, the one used last. */
  readonly #known = new Map<number, number>();
  #latest = new Int32Array(1 << 12);

  /** By virtual address: the opcode that replaces it at its first execution, or -1. */
  #quick = new Int32Array(0);
  /** Addresses that have been executed, but may not be changed yet. */
  #changing: number[] = [];

  // one id more for the sink, which gets what follows there
  readonly #trace = new Int32Array(CHUNK + 1);
  #held = 0;

  /**
   * @param path  the program's name in messages
   * @param limit instructions after which a run ends with an error
   */
  constructor(picture: Picture, path: string, limit: number) {
    this.#picture = picture;
    this.#path = path;
    this.#limit = limit;
  }

  start(block: number): number {
    return this.#starts[block];
  }
  length(block: number): number {
    return this.#lengths[block];
  }
  leftByHost(block: number): boolean {
    return this.#left[block] === 1;
  }

  /** From now on an address is replaced by a quick opcode when it has been executed. */
  quicken(address: number, opcode: number): void {
    const before = this.#quick.length;
    this.#quick = grown(this.#quick, address + 1);
    this.#quick.fill(-1, before);
    this.#quick[address] = opcode;
  }

  /** Takes numbers of the probes' blocks in the order of their execution. @throws RunError past the limit */
  take(numbers: Int32Array, count: number): void {
    const picture = this.#picture;
    let { leaves, starts } = picture;
    let last = this.#last;
    for (let i = 0; i < count; i++) {
      const number = numbers[i];
      if (number !== last + 1 || last < 0 || (leaves[last] & LEAVES.onward) === 0) {
        if (starts[number] < 0) {
          picture.learn(number);
          ({ leaves, starts } = picture);
        }
        this.#last = last;
        if (last >= 0) this.#close(number);
        this.#first = number;
      }
      last = number;
    }
    this.#last = last;
  }

  /** The straight run at hand has ended: `next` follows, or -1 at the end of the trace. */
  #close(next: number): void {
    const { starts, ends } = this.#picture;
    const start = starts[this.#first];
    const end = ends[this.#last];
    const left = next >= 0 && this.#isLeft(end - 1, next);
    // before anything is replaced, two blocks must have been passed on: the very first one is one instruction
    if (this.blockCount === 0 && end > start + 1) {
      this.#put(this.#blockOf(start, start + 1, false));
      this.#put(this.#blockOf(start + 1, end, left));
    } else {
      const latest = this.#latest[this.#first] - 1;
      if (latest >= 0 && this.#lengths[latest] === end - start && this.#left[latest] === (left ? 1 : 0)) this.#put(latest);
      else {
        const block = this.#blockOf(start, end, left);
        this.#latest = grown(this.#latest, this.#first + 1);
        if (this.#known.get(keyOf(start, end, left)) === block) this.#latest[this.#first] = block + 1;
        this.#put(block);
      }
    }
  }

  /** Whether something else than a block's last instruction decided what comes next. */
  #isLeft(address: number, next: number): boolean {
    const picture = this.#picture;
    const leaves = picture.leaves[this.#last];
    const arrives = picture.arrives[next];
    if (leaves & LEAVES.calling) return (arrives & ARRIVES.entry) === 0 || !picture.mayCall(address, next);
    if (leaves & LEAVES.returning) return (arrives & ARRIVES.afterCall) === 0;
    if (leaves & LEAVES.raising) return (arrives & ARRIVES.handler) === 0;
    return false;
  }

  /** The block from one address to another: always the same, once all its instructions are quick. */
  #blockOf(start: number, end: number, left: boolean): number {
    const key = keyOf(start, end, left);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const block = this.blockCount++;
    this.#starts = grown(this.#starts, block + 1);
    this.#lengths = grown(this.#lengths, block + 1);
    this.#left = grown(this.#left, block + 1);
    this.#starts[block] = start;
    this.#lengths[block] = end - start;
    this.#left[block] = left ? 1 : 0;
    const before = this.#changing.length;
    for (let address = start; address < end; address++) {
      if (address < this.#quick.length && this.#quick[address] >= 0) this.#changing.push(address);
    }
    if (this.#changing.length === before) this.#known.set(key, block);
    return block;
  }

  #put(block: number): void {
    if (this.#held === CHUNK) this.#handOn();
    this.#trace[this.#held++] = block;
    if (this.#changing.length > 0 && this.#held > 1) this.#change();
  }

  /** Replaces opcodes: everything up to now is passed on first, so that it is seen as it was. */
  #change(): void {
    this.#handOn();
    for (const address of this.#changing) {
      this.#picture.replace(address, this.#quick[address]);
      this.#quick[address] = -1;
      this.rewriting(address);
    }
    this.#changing = [];
  }

  /** Passes on all blocks except the latest, whose successor is not known yet. @throws RunError past the limit */
  #handOn(): void {
    const trace = this.#trace;
    const last = trace[this.#held - 1];
    for (let i = 0; i < this.#held - 1; i++) this.#executed += this.#lengths[trace[i]];
    this.sink(trace, this.#held - 1, last);
    if (this.#executed >= this.#limit) {
      const what = `stopped after ${this.#limit} virtual instructions (raise --max-instructions to let it run longer)`;
      throw new RunError(`${this.#path}: ${what}`);
    }
    trace[0] = last;
    this.#held = 1;
  }

  /** Passes on the rest at the end. */
  finish(): void {
    if (this.#last >= 0) this.#close(-1);
    if (this.#held > 1) this.#handOn();
    if (this.#held === 1) this.sink(this.#trace, 1, -1);
    this.#held = 0;
    this.#last = -1;
  }
}

const keyOf = (start: number, end: number, left: boolean): number => (start * 65_536 + (end - start)) * 2 + (left ? 1 : 0);
