// What additional bodies are worth: the rate against the number of static superinstructions and replicas that the interpreter
// was given. A line is one way of spending them: all on one kind, or split in one ratio.
import { defineChart } from "../drawing/chart.ts";
import {
  atMost,
  dispatches,
  distinct,
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
} from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../records.ts";

/** The technique without its numbers; where it has both kinds, with the share of superinstructions. */
function lineOf(record: ResultRecord, superinstructions: number | undefined, replicas: number | undefined): string {
  const name = without(textIn(record, "technique"), ["superinstructions", "replicas"]);
  if (superinstructions === undefined || replicas === undefined) return name;
  const share = Math.round((superinstructions / Math.max(1, superinstructions + replicas)) * 100);
  return `${name}, ${share} % superinstructions`;
}

function pointsOf(records: readonly ResultRecord[]): Point[] {
  const all = dispatches(records).flatMap((record): Point[] => {
    const [superinstructions, replicas] = [numberIn(record, "technique:superinstructions"), numberIn(record, "technique:replicas")];
    const bodies = (superinstructions ?? 0) + (replicas ?? 0);
    // without any, both kinds are the same thing, and no share of it
    if ((superinstructions ?? replicas) === undefined || (bodies === 0 && superinstructions !== undefined && replicas !== undefined))
      return [];
    return [
      { predictor: textIn(record, "predictor"), line: lineOf(record, superinstructions, replicas), bodies, rate: rateOf(record) ?? 0 },
    ];
  });
  return means(swept(all, "line", "bodies"), ["predictor", "line", "bodies"], "rate");
}

export default defineChart({
  title: "Mispredicted dispatches against the number of additional bodies",
  description: "One line a way of spending additional bodies. It shows how many are worth having, and of which kind.",
  needs:
    "a technique with at least two numbers of superinstructions or replicas, such as static-replication:replicas=100,static-replication:replicas=200",
  of: "rows",
  place: 50,
  special: true,
  fits: (records) => pointsOf(records).length > 0,
  spec(records) {
    const points = pointsOf(records);
    const counted = dispatches(records).filter(
      (record) => (record["technique:superinstructions"] ?? record["technique:replicas"]) !== undefined,
    );
    const panels = atMost(distinct(counted, "predictor"), MOST_PANELS, "predictors");
    const values = points.filter(({ predictor }) => panels.shown.includes(String(predictor)));
    const lines = [...new Set(values.map(({ line }) => String(line)))].sort(new Intl.Collator("en", { numeric: true }).compare);
    return {
      $schema: SCHEMA,
      title: titled("Mispredicted dispatches against the number of additional bodies", programsSaid(counted), ...panels.said),
      data: { values },
      facet: { field: "predictor", type: "nominal", title: null, sort: [...panels.shown] },
      columns: 2,
      spec: {
        width: 340,
        height: 260,
        mark: { type: "line", point: { filled: true, size: 55 }, tooltip: true },
        encoding: {
          x: {
            field: "bodies",
            type: "quantitative",
            title: "additional bodies (superinstructions + replicas)",
            axis: { grid: false, tickCount: 6 },
          },
          y: { field: "rate", type: "quantitative", title: RATE_LINES },
          ...seriesEncoding("line", "technique", lines),
        },
      },
      resolve: { axis: { x: "independent", y: "independent" } },
    };
  },
});
