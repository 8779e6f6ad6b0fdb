// Training: what programs execute, as techniques need it that choose their bodies by it.

import { endOfBasicBlock } from "./dispatch/load-order.ts";
import type { Profile, ProfiledRun } from "./dispatch/profile.ts";
import { UsageError } from "./errors.ts";
import { findProgram, type Program, programIds } from "./programs.ts";
import { createCensus } from "./statistics.ts";
import type { VirtualRun } from "./trace/run.ts";

/** Runs a program and counts its straight runs within static basic blocks. */
function profileOf(run: VirtualRun): ProfiledRun[] {
  const { program } = run;
  const census = createCensus(program);
  run.run((ids, count, next) => {
    ids[count] = next;
    census.run(ids, 0, next < 0 ? count - 1 : count);
    if (next < 0) census.finish(ids[count - 1]);
  });
  const counts = new Map<string, { opcodes: string[]; count: number }>();
  census.forEach((block, fell, transferred, ended) => {
    const start = program.blockStart(block);
    const end = start + program.blockLength(block);
    for (let at = start; at < end; ) {
      const runEnd = Math.min(end, endOfBasicBlock(program, at));
      const opcodes = Array.from({ length: runEnd - at }, (_, i) => program.opcodes[program.opcodeAt(at + i)].name);
      const key = opcodes.join(" ");
      const known = counts.get(key) ?? { opcodes, count: 0 };
      known.count += fell + transferred + ended;
      counts.set(key, known);
      at = runEnd;
    }
  });
  return [...counts.values()];
}

/** Several profiles as one: each program counts as much as it executes. */
function combine(programs: readonly string[], profiles: readonly (readonly ProfiledRun[])[]): Profile {
  const counts = new Map<string, { opcodes: readonly string[]; count: number }>();
  for (const { opcodes, count } of profiles.flat()) {
    const key = opcodes.join(" ");
    const known = counts.get(key) ?? { opcodes, count: 0 };
    known.count += count;
    counts.set(key, known);
  }
  return { programs, runs: [...counts.values()] };
}

/**
 * The profile for a program, whose opcodes have the given names.
 * @throws UsageError when the programs that the user named execute nothing that the program could
 */
export type Trainer = (program: Program, opcodes: ReadonlySet<string>) => Profile;

/**
 * Training programs run at size test.
 * @param asked the programs that the user named; without, all others of the lab in the same language train, or the program
 *              itself if they execute nothing that it could (streams of opcodes)
 */
export function createTrainer(asked: readonly Program[] | undefined, maxInstructions: number): Trainer {
  const known = new Map<string, ProfiledRun[]>();
  const runsOf = (program: Program): ProfiledRun[] => {
    let runs = known.get(program.path);
    if (runs === undefined) {
      runs = profileOf(program.start("test", maxInstructions));
      known.set(program.path, runs);
    }
    return runs;
  };
  const train = (programs: readonly Program[]): Profile =>
    combine(
      programs.map(({ id }) => id),
      programs.map(runsOf),
    );
  return (program, opcodes) => {
    const serves = ({ runs }: Profile): boolean => runs.some((run) => run.opcodes.every((name) => opcodes.has(name)));
    if (asked !== undefined) {
      const profile = train(asked);
      if (serves(profile)) return profile;
      throw new UsageError(
        `train: ${profile.programs.join(", ")} executes no basic block of opcodes that ${program.id} has: expected programs in its language`,
      );
    }
    const ours = programIds().map(findProgram);
    const others = train(ours.filter(({ guest, path }) => guest === program.guest && path !== program.path));
    return serves(others) ? others : train([program]);
  };
}
