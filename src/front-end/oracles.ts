// Front ends that are impossible in hardware: they know what a predictor cannot see. They are part of the lab, because the
// contract of predictors hides outcomes from models.
import { ALL_KINDS, NONE } from "../branch.ts";
import { UsageError } from "../errors.ts";
import type { Predictor } from "../models/predictor.ts";
import { type LoadedPredictor, loadPredictor } from "./load-predictor.ts";

export interface Oracle {
  readonly title: string;
  readonly source: string;
  load(): Promise<LoadedPredictor>;
}

export const ORACLES: Readonly<Record<string, Oracle>> = {
  oracle: {
    title: "Oracle, last target by virtual address",
    source:
      "The context problem solved (Zaleski's dissertation, chapter 3): an unbounded BTB that is asked with the virtual address of the dispatching " +
      "instruction instead of the branch's own. What it misses is virtual control flow.",
    async load() {
      const btb = await loadPredictor("btb:unbounded");
      return {
        ...btb,
        name: "oracle",
        declares: ["virtualAddress"],
        async load(brief) {
          const make = await btb.load(brief);
          return () => byVirtualAddress(make());
        },
      };
    },
  },
  perfect: {
    title: "Perfect prediction",
    source: "Every branch of every kind is right: what is left is the cost of executing instructions.",
    load: async () => ({
      name: "perfect",
      covers: ALL_KINDS,
      tracks: 0,
      fetches: 0,
      answersFirst: 0,
      passesOn: 0,
      storageBits: Number.POSITIVE_INFINITY,
      declares: [],
      foreign: false,
      seesOutcomes: true,
      load: async () => () => ({ predict: () => NONE, train() {} }),
    }),
  },
};

/** A model that is asked and told of virtual addresses in the place of a branch's own. */
const byVirtualAddress = ({ predict, train }: Predictor): Predictor => ({
  predict: (_pc, staticTarget, virtualAddress) => predict(virtualAddress, staticTarget),
  train: (_pc, target, taken, virtualAddress) => train(virtualAddress, target, taken),
});

/** Loads one of ours by name, or undefined. @throws UsageError when it is given parameters */
export async function loadOracle(spec: string): Promise<LoadedPredictor | undefined> {
  const [id, ...parts] = spec.split(":");
  if (!Object.hasOwn(ORACLES, id)) return undefined;
  if (parts.length > 0) throw new UsageError(`${id} takes no parameters, got ${parts.join(":")}`);
  return ORACLES[id].load();
}
