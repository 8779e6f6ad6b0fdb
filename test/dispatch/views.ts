// How an executed sequence of virtual addresses looks to a layout with phases or with returns at its end, worked out
// instruction by instruction, without the lab's views.
import type { Technique } from "../../dist/src/index.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";

const PHASE = 1 << 26;
const MIRROR = 1 << 30;

export interface SeenTrace {
  readonly program: VirtualProgram;
  /** Addresses of the run; then, for returns at the end, those of the epilogue. */
  readonly addresses: readonly number[];
  readonly epilogue: readonly number[];
}

export function seenBy(technique: Technique, program: VirtualProgram, addresses: readonly number[]): SeenTrace {
  const view = technique.view(program);
  if (view === undefined) return { program, addresses, epilogue: [] };
  if (view.epilogue !== undefined) {
    const back = [...addresses].reverse().map((address) => MIRROR - address);
    return { program: view.program, addresses, epilogue: [...back, MIRROR + 1] };
  }
  const copies = Number(/copies=(\d+)/.exec(technique.name)?.[1] ?? 4);
  let phase = 0;
  const seen = addresses.map((address, i) => {
    if (i > 0) {
      const before = addresses[i - 1];
      // a primitive that Forth's EXECUTE executes is an instruction without a branch
      const outOfLine = program.flowAt(before) === "return" && program.opcodes[program.opcodeAt(before)].flow === "next";
      const goesOn = address === before + 1 && ["next", "conditional", "raise"].includes(program.flowAt(before));
      phase = goesOn || outOfLine ? (phase + 1) % copies : 0;
    }
    const difference = (((phase - address) % copies) + copies) % copies;
    return address + difference * PHASE;
  });
  return { program: view.program, addresses: seen, epilogue: [] };
}
