// `explain`: one small loop under one technique and one front end, dispatch by dispatch, until the pattern repeats.
import { CALL, CONDITIONAL, hexadecimal, JUMP, kindNames, NONE, RETURN } from "../branch.ts";
import { createLowering, type LoweredBranch, type Lowering } from "../dispatch/lowering.ts";
import type { NativeCode } from "../dispatch/native-code.ts";
import { readTechniques } from "../dispatch/techniques.ts";
import { UsageError } from "../errors.ts";
import { readFrontEnds } from "../front-end/front-end.ts";
import { wordLoop } from "../guests/words/guest.ts";
import type { Inspection } from "../models/inspection.ts";
import { createReplay } from "../replay/replay.ts";
import { type NamedPart, named } from "./named-inspection.ts";

/** Iterations that run; the pattern is looked for in the second half of them. */
const ITERATIONS = 600;
const LONGEST_PERIOD = 60;
/** Iterations in which models are inspected: later ones repeat. */
const INSPECTED = 64;

export interface ExplainedDispatch {
  /** 1 for the first iteration of the loop. */
  readonly iteration: number;
  /** Which word of the loop executes it; null for the entry, and for techniques with a view. */
  readonly word: number | null;
  /** The branch, named by the owner of its code and its address. */
  readonly site: string;
  readonly siteAddress: number;
  /** Names of the native code predicted and reached, or the direction of a conditional; null if nothing was predicted. */
  readonly predicted: string | null;
  readonly target: string;
  readonly hit: boolean;
  /**
   * The front end's prediction for each site of the loop, in the order of `Explanation.sites`, just before and after: for a BTB
   * its entries, for a predictor with a history its prediction with the current history. Null: none.
   */
  readonly before: readonly (string | null)[];
  readonly after: readonly (string | null)[];
  /**
   * What the model that predicts this branch shows of its state for it, just before and after; empty if it shows nothing. In a
   * predictor with a history the entry after is the one that the new history selects.
   */
  readonly shownBefore: readonly NamedPart[];
  readonly shownAfter: readonly NamedPart[];
}

export interface Explanation {
  readonly loop: string;
  readonly technique: string;
  readonly predictor: string;
  readonly frontEnd: string;
  readonly dispatchesPerIteration: number;
  /** Mispredicted dispatches per iteration once the pattern repeats; the mean if the period is several iterations. */
  readonly missesPerIteration: number;
  /** The first iteration of the steady state, and the iterations after which it repeats. */
  readonly steadyFrom: number;
  readonly period: number;
  /** Dispatches per iteration that are direct calls: always right, and not listed. */
  readonly direct: number;
  /** Dispatches per iteration that no model of the front end covers: neither hit nor miss, and not listed. */
  readonly notModelled: number;
  /** Kinds of branches that the front end predicts, and those by which the loop dispatches, in words. */
  readonly covers: string;
  readonly dispatchKinds: string;
  /** The predicted dispatch branches, each once: the owners of their code, and their addresses. */
  readonly sites: readonly { readonly owner: string; readonly address: number }[];
  /** From the start until the pattern has been seen once. */
  readonly dispatches: readonly ExplainedDispatch[];
}

/** Names of the targets of a loop's branches. */
function namesIn(words: readonly string[], code: NativeCode, lowering: Lowering): (address: number) => string {
  const names = new Map<number, string>();
  for (const [address, word] of words.entries()) {
    const { entry, sites } = code.at(address);
    const instances = words.flatMap((other, at) => (other === word ? [at] : []));
    const shared = instances.every((at) => code.at(at).entry === entry);
    const label = shared ? word : `${word}#${instances.indexOf(address) + 1}`;
    names.set(entry, label);
    for (const { target, kind } of sites) {
      if (kind === CALL) names.set(target, `body of ${word}`);
      else if (kind === RETURN && target !== lowering.entry.after) names.set(target, `after ${label}`);
    }
  }
  return (address) => names.get(address) ?? hexadecimal(address);
}

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

  const nameOf = namesIn(program.words, code, lowering);
  const block = lowering.block(loopId);
  const dispatching = [...block.interior, ...block.tails[1]].filter(({ site }) => site.dispatch).map(({ site }) => site);
  const sites = [...new Set([lowering.entry, ...dispatching])].filter(({ kind }) => (kind & (CALL | JUMP)) === 0);
  const said = (kind: number, answer: number): string | null =>
    kind === CONDITIONAL ? (answer === 1 ? "taken" : "not taken") : answer === NONE ? null : nameOf(answer);
  /** What the front end would say of every site, in their order. */
  const entriesNow = (): (string | null)[] =>
    sites.map((site) => {
      const answer = replay.answer(site);
      return answer === undefined ? null : said(site.kind, answer);
    });

  let iteration = 1;
  const all: Omit<ExplainedDispatch, "after" | "shownBefore" | "shownAfter">[] = [];
  /** For each dispatch the state of its model before, and before the next one. */
  const states: { readonly before: Inspection; after: Inspection }[] = [];
  let lastSite: LoweredBranch["site"] | undefined;
  /** Now that the last dispatch has been learned. */
  function inspectLast(): void {
    if (lastSite !== undefined) states[states.length - 1].after = replay.inspect(lastSite) ?? [];
  }
  const replay = await createReplay(seen, lowering, frontEnd, {
    observer: (index, predicted, target) => {
      const { site, taken, virtualAddress } = replay.record(index);
      if (!site.dispatch) return;
      inspectLast();
      lastSite = iteration <= INSPECTED ? site : undefined;
      if (lastSite !== undefined) states.push({ before: replay.inspect(site) ?? [], after: [] });
      const outcome = site.kind === CONDITIONAL ? taken : target;
      all.push({
        iteration,
        word: view === undefined && virtualAddress < program.words.length ? virtualAddress : null,
        site: site.owner,
        siteAddress: site.address,
        predicted: said(site.kind, predicted),
        target: said(site.kind, outcome) ?? "",
        hit: predicted === outcome,
        before: entriesNow(),
      });
    },
  });
  const ids = Int32Array.of(loopId, loopId);
  replay.enter(loopId);
  for (; iteration <= ITERATIONS; iteration++) replay.run(ids, 0, 1);
  const failure = replay.failure();
  if (failure !== undefined) throw failure;
  const last = entriesNow();
  inspectLast();

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
    dispatches: all.flatMap((dispatch, i) => {
      if (dispatch.iteration > shown) return [];
      const { before, after } = states[i] ?? { before: [], after: [] };
      return { ...dispatch, after: all[i + 1]?.before ?? last, shownBefore: named(before, nameOf), shownAfter: named(after, nameOf) };
    }),
  };
}

/** Of which branches the predictor says something else after a dispatch than before: "A: B → GOTO". */
export function changesBy({ sites }: Explanation, { before, after }: ExplainedDispatch): string {
  return sites
    .flatMap(({ owner, address }, i) => {
      if (before[i] === after[i]) return [];
      const several = sites.filter((site) => site.owner === owner).length > 1;
      return `${several ? `${owner} ${hexadecimal(address)}` : owner}: ${before[i] ?? "nothing"} → ${after[i] ?? "nothing"}`;
    })
    .join(", ");
}
