// Bars of mispredictions at branch sites, a panel for each program, technique and front end, the worst on top.
import type { TopLevelSpec } from "vega-lite";
import { groupBy } from "../../results/rows.ts";
import { numberIn, type ResultRecord, textIn } from "../records.ts";
import { whole } from "../tables/text-table.ts";
import { atMost, colourOf, distinct, type Point, SCHEMA, titled } from "./drawing.ts";

const MOST_BARS = 20;
const MOST_GROUPS = 8;

/** Records of sites that were mispredicted. */
export const missed = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => (numberIn(record, "mispredictions") ?? 0) > 0);

/** @param nameOf what one bar stands for; records that agree in it are added up, apart by kind of branch */
export function siteBars(
  records: readonly ResultRecord[],
  text: string,
  bar: string,
  nameOf: (record: ResultRecord) => string,
): TopLevelSpec {
  const titleOf = (record: ResultRecord): string => ["program", "technique", "predictor"].map((name) => textIn(record, name)).join(", ");
  const panels = [...groupBy(missed(records), titleOf)];
  const { shown, said } = atMost(
    panels.map(([title]) => title),
    MOST_GROUPS,
    "runs",
  );
  const kinds = distinct(missed(records), "kind").sort();
  const drawn = panels
    .filter(([title]) => shown.includes(title))
    .map(([title, group]) => {
      const bars = [...groupBy(group, nameOf)].map(([name, sites]) => ({ name, sites, total: totalOf(sites) }));
      bars.sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
      const kept = bars.slice(0, MOST_BARS);
      const values = kept.flatMap(({ name, sites }) =>
        [...groupBy(sites, (record) => textIn(record, "kind"))].map(
          ([kind, of]): Point => ({ run: title, [bar]: name, kind, mispredictions: totalOf(of), branches: totalOf(of, "branches") }),
        ),
      );
      const total = `${whole(totalOf(group))} mispredictions`;
      const said = bars.length > kept.length ? `${total}; the worst ${kept.length} of ${bars.length} are shown` : total;
      return { title, said, values, names: kept.map(({ name }) => name) };
    });
  return {
    $schema: SCHEMA,
    title: titled(text, ...said),
    data: { values: drawn.flatMap(({ values }) => values) },
    columns: 2,
    concat: drawn.map(({ title, said: below, names }) => ({
      title: { text: title, subtitle: below, fontSize: 12 },
      transform: [{ filter: { field: "run", equal: title } }],
      width: 300,
      height: { step: 16 },
      mark: { type: "bar", tooltip: true },
      encoding: {
        y: { field: bar, type: "nominal", title: bar, sort: names },
        x: {
          field: "mispredictions",
          type: "quantitative",
          title: "mispredictions",
          axis: { labelExpr: "format(datum.value, '~s')", tickCount: 5 },
        },
        color: colourOf("kind", "kind of branch", kinds),
      },
    })),
  };
}

const totalOf = (records: readonly ResultRecord[], column = "mispredictions"): number =>
  records.reduce((sum, record) => sum + (numberIn(record, column) ?? 0), 0);
