// The labels that are in reach of an instruction: one for each block, loop, if and try around it, and the function's own.
import { grown } from "../../files/grown.ts";
import { ARRIVES, LATER, type Picture } from "./picture.ts";

export const NO_LABEL = -1;

/** What opens a label. */
export const LABEL = { block: 0, loop: 1, if: 2, tryTable: 3 } as const;

export class Labels {
  readonly #picture: Picture;
  #kinds = new Uint8Array(64);
  /** The block of the program that a branch to the label enters; NONE as long as no branch does. */
  #blocks = new Int32Array(64);
  /** A loop's first address. */
  #begins = new Int32Array(64);
  /** Of an `if` without `else` so far: the block that is entered when it is false. */
  #falses = new Int32Array(64);
  /** How many labels are around in the rewritten code, this one included, minus 1. */
  #outer = new Int32Array(64);
  depth = 0;
  /** Labels of the rewritten code that are in reach. */
  outerDepth = 0;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  /** @param added labels that only the rewritten code has around this one */
  open(kind: number, begin: number, ifFalse = NO_LABEL, added = 0): void {
    const at = this.depth++;
    if (at === this.#kinds.length) {
      this.#kinds = grown(this.#kinds, at + 1);
      this.#blocks = grown(this.#blocks, at + 1);
      this.#begins = grown(this.#begins, at + 1);
      this.#falses = grown(this.#falses, at + 1);
      this.#outer = grown(this.#outer, at + 1);
    }
    this.#kinds[at] = kind;
    this.#blocks[at] = NO_LABEL;
    this.#begins[at] = begin;
    this.#falses[at] = ifFalse;
    this.outerDepth += added;
    this.#outer[at] = this.outerDepth++;
  }
  /** Closes the innermost label: what branches to it enters the program at an address. */
  close(address: number): void {
    const at = --this.depth;
    if (this.#blocks[at] !== NO_LABEL && this.#kinds[at] !== LABEL.loop) this.#picture.begins(this.#blocks[at], address);
    this.outerDepth--;
  }
  get innermostKind(): number {
    return this.#kinds[this.depth - 1];
  }
  /** The block that the innermost `if` enters when it is false, once: NONE afterwards. */
  takeFalse(): number {
    const block = this.#falses[this.depth - 1];
    this.#falses[this.depth - 1] = NO_LABEL;
    return block;
  }

  /** The block that a branch to a label enters, 0 being the innermost. */
  block(label: number): number {
    const at = this.depth - 1 - label;
    if (this.#blocks[at] === NO_LABEL) {
      const start = this.#kinds[at] === LABEL.loop ? this.#begins[at] : LATER;
      this.#blocks[at] = this.#picture.block(start, ARRIVES.label);
    }
    return this.#blocks[at];
  }
  /** The same label in the rewritten code. */
  rewritten(label: number): number {
    return this.outerDepth - 1 - this.#outer[this.depth - 1 - label];
  }
}
