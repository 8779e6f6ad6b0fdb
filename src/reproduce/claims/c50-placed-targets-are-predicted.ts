// C50: targets placed by their address bits are predicted better by histories that take these bits.
import { percent } from "../bands.ts";
import { defineClaim, type Experiment } from "../claim.ts";

/** Everywhere, at odd addresses too; then at multiples of 16 (the default) and of 64, where the lowest bits are all alike. */
const PACKED = "direct-threading:align=1";
const ALIGNED = ["direct-threading", "direct-threading:align=64"];
/** Histories of targets that take address bits: 9 bits from the third on; a published one; one that is assumed. */
const PATH = "target-cache:history=path";
const MACHINES = ["golden-cove", "zen-4"];
/** Takes no history: placing must not matter. */
const CONTROL = "btb:unbounded";

/** The same under one order and padding of bodies. */
const layout = (layoutSeed: number): Experiment => ({
  inputs: ["queens", "tokenizer", "compiler", "regex"],
  technique: [PACKED, ...ALIGNED].join(","),
  predictor: `${CONTROL},${PATH}`,
  machine: MACHINES.join(","),
  layoutSeed,
});

export default defineClaim({
  title: "targets placed by their address bits are predicted better where the history takes these bits",
  quote: "maximize the branch history information available to the predictor",
  source: "literature",
  place:
    "J. McCandless and D. Gregg, Compiler Techniques to Improve Dynamic Branch Prediction for Indirect Jump and Call Instructions, ACM TACO 8(4), 2012, abstract",
  evidence: "simulation",
  wouldDecide: "clock",
  method:
    "Four programs, direct threading, in the model alone: bodies at any address (align=1), so that their lowest address bits tell them apart, against bodies at " +
    "multiples of 16 and of 64, whose lowest bits are alike; five layout seeds each. Predictors: a target cache with 9 bits of path, two machines whose history takes address " +
    "bits (golden-cove: published; zen-4: assumed), and an unbounded branch target buffer, which has no history and must not change. Theirs searched for the best " +
    "place of each target, which is not done here. Placing helps on a predictor if under every seed fewer dispatches are mispredicted than with either alignment.",
  experiments: { seed1: layout(1), seed2: layout(2), seed3: layout(3), seed4: layout(4), seed5: layout(5) },
  expected: {
    what: "fewer mispredictions where lowest bits differ, on predictors whose history takes them; no change on the others",
    from: "the abstract; how much, is not quoted here",
    confidence: "secondary",
  },
  shows: { measure: "rate", experiment: "seed1" },
  expectedVerdict: "depends on the predictor",
  judge(layouts) {
    const seeds = Object.values(layouts);
    const rates = (predictor: string, technique: string): number[] => seeds.map((rows) => rows.where({ predictor, technique }).meanRate);
    const unmoved = seeds.every((rows) =>
      ALIGNED.every(
        (technique) =>
          rows.where({ predictor: CONTROL, technique }).mispredictions ===
          rows.where({ predictor: CONTROL, technique: PACKED }).mispredictions,
      ),
    );
    const found = [PATH, ...MACHINES].map((predictor) => {
      const packed = rates(predictor, PACKED);
      const aligned = ALIGNED.map((technique) => rates(predictor, technique));
      const text = (values: readonly number[]): string =>
        `${percent(values.reduce((sum, value) => sum + value, 0) / values.length, 2)} (${percent(Math.min(...values), 2)} to ${percent(Math.max(...values), 2)})`;
      return {
        helps: packed.every((rate, i) => aligned.every((others) => rate < others[i])),
        text: `${predictor} ${[packed, ...aligned].map(text).join(", ")}`,
      };
    });
    const helped = found.filter(({ helps }) => helps).length;
    return {
      verdict: !unmoved || helped === 0 ? "not reproduced" : helped === found.length ? "reproduced" : "depends on the predictor",
      measured:
        `mispredicted with bodies at any address, at multiples of 16, of 64, mean and range of five layouts: ${found.map(({ text }) => text).join("; ")}; ` +
        `${CONTROL} ${unmoved ? "the same wherever they are" : "changes, which it should not"}`,
    };
  },
});
