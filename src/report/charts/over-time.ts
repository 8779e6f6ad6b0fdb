// How mispredictions come and go while a program runs: learning, phases, context switches.
import { defineChart } from "../drawing/chart.ts";
import {
  atMost,
  colourOf,
  dashOf,
  dispatches,
  distinct,
  highestFirst,
  type Point,
  RATE_LINES,
  rateOf,
  SCHEMA,
  titled,
} from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../records.ts";

const MOST_ROWS = 4;
const MOST_COLUMNS = 4;

/** Where an interval of a run begins. */
const placeOf = ({ program, technique, predictor }: ResultRecord, start: number): string =>
  JSON.stringify([program, technique, predictor, start]);

export default defineChart({
  title: "Mispredicted dispatches over time",
  description: "One step an interval, one line a technique.",
  needs: "at least two intervals in which a predictor covers the dispatch branches",
  of: "intervals",
  place: 10,
  fits: (records) => new Set(dispatches(records).map(({ start }) => start)).size > 1,
  spec(records) {
    const known = dispatches(records);
    const programs = atMost(distinct(known, "program"), MOST_ROWS, "programs");
    const predictors = atMost(distinct(known, "predictor"), MOST_COLUMNS, "predictors");
    const starts = new Set(known.map((record) => placeOf(record, numberIn(record, "start") ?? 0)));
    const values = known
      .filter((record) => programs.shown.includes(textIn(record, "program")) && predictors.shown.includes(textIn(record, "predictor")))
      .flatMap((record): Point[] => {
        const start = numberIn(record, "start") ?? 0;
        const point = {
          program: textIn(record, "program"),
          technique: textIn(record, "technique"),
          predictor: textIn(record, "predictor"),
          start,
          rate: rateOf(record) ?? 0,
        };
        const end = start + (numberIn(record, "virtual_instructions") ?? 0);
        // a step is as wide as its interval: the last one needs its end
        const last = !starts.has(placeOf(record, end));
        return last ? [point, { ...point, start: end }] : [point];
      });
    const techniques = highestFirst(values, "technique", "rate");
    return {
      $schema: SCHEMA,
      title: titled("Mispredicted dispatches over time", ...programs.said, ...predictors.said),
      data: { values },
      facet: {
        row: { field: "program", type: "nominal", title: null, sort: [...programs.shown] },
        column: { field: "predictor", type: "nominal", title: null, sort: [...predictors.shown] },
      },
      spec: {
        width: predictors.shown.length > 2 ? 240 : 340,
        height: 200,
        mark: { type: "line", interpolate: "step-after", tooltip: true },
        encoding: {
          x: {
            field: "start",
            type: "quantitative",
            title: "virtual instructions executed",
            axis: { labelExpr: "format(datum.value, '~s')", grid: false, tickCount: 5 },
          },
          y: { field: "rate", type: "quantitative", title: RATE_LINES },
          color: colourOf("technique", "technique", techniques),
          strokeDash: dashOf("technique", "technique", techniques),
        },
      },
      resolve: { scale: { x: "independent" } },
    };
  },
});
