// What a technique gains on real processors, through the decades: the estimate of its speed over that of a switch.
import { defineChart } from "../drawing/chart.ts";
import { highestFirst, means, type Point, programsSaid, titled } from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { machineName, machinesByYear, onMachines } from "../drawing/processors.ts";
import { numberIn, type ResultRecord, textIn } from "../records.ts";

const SPEEDUP = "estimated_speedup_over_switch";

const known = (records: readonly ResultRecord[]): ResultRecord[] =>
  onMachines(records).filter((record) => record.kind === "dispatch" && numberIn(record, SPEEDUP) !== undefined);

const pointsOf = (records: readonly ResultRecord[]): Point[] =>
  known(records).map((record) => ({
    technique: textIn(record, "technique"),
    machine: machineName(record),
    speedup: numberIn(record, SPEEDUP) ?? 0,
  }));

export default defineChart({
  title: "Estimated speedup over switch on processors through the decades",
  description:
    "One row a processor, the oldest on top; 1 is as fast as a switch there. Estimated from counts with each machine's penalty, all else equal. An empty cell: nothing is known.",
  needs: "at least two machines (--machine=…) and at least two techniques",
  of: "rows",
  place: 21,
  fits: (records) => ["machine", "technique"].every((field) => new Set(pointsOf(records).map((point) => point[field])).size > 1),
  spec(records) {
    const points = pointsOf(records);
    return matrixSpec({
      title: titled("Estimated speedup over switch on processors through the decades", programsSaid(known(records))),
      values: means(points, ["machine", "technique"], "speedup"),
      x: { field: "technique", title: "technique", sort: highestFirst(points, "technique", "speedup").reverse() },
      y: { field: "machine", title: "processor, by year", sort: machinesByYear(records) },
      measure: { field: "speedup", title: "estimated cycles of switch / estimated cycles", format: ".2f" },
    });
  },
});
