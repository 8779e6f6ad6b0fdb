// The blocks that a rewritten module executes, on their way to the replay: taken out of the helper's memory when it is
// full, counted, and marked where the host took over between two of them.
import { RunError } from "../../errors.ts";
import type { BlockSink } from "../../trace/virtual.ts";
import { createHelper, type Helper, RING } from "./helper.ts";
import { ARRIVES, LEAVES, type Picture } from "./picture.ts";

const ENTERED_ANEW = ARRIVES.entry | ARRIVES.afterImport;
const CALLS = LEAVES.calling | LEAVES.tailCalling;

export class ExecutedBlocks {
  readonly helper: Helper;
  readonly #picture: Picture;
  readonly #path: string;
  readonly #limit: number;
  readonly #ring: Int32Array;
  sink: BlockSink | undefined;
  /** An error while blocks were passed on, which ends the run. */
  failure: unknown;
  /** Instructions of all blocks that were passed on. */
  #executed = 0;
  /**
   * @param path  the module's name in messages
   * @param limit instructions after which a run ends with an error
   */
  constructor(picture: Picture, path: string, limit: number) {
    this.#picture = picture;
    this.#path = path;
    this.#limit = limit;
    this.helper = createHelper(() => this.#drain());
    this.#ring = new Int32Array(this.helper.memory.buffer);
    this.#makeRoom(0);
  }

  /** Instructions up to now, those of the latest block included. */
  executed(): number {
    return this.#executed + this.#sum(this.#held());
  }

  #held(): number {
    return this.helper.at.value >>> 2;
  }
  /** Makes room after `held` blocks; near the limit only for so few that passing it is noticed at once. */
  #makeRoom(held: number): void {
    const instructionsLeft = this.#limit - this.#executed - this.#sum(held);
    const room = Math.min(RING - held, Math.max(1, Math.floor(instructionsLeft / this.#picture.longest)));
    this.helper.at.value = 4 * held;
    this.helper.end.value = 4 * (held + room);
  }

  #drain(): number {
    try {
      this.#handOn();
      return 0;
    } catch (error) {
      this.failure = error;
      return 1;
    }
  }
  /** Passes on all blocks except the latest, whose successor is not known yet. @throws RunError past the limit */
  #handOn(): void {
    const held = this.#held();
    if (held < 2) {
      this.#makeRoom(held);
      return;
    }
    const ring = this.#ring;
    this.#markLeft(held);
    const last = ring[held - 1];
    this.#executed += this.#sum(held - 1);
    this.sink?.(ring, held - 1, last);
    if (this.#executed >= this.#limit) {
      const what = `stopped after ${this.#limit} virtual instructions (raise --max-instructions to let it run longer)`;
      throw new RunError(`${this.#path}: ${what}`);
    }
    ring[0] = last;
    this.#makeRoom(1);
  }
  /** Instructions of the first `count` blocks. */
  #sum(count: number): number {
    const { lengths } = this.#picture;
    const ring = this.#ring;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += lengths[ring[i]];
    return sum;
  }

  /**
   * Finds blocks after which the host took over, and gives them other numbers:
   * - a function is entered, and the block before neither called nor fell through: the host called
   * - an imported function has returned, and the block before is not its call: it called back
   * - a call is followed by the instruction after it: the function was the host's
   */
  #markLeft(held: number): void {
    const picture = this.#picture;
    const ring = this.#ring;
    let { starts, lengths, ways } = picture;
    let block = ring[0];
    for (let i = 1; i < held; i++) {
      const next = ring[i];
      const arrival = ways[next] & ENTERED_ANEW;
      const way = ways[block];
      if (arrival !== 0 || (way & LEAVES.calling) !== 0) {
        const goesOn = starts[block] + lengths[block] === starts[next];
        const left = arrival === ARRIVES.entry ? (way & CALLS) === 0 : arrival === ARRIVES.afterImport ? !goesOn : goesOn;
        if (left) {
          ring[i - 1] = picture.variant(block, lengths[block], true);
          ({ starts, lengths, ways } = picture);
        }
      }
      block = next;
    }
  }

  /** The instruction at an address trapped: the latest block ends with it. */
  cutAfter(address: number): void {
    const held = this.#held();
    if (held === 0) return;
    const block = this.#ring[held - 1];
    const ran = address - this.#picture.starts[block] + 1;
    const length = this.#picture.lengths[block];
    if (ran > 0 && ran <= length) this.#ring[held - 1] = this.#picture.variant(block, ran, ran === length);
  }

  /** Passes on the rest at the end. @throws RunError past the limit */
  finish(): void {
    if (this.failure !== undefined) throw this.failure;
    this.#handOn();
    if (this.#held() === 0) return;
    this.#executed += this.#sum(1);
    this.sink?.(this.#ring, 1, -1);
    this.#makeRoom(0);
  }
}
