// What several claims run, and how they look at it. Points that claims share run once.
import { programIds } from "../programs.ts";
import type { Selection } from "./selection.ts";

/** Logs of what is no virtual machine: the states of a tokenizer, and the tags that a compiler pass walks. */
const NO_MACHINES: readonly string[] = ["tokenizer-states", "zir-pass"];

/** Programs on virtual machines: Forth, the register machine, Java-like bytecode. */
export const VM_PROGRAMS = programIds().filter((id) => !NO_MACHINES.includes(id));

/** A multiple of the lengths of all loops of words that claims run (3 to 7): what is counted behind it is the steady state. */
export const LOOP_WARMUP = 420;

/** A processor that predicts no indirect branch and waits for it, after the PowerPC 7410 (cycles from memory). */
export const STALLING = { indirectStall: 5, penalty: 5 } as const;

/** Mispredicted dispatches in an iteration of a loop of words, of one row. A run lacks one dispatch of its 1000 iterations: rounded. */
export function perIteration(row: Selection): number {
  const [loop] = row.programs;
  const iterations = row.virtualInstructions / loop.split(" ").length;
  return Math.round((row.mispredictions / iterations) * 100) / 100;
}

/** "4 of 7". */
export const ofLoop = (row: Selection): string => `${perIteration(row)} of ${row.programs[0].split(" ").length}`;

/** Cycles of the estimate, over virtual instructions. */
export const cyclesPerVirtual = (rows: Selection): number =>
  rows.total(({ estimatedCycles }) => estimatedCycles) / rows.virtualInstructions;

/** Native instructions, over virtual ones. */
export const instructionsPerVirtual = (rows: Selection): number => rows.nativeInstructions / rows.virtualInstructions;

/** Whether something holds for the rows of every program. */
export const everyProgram = (rows: Selection, holds: (program: string) => boolean): boolean => rows.programs.every(holds);
