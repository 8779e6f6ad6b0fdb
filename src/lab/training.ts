// Training: makes the profiles by which techniques choose their bodies.

import { endOfBasicBlock } from "../dispatch/layouts/load-order.ts";
import type { Profile, ProfiledRun } from "../dispatch/profile.ts";
import { UsageError } from "../errors.ts";
import type { Language } from "../guests/guest.ts";
import { findProgram, type Program, programIdsOf, type Starter } from "../guests/programs.ts";
import type { VirtualRun } from "../trace/run.ts";

/** Training programs that run longer are stopped with an error. */
export const MOST_TRAINING_INSTRUCTIONS = 250_000_000;

/** A block, cut into straight runs within static basic blocks. */
interface Pieces {
  readonly runs: readonly (readonly string[])[];
  /** Whether the instruction after the block belongs to the static basic block of its last run. */
  readonly open: boolean;
  readonly end: number;
}

/** Runs a program and counts its straight runs within static basic blocks. */
export function profileOf(run: VirtualRun): ProfiledRun[] {
  const { program } = run;
  const blocks: Pieces[] = [];
  /** Reads the opcodes when the block first occurs, because instructions may be rewritten later. */
  function learn(id: number): Pieces {
    const start = program.blockStart(id);
    const end = start + program.blockLength(id);
    const runs: string[][] = [];
    let at = start;
    let blockEnd = start;
    while (at < end) {
      blockEnd = endOfBasicBlock(program, at);
      const last = Math.min(end, blockEnd);
      runs.push(Array.from({ length: last - at }, (_, i) => program.opcodes[program.opcodeAt(at + i)].name));
      at = last;
    }
    return { runs, open: blockEnd > end, end };
  }
  /** Executions of each run, by identity of its array; runs across blocks are created once each. */
  const counts = new Map<readonly string[], number>();
  const joinedRuns = new Map<string, readonly string[]>();
  const count = (opcodes: readonly string[]): void => {
    counts.set(opcodes, (counts.get(opcodes) ?? 0) + 1);
  };
  const join = (before: readonly string[], behind: readonly string[]): readonly string[] => {
    const opcodes = [...before, ...behind];
    const key = opcodes.join(" ");
    const known = joinedRuns.get(key) ?? opcodes;
    joinedRuns.set(key, known);
    return known;
  };
  /** The last run so far, which may continue in the next block, and the address where that would start. */
  let pending: readonly string[] = [];
  let goesOnAt = -1;
  run.run((ids, length) => {
    while (blocks.length < program.blockCount) blocks.push(learn(blocks.length));
    for (let i = 0; i < length; i++) {
      const { runs, open, end } = blocks[ids[i]];
      const joined = goesOnAt === program.blockStart(ids[i]);
      if (!joined && pending.length > 0) count(pending);
      pending = joined ? join(pending, runs[0]) : runs[0];
      for (const opcodes of runs.slice(1)) {
        count(pending);
        pending = opcodes;
      }
      goesOnAt = open ? end : -1;
    }
  });
  if (pending.length > 0) count(pending);
  return [...counts].map(([opcodes, times]) => ({ opcodes, count: times }));
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
export type Trainer = (program: Program, opcodes: ReadonlySet<string>) => Promise<Profile>;

/** Makes a program's profile: its straight runs. */
export type Profiler = (program: Program) => Promise<readonly ProfiledRun[]>;

/** Runs training programs in this thread. @param start starts a program */
export const profileHere =
  (start: Starter): Profiler =>
  async (program) =>
    profileOf(start(program, "test", MOST_TRAINING_INSTRUCTIONS));

/**
 * Training programs are found once, and run at size test, each once.
 * @param asked the programs that the user named; by default all others of the lab in the same language or, if every program
 *              has its own opcodes, the program itself
 */
export function createTrainer(asked: readonly Program[] | undefined, profileOfProgram: Profiler): Trainer {
  const known = new Map<string, Promise<readonly ProfiledRun[]>>();
  const runsOf = (program: Program): Promise<readonly ProfiledRun[]> => {
    const runs = known.get(program.path) ?? profileOfProgram(program);
    known.set(program.path, runs);
    return runs;
  };
  const ours = new Map<Language, Promise<readonly Program[]>>();
  const oursIn = (language: Language): Promise<readonly Program[]> => {
    const found = ours.get(language) ?? Promise.all(programIdsOf(language).map((id) => findProgram(id)));
    ours.set(language, found);
    return found;
  };
  const train = async (programs: readonly Program[]): Promise<Profile> =>
    combine(
      programs.map(({ id }) => id),
      await Promise.all(programs.map(runsOf)),
    );
  return async (program, opcodes) => {
    const serves = ({ runs }: Profile): boolean => runs.some((run) => run.opcodes.every((name) => opcodes.has(name)));
    if (asked !== undefined) {
      const profile = await train(asked);
      if (serves(profile)) return profile;
      throw new UsageError(
        `train: ${profile.programs.join(", ")} executes no basic block of opcodes that ${program.id} has: expected programs in its language`,
      );
    }
    if (program.language.ownOpcodes) return train([program]);
    return train((await oursIn(program.language)).filter(({ sha256 }) => sha256 !== program.sha256));
  };
}
