// Targets of dispatch branches: the owner of the branch, and the opcode that executes next. A shared branch is one row with many
// targets; with a branch in every body, a row with one dark cell is easy for a last-target predictor.
import type { TopLevelSpec } from "vega-lite";
import { groupBy } from "../../results/group-by.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, type Datum, MOST_PANELS, SCHEMA, titled } from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const TITLE = "Where dispatches lead";
const MOST = 24;
const OTHERS = "others";

const branchesOf = (record: ResultRecord): number => numberIn(record, "branches") ?? 0;

/** The most frequent names in a column; all others get one common name. */
function busiest(records: readonly ResultRecord[], column: string): string[] {
  const sums = [...groupBy(records, (record) => textIn(record, column))].map(
    ([name, group]) => [name, group.reduce((sum, record) => sum + branchesOf(record), 0)] as const,
  );
  const names = sums.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  return names.length <= MOST ? names : [...names.slice(0, MOST - 1), OTHERS];
}

function panel(title: string, records: readonly ResultRecord[]): { readonly values: Datum[]; readonly spec: object } {
  const [owners, targets] = ["owner", "target_owner"].map((column) => busiest(records, column));
  const named = (names: readonly string[], name: string): string => (names.includes(name) ? name : OTHERS);
  const cells = groupBy(records, (record) =>
    JSON.stringify([named(owners, textIn(record, "owner")), named(targets, textIn(record, "target_owner"))]),
  );
  const all = records.reduce((sum, record) => sum + branchesOf(record), 0);
  const values = [...cells].map(([key, group]) => {
    const [from, to] = JSON.parse(key) as [string, string];
    return {
      run: title,
      from,
      to,
      percent: Number(((group.reduce((sum, record) => sum + branchesOf(record), 0) / all) * 100).toPrecision(4)),
    };
  });
  const size = { step: 16 };
  return {
    values,
    spec: {
      title: { text: title, fontSize: 12 },
      transform: [{ filter: { field: "run", equal: title } }],
      width: size,
      height: size,
      mark: { type: "rect", tooltip: true },
      encoding: {
        x: { field: "to", type: "nominal", title: "opcode that executes next", sort: targets, axis: { labelAngle: -60 } },
        y: { field: "from", type: "nominal", title: "branch at the end of", sort: owners },
        color: {
          field: "percent",
          type: "quantitative",
          title: "% of all dispatches",
          scale: { scheme: "blues", type: "sqrt" },
          legend: { orient: "top", titleOrient: "top", gradientLength: 240 },
        },
      },
    },
  };
}

export default defineChart({
  title: TITLE,
  description: "A row is a branch, by the opcode whose code it ends; a column the opcode that executes next; the darker, the oftener.",
  needs: "dispatches that led somewhere (--contexts)",
  of: "targets",
  place: 76,
  fits: (records) => records.some((record) => branchesOf(record) > 0),
  spec(records) {
    const runs = groupBy(records, (record) => `${textIn(record, "program")}, ${textIn(record, "technique")}`);
    const { shown, said } = atMost([...runs.keys()], MOST_PANELS, "runs");
    const panels = shown.map((title) => panel(title, runs.get(title) ?? []));
    return {
      $schema: SCHEMA,
      title: titled(TITLE, ...said),
      data: { values: panels.flatMap(({ values }) => values) },
      columns: 2,
      concat: panels.map(({ spec }) => spec),
      resolve: { scale: { color: "independent" } },
    } as TopLevelSpec;
  },
});
