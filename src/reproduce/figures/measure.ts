// What rows of ours come to, in the unit of a published figure. Means count every program of a virtual machine the same.
import type { RowKind } from "../../replay/statistics.ts";
import { NO_VIRTUAL_MACHINES } from "../experiments.ts";
import type { Choice, Selection } from "../selection.ts";

type Measure = (rows: Selection, choice: Choice, against: Choice) => number;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** One value for each program of what is chosen and of what it is compared with. */
const byProgram = (rows: Selection, choice: Choice, against: Choice, of: (chosen: Selection, other: Selection) => number): number[] =>
  rows.where(choice).programs.map((program) => of(rows.where({ ...choice, program }), rows.where({ ...against, program })));

const fewer =
  (kind: RowKind): Measure =>
  (rows, choice, against) =>
    mean(byProgram(rows, { ...choice, kind }, { ...against, kind }, (some, others) => 1 - some.perVirtual / others.perVirtual)) * 100;

const speedups = (rows: Selection, choice: Choice, against: Choice): number[] =>
  byProgram(rows, choice, against, (some, others) => others.estimatedCycles / some.estimatedCycles);

const overall = (rows: Selection, choice: Choice, against: Choice): number =>
  rows.where(against).estimatedCycles / rows.where(choice).estimatedCycles;

const MEASURES = {
  mispredicted: (rows, choice) => rows.where(choice).meanRate * 100,
  "predicted right": (rows, choice) => (1 - rows.where(choice).meanRate) * 100,
  "fewer mispredicted": fewer("dispatch"),
  "fewer mispredicted, all branches": fewer("all"),
  "share of instructions"(rows, choice) {
    const { branches, nativeInstructions } = rows.where({ ...choice, kind: "indirect" });
    return (branches / nativeInstructions) * 100;
  },
  "lost to mispredictions"(rows, choice) {
    const { cyclesLost, estimatedCycles } = rows.where(choice);
    return (cyclesLost / estimatedCycles) * 100;
  },
  "per 1000 instructions"(rows, choice) {
    const { mispredictions, nativeInstructions } = rows.where(choice);
    return (mispredictions / nativeInstructions) * 1000;
  },
  speedup: overall,
  "times the cycles": overall,
  "greatest speedup": (rows, choice, against) => Math.max(...speedups(rows, choice, against)),
  "fewer cycles": (rows, choice, against) => (1 - 1 / overall(rows, choice, against)) * 100,
  tables: (rows, choice) => Math.max(...rows.where(choice).rows.map(({ footprint }) => footprint.bytes.table)) / 1024,
} as const satisfies Readonly<Record<string, Measure>>;

export type FigureMeasure = keyof typeof MEASURES;

/** Measures of estimated cycles: they rest on what costs are assumed. */
const OF_CYCLES: readonly FigureMeasure[] = ["lost to mispredictions", "speedup", "times the cycles", "greatest speedup", "fewer cycles"];

/** What a measure rests on. */
export const restsOn = (measure: FigureMeasure): "law" | "assumption" | "simulation" =>
  measure === "tables" ? "law" : OF_CYCLES.includes(measure) ? "assumption" : "simulation";

/** @param rows of the experiment of a claim; programs that are no virtual machine's are left out */
export const measureOf = (measure: FigureMeasure, rows: Selection, choice: Choice, against: Choice): number =>
  MEASURES[measure](rows.except(NO_VIRTUAL_MACHINES), choice, against);
