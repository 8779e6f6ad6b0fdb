// Training late: which models can be trained late, and that their tables learn the same from the histories that were kept for them.
import { describe, expect, it } from "vitest";
import { NONE } from "../../dist/src/branch.js";
import { predictorDefinition } from "../../dist/src/front-end/load-predictor.js";
import { predictorIds } from "../../dist/src/index.js";
import { answersOf, coversOf, tracksOf, valuesOf } from "../../dist/src/models/answers.js";
import { declaredBy } from "../../dist/src/models/predictor.js";
import { mixture } from "../../dist/src/models/sample-branches.js";
import { trainedLate } from "../../dist/src/replay/update-delay.js";

/** Buffers that hold returns: what they track enters the same table as what they learn, they have no history. */
const WITHOUT_HISTORY = ["btb-x", "pdede"];

describe("trained late", () => {
  const branches = { ...mixture(4000, 11), contexts: undefined };

  it.each(WITHOUT_HISTORY)("%s is refused", async (id) => {
    const definition = await predictorDefinition(id);
    const frontEnd = { models: [{ name: id, declares: [] }] };
    expect(() => trainedLate(frontEnd as never, [definition.create(valuesOf(definition))], 4)).toThrow(
      `update-delay: predictor ${id} cannot be trained late`,
    );
  });

  it.each(predictorIds().filter((id) => !WITHOUT_HISTORY.includes(id)))(
    "%s answers as otherwise if every branch is trained after it was tracked, before the next",
    async (id) => {
      const definition = await predictorDefinition(id);
      const values = valuesOf(definition);
      const declares = declaredBy(definition, values);
      const [covers, tracks] = [coversOf(definition, values), tracksOf(definition, values)];
      const frontEnd = { models: [{ name: id, declares }] };
      const late = trainedLate(frontEnd as never, [definition.create(values)], 0);
      const context = declares.map(() => 0);
      const { count, pcs, targets, taken, kinds, nexts } = branches;
      const answers: (number | undefined)[] = [];
      for (let i = 0; i < count; i++) {
        const [model] = late.models;
        answers.push(kinds[i] & covers ? model.predict(pcs[i], NONE, ...context) : undefined);
        if (kinds[i] & covers) model.train(pcs[i], targets[i], taken[i], ...context);
        if (kinds[i] & tracks) model.track?.(pcs[i], targets[i], taken[i], kinds[i], nexts?.[i] ?? pcs[i], ...context);
        late.tick();
      }
      expect(answers).toEqual(answersOf(definition, values, branches));
    },
  );
});
