// The dispatch branches of a recorded interpreter: the indirect jumps and calls in its own functions. Few of them are distinct, so a
// recording of them fits into memory.
import { INDIRECT } from "../branch.ts";
import { unsignedOf } from "../recordings/addresses.ts";
import { type Recording, readRecording } from "../recordings/find-recording.ts";
import { createRecordedRun } from "../recordings/recorded-run.ts";
import type { RecordedBranch } from "../recordings/recording.ts";
import type { SymbolTable } from "../recordings/symbols.ts";

/** Addresses of native code: byte addresses, the end not included. */
export interface CodeRange {
  readonly start: number;
  readonly end: number;
}

export interface Dispatches {
  /** The distinct branches. */
  readonly branches: readonly RecordedBranch[];
  /** The executed ones in order, as indices into `branches`. */
  readonly sequence: Int32Array;
  /** Native instructions that executed in the interpreter's functions, and in all. */
  readonly ownInstructions: number;
  readonly instructions: number;
  /** Indirect jumps and calls elsewhere: in libraries, mostly. */
  readonly otherIndirect: number;
}

/** Dispatches of a recording, with the names of its addresses. */
export interface RecordedDispatches extends Dispatches {
  readonly symbols: SymbolTable;
}

/** A byte address of 48 bits, as it was recorded. */
export const addressOf = (low: number, high: number): number => (high & 0xffff) * 2 ** 32 + (low >>> 0);

/** Whether an address is in one of some ranges. */
export const inRanges =
  (ranges: readonly CodeRange[]) =>
  (address: bigint): boolean =>
    ranges.some(({ start, end }) => address >= start && address < end);

/**
 * @param isOwn whether an address is in the interpreter's functions
 * @param dispatches whether a branch there is a dispatch; default: indirect jumps and calls
 */
export async function readDispatches(
  path: string,
  isOwn: (address: bigint, symbols: SymbolTable) => boolean,
  dispatches: (branch: RecordedBranch) => boolean = ({ kind }) => (kind & INDIRECT) !== 0,
): Promise<RecordedDispatches> {
  const branches: RecordedBranch[] = [];
  /** Number of a recorded branch → index into `branches`, or one of the next three values. */
  const ELSEWHERE = -1;
  const OWN = -2;
  const OTHER_INDIRECT = -3;
  const classes: number[] = [];
  function classOf(number: number): number {
    const branch = run.blocks.branch(number);
    const indirect = (branch.kind & INDIRECT) !== 0;
    if (!isOwn(unsignedOf(branch.pc, branch.pcHigh), run.blocks.symbols)) return indirect ? OTHER_INDIRECT : ELSEWHERE;
    if (!dispatches(branch)) return OWN;
    return branches.push(branch) - 1;
  }
  let sequence = new Int32Array(1 << 16);
  let length = 0;
  let ownInstructions = 0;
  let otherIndirect = 0;
  const run = createRecordedRun((ids, count) => {
    for (let i = 0; i < count; i++) {
      for (const number of run.blocks.branchesOf(ids[i])) {
        classes[number] ??= classOf(number);
        const found = classes[number];
        if (found === OTHER_INDIRECT) otherIndirect++;
        if (found === OTHER_INDIRECT || found === ELSEWHERE) continue;
        ownInstructions += run.blocks.branch(number).gap;
        if (found === OWN) continue;
        if (length === sequence.length) {
          const longer = new Int32Array(length * 2);
          longer.set(sequence);
          sequence = longer;
        }
        sequence[length++] = found;
      }
    }
  });
  const { instructions } = await (await readRecording(path)).read(run.sink, false);
  run.finish();
  return { branches, sequence: sequence.subarray(0, length), ownInstructions, instructions, otherIndirect, symbols: run.blocks.symbols };
}

/** A recording of dispatch branches only. */
export function recordingOf(id: string, { branches, sequence, ownInstructions }: Dispatches): Recording {
  return {
    id,
    async read(sink) {
      const blocks = branches.map((branch) => sink.block([sink.branch(branch)], 1));
      const ids = new Int32Array(1 << 14);
      for (let from = 0; from < sequence.length; from += ids.length) {
        const count = Math.min(ids.length, sequence.length - from);
        for (let i = 0; i < count; i++) ids[i] = blocks[sequence[from + i]];
        sink.blocks(ids, count);
      }
      return { format: "dispatches", instructions: ownInstructions, notes: [], sha256: "" };
    },
  };
}
