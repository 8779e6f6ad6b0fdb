// Recorded branches on several front ends: mispredictions by class of branches, a panel for each recording.
import type { TopLevelSpec } from "vega-lite";
import { groupBy } from "../../results/group-by.ts";
import { RECORDED } from "../../results/rows.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, colourOf, type Datum, MOST_PANELS, round, SCHEMA, titled } from "../drawing/drawing.ts";
import { assumedOf, machineName } from "../drawing/processors.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const TITLE = "Mispredictions of recorded branches";

/** The classes that together contain all branches that can be mispredicted. */
const CLASSES = ["indirect", "conditional", "return"];

const nameOf = (record: ResultRecord): string =>
  record["machine:title"] === undefined ? textIn(record, "predictor") : machineName(record);

function pointsOf(records: readonly ResultRecord[]): Datum[] {
  return records.flatMap((record): Datum[] => {
    const [missed, of] = [numberIn(record, "mispredictions"), numberIn(record, "native_instructions")];
    if (record.technique !== RECORDED || !CLASSES.includes(textIn(record, "kind")) || missed === undefined || !of) return [];
    const [recording, predictor, kind] = [textIn(record, "program"), nameOf(record), textIn(record, "kind")];
    return [{ recording, predictor, kind, mpki: round((missed / of) * 1000), assumed: assumedOf(record) }];
  });
}

/** Front ends by their mispredictions of all kinds, the best on top. */
function bestFirst(points: readonly Datum[]): string[] {
  const sums = [...groupBy(points, ({ predictor }) => String(predictor))].map(
    ([name, own]) => [name, own.reduce((sum, { mpki }) => sum + Number(mpki), 0)] as const,
  );
  return sums.sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

export default defineChart({
  title: TITLE,
  description:
    "One bar a front end, the best on top, stacked by class of branches. A class that a front end leaves without prediction is not counted.",
  needs: "recorded branches",
  of: "rows",
  place: 12,
  fits: (records) => pointsOf(records).length > 0,
  spec(records) {
    const points = pointsOf(records);
    const panels = atMost([...new Set(points.map(({ recording }) => String(recording)))], MOST_PANELS, "recordings");
    const values = points.filter(({ recording }) => panels.shown.includes(String(recording)));
    const drawn = panels.shown.map((title) => ({
      title: { text: title, fontSize: 12 },
      ...(panels.shown.length > 1 ? { transform: [{ filter: { field: "recording", equal: title } }] } : {}),
      width: 300,
      height: { step: 18 },
      mark: { type: "bar", tooltip: { content: "data" } },
      encoding: {
        y: {
          field: "predictor",
          type: "nominal",
          title: "front end",
          sort: bestFirst(values.filter(({ recording }) => recording === title)),
        },
        x: { field: "mpki", type: "quantitative", title: "mispredictions per 1000 native instructions" },
        color: colourOf("kind", "class of branches", CLASSES),
      },
    }));
    return {
      $schema: SCHEMA,
      title: titled(TITLE, ...panels.said),
      data: { values },
      columns: 2,
      concat: drawn,
    } as unknown as TopLevelSpec;
  },
});
