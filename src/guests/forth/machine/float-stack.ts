// The floating-point stack: IEEE 754 doubles, apart from the data stack and outside of memory.
import { ForthException } from "../exceptions.ts";

/** Numbers that it holds. */
export const FLOAT_STACK_DEPTH = 1 << 14;

const SIGN = 0x8000_0000;

export class FloatStack {
  readonly #values = new Float64Array(FLOAT_STACK_DEPTH);
  /** The same as 32-bit words, the low one of each number first. */
  readonly #words = new Uint32Array(this.#values.buffer);
  #depth = 0;

  get depth(): number {
    return this.#depth;
  }
  /** @throws ForthException -45 or -44 where the stack does not reach */
  set depth(depth: number) {
    if (depth < 0) throw new ForthException(-45);
    if (depth > FLOAT_STACK_DEPTH) throw new ForthException(-44);
    this.#depth = depth;
  }
  push(x: number): void {
    if (this.#depth === FLOAT_STACK_DEPTH) throw new ForthException(-44);
    this.#values[this.#depth++] = x;
  }
  pop(): number {
    if (this.#depth === 0) throw new ForthException(-45);
    return this.#values[--this.#depth];
  }
  /** Changes the sign of the top, or clears it, as the processor does: a NaN has one, which JavaScript's own operators may lose. */
  sign(how: "negate" | "clear"): void {
    if (this.#depth === 0) throw new ForthException(-45);
    const high = 2 * this.#depth - 1;
    this.#words[high] = how === "negate" ? this.#words[high] ^ SIGN : this.#words[high] & ~SIGN;
  }
  /** Takes two values; whether their bits are the same. */
  popSameBits(): boolean {
    this.depth -= 2;
    const at = 2 * this.#depth;
    return this.#words[at] === this.#words[at + 2] && this.#words[at + 1] === this.#words[at + 3];
  }
  /** The value `index` below the top, which is 0. */
  peek(index: number): number {
    if (index < 0 || index >= this.#depth) throw new ForthException(-45);
    return this.#values[this.#depth - 1 - index];
  }
}
