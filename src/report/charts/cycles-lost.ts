// Where cycles go that do no work: mispredictions by kind of branch, stalls, bubbles, taken branches, calls and returns, cache
// misses, each at the cost that the results were estimated with.
import { groupBy } from "../../results/rows.ts";
import { defineChart } from "../drawing/chart.ts";
import {
  atMost,
  colourOf,
  distinct,
  highestFirst,
  MOST_PANELS,
  means,
  type Point,
  programsSaid,
  round,
  SCHEMA,
  titled,
} from "../drawing/drawing.ts";
import { numberIn, type ResultRecord, textIn } from "../records.ts";

/** All classes of branches of one run. */
type Run = ReadonlyMap<string, ResultRecord>;

const of = (run: Run, kind: string, column: string): number => numberIn(run.get(kind) ?? {}, column) ?? 0;

/** Cycles of a run, by cause. Mispredictions and stalls together are its `cycles_lost`. */
const CAUSES: readonly (readonly [string, (run: Run) => number])[] = [
  ["mispredicted indirect branches", (run) => (stalls(run) ? 0 : of(run, "indirect", "mispredictions") * of(run, "all", "penalty_cycles"))],
  ["stalls for indirect branches", (run) => of(run, "indirect", "branches") * of(run, "all", "indirect_stall_cycles")],
  ["mispredicted conditionals", (run) => of(run, "conditional", "mispredictions") * of(run, "all", "penalty_cycles")],
  ["mispredicted returns", (run) => of(run, "return", "mispredictions") * of(run, "all", "penalty_cycles")],
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

const stalls = (run: Run): boolean => numberIn(run.get("all") ?? {}, "indirect_stall_cycles") !== undefined;

/** Whether what it lost is known. */
const known = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => numberIn(record, "cycles_lost") !== undefined && numberIn(record, "virtual_instructions") !== undefined);

function pointsOf(records: readonly ResultRecord[]): Point[] {
  const runs = groupBy(known(records), (record) => JSON.stringify([record.program, record.technique, record.predictor]));
  return [...runs.values()].flatMap((rows) => {
    const run: Run = new Map(rows.map((row) => [textIn(row, "kind"), row]));
    if (!run.has("all") || !run.has("indirect")) return [];
    return CAUSES.map(([cause, cyclesOf]) => ({
      technique: textIn(rows[0], "technique"),
      predictor: textIn(rows[0], "predictor"),
      cause,
      cycles: round(cyclesOf(run) / Number(rows[0].virtual_instructions)),
    }));
  });
}

export default defineChart({
  title: "Cycles lost, by cause",
  description: "Stacked by cause, per virtual instruction; what costs nothing in these results is left out.",
  needs: "all classes of branches of a run, with the columns of costs",
  of: "rows",
  place: 75,
  fits: (records) => pointsOf(records).some(({ cycles }) => Number(cycles) > 0),
  spec(records) {
    const panels = atMost(distinct(known(records), "predictor"), MOST_PANELS, "predictors");
    const points = pointsOf(records).filter(({ predictor }) => panels.shown.includes(String(predictor)));
    const totals = means(points, ["technique", "predictor", "cause"], "cycles");
    const causes = CAUSES.map(([cause]) => cause).filter((cause) =>
      totals.some((point) => point.cause === cause && Number(point.cycles) > 0),
    );
    const values = totals.filter(({ cause }) => causes.includes(String(cause)));
    return {
      $schema: SCHEMA,
      title: titled("Cycles lost, by cause", programsSaid(known(records)), ...panels.said),
      data: { values },
      transform: [{ calculate: `indexof(${JSON.stringify(causes)}, datum.cause)`, as: "order" }],
      facet: { field: "predictor", type: "nominal", title: null, sort: [...panels.shown] },
      columns: 2,
      spec: {
        width: 280,
        height: { step: 18 },
        mark: { type: "bar", tooltip: true },
        encoding: {
          y: { field: "technique", type: "nominal", title: "technique", sort: highestFirst(values, "technique", "cycles") },
          x: { field: "cycles", type: "quantitative", title: "cycles lost per virtual instruction" },
          color: { ...colourOf("cause", "cause", causes), legend: { orient: "bottom", columns: 2, titleOrient: "top" } },
          order: { field: "order", type: "quantitative" },
        },
      },
      resolve: { axis: { x: "independent" } },
    };
  },
});
