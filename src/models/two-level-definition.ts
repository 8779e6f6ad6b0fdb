// Definitions of two-level predictors of directions. Who has a history and who has a table says which sizes there are; all else of a
// definition follows from that.
import { CONDITIONAL } from "../branch.ts";
import type { Parameter, Parameters, Values } from "../parameters.ts";
import { definePredictor, type PredictorDefinition } from "./predictor.ts";
import {
  createTwoLevel,
  DIRECTION_PARAMETERS,
  historyKinds,
  type TwoLevelSizes,
  tooManyCounters,
  twoLevelBits,
} from "./two-level-directions.ts";

/** The sizes of a model, with their defaults; one that it lacks is 1 and no parameter. */
export type TwoLevelDefaults = { readonly historyBits: number } & Partial<
  Record<"histories" | "historySet" | "tables" | "tableSet", number>
>;

const BY_ADDRESS = "; the low bits of the address select one";

/** The parameters of the sizes that a model has, in the order in which names show them. */
function sizeParameters({ histories, historySet, historyBits, tables, tableSet }: TwoLevelDefaults): Parameters {
  const power = { min: 1, powerOfTwo: true } as const;
  const set = { ...power, max: 2 ** 20, unit: "addresses" } as const;
  const counters = tables !== undefined ? "a table has" : histories !== undefined ? "there is" : "the table has";
  const all: Readonly<Record<keyof TwoLevelDefaults, Omit<Parameter & { readonly type?: "integer" }, "default">>> = {
    histories: {
      ...power,
      max: 2 ** 20,
      unit: "histories",
      description: `history registers${historySet === undefined ? BY_ADDRESS : ""}`,
    },
    historySet: { ...set, description: "consecutive addresses that share a history" },
    historyBits: {
      min: 0,
      max: tables === undefined ? 24 : 20,
      unit: "bits",
      description: `outcomes in ${histories === undefined ? "the" : "a"} history; ${counters} a counter for every history`,
    },
    tables: { ...power, max: 1024, unit: "tables", description: `pattern tables${tableSet === undefined ? BY_ADDRESS : ""}` },
    tableSet: { ...set, description: "consecutive addresses that share a table" },
  };
  const defaults = { histories, historySet, historyBits, tables, tableSet };
  return Object.fromEntries(
    Object.entries(defaults).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, { default: value, ...all[name as keyof TwoLevelDefaults] } as Parameter]],
    ),
  );
}

const sizesOf = (values: Values<Parameters>): TwoLevelSizes => {
  const size = (name: string): number => Number(values[name] ?? 1);
  return {
    historyBits: size("historyBits"),
    histories: size("histories"),
    historySet: size("historySet"),
    tables: size("tables"),
    tableSet: size("tableSet"),
    initial: size("initial"),
  };
};

/** A two-level predictor of directions, in the words of its title and source, with the sizes that it has. */
export const defineTwoLevel = (title: string, source: string, defaults: TwoLevelDefaults): PredictorDefinition<Parameters> =>
  definePredictor<Parameters>({
    title,
    source,
    covers: CONDITIONAL,
    tracks: ({ history }) => historyKinds({ history: String(history) }),
    parameters: { ...sizeParameters(defaults), ...DIRECTION_PARAMETERS },
    check({ tables, historyBits }) {
      return tables === undefined ? undefined : tooManyCounters("tables", Number(tables), Number(historyBits));
    },
    storageBits: (values) => twoLevelBits(sizesOf(values)),
    create: (values) => createTwoLevel(sizesOf(values)),
  });
