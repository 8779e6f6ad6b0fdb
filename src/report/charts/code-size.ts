// Code size against the rate of mispredictions, a point for each technique.
import type { TopLevelSpec } from "vega-lite";
import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import {
  atMost,
  type Datum,
  dispatches,
  highestFirst,
  MOST_PANELS,
  RATE_LINES,
  rateOf,
  SCHEMA,
  seriesEncoding,
  titled,
} from "../drawing/drawing.ts";
import { measureScale } from "../drawing/scales.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const PIECES = ["body_bytes", "dispatch_bytes", "table_bytes", "generated_bytes"];

function averagesOf(records: readonly ResultRecord[]): Averages {
  const points = dispatches(records).flatMap((record): Datum[] => {
    const bytes = PIECES.map((name) => numberIn(record, name));
    if (bytes.some((number) => number === undefined)) return [];
    const kilobytes = bytes.reduce<number>((sum, number) => sum + (number ?? 0), 0) / 1000;
    const [technique, predictor] = [textIn(record, "technique"), textIn(record, "predictor")];
    return [{ ...runOf(record), technique, predictor, kilobytes, rate: rateOf(record) ?? 0 }];
  });
  return averaged(points, ["technique", "predictor"], ["rate", "kilobytes"]);
}

export default defineChart({
  title: "Code size against mispredictions",
  description: "One point a technique: bodies, dispatch, tables and generated code against the rate. Best is at the bottom left.",
  needs: "the columns of bytes, and at least two techniques on the same programs",
  of: "rows",
  place: 70,
  fits: (records) => new Set(averagesOf(records).points.map(({ technique }) => technique)).size > 1,
  spec(records) {
    const { points, said, banded, bandSaid } = averagesOf(records);
    const panels = atMost([...new Set(points.map(({ predictor }) => String(predictor)))], MOST_PANELS, "predictors");
    const values = points.filter(({ predictor }) => panels.shown.includes(String(predictor)));
    const rates = measureScale(values.flatMap((point) => [Number(point.rate), Number(point.most ?? 0)]));
    const sizes = values.map(({ kilobytes }) => Number(kilobytes));
    const wide = Math.max(...sizes) / Math.min(...sizes) > 20;
    const x = {
      field: "kilobytes",
      type: "quantitative",
      title: "native code and tables, kB",
      scale: wide ? { type: "log", nice: false, padding: 10 } : { zero: true },
      axis: { format: ",~r", labelOverlap: true, ...(wide ? { grid: false } : {}) },
    } as const;
    const y = { field: "rate", type: "quantitative", title: RATE_LINES, scale: rates.scale, axis: rates.axis } as const;
    const series = seriesEncoding("technique", "technique", highestFirst(values, "technique", "rate"));
    return {
      $schema: SCHEMA,
      title: titled("Code size against mispredictions", said, bandSaid, ...panels.said),
      data: { values },
      facet: { field: "predictor", type: "nominal", title: null, sort: [...panels.shown] },
      columns: 2,
      spec: {
        width: 300,
        height: 260,
        layer: [
          ...(banded
            ? [
                {
                  mark: { type: "rule", strokeWidth: 2, opacity: 0.5 },
                  encoding: { x, y: { ...y, field: "least" }, y2: { field: "most" }, color: series.color },
                },
              ]
            : []),
          { mark: { type: "point", filled: true, size: 110, opacity: 0.9, tooltip: { content: "data" } }, encoding: { x, y, ...series } },
        ],
      },
      resolve: { axis: { x: "independent", y: "independent" } },
    } as unknown as TopLevelSpec;
  },
});
