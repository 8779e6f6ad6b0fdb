// The headline chart: mispredicted dispatches per virtual instruction, by technique and predictor. A bar is the mean over
// programs, a dot one program. Per virtual instruction, because techniques differ in how many dispatches they make of one.
import type { TopLevelSpec } from "vega-lite";
import { UsageError } from "../../errors.ts";
import { RECORDED, type Row } from "../../rows.ts";
import { ratio } from "../columns.ts";

export function mispredictionRate(rows: readonly Row[]): TopLevelSpec {
  const values = rows
    .filter(({ kind, mispredictions }) => kind === "dispatch" && mispredictions !== undefined)
    .map((row) => ({
      program: row.program,
      technique: row.technique,
      predictor: row.predictor,
      rate: ratio(row.mispredictions, row.virtualInstructions, 100),
    }));
  if (rows.every(({ technique }) => technique === RECORDED)) {
    throw new UsageError("there is nothing to draw: of recorded branches nobody knows which are dispatches");
  }
  if (values.length === 0) throw new UsageError("there is nothing to draw: no predictor covers the dispatch branches");
  const predictors = [...new Set(values.map(({ predictor }) => predictor))];
  const techniques = [...new Set(values.map(({ technique }) => technique))];
  const rate = { field: "rate", type: "quantitative", title: "mispredicted dispatches per 100 virtual instructions" } as const;
  // names with their parameters are long, and are cut at 180 pixels unless told otherwise
  const y = { field: "technique", type: "nominal", title: null, sort: techniques, axis: { labelLimit: 600 } } as const;
  const offset = { field: "predictor", sort: predictors } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: {
      text: "Mispredicted dispatches by technique and predictor",
      subtitle: "bars: mean over programs; dots: programs",
      anchor: "start",
    },
    width: 520,
    height: { step: predictors.length > 3 ? 12 : 18 },
    data: { values },
    layer: [
      {
        mark: { type: "bar", opacity: 0.75 },
        encoding: {
          y,
          yOffset: offset,
          x: { ...rate, aggregate: "mean" },
          color: { field: "predictor", type: "nominal", title: "predictor", sort: predictors },
        },
      },
      {
        mark: { type: "point", filled: true, size: 12, opacity: 0.6, color: "black" },
        encoding: { y, yOffset: offset, x: { ...rate } },
      },
    ],
  };
}
