// Front ends that are impossible in hardware: they know what a predictor cannot see. They are part of the lab, because the
// contract of predictors hides outcomes from models.
import { ALL_KINDS, INDIRECT, NONE } from "../branch.ts";
import { createExactTable } from "../models/exact-table.ts";
import type { Predictor } from "../models/predictor.ts";
import { type Parameters, readParameters } from "../parameters.ts";
import type { LoadedPredictor } from "./load-predictor.ts";

export interface Oracle {
  readonly title: string;
  readonly source: string;
  readonly parameters: Parameters;
  load(values: Readonly<Record<string, number | boolean | string>>): Promise<Omit<LoadedPredictor, "name">>;
}

/** What all of them have in common: nobody could build them. */
const IMPOSSIBLE = { fetches: 0, answersFirst: 0, levels: 1, passesOn: 0, storageBits: Number.POSITIVE_INFINITY, foreign: false };

export const ORACLES: Readonly<Record<string, Oracle>> = {
  oracle: {
    title: "Oracle, last target by virtual address",
    source:
      "The context problem solved (Zaleski's dissertation, chapter 3): an unbounded table of last targets that is asked with the virtual " +
      "address of the dispatching instruction instead of the branch's own. What it misses is virtual control flow. With more instructions " +
      "it is asked with the addresses of the last ones that dispatched, too: what no history of so many could tell is left.",
    parameters: {
      instructions: {
        default: 1,
        min: 1,
        max: 64,
        unit: "virtual instructions",
        description: "virtual addresses that it is asked with: that of the dispatching instruction, and of those that dispatched before it",
      },
    },
    load: async ({ instructions }) => ({
      ...IMPOSSIBLE,
      covers: INDIRECT,
      tracks: Number(instructions) > 1 ? INDIRECT : 0,
      declares: ["virtualAddress"],
      load: async () => () => byVirtualPath(Number(instructions)),
    }),
  },
  perfect: {
    title: "Perfect prediction",
    source: "Every branch of every kind is right: what is left is the cost of executing instructions.",
    parameters: {},
    load: async () => ({
      ...IMPOSSIBLE,
      covers: ALL_KINDS,
      tracks: 0,
      declares: [],
      seesOutcomes: true,
      load: async () => () => ({ predict: () => NONE, train() {} }),
    }),
  },
};

/** Last targets by the addresses of the last virtual instructions that dispatched, the newest first. */
function byVirtualPath(instructions: number): Predictor {
  const table = createExactTable(instructions, 1);
  const { key } = table;
  key.fill(NONE);
  const shared: Predictor = {
    predict(_pc, _staticTarget, virtualAddress) {
      key[0] = virtualAddress;
      return table.words[table.find()];
    },
    train(_pc, target, _taken, virtualAddress) {
      key[0] = virtualAddress;
      const at = table.find();
      if (table.words[at] === NONE) table.insert(at, target);
      else table.words[at] = target;
    },
  };
  if (instructions === 1) return { ...shared, histories: [] };
  return {
    ...shared,
    track(_pc, _target, _taken, _kind, _next, virtualAddress) {
      key[0] = virtualAddress;
      key.copyWithin(1, 0, instructions - 1);
    },
    histories: [key],
  };
}

/** Loads one of ours by name, or undefined. @throws UsageError when it is given parameters that it does not have */
export async function loadOracle(spec: string): Promise<LoadedPredictor | undefined> {
  const [id, ...parts] = spec.split(":");
  if (!Object.hasOwn(ORACLES, id)) return undefined;
  const { values, name } = readParameters(id, id, parts, ORACLES[id].parameters);
  return { ...(await ORACLES[id].load(values)), name };
}
