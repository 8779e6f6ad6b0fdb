// Charts of a sweep: the rate of mispredictions against a parameter, a panel for each family of front ends that differ in nothing
// else, a line for each technique; or, where a second parameter varies, a panel for each technique and a line for each of its values.
import type { TopLevelSpec } from "vega-lite";
import { groupBy } from "../../results/group-by.ts";
import { type ResultRecord, textIn } from "../result-records.ts";
import { type Averages, averaged, runOf } from "./averages.ts";
import { atMost, type Datum, dispatches, MOST_PANELS, RATE_LINES, rateOf, swept, titled, without } from "./drawing.ts";
import { linesSpec } from "./lines.ts";
import { powersOfTwo } from "./scales.ts";

export interface Sweep {
  readonly title: string;
  /** Title of the horizontal axis, with its unit. */
  readonly axis: string;
  /** The parameters from which the axis is computed. */
  readonly parameters: readonly string[];
  readonly sizeOf: (record: ResultRecord) => number | undefined;
  /** A parameter whose values are lines, and their names. */
  readonly second?: { readonly parameter: string; readonly nameOf: (record: ResultRecord) => string };
  /** Whether sizes are powers of two. */
  readonly doubling: boolean;
}

/** A point for each technique, front end without its size, and size. */
function averagesOf(records: readonly ResultRecord[], { parameters, sizeOf, second }: Sweep): Averages {
  const all = dispatches(records).flatMap((record): Datum[] => {
    const size = sizeOf(record);
    if (size === undefined) return [];
    const predictor = textIn(record, "predictor");
    // a single value of the second parameter stays in the name
    const family = without(predictor, parameters);
    return [
      {
        ...runOf(record),
        technique: textIn(record, "technique"),
        family,
        second: second?.nameOf(record) ?? "",
        line: JSON.stringify([record.technique, family]),
        size,
        rate: rateOf(record) ?? 0,
      },
    ];
  });
  return averaged(swept(all, "line", "size"), ["technique", "family", "second", "size"], ["rate"]);
}

export const sweeps = (records: readonly ResultRecord[], sweep: Sweep): boolean => averagesOf(records, sweep).points.length > 0;

export function sweepSpec(records: readonly ResultRecord[], sweep: Sweep): TopLevelSpec {
  const { points, said, banded, bandSaid } = averagesOf(records, sweep);
  const several = new Set(points.map(({ second }) => second)).size > 1;
  const techniques = new Set(points.map(({ technique }) => technique)).size;
  const panels = groupBy(
    points.map(
      ({ second, family, ...point }): Datum =>
        several ? { ...point, family: without(String(family), [sweep.second?.parameter ?? ""]), [SECOND]: second } : { ...point, family },
    ),
    ({ family, technique }) => (several && techniques > 1 ? `${technique}, ${family}` : String(family)),
  );
  const shown = atMost([...panels.keys()], MOST_PANELS, "panels");
  const drawn = shown.shown.map((title) => ({ title, values: (panels.get(title) ?? []).map((point) => ({ panel: title, ...point })) }));
  const sizes = [...new Set(drawn.flatMap(({ values }) => values.map((point) => Number((point as Datum).size))))].sort((a, b) => a - b);
  return linesSpec({
    title: titled(sweep.title, drawn.length === 1 ? `${drawn[0].title}; ${said}` : said, bandSaid, ...shown.said),
    panels: drawn,
    panelField: "panel",
    line: several ? SECOND : "technique",
    lineTitle: several ? SECOND : "technique",
    x: {
      field: "size",
      title: sweep.axis,
      scale: sweep.doubling ? { type: "log", base: 2, nice: false } : { zero: false, nice: false },
      axis: { values: sweep.doubling ? powersOfTwo(sizes) : sizes, format: ",d", grid: false, labelOverlap: true },
    },
    y: { field: "rate", title: RATE_LINES },
    banded,
  });
}

/** The field of a second parameter's values. */
const SECOND = "associativity";
