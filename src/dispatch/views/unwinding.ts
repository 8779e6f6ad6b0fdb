// The view of an interpreter whose bodies call each other and return only at the end: the trace, followed by the same trace
// backwards, block by block and instruction by instruction, as the native stack unwinds.
//
// Unwinding is a program like any other: the instruction at virtual address a returns at MIRROR - a, so a block that ran
// from a to b unwinds from MIRROR - b to MIRROR - a as a straight run. The view holds one id for each executed block: the
// native stack.
import type { TraceView } from "../../trace/view.ts";
import type { VirtualProgram } from "../../trace/virtual.ts";

const MIRROR = 1 << 30;
/** A virtual address for the code that entered the first instruction, to which control returns after all bodies. */
const CALLER = MIRROR + 1;
const FIRST_ROOM = 1 << 16;

/** The instruction that returns at a virtual address, -1 for the code that entered the first; undefined where none returns. */
export function returningAt(address: number): number | undefined {
  return address <= MIRROR / 2 ? undefined : MIRROR - address;
}

/**
 * Block b gets ids 2 b + 2, and 2 b + 3 for unwinding; 0 is the code that entered the first instruction.
 * @param frameBytes bytes of one call on the native stack
 */
export function unwinding(program: VirtualProgram, frameBytes: number): TraceView {
  let frames = 0;
  let stack = new Int32Array(FIRST_ROOM);
  let depth = 0;
  let current = -1;
  let translated = new Int32Array(0);
  const original = (address: number): number => returningAt(address) ?? address;
  const blockOf = (id: number): number => (id >> 1) - 1;
  const unwinds = (id: number): boolean => (id & 1) === 1;
  return {
    program: {
      get opcodes() {
        return program.opcodes;
      },
      opcodeAt: (address) => (address === CALLER ? -1 : program.opcodeAt(original(address))),
      flowAt: (address) => (returningAt(address) === undefined ? program.flowAt(address) : "return"),
      get addressCount() {
        return program.addressCount;
      },
      targetAt: (address) => (returningAt(address) === undefined ? program.targetAt(address) : -1),
      enteredAt: (address) => program.enteredAt(original(address)),
      get blockCount() {
        return 2 * program.blockCount + 2;
      },
      blockStart(id) {
        const block = blockOf(id);
        if (block < 0) return CALLER;
        const start = program.blockStart(block);
        return unwinds(id) ? MIRROR - (start + program.blockLength(block) - 1) : start;
      },
      leftByHost: (id) => blockOf(id) >= 0 && !unwinds(id) && program.leftByHost(blockOf(id)),
      blockLength: (id) => (blockOf(id) < 0 ? 1 : program.blockLength(blockOf(id))),
    },
    translate(ids, from, to) {
      const count = to - from;
      if (depth + count >= stack.length) {
        const larger = new Int32Array(2 * (depth + count));
        larger.set(stack);
        stack = larger;
      }
      if (translated.length <= count) translated = new Int32Array(2 * count + 1);
      for (let i = 0; i < count; i++) {
        stack[depth + i] = ids[from + i];
        frames += program.blockLength(ids[from + i]);
        translated[i] = 2 * ids[from + i] + 2;
      }
      depth += count;
      current = ids[to];
      translated[count] = 2 * current + 2;
      return translated.subarray(0, count + 1);
    },
    // frames of the warm-up stay on the stack: the last counted return goes to the code that entered the first counted instruction
    reset() {
      depth = 0;
    },
    stackBytes: () => (frames + program.blockLength(current)) * frameBytes,
    epilogue() {
      const ids = new Int32Array(depth + 2);
      ids[0] = 2 * current + 3;
      for (let i = 0; i < depth; i++) ids[i + 1] = 2 * stack[depth - 1 - i] + 3;
      return ids;
    },
  };
}
