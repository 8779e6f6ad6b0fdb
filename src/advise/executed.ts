// What the programs of a workload execute: their straight runs, the native instructions of their bodies, and the pairs of opcodes that
// are mispredicted under the technique of today.
import { runWithBodies } from "../bodies/with-bodies.ts";
import type { Profile, ProfiledRun } from "../dispatch/profile.ts";
import { readTechnique } from "../dispatch/techniques.ts";
import { ofProgram } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { OPCODES } from "../guests/languages.ts";
import type { Program, Size } from "../guests/programs.ts";
import type { Session } from "../jobs/session.ts";
import { profileOf } from "../lab/training.ts";
import type { VirtualRun } from "../trace/run.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { sum } from "./candidates.ts";
import { mispredictedPairs, type OpcodePair } from "./mispredicted-pairs.ts";
import type { Workload } from "./workload.ts";

export interface Executed {
  /** Straight runs within basic blocks; without addresses those within which control may fall through. */
  readonly profile: Profile;
  readonly virtualInstructions: number;
  /** Native instructions of all executed bodies, without dispatch. */
  readonly bodyInstructions: number;
  /** Whether the programs' virtual addresses are known. */
  readonly addresses: boolean;
  /** The most mispredicted first. */
  readonly pairs: readonly OpcodePair[];
}

/**
 * Virtual instructions of a run whose replays share their code: one of its own takes 0.13 s to load and compile, and is faster by
 * 0.02 s for every 100 thousand.
 */
export const BRIEF = 500_000;

/** Longest run of opcodes without addresses that counts as one. */
const LONGEST_RUN = 32;

/**
 * Whether each instruction of a program has an address of its own. A log of opcodes alone has none: every opcode occurs once, and control
 * is always transferred. Then copies of code and superinstructions have nothing to act on.
 */
function hasAddresses({ language }: Program, { addressCount, opcodeAt, flowAt }: VirtualProgram): boolean {
  if (language !== OPCODES) return true;
  const seen = new Set<number>();
  for (let address = 0; address < addressCount; address++) {
    const opcode = opcodeAt(address);
    if (opcode < 0) continue;
    if (seen.has(opcode) || flowAt(address) === "next" || flowAt(address) === "conditional") return true;
    seen.add(opcode);
  }
  return false;
}

/** The runs of opcodes of a program without addresses, cut after those that may transfer control, where names say which do. */
function runsWithoutAddresses({ program, run }: VirtualRun, transfers: Workload["transfers"]): ProfiledRun[] {
  const counts = new Map<string, number>();
  let opcodes: string[] = [];
  const end = (): void => {
    if (opcodes.length === 0) return;
    const key = opcodes.join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
    opcodes = [];
  };
  run((ids, length) => {
    for (let i = 0; i < length; i++) {
      const { name } = program.opcodes[program.opcodeAt(program.blockStart(ids[i]))];
      opcodes.push(name);
      if (opcodes.length === LONGEST_RUN || transfers?.test(name) === true) end();
    }
  });
  end();
  return [...counts].map(([key, count]) => ({ opcodes: key.split(" "), count }));
}

/** @param machine on which pairs are mispredicted, in the plain order of the bodies */
export async function executedBy(
  { tapes, trainer }: Session,
  { programs, measured, now, transfers }: Workload,
  machine: FrontEnd,
  size: Size,
  maxInstructions: number,
): Promise<Executed> {
  const technique = await readTechnique(now);
  const train = technique.trains ? trainer(undefined, false) : undefined;
  const runs: ProfiledRun[] = [];
  const profile: Profile = { programs: programs.map(({ id }) => id), runs };
  const pairs = new Map<string, OpcodePair>();
  let bodyInstructions = 0;
  let virtualInstructions = 0;
  let addresses = false;
  for (const program of programs) {
    const started = () => runWithBodies(tapes.start(program, size, maxInstructions), measured);
    try {
      // a dozen calls of simulate follow: a Java program of one's own takes 4 seconds to start, and no folder keeps its tape
      tapes.tapeOf(program, size, maxInstructions);
      const run = started();
      const addressed = hasAddresses(program, run.program);
      addresses ||= addressed;
      const own = addressed ? profileOf(run) : runsWithoutAddresses(run, transfers);
      const before = virtualInstructions;
      const opcodes = new Map(run.program.opcodes.map((opcode) => [opcode.name, opcode]));
      for (const { opcodes: names, count } of own) {
        virtualInstructions += count * names.length;
        bodyInstructions += count * sum(names.map((name) => opcodes.get(name)?.nativeInstructions ?? 0));
      }
      runs.push(...own);
      const trained = (await train?.(program, new Set(opcodes.keys()))) ?? profile;
      const watched = { context: { layoutSeed: 0, profile: trained }, brief: virtualInstructions - before <= BRIEF };
      for (const pair of await mispredictedPairs(started(), technique, machine, watched)) {
        const key = JSON.stringify([pair.opcode, pair.next]);
        pairs.set(key, { ...pair, mispredictions: pair.mispredictions + (pairs.get(key)?.mispredictions ?? 0) });
      }
    } catch (error) {
      throw ofProgram(program.id, error);
    }
  }
  const sorted = [...pairs.values()].sort((a, b) => b.mispredictions - a.mispredictions);
  return { profile, virtualInstructions, bodyInstructions, addresses, pairs: sorted };
}
