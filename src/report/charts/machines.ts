// Every technique on the front ends of real processors, through the decades.

import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { type Datum, dispatches, lowestFirst, RATE, rateOf, titled } from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { assumedOf, machineAxes, machineName, machinesByYear, onMachines } from "../drawing/processors.ts";
import { type ResultRecord, textIn } from "../result-records.ts";

const averagesOf = (records: readonly ResultRecord[]): Averages =>
  averaged(
    onMachines(dispatches(records)).map((record): Datum => {
      const [technique, machine] = [textIn(record, "technique"), machineName(record)];
      return { ...runOf(record), technique, machine, assumed: assumedOf(record), rate: rateOf(record) ?? 0 };
    }),
    ["machine", "technique", "assumed"],
    ["rate"],
  );

export default defineChart({
  title: "Mispredicted dispatches on processors through the decades",
  description:
    "Processors by year, techniques from the best; the darker, the more dispatches are mispredicted. An empty cell, or a processor left out: its front end leaves them without prediction.",
  needs: "at least two machines (--machine=…)",
  of: "rows",
  place: 20,
  special: true,
  fits: (records) => new Set(averagesOf(records).points.map(({ machine }) => machine)).size > 1,
  spec(records) {
    const { points, said } = averagesOf(records);
    return matrixSpec({
      title: titled("Mispredicted dispatches on processors through the decades", said),
      values: points,
      ...machineAxes(machinesByYear(records), lowestFirst(points, "technique", "rate")),
      measure: { field: "rate", title: RATE, format: ".1f" },
      assumed: "assumed",
    });
  },
});
