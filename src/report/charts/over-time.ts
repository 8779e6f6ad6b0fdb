// Mispredictions over time: learning, phases, context switches.

import { counted, whole } from "../../numbers.ts";
import { groupBy } from "../../results/group-by.ts";
import { averaged, BAND_SAID, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, type Datum, dispatches, distinct, MOST_PANELS, RATE_LINES, rateOf, titled } from "../drawing/drawing.ts";
import { linesSpec } from "../drawing/lines.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

/** Key of a run. */
const runOfInterval = (record: ResultRecord): string =>
  JSON.stringify([record.technique, record.predictor, ...Object.values(runOf(record))]);

const lengthOf = (record: ResultRecord): number => numberIn(record, "virtual_instructions") ?? 0;

/** Intervals of at least half the run's usual length: rates of very short ones mean nothing. */
function longEnough(records: readonly ResultRecord[]): ResultRecord[] {
  return [...groupBy(records, runOfInterval).values()].flatMap((run) => {
    const longest = run.reduce((most, record) => Math.max(most, lengthOf(record)), 0);
    return run.filter((record) => lengthOf(record) >= longest / 2);
  });
}

/** A step is as wide as its interval: the last one of each line needs its end. */
function withEnds(points: readonly Datum[]): Datum[] {
  return [...groupBy(points, ({ panel, technique }) => JSON.stringify([panel, technique])).values()].flatMap((line) => {
    const sorted = [...line].sort((a, b) => Number(a.start) - Number(b.start));
    const last = sorted[sorted.length - 1];
    return [...sorted, { ...last, start: Number(last.start) + Number(last.length) }];
  });
}

export default defineChart({
  title: "Mispredicted dispatches over time",
  description: "One step an interval, one line a technique. A last interval that is not half as long as the others is left out.",
  needs: "at least two intervals in which a predictor covers the dispatch branches",
  of: "intervals",
  place: 10,
  fits: (records) => new Set(longEnough(dispatches(records)).map(({ start }) => start)).size > 1,
  spec(records) {
    const all = dispatches(records);
    const known = longEnough(all);
    const several = distinct(known, "predictor").length > 1;
    const titleOf = (record: ResultRecord): string =>
      several ? `${textIn(record, "program")}, ${textIn(record, "predictor")}` : textIn(record, "program");
    const panels = atMost([...new Set(known.map(titleOf))], MOST_PANELS, "panels");
    const drawn = panels.shown.map((title) => {
      const points = known
        .filter((record) => titleOf(record) === title)
        .map((record): Datum => {
          const start = numberIn(record, "start") ?? 0;
          return {
            ...runOf(record),
            panel: title,
            technique: textIn(record, "technique"),
            start,
            length: lengthOf(record),
            rate: rateOf(record) ?? 0,
          };
        });
      const { points: means, banded } = averaged(points, ["panel", "technique", "start", "length"], ["rate"]);
      return { title, banded, values: withEnds(means).map(({ length: _, ...point }) => point as Datum) };
    });
    const left = new Set(
      all.filter((record) => !known.includes(record)).map((record) => `${textIn(record, "program")} ${lengthOf(record)}`),
    );
    const lengths = [...left].map((text) => whole(Number(text.split(" ").at(-1))));
    return linesSpec({
      title: titled(
        "Mispredicted dispatches over time",
        several ? "" : distinct(known, "predictor")[0],
        ...panels.said,
        left.size === 0
          ? ""
          : `left out: ${counted(left.size, "last interval")} of ${lengths.slice(0, 4).join(", ")}${lengths.length > 4 ? ", …" : ""} virtual instructions`,
        drawn.some(({ banded }) => banded) ? `means over layout seeds; ${BAND_SAID}` : "",
      ),
      panels: drawn.filter(({ values }) => values.length > 0),
      panelField: "panel",
      line: "technique",
      lineTitle: "technique",
      x: {
        field: "start",
        title: "virtual instructions executed",
        axis: { labelExpr: "format(datum.value, '~s')", grid: false, tickCount: 5 },
      },
      y: { field: "rate", title: RATE_LINES },
      banded: drawn.some(({ banded }) => banded),
      steps: true,
    });
  },
});
