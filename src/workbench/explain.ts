// `explain`: one small loop under one technique and one front end, dispatch by dispatch, until the pattern repeats.
import { CALL, JUMP, kindNames } from "../branch.ts";
import { createLowering } from "../dispatch/lowering.ts";
import { readTechniques } from "../dispatch/techniques.ts";
import { UsageError } from "../errors.ts";
import { readFrontEnds } from "../front-end/front-end.ts";
import { wordLoop } from "../guests/words/guest.ts";
import { createReplay } from "../replay/replay.ts";
import { codeNames } from "./code-names.ts";
import type { Explanation } from "./explanation.ts";
import { recordSteps } from "./record-steps.ts";

/** Iterations that run; the pattern is looked for in the second half of them. */
const ITERATIONS = 600;
const LONGEST_PERIOD = 60;
/** Iterations in which models are inspected: later ones repeat. */
const INSPECTED = 64;

/**
 * The iteration from which hits and misses repeat, the period in iterations, and the misses in one period.
 * @param perIteration a text for each iteration: "." for a hit, "x" for a miss
 * @throws UsageError when they do not
 */
function steadyState(perIteration: readonly string[]): { readonly from: number; readonly period: number; readonly misses: number } {
  const half = perIteration.length / 2;
  let period = 1;
  while (period <= LONGEST_PERIOD && perIteration.slice(half).some((hits, i) => i >= period && hits !== perIteration[half + i - period]))
    period++;
  if (period > LONGEST_PERIOD)
    throw new UsageError(`no steady state: the hits and misses do not repeat within ${perIteration.length} iterations`);
  let from = half;
  while (from > 0 && perIteration[from - 1] === perIteration[from - 1 + period]) from--;
  const misses =
    perIteration
      .slice(half, half + period)
      .join("")
      .split("x").length - 1;
  return { from, period, misses };
}

/**
 * @param loop words separated by blanks; the last one jumps back to the first
 * @param leastIterations iterations that are shown even if the pattern has been seen before: so that two ways have as many
 * @throws UsageError for unknown names, several techniques or predictors, or a pattern that does not repeat
 */
export async function explain(loop: string, techniqueText: string, predictorText: string, leastIterations = 0): Promise<Explanation> {
  const program = wordLoop(loop);
  const [technique, ...moreTechniques] = await readTechniques(techniqueText);
  const [frontEnd, ...moreFrontEnds] = await readFrontEnds(predictorText);
  if (moreTechniques.length + moreFrontEnds.length > 0) throw new UsageError("explain takes one technique and one predictor");
  const view = technique.view(program);
  const seen = view?.program ?? program;
  const profile = { programs: ["the loop"], runs: [{ opcodes: program.words, count: 1 }] };
  const code = technique.layout(seen, { layoutSeed: 0, profile });
  const lowering = createLowering(seen, code);
  const [loopId] = view?.translate(Int32Array.of(0), 0, 0) ?? [0];

  const nameOf = codeNames(seen, lowering, (word, _, instance) => `${word}#${instance}`);
  const block = lowering.block(loopId);
  const dispatching = [...block.interior, ...block.tails[1]].filter(({ site }) => site.dispatch).map(({ site }) => site);
  const sites = [...new Set([lowering.entry, ...dispatching])].filter(({ kind }) => (kind & (CALL | JUMP)) === 0);
  let iteration = 1;
  const recorder = recordSteps<{ iteration: number; word: number | null }>(() => replay, sites, nameOf);
  const replay = await createReplay(seen, lowering, frontEnd, {
    observer: (index, predicted, target) => {
      const record = replay.record(index);
      const { site, virtualAddress } = record;
      if (!site.dispatch) return;
      const word = view === undefined && virtualAddress < program.words.length ? virtualAddress : null;
      recorder.observe(record, predicted, target, iteration <= INSPECTED, { iteration, word });
    },
  });
  const ids = Int32Array.of(loopId, loopId);
  replay.enter(loopId);
  for (; iteration <= ITERATIONS; iteration++) replay.run(ids, 0, 1);
  const failure = replay.failure();
  if (failure !== undefined) throw failure;
  recorder.end();
  const all = recorder.steps();

  const kinds = dispatching.map(({ kind }) => kind);
  const direct = kinds.filter((kind) => kind & (CALL | JUMP)).length;
  const perIteration = Array.from({ length: ITERATIONS }, () => "");
  const entries = frontEnd.covers & lowering.entry.kind ? 1 : 0;
  for (const { iteration: at, hit } of all.slice(entries)) perIteration[at - 1] += hit ? "." : "x";
  const { from, period, misses } = steadyState(perIteration);
  const shown = Math.max(from + period, Math.min(leastIterations, INSPECTED));
  return {
    loop: program.words.join(" "),
    technique: technique.name,
    predictor: frontEnd.name,
    frontEnd: frontEnd.fullName,
    dispatchesPerIteration: kinds.length,
    missesPerIteration: misses / period,
    steadyFrom: from + 1,
    period,
    direct,
    notModelled: kinds.length - direct - perIteration[ITERATIONS / 2].length,
    covers: kindNames(frontEnd.covers),
    dispatchKinds: kindNames(kinds.reduce((set, kind) => set | kind, 0)),
    sites: sites.map(({ owner, address }) => ({ owner, address })),
    dispatches: all.filter((dispatch) => dispatch.iteration <= shown),
  };
}
