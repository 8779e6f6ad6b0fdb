// What models show of their state is what they predict from: the row that answers holds the prediction, a counter its direction,
// the top of a stack the address. Over every predictor that can be inspected.
import { describe, expect, it } from "vitest";
import { NONE } from "../../dist/src/branch.js";
import { predictorDefinition } from "../../dist/src/front-end/load-predictor.js";
import { predictorIds } from "../../dist/src/index.js";
import { valuesOf } from "../../dist/src/models/answers.js";
import { FOOTPRINTS } from "../../dist/src/models/branch-footprints.js";
import type { Inspection } from "../../dist/src/models/inspection.js";
import { inspectionTrouble } from "../../dist/src/models/inspection.js";
import { mixture } from "../../dist/src/models/sample-branches.js";
import { explain } from "../../dist/src/workbench/explain.js";
import { answersOf } from "./replay.js";

/** The prediction that a drawing shows, in the row that answers or else in its last part; undefined if it shows none of the common shapes. */
function shownPrediction(inspection: Inspection): number | undefined {
  const answering = inspection.filter((part) => part.shape === "entries" && part.used !== undefined);
  const part = answering.at(-1) ?? inspection[inspection.length - 1];
  if (part.shape === "stack") return part.addresses[0] ?? NONE;
  if (part.shape === "counter") return part.value > part.max / 2 ? 1 : 0;
  if (part.shape !== "entries") return undefined;
  const row = part.used === undefined ? undefined : part.rows[part.used];
  const at = part.columns.findIndex(({ addresses }) => addresses);
  if (at >= 0) return row === undefined ? NONE : Number(row[at]);
  const says = row?.[part.columns.findIndex(({ title }) => title === "says")];
  if (says !== undefined) return says === "taken" ? 1 : 0;
  const [value, max] = String(row?.[part.columns.findIndex(({ title }) => title === "counter")])
    .split(" of ")
    .map(Number);
  return value > max / 2 ? 1 : 0;
}

const VARIANTS: readonly (readonly [id: string, changed: Record<string, number | string | boolean>])[] = [
  ["btb", { sets: 2, ways: 3, tagBits: 7 }],
  ["btb", { sets: 1, ways: 64 }],
  ["btb", { unbounded: true }],
  ["multi-level-btb", { firstSets: 1, firstWays: 2, secondSets: 2, thirdWays: 2, thirdSets: 4 }],
  ["multi-level-btb", { firstSets: 1, firstWays: 2, secondSets: 2, inclusion: "exclusive", promotion: "next" }],
  ["btb-2bit", {}],
  ["btb-2bit", { unbounded: true }],
  ["two-level", {}],
  ["two-level", { targets: 0 }],
  ["two-level", { packing: "interleaved", misses: 2 }],
  ["two-level", { unbounded: true, misses: 2 }],
  ["cascaded", {}],
  ["cascaded", { firstEntries: 4, firstWays: 1, entries: 8, ways: 2, targets: 2 }],
  ["cascaded", { unbounded: true }],
  ["scd", {}],
  ["vbbi", { sets: 2, ways: 2 }],
  ["case-block-table", {}],
  ["btb-virtual", { sets: 4 }],
  ["rehashable-btb", { misses: 2 }],
  ["gshare", { entries: 64 }],
  ["gshare", { address: "folded", historyBits: 5 }],
  ["gag", {}],
  ["pas", {}],
  ["tage", { tables: 5, rows: 32 }],
  ["tage", { tables: 1, minHistory: 2, maxHistory: 2 }],
  ["ittage", {}],
  ["ittage", { rowBits: 6, tables: 4 }],
  ["tage-cbp5", {}],
  ["tage-sc-l", {}],
  ["tage-sc-l", { size: "8", loop: "off" }],
  ["tage-sc-l", { corrector: "off" }],
  ["tage-sc", {}],
  ["llbp", {}],
  ["tage-lite", {}],
  ["tage-lite", { tables: 2, rows: 16, baseRows: 16 }],
  ["tage-lite", { history: Object.keys(FOOTPRINTS)[0] }],
  ["ppm", {}],
  ["ppm", { orders: 3, misses: 1 }],
  ["target-cache", {}],
  ["target-cache", { history: "path", ways: 4, tagBits: 8 }],
  ["target-cache", { indexing: "address", tagBits: 9, historyBits: 0 }],
  ["target-cache", { unbounded: true }],
  ["blbp", {}],
  ["blbp", { sets: 1, ways: 8 }],
  ["multiperspective-perceptron", {}],
  ["multiperspective-perceptron", { size: "8" }],
  ["return-stack", { depth: 3 }],
  ["return-stack", { depth: 3, underflow: "stale" }],
];

describe("what a model shows", () => {
  it.each(VARIANTS)("holds its prediction: %s %o", async (id, changed) => {
    const definition = await predictorDefinition(id);
    const branches = mixture(3000, 5);
    const shown: (number | undefined)[] = [];
    let trouble: string | undefined;
    const answers = answersOf(definition, valuesOf(definition, changed as never), branches, {
      meddle: (_predict, inspect) => {
        const inspection = inspect(branches.pcs[shown.length]);
        trouble ??= inspectionTrouble(inspection);
        shown.push(shownPrediction(inspection ?? []));
      },
    });
    expect(trouble).toBeUndefined();
    const asked = answers.flatMap((answer, i) => (answer === undefined ? [] : [i]));
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.map((i) => shown[i])).toEqual(asked.map((i) => answers[i]));
  });

  it.each(VARIANTS)("of another branch, between a prediction and its training, changes nothing: %s %o", async (id, changed) => {
    const definition = await predictorDefinition(id);
    const branches = mixture(3000, 5);
    const answersWith = (inspected: boolean): (number | undefined)[] =>
      answersOf(
        {
          ...definition,
          create(values) {
            const model = definition.create(values);
            let last = 0;
            return {
              ...model,
              train(pc, ...rest) {
                if (inspected) model.inspect?.(last, NONE, ...rest.slice(2));
                last = pc;
                model.train(pc, ...rest);
              },
            };
          },
        } as typeof definition,
        valuesOf(definition, changed as never),
        branches,
      );
    expect(answersWith(true)).toEqual(answersWith(false));
  });

  it("is, of BLBP, the first of the most similar targets", async () => {
    const definition = await predictorDefinition("blbp");
    const branches = mixture(3000, 5);
    let ranked = 0;
    answersOf(definition, valuesOf(definition), branches, {
      meddle: (_predict, inspect) => {
        const targets = inspect(branches.pcs[ranked++])?.at(-1);
        if (targets?.shape !== "entries" || targets.used === undefined) return;
        const similarities = targets.rows.map(([, , similarity]) => Number(similarity));
        expect(targets.used).toBe(similarities.indexOf(Math.max(...similarities)));
      },
    });
    expect(ranked).toBe(branches.count);
  });

  it("is tried above for every model that can be inspected", async () => {
    const able: string[] = [];
    for (const id of predictorIds()) {
      const definition = await predictorDefinition(id);
      if (definition.create(valuesOf(definition)).inspect !== undefined) able.push(id);
    }
    const alike = ["gap", "gas", "pag", "pap", "sag", "sap", "sas"]; // defined like gag and pas
    expect(able).toEqual([...new Set([...VARIANTS.map(([id]) => id), ...alike])].sort());
  });

  it("is part of an explanation, with names for addresses: the set before a dispatch, and with its target after", async () => {
    const { dispatches } = await explain("A B A GOTO", "switch", "btb");
    const [, second] = dispatches;
    expect(second).toMatchObject({ predicted: "A", target: "B" });
    const [before, after] = [second.shownBefore[0], second.shownAfter[0]].map((part) => (part.shape === "entries" ? part : undefined));
    expect(before?.columns).toEqual(["way, by last use", "tag", "target"]);
    expect([before?.rows[0][2], after?.rows[0][2], before?.used, before?.rows.length]).toEqual(["A", "B", 0, 4]);
    expect(before?.rows[1]).toEqual(["1", "empty", "nothing"]);
  });
});

describe("parts that cannot be drawn", () => {
  it.each([
    [undefined, /must return a list of parts/],
    [[{ shape: "entries" }], /part 0 needs a title/],
    [[{ shape: "tree", title: "t" }], /shape must be entries, bits, counter or stack, got tree/],
    [[{ shape: "bits", title: "t", bits: "012" }], /text of 0 and 1/],
    [[{ shape: "counter", title: "t", value: 4, max: 3 }], /from 0 to max \(3\), got 4/],
    [[{ shape: "stack", title: "t", addresses: [2 ** 31] }], /list of Int32/],
    [[{ shape: "stack", title: "t", addresses: Array(65).fill(0) }], /65 addresses: at most 64/],
    [[{ shape: "entries", title: "t", columns: [{ title: "a" }], rows: [[1, 2]] }], /row 0 must have 1 values/],
    [[{ shape: "entries", title: "t", columns: [{ title: "a" }], rows: [[1]], used: 1 }], /row 1 of 1 answers/],
    [[{ shape: "entries", title: "t", columns: [{ title: "a", addresses: true }], rows: [["x"]] }], /a must be an Int32, got x/],
  ])("are refused: %j", (inspection, expected) => {
    expect(inspectionTrouble(inspection)).toMatch(expected);
  });
});
