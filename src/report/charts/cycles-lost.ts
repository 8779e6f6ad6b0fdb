// Lost cycles by cause: mispredictions by kind of branch, stalls, bubbles, taken branches, calls and returns, cache misses, each at
// the cost used in the results' estimate.
import { groupBy } from "../../results/group-by.ts";
import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, colourOf, type Datum, MOST_PANELS, round, SCHEMA, titled } from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

/** All classes of branches of one run. */
type Run = ReadonlyMap<string, ResultRecord>;

const of = (run: Run, kind: string, column: string): number => numberIn(run.get(kind) ?? {}, column) ?? 0;

/** Cycles of a run, by cause. Mispredictions and stalls together are its `cycles_lost`. */
const CAUSES: readonly (readonly [string, (run: Run) => number])[] = [
  ["mispredicted indirect branches", (run) => (stalls(run) ? 0 : of(run, "indirect", "mispredictions") * of(run, "all", "penalty_cycles"))],
  ["stalls for indirect branches", (run) => of(run, "indirect", "branches") * of(run, "all", "indirect_stall_cycles")],
  ["mispredicted conditionals", (run) => of(run, "conditional", "mispredictions") * conditionalPenalty(run)],
  ["mispredicted returns", (run) => of(run, "return", "mispredictions") * of(run, "all", "penalty_cycles")],
  ["overridden first answers", (run) => of(run, "indirect", "overrides") * of(run, "all", "override_cycles")],
  [
    "slow levels of the buffer",
    (run) =>
      of(run, "all", "middle_level_overrides") * of(run, "all", "middle_level_cycles") +
      (of(run, "all", "overrides") - of(run, "indirect", "overrides") - of(run, "all", "middle_level_overrides")) *
        of(run, "all", "slow_level_cycles"),
  ],
  ["front-end bubbles", (run) => of(run, "all", "front_end_bubbles") * of(run, "all", "bubble_cycles")],
  ["taken branches", (run) => of(run, "all", "taken_branches") * of(run, "all", "taken_branch_cycles")],
  [
    "calls and returns",
    (run) => of(run, "all", "calls") * of(run, "all", "call_cycles") + of(run, "all", "returns") * of(run, "all", "return_cycles"),
  ],
  [
    "cache misses",
    (run) =>
      of(run, "all", "icache_misses") * of(run, "all", "icache_miss_cycles") +
      of(run, "all", "dcache_misses") * of(run, "all", "dcache_miss_cycles"),
  ],
];

/** Results of earlier versions have one penalty for all. */
const conditionalPenalty = (run: Run): number =>
  numberIn(run.get("all") ?? {}, "conditional_penalty_cycles") ?? of(run, "all", "penalty_cycles");

const stalls = (run: Run): boolean => numberIn(run.get("all") ?? {}, "indirect_stall_cycles") !== undefined;

/** Records of runs whose lost cycles are known. */
const known = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => numberIn(record, "cycles_lost") !== undefined && numberIn(record, "virtual_instructions") !== undefined);

function averagesOf(records: readonly ResultRecord[]): Averages {
  const runs = groupBy(known(records), (record) => JSON.stringify([record.technique, record.predictor, ...Object.values(runOf(record))]));
  const points = [...runs.values()].flatMap((rows): Datum[] => {
    const run: Run = new Map(rows.map((row) => [textIn(row, "kind"), row]));
    if (!run.has("all") || !run.has("indirect")) return [];
    return CAUSES.map(([cause, cyclesOf]) => ({
      ...runOf(rows[0]),
      technique: textIn(rows[0], "technique"),
      predictor: textIn(rows[0], "predictor"),
      cause,
      cycles: round(cyclesOf(run) / Number(rows[0].virtual_instructions)),
    }));
  });
  return averaged(points, ["technique", "predictor", "cause"], ["cycles"]);
}

/** Techniques by total lost cycles, the least on top. */
function leastFirst(points: readonly Datum[]): string[] {
  const sums = [...groupBy(points, ({ technique }) => String(technique))].map(
    ([name, own]) => [name, own.reduce((sum, { cycles }) => sum + Number(cycles), 0)] as const,
  );
  return sums.sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

export default defineChart({
  title: "Cycles lost, by cause",
  description: "Stacked by cause, per virtual instruction, the least on top; what costs nothing in these results is left out.",
  needs: "all classes of branches of a run, with the columns of costs",
  of: "rows",
  place: 75,
  costs: true,
  fits: (records) => averagesOf(records).points.some(({ cycles }) => Number(cycles) > 0),
  spec(records) {
    const { points, said } = averagesOf(records);
    const panels = atMost([...new Set(points.map(({ predictor }) => String(predictor)))], MOST_PANELS, "predictors");
    const totals = points
      .filter(({ predictor }) => panels.shown.includes(String(predictor)))
      .map(({ least: _, most: __, ...point }) => point as Datum);
    const causes = CAUSES.map(([cause]) => cause).filter((cause) =>
      totals.some((point) => point.cause === cause && Number(point.cycles) > 0),
    );
    const values = totals.filter(({ cause }) => causes.includes(String(cause)));
    return {
      $schema: SCHEMA,
      title: titled("Cycles lost, by cause", said, ...panels.said),
      data: { values },
      transform: [{ calculate: `indexof(${JSON.stringify(causes)}, datum.cause)`, as: "order" }],
      facet: { field: "predictor", type: "nominal", title: null, sort: [...panels.shown] },
      columns: 2,
      spec: {
        width: 280,
        height: { step: 18 },
        mark: { type: "bar", tooltip: true },
        encoding: {
          y: { field: "technique", type: "nominal", title: "technique", sort: leastFirst(values) },
          x: { field: "cycles", type: "quantitative", title: "cycles lost per virtual instruction" },
          color: { ...colourOf("cause", "cause", causes), legend: { orient: "bottom", columns: 2, titleOrient: "top" } },
          order: { field: "order", type: "quantitative" },
        },
      },
      resolve: { axis: { x: "independent" } },
    };
  },
});
