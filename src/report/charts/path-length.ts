// The rate against the length of the path: the number of past targets that select an entry.
import { defineChart } from "../drawing/chart.ts";
import { type Sweep, sweepSpec, sweeps } from "../drawing/sweep-lines.ts";
import { numberIn } from "../result-records.ts";

const SWEEP: Sweep = {
  title: "Mispredicted dispatches against the length of the path",
  axis: "length of the path, in targets",
  parameters: ["targets"],
  sizeOf: (record) => numberIn(record, "predictor:targets"),
  doubling: false,
};

export default defineChart({
  title: SWEEP.title,
  description: "One line a technique. A longer path tells more contexts apart, and takes longer to learn them.",
  needs: "a front end with at least two lengths of the path, such as two-level:targets=1..8",
  of: "rows",
  place: 40,
  special: true,
  fits: (records) => sweeps(records, SWEEP),
  spec: (records) => sweepSpec(records, SWEEP),
});
