// Models that can be put back to how they were made, so that the next replay runs on the same instance.
import { expect, it } from "vitest";
import { NONE } from "../../dist/src/branch.js";
import { readFrontEnds, readMachines } from "../../dist/src/front-end/front-end.js";
import { type LoadedPredictor, loadPredictor, predictorIds } from "../../dist/src/front-end/load-predictor.js";
import type { Predictor } from "../../dist/src/models/predictor.js";
import { mixture } from "../../dist/src/models/sample-branches.js";

/** Forms that a default does not have: without limits, and other parts. */
const FORMS = [
  "btb:unbounded",
  "btb:skipBits=2",
  "btb-2bit:unbounded",
  "two-level:unbounded",
  "two-level:packing=interleaved",
  "hybrid:unbounded",
  "cascaded:unbounded",
  "target-cache:unbounded",
  "target-cache:history=path",
  "gshare:address=folded",
  "return-stack:callLengths=1024",
  "multi-level-btb:thirdWays=4:inclusion=inclusive",
  "multi-level-btb:firstSets=1:secondSets=4:inclusion=exclusive",
];

const ofMachines = (await readMachines("all")).flatMap(({ models }) => models);
const others = await Promise.all([...predictorIds(), ...FORMS].map((spec) => loadPredictor(spec)));
const models = new Map([...ofMachines, ...others].map((model) => [model.name, model]));

/** Its answers to branches, levels of a buffer included. */
function answers({ covers, fetches, answersFirst, tracks, declares }: LoadedPredictor, model: Predictor, seed: number): unknown[] {
  const { count, pcs, targets, taken, kinds, contexts, nexts } = mixture(6000, seed);
  return Array.from({ length: count }, (_, i) => {
    const told = declares.map((name) => contexts?.[name]?.[i] ?? 0);
    const asked = (covers | fetches | answersFirst) & kinds[i];
    const answer = asked ? [model.predict(pcs[i], NONE, ...told), model.level?.()] : undefined;
    if (asked) model.train(pcs[i], targets[i], taken[i], ...told);
    if (tracks & kinds[i]) model.track?.(pcs[i], targets[i], taken[i], kinds[i], nexts?.[i] ?? pcs[i], ...told);
    return answer;
  });
}

it.each([...models.keys()])("%s answers like a new one after it was put back, if it can be", async (name) => {
  const model = models.get(name) as LoadedPredictor;
  const make = await model.load();
  const instance = make();
  const renew = instance.renewal?.();
  if (renew === undefined) return;
  const first = answers(model, instance, 1);
  for (const seed of [2, 1]) {
    renew();
    expect(answers(model, instance, seed)).toEqual(seed === 1 ? first : answers(model, make(), seed));
  }
});

it("the models of machines and of the default front end can be put back", async () => {
  const usual = (await readFrontEnds("btb,btb:unbounded,ittage,tage-lite,two-level")).flatMap((frontEnd) => frontEnd.models);
  const machines = (await readMachines("pentium-4-northwood,nehalem,sandy-bridge,haswell,zen-4,golden-cove")).flatMap(
    (frontEnd) => frontEnd.models,
  );
  for (const model of [...usual, ...machines]) expect((await model.load())().renewal, model.name).toBeDefined();
});
