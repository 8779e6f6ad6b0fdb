// Records dispatches for `explain`, as a replay's observer sees them: before a model learns each one.
import { CONDITIONAL, NONE } from "../branch.ts";
import type { LoweredBranch } from "../dispatch/lowering.ts";
import type { Site } from "../dispatch/native-code.ts";
import type { Inspection } from "../models/inspection.ts";
import type { Replay } from "../replay/replay.ts";
import type { ExplainedStep } from "./explanation.ts";
import { named } from "./named-inspection.ts";

/**
 * @param replay of the run
 * @param sites the branches of which every step shows what the front end says
 * @param nameOf the name of the native code at an address
 */
export function recordSteps<More>(
  replay: () => Pick<Replay, "answer" | "inspect">,
  sites: readonly Site[],
  nameOf: (address: number) => string,
) {
  const said = (kind: number, answer: number): string | null =>
    kind === CONDITIONAL ? (answer === 1 ? "taken" : "not taken") : answer === NONE ? null : nameOf(answer);
  /** What the front end would say of every site, in their order. */
  const entriesNow = (): (string | null)[] =>
    sites.map((site) => {
      const answer = replay().answer(site);
      return answer === undefined ? null : said(site.kind, answer);
    });
  const all: (Omit<ExplainedStep, "after" | "shownBefore" | "shownAfter"> & More)[] = [];
  /** For each dispatch the state of its model before, and before the next one. */
  const states: { readonly before: Inspection; after: Inspection }[] = [];
  let lastSite: Site | undefined;
  /** Now that the last dispatch has been learned. */
  function inspectLast(): void {
    if (lastSite !== undefined) states[states.length - 1].after = replay().inspect(lastSite) ?? [];
    lastSite = undefined;
  }
  /** Now that the last dispatch has been learned, and no other: what a step shows after it is what the next one shows before. */
  let last: readonly (string | null)[] | undefined;

  return {
    /**
     * A dispatch that is about to be learned.
     * @param inspected whether to show the state of its model
     */
    observe({ site, taken }: LoweredBranch, predicted: number, target: number, inspected: boolean, more: More): void {
      inspectLast();
      states.push({ before: inspected ? (replay().inspect(site) ?? []) : [], after: [] });
      if (inspected) lastSite = site;
      const outcome = site.kind === CONDITIONAL ? taken : target;
      all.push({
        ...more,
        site: site.owner,
        siteAddress: site.address,
        predicted: said(site.kind, predicted),
        target: said(site.kind, outcome) ?? "",
        hit: predicted === outcome,
        before: entriesNow(),
      });
    },
    /** The last dispatch has been learned. */
    end(): void {
      last ??= entriesNow();
      inspectLast();
    },
    /** All dispatches so far. */
    steps: (): (ExplainedStep & More)[] =>
      all.map((step, i) => {
        const { before, after } = states[i];
        return { ...step, after: all[i + 1]?.before ?? last ?? [], shownBefore: named(before, nameOf), shownAfter: named(after, nameOf) };
      }),
  };
}
