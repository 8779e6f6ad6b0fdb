// What fewer mispredictions cost in bytes: code size against rate, a point for each technique.
import { defineChart } from "../drawing/chart.ts";
import {
  atMost,
  dispatches,
  distinct,
  highestFirst,
  MOST_PANELS,
  means,
  type Point,
  programsSaid,
  RATE_LINES,
  rateOf,
  SCHEMA,
  seriesEncoding,
  titled,
} from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../records.ts";

const PIECES = ["body_bytes", "dispatch_bytes", "table_bytes", "generated_bytes"];

function pointsOf(records: readonly ResultRecord[]): Point[] {
  const points = dispatches(records).flatMap((record): Point[] => {
    const bytes = PIECES.map((name) => numberIn(record, name));
    if (bytes.some((number) => number === undefined)) return [];
    const kilobytes = bytes.reduce<number>((sum, number) => sum + (number ?? 0), 0) / 1000;
    return [{ technique: textIn(record, "technique"), predictor: textIn(record, "predictor"), kilobytes, rate: rateOf(record) ?? 0 }];
  });
  const rates = means(points, ["technique", "predictor"], "rate");
  const sizes = means(points, ["technique", "predictor"], "kilobytes");
  return rates.map((point, i) => ({ ...point, kilobytes: sizes[i].kilobytes }));
}

export default defineChart({
  title: "Code size against mispredictions",
  description: "One point a technique: bodies, dispatch, tables and generated code against the rate. Best is at the bottom left.",
  needs: "the columns of bytes, and at least two techniques",
  of: "rows",
  place: 70,
  fits: (records) => new Set(pointsOf(records).map(({ technique }) => technique)).size > 1,
  spec(records) {
    const points = pointsOf(records);
    const panels = atMost(distinct(dispatches(records), "predictor"), MOST_PANELS, "predictors");
    const values = points.filter(({ predictor }) => panels.shown.includes(String(predictor)));
    return {
      $schema: SCHEMA,
      title: titled("Code size against mispredictions", programsSaid(dispatches(records)), ...panels.said),
      data: { values },
      facet: { field: "predictor", type: "nominal", title: null, sort: [...panels.shown] },
      columns: 2,
      spec: {
        width: 300,
        height: 260,
        mark: { type: "point", filled: true, size: 110, opacity: 0.9, tooltip: true },
        encoding: {
          x: { field: "kilobytes", type: "quantitative", title: "native code and tables, kB", scale: { zero: true } },
          y: { field: "rate", type: "quantitative", title: RATE_LINES },
          ...seriesEncoding("technique", "technique", highestFirst(values, "technique", "rate")),
        },
      },
      resolve: { axis: { x: "independent", y: "independent" } },
    };
  },
});
