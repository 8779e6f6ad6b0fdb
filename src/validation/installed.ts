// Programs on an installed interpreter, recorded, beside the guest's model of the very same virtual code. Nothing is compiled for it:
// the interpreter is as it was built, and which of its jumps dispatch is known, because one function has all of them.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { MeasuredBodies } from "../bodies/measured-bodies.ts";
import { INDIRECT_JUMP } from "../branch.ts";
import { readTechnique } from "../dispatch/techniques.ts";
import { RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Program, Size } from "../guests/programs.ts";
import { unsignedOf } from "../recordings/addresses.ts";
import type { RecordedBranch } from "../recordings/recording.ts";
import { keptBlocks } from "../trace/kept-blocks.ts";
import type { VirtualRun } from "../trace/run.ts";
import { type Alignment, align } from "./alignment.ts";
import type { Binary } from "./binary.ts";
import { createMap } from "./binary-layout.ts";
import { compare, type ValidatedBinary, type ValidationRow } from "./compare.ts";
import { type RecordedDispatches, readDispatches } from "./dispatches.ts";
import { type RecordedPart, recordInterpreter } from "./record-interpreter.ts";

/** A recording and the guest's run of the same program. */
export interface MatchedRun {
  readonly dispatches: RecordedDispatches;
  readonly alignment: Alignment;
  /** The program on the guest. */
  start(): VirtualRun;
  /** What must be known of the comparison. */
  readonly note?: string;
}

/** Where every dispatch executes the guest's next virtual instruction. @throws RunError where there are more of them, or fewer */
export function matchAll(dispatches: RecordedDispatches, start: () => VirtualRun): MatchedRun {
  const run = start();
  return { dispatches, alignment: align(run.program, executed(run), dispatches), start };
}

/** An interpreter that is there, and a guest that executes what it executes. */
export interface InstalledInterpreter {
  /** What tables call it: "ocamlrun 4.13.1". */
  readonly name: string;
  /** How its source dispatches: the id of a technique. */
  readonly technique: string;
  /** The function that interprets. */
  readonly function: string;
  readonly binary: Binary;
  /** The command that runs a program on it. @throws UsageError when it cannot have what the program is given */
  command(program: Program, size: Size): readonly string[];
  /** What is recorded of it; default: everything. */
  readonly part?: RecordedPart;
  /**
   * Brings a recording and the guest's run of the same program together, its indirect jumps being at their addresses in the file.
   * @throws RunError where they do not go together
   */
  match(program: Program, size: Size, maxInstructions: number, recorded: RecordedDispatches): MatchedRun;
  /** The sizes of its bodies, in the form of native-code/*.csv. @throws RunError where bodies have no addresses */
  bodies(): string;
}

/** Runs a program on the guest: the addresses of its virtual instructions, in the order in which they execute. */
function executed({ program, run }: VirtualRun): Iterable<number> {
  const blocks = keptBlocks((sink) => run(sink));
  return (function* () {
    for (const block of blocks) {
      const start = program.blockStart(block);
      const end = start + program.blockLength(block);
      for (let address = start; address < end; address++) yield address;
    }
  })();
}

/** With addresses as they are in the file, wherever it was mapped. */
function asInFile({ symbols, branches, ...rest }: RecordedDispatches, interpreter: string): RecordedDispatches {
  const module = symbols.modules.find((one) => one.symbols.some(({ name }) => name === interpreter));
  if (module === undefined) throw new RunError(`the recording names no function ${interpreter}`);
  const moved = (low: number, high: number): number => Number(unsignedOf(low, high) - module.base);
  return {
    ...rest,
    symbols,
    branches: branches.map((branch): RecordedBranch => {
      const [pc, target] = [moved(branch.pc, branch.pcHigh), moved(branch.target, branch.targetHigh)];
      return { ...branch, pc: pc | 0, pcHigh: 0, target: target | 0, targetHigh: 0 };
    }),
  };
}

export interface InstalledOptions {
  readonly size: Size;
  readonly maxInstructions: number;
  /** For files that are not kept. */
  readonly folder: string;
  readonly frontEnds: readonly FrontEnd[];
  /** Reads bodies in the form of native-code/*.csv. */
  readonly readBodies: (sizes: () => string, name: string) => MeasuredBodies | undefined;
  readonly skipped: (line: string) => void;
  readonly noted: (line: string) => void;
  readonly onProgress?: (what: string) => void;
}

/** Validates programs on an interpreter. */
export async function validateInstalled(
  programs: readonly Program[],
  interpreter: InstalledInterpreter,
  { size, maxInstructions, folder, frontEnds, readBodies, skipped, noted, onProgress }: InstalledOptions,
): Promise<{ readonly rows: readonly ValidationRow[]; readonly binary: ValidatedBinary }> {
  const { name: compiler, technique: id, binary } = interpreter;
  const bodies = (): string => interpreter.bodies();
  const measured = readBodies(bodies, compiler);
  const technique = await readTechnique(id);
  const seen = createMap();
  const rows: ValidationRow[] = [];
  for (const program of programs) {
    onProgress?.(`${compiler}, ${program.id}`);
    const output = join(folder, "installed.bpt");
    try {
      const printed = await recordInterpreter(interpreter.command(program, size), output, interpreter.part);
      const expected = program.expected(size);
      if (expected !== undefined && printed !== Buffer.from(expected, "utf8").toString("latin1"))
        throw new RunError("its output is not what the program must print");
      const inInterpreter = (address: bigint, names: RecordedDispatches["symbols"]): boolean =>
        names.find(address)?.name === interpreter.function;
      // its indirect calls are those of C functions
      const recorded = asInFile(await readDispatches(output, inInterpreter, ({ kind }) => kind === INDIRECT_JUMP), interpreter.function);
      const { dispatches, alignment, start, note } = interpreter.match(program, size, maxInstructions, recorded);
      if (note !== undefined) noted(`${program.id}, ${compiler}: ${note}`);
      const subject = { program: program.id, size, technique: id, making: "installed", compiler, flags: "" } as const;
      const ofBinary = { sites: binary.sites.slice(binary.calls), codeBytes: binary.codeBytes, kept: "kept" } as const;
      rows.push(...(await compare(subject, start, ofBinary, { dispatches, alignment }, technique, measured, frontEnds)));
      seen.add(alignment, start().program.opcodes);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      skipped(`${program.id}, ${compiler}: ${error.message}`);
    } finally {
      rmSync(output, { force: true });
    }
  }
  const comments = [
    `${compiler} as its compiler left it: which bodies share a dispatch site`,
    `Read off recordings of ${programs.map(({ id }) => id).join(", ")} by bplab validate: dispatch sites and entries mostly used.`,
  ];
  return { rows, binary: { technique: id, compiler, flags: "", map: seen.text(comments), bodies } };
}
