// Estimated speedups of techniques over switch on real processors, through the decades.

import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { type Datum, highestFirst, titled } from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { assumedOf, machineAxes, machineName, machinesByYear, onMachines } from "../drawing/processors.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

const SPEEDUP = "estimated_speedup_over_switch";

const known = (records: readonly ResultRecord[]): ResultRecord[] =>
  onMachines(records).filter((record) => record.kind === "dispatch" && numberIn(record, SPEEDUP) !== undefined);

const averagesOf = (records: readonly ResultRecord[]): Averages =>
  averaged(
    known(records).map((record): Datum => {
      const [technique, machine] = [textIn(record, "technique"), machineName(record)];
      return { ...runOf(record), technique, machine, assumed: assumedOf(record), speedup: numberIn(record, SPEEDUP) ?? 0 };
    }),
    ["machine", "technique", "assumed"],
    ["speedup"],
    "geometric",
  );

export default defineChart({
  title: "Estimated speedup over switch on processors through the decades",
  description:
    "Processors by year, techniques from the fastest; 1 is as fast as a switch there, blue is faster, orange slower. Estimated from counts with what each machine's branches are taken to cost. Means of speedups are geometric. An empty cell: nothing is known.",
  needs: "at least two machines (--machine=…) and at least two techniques",
  of: "rows",
  place: 21,
  costs: true,
  fits: (records) => ["machine", "technique"].every((field) => new Set(averagesOf(records).points.map((point) => point[field])).size > 1),
  spec(records) {
    const { points, said } = averagesOf(records);
    return matrixSpec({
      title: titled("Estimated speedup over switch on processors through the decades", said),
      values: points,
      ...machineAxes(machinesByYear(records), highestFirst(points, "technique", "speedup")),
      measure: { field: "speedup", title: "estimated cycles of switch / estimated cycles", format: ".2f", ratio: true },
      assumed: "assumed",
    });
  },
});
