// Charts of a sweep: the rate of mispredictions against something that a parameter says, a line for each technique, a panel
// for each family of front ends that differ in nothing else.
import type { TopLevelSpec } from "vega-lite";
import { type ResultRecord, textIn } from "../records.ts";
import {
  atMost,
  dispatches,
  highestFirst,
  MOST_PANELS,
  means,
  type Point,
  programsSaid,
  RATE_LINES,
  rateOf,
  SCHEMA,
  seriesEncoding,
  swept,
  titled,
  without,
} from "./drawing.ts";

export interface Sweep {
  readonly title: string;
  /** What stands below the horizontal axis, with its unit. */
  readonly axis: string;
  /** The parameters that families of front ends leave out of their names. */
  readonly parameters: readonly string[];
  readonly sizeOf: (record: ResultRecord) => number | undefined;
  /** Each size twice the one before, or not. */
  readonly doubling: boolean;
}

/** A point for each technique, family and size of the families that have several sizes. */
function pointsOf(records: readonly ResultRecord[], { parameters, sizeOf }: Sweep): Point[] {
  const all = dispatches(records).flatMap((record): Point[] => {
    const size = sizeOf(record);
    if (size === undefined) return [];
    const family = without(textIn(record, "predictor"), parameters);
    return [{ program: textIn(record, "program"), technique: textIn(record, "technique"), family, size, rate: rateOf(record) ?? 0 }];
  });
  return means(swept(all, "family", "size"), ["technique", "family", "size"], "rate");
}

export const sweeps = (records: readonly ResultRecord[], sweep: Sweep): boolean => pointsOf(records, sweep).length > 0;

export function sweepSpec(records: readonly ResultRecord[], sweep: Sweep): TopLevelSpec {
  const points = pointsOf(records, sweep);
  const families = atMost([...new Set(points.map(({ family }) => String(family)))], MOST_PANELS, "front ends");
  const values = points.filter(({ family }) => families.shown.includes(String(family)));
  const sizes = [...new Set(values.map(({ size }) => Number(size)))].sort((a, b) => a - b);
  const counted = dispatches(records).filter((record) => sweep.sizeOf(record) !== undefined);
  const title = titled(
    sweep.title,
    families.shown.length === 1 ? `${families.shown[0]}; ${programsSaid(counted)}` : programsSaid(counted),
    ...families.said,
  );
  const panel = {
    width: families.shown.length === 1 ? 460 : 340,
    height: families.shown.length === 1 ? 300 : 220,
    mark: { type: "line", point: { filled: true, size: 55 }, tooltip: true },
    encoding: {
      x: {
        field: "size",
        type: "quantitative",
        title: sweep.axis,
        scale: sweep.doubling ? { type: "log", base: 2, nice: false } : { zero: false, nice: false },
        axis: { values: sizes, format: ",d", grid: false },
      },
      y: { field: "rate", type: "quantitative", title: RATE_LINES },
      ...seriesEncoding("technique", "technique", highestFirst(values, "technique", "rate")),
    },
  } as const;
  const top = { $schema: SCHEMA, title, data: { values } } as const;
  if (families.shown.length === 1) return { ...top, ...panel } as TopLevelSpec;
  return {
    ...top,
    facet: { field: "family", type: "nominal", title: null, sort: [...families.shown] },
    columns: 2,
    spec: panel,
    resolve: { axis: { x: "independent", y: "independent" } },
  } as TopLevelSpec;
}
