// The view of an interpreter whose loop holds several copies of itself. The copy that executes an instruction is its phase,
// which increases by one with every instruction and returns to 0 when a virtual branch transfers control.
//
// Phase and virtual address advance together, so their difference is constant on a straight run. An instruction in a phase
// becomes a separate instruction at (address, difference), with the difference in the upper bits of the virtual address.
import type { TraceView } from "../../trace/view.ts";
import type { VirtualProgram } from "../../trace/virtual.ts";
import { fallsThrough } from "../layouts/load-order.ts";

const ADDRESS_BITS = 26;
const ADDRESSES = (1 << ADDRESS_BITS) - 1;
/** Most phases that fit in a virtual address. */
export const MOST_PHASES = 16;

/** The phase in which the instruction at an address of the view executes. */
export const phaseOf = (address: number, phases: number): number => ((address & ADDRESSES) + (address >> ADDRESS_BITS)) % phases;

/**
 * Whether the instruction at an address is a plain one executed out of line (Forth: EXECUTE of a primitive): the next
 * instruction is elsewhere, but no branch of this one leads there.
 */
export const isOutOfLine = (program: VirtualProgram, address: number): boolean =>
  program.flowAt(address) !== "next" && program.opcodes[program.opcodeAt(address)].flow === "next";

/** Block b in phase p gets the id b × phases + p. */
export function inPhases(program: VirtualProgram, phases: number): TraceView {
  let phase = 0;
  let translated = new Int32Array(0);
  const original = (address: number): number => address & ADDRESSES;
  const blockOf = (id: number): number => Math.floor(id / phases);
  // a goto to the next instruction is a taken branch, too
  const goesBehind = (address: number, to: number): boolean => to === address + 1 && fallsThrough(program.flowAt(address));
  return {
    program: {
      get opcodes() {
        return program.opcodes;
      },
      opcodeAt: (address) => program.opcodeAt(original(address)),
      flowAt: (address) => program.flowAt(original(address)),
      get addressCount() {
        return program.addressCount;
      },
      targetAt: (address) => program.targetAt(original(address)),
      enteredAt: (address) => program.enteredAt(original(address)),
      get blockCount() {
        return program.blockCount * phases;
      },
      blockStart(id) {
        const start = program.blockStart(blockOf(id));
        const difference = ((((id % phases) - start) % phases) + phases) % phases;
        return start + difference * (ADDRESSES + 1);
      },
      blockLength: (id) => program.blockLength(blockOf(id)),
      leftByHost: (id) => program.leftByHost(blockOf(id)),
    },
    translate(ids, from, to) {
      const count = to - from;
      if (translated.length <= count) translated = new Int32Array(2 * count + 1);
      for (let i = 0; i < count; i++) {
        const block = ids[from + i];
        translated[i] = block * phases + phase;
        const length = program.blockLength(block);
        const end = program.blockStart(block) + length;
        const goesOn = goesBehind(end - 1, program.blockStart(ids[from + i + 1])) || isOutOfLine(program, end - 1);
        phase = goesOn ? (phase + length) % phases : 0;
      }
      translated[count] = ids[to] * phases + phase;
      return translated.subarray(0, count + 1);
    },
  };
}
