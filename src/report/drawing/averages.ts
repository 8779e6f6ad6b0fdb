// Comparable means over programs: every series has the same programs, every program has the same weight, and several layout seeds of
// a run become one number with the least and the greatest value of a single seed.
import { counted } from "../../numbers.ts";
import { groupBy } from "../../results/group-by.ts";
import { SEED } from "../one-setting.ts";
import { type ResultRecord, textIn } from "../result-records.ts";
import { type Datum, round } from "./drawing.ts";

/** The fields that identify the run of a value within a series; charts draw only the program. */
export const runOf = (record: ResultRecord) => ({ program: textIn(record, "program"), seed: textIn(record, SEED) });

export interface Averages {
  /** A point for each series: its fields, the means, and `least` and `most` of the first measure if there are several seeds. */
  readonly points: readonly Datum[];
  /** The values that the means are computed from, with the same programs in each series. */
  readonly of: readonly Datum[];
  /** Whether there are `least` and `most`. */
  readonly banded: boolean;
  /** "mean over the 3 programs that all have: lz, queens, sieve; 2 programs are left out", "program lz; mean over 5 layout seeds". */
  readonly said: string;
  /** The meaning of a band or a rule, for charts that draw `least` and `most`; empty if there are none. */
  readonly bandSaid: string;
}

export const BAND_SAID = "band: from the least to the most of one seed";

export type MeanKind = "arithmetic" | "geometric";

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function meanOf(values: readonly number[], kind: MeanKind): number {
  return kind === "arithmetic" ? sum(values) / values.length : Math.exp(sum(values.map(Math.log)) / values.length);
}

const keyOf = (point: Datum, fields: readonly string[]): string => JSON.stringify(fields.map((field) => point[field]));

/** The members that all groups have, in the order of the first. */
function common(groups: readonly (readonly Datum[])[], field: string): string[] {
  const [first = [], ...others] = groups.map((group) => [...new Set(group.map((point) => String(point[field])))]);
  const sets = others.map((names) => new Set(names));
  return first.filter((name) => sets.every((set) => set.has(name)));
}

/**
 * @param points   each of one program and seed (`runOf`)
 * @param fields   key of a series
 * @param measures fields to average
 * @throws Error if a series has two points of one program and seed, which then describe different things
 */
export function averaged(
  points: readonly Datum[],
  fields: readonly string[],
  measures: readonly string[],
  kind: MeanKind = "arithmetic",
): Averages {
  const groups = [...groupBy(points, (point) => keyOf(point, fields)).values()];
  const names = common(groups, "program");
  const programs = new Set(names);
  const compared = groups.map((group) => group.filter((point) => programs.has(String(point.program))));
  const all = new Set(points.map((point) => String(point.program))).size;
  const nothing = { points: [], of: [], banded: false, said: "", bandSaid: "" };
  if (names.length === 0) return nothing;
  const shared = common(compared, "seed");
  const drawn = shared.length === 0 ? compared : compared.map((group) => group.filter((point) => shared.includes(String(point.seed))));
  const seedsOf = drawn.map((group) => wholeSeeds(group, names.length));
  // no single seed has all programs
  if (seedsOf.some((seeds) => seeds.length === 0)) return nothing;
  const most = Math.max(...seedsOf.map((seeds) => seeds.length));
  const banded = most > 1;
  return {
    points: seedsOf.map((seeds) => {
      const means = measures.map((measure) =>
        seeds.map((group) =>
          meanOf(
            group.map((point) => Number(point[measure])),
            kind,
          ),
        ),
      );
      const band: Datum = banded ? { least: round(Math.min(...means[0])), most: round(Math.max(...means[0])) } : {};
      const series = Object.fromEntries(fields.map((field) => [field, seeds[0][0][field]]));
      return { ...series, ...Object.fromEntries(measures.map((measure, i) => [measure, round(meanOf(means[i], kind))])), ...band };
    }),
    of: seedsOf.flat(2),
    banded,
    said: [
      names.length === 1 ? `program ${names[0]}` : said(names, all, kind),
      names.length < all && names.length === 1 ? leftOut(all - 1) : "",
      banded ? `mean over ${shared.length === 0 ? `up to ${most}` : most} layout seeds` : "",
    ]
      .filter((text) => text !== "")
      .join("; "),
    bandSaid: banded ? BAND_SAID : "",
  };
}

const leftOut = (count: number): string => `${counted(count, "program")} that some series lack ${count === 1 ? "is" : "are"} left out`;

function said(names: readonly string[], all: number, kind: MeanKind): string {
  const listed = names.length > 8 ? `${names.slice(0, 8).join(", ")}, …` : names.join(", ");
  const mean = kind === "geometric" ? "geometric mean" : "mean";
  return names.length === all
    ? `${mean} over ${names.length} programs: ${listed}`
    : `${mean} over the ${names.length} programs that all have: ${listed}; ${leftOut(all - names.length)}`;
}

/** The points of each seed under which all programs ran. */
function wholeSeeds(group: readonly Datum[], programs: number): Datum[][] {
  const seeds = [...groupBy(group, (point) => String(point.seed)).values()];
  for (const seed of seeds) {
    const twice = seed.find((point, i) => seed.findIndex(({ program }) => program === point.program) !== i);
    if (twice !== undefined) throw new Error(`a chart averages different things of ${twice.program}: ${JSON.stringify(twice)}`);
  }
  return seeds.filter((seed) => seed.length === programs);
}
