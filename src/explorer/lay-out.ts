// The native code of a program's virtual instructions under one technique, as the simulation executes it: the program runs, and
// each block is laid out when it is first executed.
import { readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { kindNames } from "../branch.ts";
import { createLowering } from "../dispatch/lowering.ts";
import { type NativeInstruction, NEXT, type Site } from "../dispatch/native-code.ts";
import { NO_PROFILE } from "../dispatch/profile.ts";
import { readTechniques } from "../dispatch/techniques.ts";
import { ofProgram, UsageError } from "../errors.ts";
import { findProgram, startOnGuest } from "../guests/programs.ts";
import { MOST_INSTRUCTIONS } from "../lab/lab.ts";
import { createTrainer, profileHere } from "../lab/training.ts";
import { readSettings } from "../options/request.ts";
import { watchRun } from "../replay/watch-run.ts";
import type { LaidOutInstruction, LaidOutSite, LayoutAsks, LayoutGives } from "./protocol.ts";

const MOST = 200;

const siteOf = ({ address, after, kind, dispatch, when, owner, target }: Site): LaidOutSite => ({
  address,
  after,
  kind: kindNames(kind),
  dispatch,
  when,
  owner,
  target: target === NEXT ? null : target,
});

interface Executed {
  code: NativeInstruction;
  opcode: string;
  executions: number;
}

export async function layOut({ input, technique: text, size = "test", options = {}, most = MOST }: LayoutAsks): Promise<LayoutGives> {
  const settings = readSettings(options);
  const [technique, ...more] = await readTechniques(text);
  if (more.length > 0) throw new UsageError(`expected one technique, got ${text}`);
  const program = await findProgram(input);
  const bodies = settings.bodies === undefined ? undefined : readMeasuredBodies(settings.bodies);
  const run = runWithBodies(startOnGuest(program, size, settings.maxInstructions ?? MOST_INSTRUCTIONS), bodies);
  const names = new Set(run.program.opcodes.map(({ name }) => name));
  const profile = technique.trains ? await createTrainer(undefined, profileHere(startOnGuest))(program, names) : NO_PROFILE;
  const view = technique.view(run.program);
  const seen = view?.program ?? run.program;
  const code = technique.layout(seen, { layoutSeed: settings.layoutSeed, profile });
  const lowering = createLowering(seen, code);

  const executed = new Map<number, Executed>();
  /** For each block, its instructions among those executed. */
  const blocks: Executed[][] = [];
  function learn(id: number): Executed[] {
    const { start, instructions } = lowering.block(id);
    return instructions.map((native, i) => {
      const opcode = seen.opcodes[seen.opcodeAt(start + i)].name;
      const one = executed.get(start + i) ?? { code: native, opcode, executions: 0 };
      executed.set(start + i, one);
      // one that was rewritten has other code from now on
      return Object.assign(one, { code: native, opcode });
    });
  }
  const count = (ids: ArrayLike<number>, length: number): void => {
    for (let i = 0; i < length; i++) {
      blocks[ids[i]] ??= learn(ids[i]);
      for (const one of blocks[ids[i]]) one.executions++;
    }
  };
  try {
    watchRun(run, view, {
      enter() {},
      run: (ids, _from, to) => count(ids, to),
      finish: (block) => count([block], 1),
    });
  } catch (error) {
    throw ofProgram(program.id, error);
  }
  const all = [...executed].map(([virtualAddress, one]): LaidOutInstruction => {
    const { entry, nativeInstructions, arrival = [], sites, code: places } = one.code;
    return {
      virtualAddress,
      opcode: one.opcode,
      executions: one.executions,
      entry,
      nativeInstructions,
      sites: [...arrival, ...sites].map(siteOf),
      code: places.map(({ start, end }) => ({ start, end })),
    };
  });
  const shown = all.sort((a, b) => b.executions - a.executions || a.virtualAddress - b.virtualAddress).slice(0, most);
  return {
    technique: technique.name,
    executed: executed.size,
    instructions: shown.sort((a, b) => a.virtualAddress - b.virtualAddress),
    pieces: code.pieces().map(({ kind, start, end }) => ({ kind, start, end })),
  };
}
