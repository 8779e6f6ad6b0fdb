// The rate against the size of a branch target buffer: its entries, sets × ways, or the entries of a table for models with such a
// parameter. Buffers of different associativity are separate lines.
import { defineChart } from "../drawing/chart.ts";
import { type Sweep, sweepSpec, sweeps } from "../drawing/sweep-lines.ts";
import { numberIn, type ResultRecord } from "../result-records.ts";

const SWEEP: Sweep = {
  title: "Mispredicted dispatches against the size of the buffer",
  axis: "entries of the branch target buffer or target table",
  parameters: ["sets", "entries"],
  sizeOf(record: ResultRecord) {
    if (record["predictor:unbounded"] === true) return undefined;
    const [sets, ways] = [numberIn(record, "predictor:sets"), numberIn(record, "predictor:ways")];
    return numberIn(record, "predictor:entries") ?? (sets === undefined || ways === undefined ? undefined : sets * ways);
  },
  second: {
    parameter: "ways",
    nameOf(record) {
      const ways = numberIn(record, "predictor:ways");
      return ways === undefined ? "" : ways === 1 ? "1 way" : `${ways} ways`;
    },
  },
  doubling: true,
};

export default defineChart({
  title: SWEEP.title,
  description:
    "One line a technique, or one line an associativity where there are several. Where a line goes flat, more entries are of no use: what is left is mispredicted for another reason.",
  needs: "a front end with at least two sizes, such as btb:sets=64..4096",
  of: "rows",
  place: 30,
  special: true,
  fits: (records) => sweeps(records, SWEEP),
  spec: (records) => sweepSpec(records, SWEEP),
});
