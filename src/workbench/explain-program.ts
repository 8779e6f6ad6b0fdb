// `explain` for a program: a window of its run under one technique and one front end, dispatch by dispatch.
import { CONDITIONAL, kindNames } from "../branch.ts";
import { createLowering, type LoweredBranch, type NumberedSite } from "../dispatch/lowering.ts";
import { NO_PROFILE } from "../dispatch/profile.ts";
import { readTechniques } from "../dispatch/techniques.ts";
import { ofProgram, UsageError } from "../errors.ts";
import { type FrontEnd, readFrontEnds } from "../front-end/front-end.ts";
import { findProgram, refuseIdleSize, type Size, startOnGuest } from "../guests/programs.ts";
import { MOST_INSTRUCTIONS } from "../lab/lab.ts";
import { createTrainer, profileHere } from "../lab/training.ts";
import { createReplay, type Replay } from "../replay/replay.ts";
import { watchRun } from "../replay/watch-run.ts";
import { codeNames } from "./code-names.ts";
import type { ProgramExplanation, ProgramStep } from "./explanation.ts";
import { recordSteps } from "./record-steps.ts";

/** Dispatches that one window shows at most: each shows the answers for all branches of the window. */
export const MOST_DISPATCHES = 1000;

export interface ProgramWindow {
  readonly size: Size;
  /** The first dispatch to show, from 1. */
  readonly from: number;
  /** How many, at most; at most `MOST_DISPATCHES`. */
  readonly dispatches: number;
}

/** Thrown to end a run whose rest nobody asks for. */
const ENOUGH = Symbol("enough");

/** What watches the dispatches of a window. */
interface WindowWatcher {
  /** A dispatch that is about to be learned. */
  observe(branch: LoweredBranch, predicted: number, target: number, dispatch: number): void;
  /** The last one has been learned. */
  end(): void;
}

/**
 * @param input a program as `simulate` takes it
 * @param onStretch called after every group of blocks, to show that it is alive
 * @throws UsageError for unknown names, several techniques or predictors, or a window after the end of the run
 */
export async function explainProgram(
  input: string,
  techniqueText: string,
  predictorText: string,
  { size, from, dispatches }: ProgramWindow,
  onStretch?: () => void,
): Promise<ProgramExplanation> {
  const [technique, ...moreTechniques] = await readTechniques(techniqueText);
  const [frontEnd, ...moreFrontEnds] = await readFrontEnds(predictorText);
  if (moreTechniques.length + moreFrontEnds.length > 0) throw new UsageError("explain takes one technique and one predictor");
  const program = await findProgram(input);
  refuseIdleSize(size, [program]);
  const opcodes = new Set(program.start(size, MOST_INSTRUCTIONS).program.opcodes.map(({ name }) => name));
  const profile = technique.trains ? await createTrainer(undefined, profileHere(startOnGuest))(program, opcodes) : NO_PROFILE;

  /** Replays the run until the window ends. @param watcherOf makes what watches it */
  async function replayWindow(watcherOf: (replay: () => Replay) => WindowWatcher) {
    const run = program.start(size, MOST_INSTRUCTIONS);
    const view = technique.view(run.program);
    const seen = view?.program ?? run.program;
    const lowering = createLowering(seen, technique.layout(seen, { layoutSeed: 0, profile }));
    const watcher = watcherOf(() => replay);
    let dispatch = 0;
    let missedBefore = 0;
    let ended = false;
    function end(): void {
      if (!ended) watcher.end();
      ended = true;
    }
    const replay = await createReplay(seen, lowering, frontEnd, {
      onStretch,
      observer(row, predicted, target) {
        const branch = replay.record(row);
        const { site, taken } = branch;
        if (!site.dispatch || ended) return;
        if (dispatch === from - 1 + dispatches) return end();
        dispatch++;
        if (dispatch >= from) watcher.observe(branch, predicted, target, dispatch);
        else if (predicted !== (site.kind === CONDITIONAL ? taken : target)) missedBefore++;
      },
    });
    try {
      watchRun(run, view, {
        enter: replay.enter,
        run(ids, first, last) {
          replay.run(ids, first, last);
          if (ended || replay.failure() !== undefined) throw ENOUGH;
        },
        finish: replay.finish,
      });
    } catch (error) {
      if (error !== ENOUGH) throw ofProgram(program.id, error);
    }
    const failure = replay.failure();
    if (failure !== undefined) throw failure;
    end();
    return { seen, lowering, dispatches: dispatch, missedBefore };
  }

  // once to know the branches and their names, once more to see what the front end says of them
  const found = new Set<NumberedSite>();
  const { seen, lowering, dispatches: ran } = await replayWindow(() => ({ observe: ({ site }) => void found.add(site), end() {} }));
  if (ran < from) throw new UsageError(windowAfterEnd(program.id, from, ran, frontEnd));
  const sites = [...found];
  const nameOf = codeNames(seen, lowering, (opcode, address) => `${opcode} at ${address}`);
  let recorder: ReturnType<typeof recordSteps<Own>> | undefined;
  const { missedBefore } = await replayWindow((replay) => {
    const recording = recordSteps<Own>(replay, sites, nameOf);
    recorder = recording;
    return {
      observe(branch, predicted, target, dispatch) {
        const opcode = seen.opcodes[seen.opcodeAt(branch.virtualAddress)]?.name;
        const own = opcode === undefined ? { virtualAddress: null, opcode: null } : { virtualAddress: branch.virtualAddress, opcode };
        recording.observe(branch, predicted, target, true, { dispatch, ...own });
      },
      end: recording.end,
    };
  });
  return {
    program: program.id,
    size,
    technique: technique.name,
    predictor: frontEnd.name,
    frontEnd: frontEnd.fullName,
    covers: kindNames(frontEnd.covers),
    from,
    earlier: { dispatches: from - 1, mispredictions: missedBefore },
    sites: sites.map(({ owner, address }) => ({ owner, address })),
    dispatches: recorder?.steps() ?? [],
  };
}

type Own = Pick<ProgramStep, "dispatch" | "virtualAddress" | "opcode">;

function windowAfterEnd(program: string, from: number, ran: number, { name, covers }: FrontEnd): string {
  return ran === 0
    ? `${program}: ${name} predicts none of its dispatches: it predicts ${kindNames(covers)}`
    : `--from=${from}: expected at most ${ran}, the dispatches of ${program} that ${name} predicts`;
}
