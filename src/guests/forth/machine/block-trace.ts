// The blocks of the Forth guest: where each starts and how long it is, and the trace of those that ran, up to when it is handed on.
import type { BlockSink, Flow } from "../../../trace/virtual.ts";
import { Halt } from "../exceptions.ts";
import { TRACE_SIZE } from "./layout.ts";

export class BlockTrace {
  readonly buffer = new Int32Array(TRACE_SIZE);
  /**
   * Blocks on the trace in the lower half, their virtual instructions in the upper one; below 0 it is time to hand them on. One
   * addition counts both, and no block has no instructions, so the trace cannot overflow. Adding up lengths when blocks are handed
   * on, and asking for the end of the buffer apart, a traced run took 1.32 times as long.
   */
  tally = 0;
  #emptyTally = 0;
  /** Virtual instructions that ran, up to the last flush. */
  executed = 0;
  #limit = Number.POSITIVE_INFINITY;
  sink: BlockSink | undefined;
  /** Number of blocks. */
  count = 0;
  #starts = new Int32Array(1 << 12);
  #lengths = new Int32Array(1 << 12);
  readonly #cuts = new Map<string, number>();
  readonly #leftByHost = new Set<number>();
  readonly #flowAt: (address: number) => Flow;

  /** @param flowAt how control leaves the instruction at a virtual address */
  constructor(flowAt: (address: number) => Flow) {
    this.#flowAt = flowAt;
  }

  /** Adds a block; returns its id. */
  add(start: number, length: number): number {
    if (this.count === this.#starts.length) {
      for (const grow of ["starts", "lengths"] as const) {
        const old = grow === "starts" ? this.#starts : this.#lengths;
        const larger = new Int32Array(old.length * 2);
        larger.set(old);
        if (grow === "starts") this.#starts = larger;
        else this.#lengths = larger;
      }
    }
    this.#starts[this.count] = start;
    this.#lengths[this.count] = length;
    return this.count++;
  }

  /**
   * An exception, with `ip` after the instruction that threw it: cuts the last block of the trace to what ran. If all of it
   * did, its last instruction did not transfer control itself, unless that is what throwing means.
   */
  cut(ip: number): void {
    const count = this.tally & 0xffff;
    if (count === 0) return;
    const block = this.buffer[count - 1];
    const start = this.#starts[block];
    const length = this.#lengths[block];
    const ran = ip - start;
    const whole = ran <= 0 || ran >= length;
    const flow = this.#flowAt(start + length - 1);
    if (whole && (flow === "next" || flow === "raise")) return;
    const key = `${start}:${whole ? length : ran}:${whole}`;
    let id = this.#cuts.get(key);
    if (id === undefined) {
      id = this.add(start, whole ? length : ran);
      this.#cuts.set(key, id);
      if (whole) this.#leftByHost.add(id);
    }
    this.buffer[count - 1] = id;
    if (!whole) this.tally = (this.tally - ((length - ran) << 16)) | 0;
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

  /** Hands on all blocks but the last, whose successor is not known yet. */
  flush(): void {
    const { buffer } = this;
    const count = this.tally & 0xffff;
    if (count === 0) return;
    const last = buffer[count - 1];
    const lastLength = this.#lengths[last];
    this.executed += ((this.tally - this.#emptyTally) >>> 16) - lastLength;
    if (count > 1) this.sink?.(buffer, count - 1, last);
    if (this.executed >= this.#limit) throw new Halt("limit");
    this.#empty();
    buffer[0] = last;
    this.tally = (this.tally + (lastLength << 16) + 1) | 0;
  }

  /** Virtual instructions that ran, with all of the block that is running. */
  get instructions(): number {
    return this.executed + ((this.tally - this.#emptyTally) >>> 16);
  }

  /** Virtual instructions after which a run ends, with the block that it is in. */
  get limit(): number {
    return this.#limit;
  }
  set limit(instructions: number) {
    this.#limit = instructions;
    if (this.tally === this.#emptyTally) this.#empty();
  }
  /** No blocks; near the limit it has instructions, so that it is full there. */
  #empty(): void {
    const room = Math.max(1, Math.min(0x8000, this.#limit - this.executed));
    this.#emptyTally = (0x8000 - room) << 16;
    this.tally = this.#emptyTally;
  }
  /** Forgets what ran so far: it is no part of a program. */
  forget(): void {
    this.executed = 0;
    this.#empty();
  }

  /** The run is over: hands on what is left. */
  finish(): void {
    this.flush();
    if (this.tally !== this.#emptyTally) {
      this.executed += this.#lengths[this.buffer[0]];
      this.sink?.(this.buffer, 1, -1);
    }
    this.#empty();
  }
}
