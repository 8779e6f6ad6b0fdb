// The headline: mispredicted dispatches per virtual instruction, by technique and predictor. Per virtual instruction, because
// techniques differ in how many dispatches they make of one. With more predictors than there are colours, a matrix.
import { defineChart } from "../drawing/chart.ts";
import {
  atMost,
  COLOURS,
  colourOf,
  dispatches,
  distinct,
  highestFirst,
  means,
  type Point,
  programsSaid,
  RATE,
  rateOf,
  SCHEMA,
  titled,
} from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { type ResultRecord, textIn } from "../records.ts";

/** A longer matrix is for the CSV. */
const MOST_ROWS = 100;

const TITLE = "Mispredicted dispatches by technique and predictor";

const pointsOf = (records: readonly ResultRecord[]): Point[] =>
  dispatches(records).map((record) => ({
    program: textIn(record, "program"),
    technique: textIn(record, "technique"),
    predictor: textIn(record, "predictor"),
    rate: rateOf(record) ?? 0,
  }));

export default defineChart({
  title: TITLE,
  description: "A bar is the mean over programs, a dot one program; techniques with the highest rates stand on top.",
  needs: "a predictor that covers the dispatch branches",
  of: "rows",
  place: 10,
  fits: (records) => pointsOf(records).length > 0,
  spec(records) {
    const values = pointsOf(records);
    const predictors = distinct(dispatches(records), "predictor");
    const techniques = highestFirst(values, "technique", "rate");
    if (predictors.length > COLOURS.length) {
      const { shown, said } = atMost(predictors, MOST_ROWS, "predictors");
      return matrixSpec({
        title: titled(TITLE, programsSaid(dispatches(records)), ...said),
        values: means(values, ["technique", "predictor"], "rate").filter(({ predictor }) => shown.includes(String(predictor))),
        x: { field: "technique", title: "technique", sort: techniques },
        y: { field: "predictor", title: "predictor", sort: shown },
        measure: { field: "rate", title: RATE, format: ".1f" },
      });
    }
    const y = { field: "technique", type: "nominal", title: "technique", sort: techniques } as const;
    const yOffset = { field: "predictor", sort: predictors } as const;
    const x = { field: "rate", type: "quantitative", title: RATE } as const;
    const several = distinct(dispatches(records), "program").length > 1;
    return {
      $schema: SCHEMA,
      title: titled(TITLE, several ? `bars: ${programsSaid(dispatches(records))}; dots: programs` : programsSaid(dispatches(records))),
      data: { values },
      width: 460,
      height: { step: predictors.length > 3 ? 12 : 18 },
      encoding: { y, yOffset },
      layer: [
        {
          mark: { type: "bar", tooltip: true },
          encoding: { x: { ...x, aggregate: "mean" }, color: colourOf("predictor", "predictor", predictors) },
        },
        ...(several
          ? [
              {
                mark: { type: "circle", size: 14, style: "program", tooltip: true },
                encoding: { x, detail: { field: "program" } },
              } as const,
            ]
          : []),
      ],
    };
  },
});
