// The executed blocks of an OCaml program: a table of all known blocks, and a buffer of executed ones. The interpreter looks a block
// up by the word where control arrives, and writes into the buffer itself.
import { RunError } from "../../errors.ts";
import type { BlockSink } from "../../trace/virtual.ts";
import { instructions } from "./instructions.ts";
import type { Code } from "./loading/code.ts";

/** Capacity of the buffer, of which at most half is used before blocks are passed on. */
export const TRACE_SIZE = 1 << 16;
/** Instructions of a block that `tally` can hold. */
const LONG = 0x7fff;

export class ExecutedBlocks {
  readonly #code: Code;
  readonly #path: string;
  /** For each word: the block that begins there, and its increment of `tally`; 0 if none is known. */
  readonly blockAt: Int32Array;
  readonly tallyAt: Int32Array;
  readonly trace = new Int32Array(TRACE_SIZE);
  /** Blocks in the buffer in the lower half, their instructions in the upper one; if negative, they must be passed on. */
  tally = 0;
  #emptyTally = 0;
  /** Instructions of all blocks that were passed on. */
  executed = 0;
  readonly #limit: number;
  sink: BlockSink | undefined;
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #cuts = new Map<number, number>();
  readonly #leftByHost = new Set<number>();
  /** Whether any block has more than LONG instructions, so that `tally` does not hold them all. */
  #long = false;

  /**
   * @param path  the program's name in messages
   * @param limit instructions after which a run ends with an error
   */
  constructor(code: Code, path: string, limit: number) {
    this.#code = code;
    this.#path = path;
    this.#limit = limit;
    this.blockAt = new Int32Array(code.words.length);
    this.tallyAt = new Int32Array(code.words.length);
    this.#emptyTrace();
  }

  get count(): number {
    return this.#starts.length;
  }
  start(block: number): number {
    return this.#starts[block];
  }
  length(block: number): number {
    return this.#lengths[block];
  }
  leftByHost(block: number): boolean {
    return this.#leftByHost.has(block);
  }

  #add(start: number, length: number): number {
    this.#lengths.push(length);
    if (length > LONG) this.#long = true;
    return this.#starts.push(start) - 1;
  }

  /** Learns the block that begins at a word. */
  learn(word: number): void {
    const { words, addressOf, wordOf } = this.#code;
    const start = addressOf[word];
    let end = start;
    while (end < wordOf.length - 2 && instructions[words[wordOf[end]]].flow === "next") end++;
    this.blockAt[word] = this.#add(start, end - start + 1);
    this.tallyAt[word] = (Math.min(end - start + 1, LONG) << 16) + 1;
  }

  /** The last block was left after the instruction that ends at a word, which executed no branch to the next block. */
  cut(word: number): void {
    const count = this.tally & 0xffff;
    if (count === 0) return;
    const block = this.trace[count - 1];
    const start = this.#starts[block];
    const length = this.#lengths[block];
    const { words, addressOf, wordOf } = this.#code;
    const end = word === words.length ? wordOf.length - 1 : addressOf[word];
    const ran = end - start;
    // an error in the middle of an instruction, which ends the run
    if (!(ran > 0 && ran <= length)) return;
    // a plain instruction needs no mark that the host took over
    const byHost = instructions[words[wordOf[end - 1]]].flow !== "next";
    if (ran === length && !byHost) return;
    const key = (start * 2 ** 24 + ran) * 2 + (byHost ? 1 : 0);
    let id = this.#cuts.get(key);
    if (id === undefined) {
      id = this.#add(start, ran);
      this.#cuts.set(key, id);
      if (byHost) this.#leftByHost.add(id);
    }
    this.trace[count - 1] = id;
    this.tally = (this.tally - ((Math.min(length, LONG) - Math.min(ran, LONG)) << 16)) | 0;
  }

  /** Puts a block on the trace. */
  enter(word: number): void {
    if (this.tally < 0) this.handOn();
    if (this.tallyAt[word] === 0) this.learn(word);
    this.trace[this.tally & (TRACE_SIZE - 1)] = this.blockAt[word];
    this.tally = (this.tally + this.tallyAt[word]) | 0;
  }

  /** Passes on all blocks except the last, whose successor is not known yet. @throws RunError past the limit */
  handOn(): void {
    const { trace } = this;
    const count = this.tally & 0xffff;
    if (count === 0) return;
    const last = trace[count - 1];
    if (this.#long) for (let i = 0; i < count - 1; i++) this.executed += this.#lengths[trace[i]];
    else this.executed += ((this.tally - this.#emptyTally) >>> 16) - this.#lengths[last];
    if (count > 1) this.sink?.(trace, count - 1, last);
    if (this.executed >= this.#limit) {
      const what = `stopped after ${this.#limit} virtual instructions (raise --max-instructions to let it run longer)`;
      throw new RunError(`${this.#path}: ${what}`);
    }
    this.#emptyTrace();
    trace[0] = last;
    this.tally = (this.tally + (Math.min(this.#lengths[last], LONG) << 16) + 1) | 0;
  }

  /** Empties the buffer; near the limit it starts with instructions, so that it is full at the limit. */
  #emptyTrace(): void {
    const room = Math.max(1, Math.min(LONG + 1, this.#limit - this.executed));
    this.#emptyTally = (LONG + 1 - room) << 16;
    this.tally = this.#emptyTally;
  }

  /** Passes on the rest at the end. */
  finish(): void {
    this.handOn();
    if ((this.tally & 0xffff) === 0) return;
    this.executed += this.#lengths[this.trace[0]];
    this.sink?.(this.trace, 1, -1);
    this.#emptyTrace();
  }
}
