// What every model must do, over the whole folder of predictors; and that the checks catch models that do not.
import { describe, expect, it } from "vitest";
import { CONDITIONAL, INDIRECT, NONE } from "../../dist/src/branch.js";
import { predictorDefinition } from "../../dist/src/front-end/load-predictor.js";
import { type PredictorDefinition, predictorIds } from "../../dist/src/index.js";
import { valuesOf } from "../../dist/src/models/answers.js";
import { conformanceChecks } from "../../dist/src/models/conformance.js";

it("finds predictors to examine", () => {
  expect(predictorIds().length).toBeGreaterThan(0);
});

describe.each(predictorIds())("the predictor %s", async (id) => {
  for (const { title, run } of conformanceChecks(await predictorDefinition(id), id)) {
    it(title, () => {
      expect(run()).toBeUndefined();
    });
  }
});

it.each(predictorIds())("the title of %s gives no size that differs from that of its defaults by more than 2 %", async (id) => {
  const definition = await predictorDefinition(id);
  const [, size, unit] = / (\d+) (KB|Kbit)\b/.exec(definition.title) ?? [];
  if (size === undefined) return;
  const bits = Number(size) * (unit === "KB" ? 8192 : 1024);
  expect(Math.abs(definition.storageBits(valuesOf(definition)) / bits - 1)).toBeLessThan(0.02);
});

describe("the checks", () => {
  const entries = { default: 64, min: 1, max: 1024, powerOfTwo: true, unit: "entries", description: "rows of the table" } as const;
  /** A last-target table, and what is wrong with it. */
  const good = {
    title: "Last target",
    source: "Lee and Smith, Computer 1984",
    covers: INDIRECT,
    parameters: { entries },
    storageBits: ({ entries: rows }: { readonly entries: number }) => 32 * rows,
    create({ entries: rows }: { readonly entries: number }) {
      const targets = new Int32Array(rows).fill(NONE);
      return {
        predict: (pc: number) => targets[pc & (rows - 1)],
        train(pc: number, target: number) {
          targets[pc & (rows - 1)] = target;
        },
      };
    },
  };
  const failures = (definition: object): string[] =>
    conformanceChecks({ ...good, ...definition } as unknown as PredictorDefinition, "mine").flatMap(({ title, run }) => {
      const failure = run();
      return failure === undefined ? [] : [`${title}: ${failure}`];
    });
  const shared = new Int32Array(64).fill(NONE);
  let calls = 0;

  it("find nothing wrong with a good one", () => {
    expect(failures({})).toEqual([]);
  });

  it.each([
    ["no title", { title: "" }, /^says what it is.*expected a title/],
    ["no year", { source: "me" }, /expected a source with a year/],
    ["kinds that do not exist", { covers: 1 << 12 }, /^covers and tracks kinds that exist/],
    ["kinds to track without a track", { tracks: CONDITIONAL }, /it tracks kinds \(1\), but has no track/],
    ["defaults that it refuses itself", { check: () => "entries must be lucky" }, /^accepts its own defaults: entries must be lucky/],
    ["an answer that is no number", { create: () => ({ predict: () => undefined, train() {} }) }, /^answers with an Int32.*got undefined/],
    [
      "state outside of create",
      {
        create: () => ({
          predict: (pc: number) => shared[pc & 63],
          train(pc: number, target: number) {
            shared[pc & 63] = target;
          },
        }),
      },
      /^gives the same answers|^shares nothing/,
    ],
    [
      "a predict that changes something",
      {
        create() {
          let asked = 0;
          return { predict: () => ++asked, train() {} };
        },
      },
      /^changes nothing by predicting/,
    ],
    ["a random answer", { create: () => ({ predict: () => calls++ | 0, train() {} }) }, /^gives the same answers to the same branches/],
    [
      "nothing that it learns",
      { create: () => ({ predict: () => NONE, train() {} }) },
      /^learns a branch .*: after 63 of them it expects -1/,
    ],
    [
      "a kind that it tracks for nothing",
      { tracks: CONDITIONAL, create: (values: { readonly entries: number }) => ({ ...good.create(values), track() {} }) },
      /^has a use for branches of kind conditional, which it tracks: without them/,
    ],
    [
      "storage that shrinks",
      { storageBits: ({ entries: rows }: { readonly entries: number }) => 4096 - rows },
      /^needs a whole number of bits/,
    ],
    [
      "an inspection that changes answers",
      {
        create(values: { readonly entries: number }) {
          const model = good.create(values);
          const inspect = (pc: number) => {
            model.train(pc, NONE);
            return [];
          };
          return { ...model, inspect };
        },
      },
      /^shows well-formed parts.*expected/,
    ],
    [
      "an inspection that cannot be drawn",
      { create: (values: { readonly entries: number }) => ({ ...good.create(values), inspect: () => [{ title: "a" }] }) },
      /^shows well-formed parts.*part 0 \(a\) shape must be/,
    ],
    [
      "histories that leave one out",
      {
        tracks: INDIRECT,
        create() {
          const targets = new Int32Array(64).fill(NONE);
          const [first, second] = [new Int32Array(1), new Int32Array(1)];
          const at = (pc: number): number => (pc ^ first[0] ^ second[0]) & 63;
          return {
            predict: (pc: number) => targets[at(pc)],
            train(pc: number, target: number) {
              targets[at(pc)] = target;
            },
            track(_pc: number, target: number) {
              second[0] = first[0];
              first[0] = target >> 4;
            },
            histories: [second],
          };
        },
      },
      /^answers as before when its histories are put back.*instead of/,
    ],
    [
      "a parameter that throws",
      { create: (values: { readonly entries: number }) => (values.entries === 1 ? JSON.parse("oops") : good.create(values)) },
      /^works with entries=1.*it threw/,
    ],
  ])("catch %s", (_, definition, expected) => {
    expect(failures(definition).some((failure) => expected.test(failure))).toBe(true);
  });
});
