// The rate against the number of additional bodies, static superinstructions and replicas. A line is one way of dividing them: all of
// one kind, or in one ratio.

import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, type Datum, dispatches, MOST_PANELS, RATE_LINES, rateOf, swept, titled, without } from "../drawing/drawing.ts";
import { linesSpec } from "../drawing/lines.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const TITLE = "Mispredicted dispatches against the number of additional bodies";

/** The technique without its numbers; with both kinds, also the share of superinstructions. */
function lineOf(record: ResultRecord, superinstructions: number | undefined, replicas: number | undefined): string {
  const name = without(textIn(record, "technique"), ["superinstructions", "replicas"]);
  if (superinstructions === undefined || replicas === undefined) return name;
  const share = Number(((superinstructions / Math.max(1, superinstructions + replicas)) * 100).toPrecision(4));
  return `${name}, ${share} % superinstructions`;
}

function averagesOf(records: readonly ResultRecord[]): Averages {
  const all = dispatches(records).flatMap((record): Datum[] => {
    const [superinstructions, replicas] = [numberIn(record, "technique:superinstructions"), numberIn(record, "technique:replicas")];
    const bodies = (superinstructions ?? 0) + (replicas ?? 0);
    // without additional bodies both kinds are the same, and there is no share
    if ((superinstructions ?? replicas) === undefined || (bodies === 0 && superinstructions !== undefined && replicas !== undefined))
      return [];
    const line = lineOf(record, superinstructions, replicas);
    return [{ ...runOf(record), predictor: textIn(record, "predictor"), line, bodies, rate: rateOf(record) ?? 0 }];
  });
  return averaged(swept(all, "line", "bodies"), ["predictor", "line", "bodies"], ["rate"]);
}

export default defineChart({
  title: TITLE,
  description: "One line a way of spending additional bodies. It shows how many are worth having, and of which kind.",
  needs:
    "a technique with at least two numbers of superinstructions or replicas, such as static-replication:replicas=100,static-replication:replicas=200",
  of: "rows",
  place: 50,
  special: true,
  fits: (records) => averagesOf(records).points.length > 0,
  spec(records) {
    const { points, said, banded, bandSaid } = averagesOf(records);
    const panels = atMost([...new Set(points.map(({ predictor }) => String(predictor)))], MOST_PANELS, "predictors");
    return linesSpec({
      title: titled(TITLE, panels.shown.length === 1 ? `${panels.shown[0]}; ${said}` : said, bandSaid, ...panels.said),
      panels: panels.shown.map((title) => ({ title, values: points.filter(({ predictor }) => predictor === title) })),
      panelField: "predictor",
      line: "line",
      lineTitle: "technique",
      x: { field: "bodies", title: "additional bodies (superinstructions + replicas)", axis: { grid: false, tickCount: 6 } },
      y: { field: "rate", title: RATE_LINES },
      banded,
    });
  },
});
