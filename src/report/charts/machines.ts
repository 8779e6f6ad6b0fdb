// Does it still matter? Every technique on the front ends of real processors, through the decades.
import { defineChart } from "../drawing/chart.ts";
import { dispatches, highestFirst, means, type Point, programsSaid, RATE, rateOf, titled } from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { machineName, machinesByYear, onMachines } from "../drawing/processors.ts";
import { type ResultRecord, textIn } from "../records.ts";

const pointsOf = (records: readonly ResultRecord[]): Point[] =>
  onMachines(dispatches(records)).map((record) => ({
    technique: textIn(record, "technique"),
    machine: machineName(record),
    rate: rateOf(record) ?? 0,
  }));

export default defineChart({
  title: "Mispredicted dispatches on processors through the decades",
  description:
    "One row a processor, the oldest on top; the darker, the more dispatches it mispredicts. An empty cell, or a processor left out: its front end leaves them without prediction.",
  needs: "at least two machines (--machine=…)",
  of: "rows",
  place: 20,
  special: true,
  fits: (records) => new Set(pointsOf(records).map(({ machine }) => machine)).size > 1,
  spec(records) {
    const points = pointsOf(records);
    return matrixSpec({
      title: titled("Mispredicted dispatches on processors through the decades", programsSaid(onMachines(dispatches(records)))),
      values: means(points, ["machine", "technique"], "rate"),
      x: { field: "technique", title: "technique", sort: highestFirst(points, "technique", "rate") },
      y: { field: "machine", title: "processor, by year", sort: machinesByYear(records) },
      measure: { field: "rate", title: RATE, format: ".1f" },
    });
  },
});
