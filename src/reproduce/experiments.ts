// Shared by claims: programs by kind, and experiments that run once for all claims.
import { programIds } from "../guests/programs.ts";
import { wasmProgramIds } from "../guests/wasm/lab-programs.ts";
import type { Experiment } from "./claim.ts";
import type { Selection } from "./selection.ts";

/** A tokenizer's states: no virtual machine. */
export const STATE_MACHINE = "tokenizer-states";
/** A compiler's walk over a list of tagged instructions: none either. */
export const COMPILER_PASS = "zir-pass";
/** Programs that claims about virtual machines leave out. */
export const NO_VIRTUAL_MACHINES: readonly string[] = [STATE_MACHINE, COMPILER_PASS];

/** Predictors without bounds, whole addresses: laws hold exactly. On both of them, switch and threaded code differ. */
export const EXACT = "btb:unbounded,btb-2bit:unbounded";

/** A branch target buffer that holds one entry. */
export const ONE_ENTRY = "btb:sets=1:ways=1";
/** Knows the last target of each branch: of a shared dispatch, the opcode before. */
export const PAIRS = "two-level:targets=1:unbounded";

/** One dispatch for all against one for each; on a predictor of the last target, one that is slower to change its mind, one by history. */
export const SHARED_OR_OWN: Experiment = { technique: "switch,direct-threading", predictor: "btb,btb-2bit,ittage" };
/** Computed gotos as written, and with all dispatches merged again by the compiler. */
export const AS_WRITTEN = "direct-threading";
export const MERGED = "direct-threading:merge=all";

/** Two stages of a compiler, as a switch and as Zig proposes. */
export const STAGES: Experiment = {
  inputs: [STATE_MACHINE, COMPILER_PASS],
  technique: "switch,replicated-switch",
  predictor: "btb,btb-2bit,ittage",
};

/** A loop whose instructions are all distinct, and one with six alike in a row. */
export const DISTINCT = "a b c d e f";
export const ALIKE = "x x x x x x goto";
/** Both in their steady state: after a whole number of iterations of either. */
export const LOOPS: Omit<Experiment, "technique"> = { inputs: [DISTINCT, ALIKE], predictor: "btb:unbounded", warmup: 840 };

/** Programs on virtual machines: Forth, the register machine, Java-like bytecode. */
export const VM_PROGRAMS = programIds().filter((id) => !NO_VIRTUAL_MACHINES.includes(id));

/** The lab's programs for WebAssembly. */
export const WASM_PROGRAMS = wasmProgramIds();

/** A multiple of the lengths of all loops of words in claims (3 to 7), so that only the steady state is counted. */
export const LOOP_WARMUP = 420;

/** A separate body for each virtual instruction, also for those that could not really be copied. */
export const INSTANCES = "dynamic-replication:relocatable=all";

/** Contexts of dispatches on virtual machines: one site for all, one for each opcode, for each replica, for each instruction. */
export const CONTEXTS: Experiment = {
  inputs: VM_PROGRAMS,
  technique: `switch,direct-threading,static-replication,${INSTANCES}`,
  predictor: "btb:unbounded",
  contexts: true,
};

/** The Pentium 4 of the chapter and of the paper on context threading. */
export const PENTIUM_4 = "pentium-4-northwood";
/** The paper's other processor. */
export const POWERPC_970 = "powerpc-970";

/** Direct threading as gcc compiled Debian's ocamlrun: bodies that call share a dispatch. */
export const OCAMLRUN = "direct-threading:merge=ocamlrun-4.13-gcc12";

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
