// The main chart: mispredicted dispatches per virtual instruction, by technique and predictor. Per virtual instruction, because
// techniques execute different numbers of dispatches for one. With more predictors than colours, a matrix.
import type { TopLevelSpec } from "vega-lite";
import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { barLayers } from "../drawing/bars.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, COLOURS, type Datum, dispatches, distinct, lowestFirst, RATE, rateOf, SCHEMA, titled } from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { type ResultRecord, textIn } from "../result-records.ts";

/** A wider matrix is not drawn: see the CSV. */
const MOST_COLUMNS = 100;

const TITLE = "Mispredicted dispatches by technique and predictor";

/** Name of the mean over programs. */
const MEAN = "(mean)";

const averagesOf = (records: readonly ResultRecord[]): Averages =>
  averaged(
    dispatches(records).map((record): Datum => {
      return {
        ...runOf(record),
        technique: textIn(record, "technique"),
        predictor: textIn(record, "predictor"),
        rate: rateOf(record) ?? 0,
      };
    }),
    ["technique", "predictor"],
    ["rate"],
  );

/** The mean of each program over its layout seeds. */
const ofPrograms = (points: readonly Datum[]): readonly Datum[] => {
  const programs = [...new Set(points.map(({ program }) => String(program)))];
  return programs.flatMap((program) =>
    averaged(
      points.filter((point) => point.program === program),
      ["program", "technique", "predictor"],
      ["rate"],
    ).points.map(({ least: _, most: __, ...point }) => point),
  );
};

export default defineChart({
  title: TITLE,
  description:
    "A bar is the mean over programs, a dot one program; the techniques with the lowest rates stand on top. Where rates span decades, the axis is logarithmic and a large point stands for the bar.",
  needs: "a predictor that covers the dispatch branches of the same programs with every technique",
  of: "rows",
  place: 10,
  fits: (records) => averagesOf(records).points.length > 0,
  spec(records) {
    const { points, of, said, banded, bandSaid } = averagesOf(records);
    const predictors = distinct(dispatches(records), "predictor");
    const techniques = lowestFirst(points, "technique", "rate");
    if (predictors.length > COLOURS.length) {
      const columns = atMost(predictors, MOST_COLUMNS, "predictors");
      return matrixSpec({
        title: titled(TITLE, said, ...columns.said),
        description:
          "A row is a technique, the one with the lowest rates on top, a column a predictor; the darker, the more is mispredicted.",
        values: points.filter(({ predictor }) => columns.shown.includes(String(predictor))),
        x: { field: "predictor", title: "predictor", sort: columns.shown },
        y: { field: "technique", title: "technique", sort: techniques },
        measure: { field: "rate", title: RATE, format: ".1f" },
      });
    }
    const programs = distinct(of as ResultRecord[], "program");
    const several = programs.length > 1;
    const values = [...points.map((point) => ({ program: several ? MEAN : programs[0], ...point })), ...(several ? ofPrograms(of) : [])];
    const { encoding, layer } = barLayers({
      values,
      row: { field: "technique", title: "technique", sort: techniques },
      series: { field: "predictor", title: "predictor", names: predictors },
      measure: { field: "rate", title: RATE },
      banded,
      means: several ? `datum.program === '${MEAN}'` : "true",
      dots: several ? `datum.program !== '${MEAN}'` : undefined,
    });
    return {
      $schema: SCHEMA,
      title: titled(TITLE, several ? `bars: ${said}; dots: programs` : said, bandSaid),
      data: { values },
      width: 460,
      height: { step: predictors.length > 3 ? 12 : 18 },
      encoding,
      layer,
    } as unknown as TopLevelSpec;
  },
});
