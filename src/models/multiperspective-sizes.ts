// The two published sizes of the multiperspective perceptron: what each of its tables looks at, and how large it is.
import { type Feature, LOCAL_BITS, multiperspectiveBits } from "./multiperspective-features.ts";

/** A table of weights. */
export interface WeightTable {
  readonly feature: Feature;
  /** A weight counts its transferred magnitude times this. */
  readonly coefficient: number;
  readonly entries: number;
  /** Bits of a magnitude. An entry has two signs besides. */
  readonly magnitudeBits: 4 | 5;
  /** What its index is mixed with besides the address. */
  readonly mixedWith: readonly ("taken backward" | "not taken forward" | "recency position")[];
}

export interface MultiperspectiveSizes {
  readonly tables: readonly WeightTable[];
  readonly locals: number;
  /** Entries of the table that knows branches which have gone one way only; 0: none. */
  readonly filters: number;
}

/** Bits of a counter of a table's mispredictions. */
export const MISSES_BITS = 24;

/** Feature and coefficient of each table, and its entries, if they are not an equal share of what the others leave. */
type Row = readonly [feature: Feature, coefficient: number, entries?: number];

const LARGE: readonly Row[] = [
  [["acyclic outcomes", 12], 1],
  [["regions", 10, 7], 1],
  [["outcomes", 0, 19], 1.3125],
  [["outcomes", 0, 65], 0.85],
  [["outcomes", 111, 222], 1],
  [["outcomes", 115, 206], 1],
  [["outcomes", 190, 336], 1],
  [["outcomes", 21, 64], 1],
  [["outcomes", 48, 119], 1],
  [["outcomes", 67, 203], 0.75],
  [["outcomes", 75, 150], 1],
  [["modulo path and outcomes", 3, 5, 4], 1.45, 1913],
  [["modulo path and outcomes", 5, 13, 1], 1],
  [["folded path and outcomes", 105, 4], 1],
  [["path and outcomes", 11, 2], 1.25],
  [["path and outcomes", 15, 4], 1.125],
  [["path and outcomes", 23, 4], 1],
  [["path and outcomes", 31, 1], 1],
  [["path and outcomes", 32, 2], 1],
  [["path and outcomes", 36, 4], 1],
  [["folded path and outcomes", 51, 1], 1],
  [["path and outcomes", 7, 1], 1.5],
  [["path and outcomes", 72, 1], 1],
  [["folded path and outcomes", 86, 4], 1],
  [["taken backward"], 1.8125],
  [["not taken forward"], 1.78125, 1536],
  [["local outcomes"], 1, 1024],
  [["local outcomes"], 2, 3467],
  [["modulo outcomes", 3, 16], 0.9375],
  [["modulo path", 5, 20, 1], 1],
  [["path", 13, 2], 1.4375],
  [["path", 27, 5], 1],
  [["recency", 10, 3], 0.55, 1024],
  [["recency", 14, 4], 1.3125],
  [["recency position"], 1.5],
  [["path and outcomes", 2, 5], 1.25, 768],
  [["path and outcomes", 5, 2], 1.3125, 972],
];

const SMALL: readonly Row[] = [
  [["nothing"], 2.40625],
  [["outcomes", 0, 19], 1.4375],
  [["outcomes", 0, 65], 1],
  [["outcomes", 21, 64], 1],
  [["outcomes", 75, 150], 1.0625],
  [["modulo path and outcomes", 2, 7, 3], 1.625],
  [["path and outcomes", 11, 2], 1.25],
  [["path and outcomes", 15, 4], 1.125],
  [["path and outcomes", 31, 1], 1.40625],
  [["path and outcomes", 7, 1], 1.5, 600],
  [["not taken forward"], 1.28125, 375],
  [["local outcomes"], 1.5625, 512],
  [["recency", 14, 4], 1.25],
  [["recency position"], 1.875],
  [["path and outcomes", 4, 3], 1.65625],
  [["path and outcomes", 2, 5], 2.53125],
];

/** Which tables' indices are mixed with what. */
type Mixed = Readonly<Record<WeightTable["mixedWith"][number], readonly number[]>>;

/** Gives the tables without a size an equal share of the bits that are left. @param small tables of magnitudes of four bits */
function sized(budgetBits: number, rows: readonly Row[], locals: number, filters: number, small: readonly number[], mixed: Mixed) {
  const magnitudeBits = rows.map((_, table) => (small.includes(table) ? 4 : 5));
  const features = rows.map(([feature]) => feature);
  let left = budgetBits - multiperspectiveBits(features) - rows.length * MISSES_BITS - locals * LOCAL_BITS - filters * 2;
  let unsized = rows.length;
  for (const [table, [, , entries]] of rows.entries()) {
    if (entries === undefined) continue;
    left -= entries * (magnitudeBits[table] + 2);
    unsized--;
  }
  const share = Math.floor(left / unsized);
  const tables = rows.map(
    ([feature, coefficient, entries], table): WeightTable => ({
      feature,
      coefficient,
      entries: entries ?? Math.floor(share / (magnitudeBits[table] + 2)),
      magnitudeBits: magnitudeBits[table] as 4 | 5,
      mixedWith: (["taken backward", "not taken forward", "recency position"] as const).filter((of) => mixed[of].includes(table)),
    }),
  );
  return { tables, locals, filters };
}

/** By KB. The budget of the championship was 2048 bits more. */
export const MULTIPERSPECTIVE_SIZES: Readonly<Record<"64" | "8", MultiperspectiveSizes>> = {
  64: sized(64 * 8192 + 2048, LARGE, 510, 18025, [], {
    "taken backward": [12, 18, 19],
    "not taken forward": [15, 31],
    "recency position": [4, 7, 32],
  }),
  8: sized(8 * 8192 + 2048, SMALL, 48, 0, [15], {
    "taken backward": [1, 2],
    "not taken forward": [10, 14],
    "recency position": [4, 7],
  }),
};
