// The results of whole runs as one table: a line for each program, technique and front end, and for each class of branches of a
// recording. Several layout seeds of a run are one line: the mean, and half the range.
import { whole } from "../../numbers.ts";
import { groupBy } from "../../results/group-by.ts";
import { RECORDED } from "../../results/rows.ts";
import { SEED } from "../one-setting.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

/** A cell with its sort key. */
export interface ResultCell {
  readonly text: string;
  /** Undefined for an unknown value, which is sorted last. */
  readonly value?: number;
}

export interface ResultLine {
  /** Program, technique or class of branches, front end. */
  readonly names: readonly string[];
  readonly cells: readonly ResultCell[];
  /** The assumption about the front end; empty if there is none. */
  readonly assumed: string;
  /** Whether it is the best of comparable lines. */
  readonly best: boolean;
}

export interface ResultsSheet {
  readonly title: string;
  readonly head: readonly string[];
  /** Number of columns with names. */
  readonly names: number;
  readonly lines: readonly ResultLine[];
  /** Explanation of columns and mark. */
  readonly said: string;
}

/** A measure of a line. */
interface SheetMeasure {
  readonly head: string;
  readonly of: (record: ResultRecord) => number | undefined;
  readonly show: (value: number) => string;
}

const digits =
  (count: number, unit = "") =>
  (value: number) =>
    `${value.toFixed(count)}${unit}`;

const ratio =
  (count: string, per: string, scale = 1) =>
  (record: ResultRecord): number | undefined => {
    const [a, b] = [numberIn(record, count), numberIn(record, per)];
    return a === undefined || b === undefined || b === 0 ? undefined : (a / b) * scale;
  };
const column = (name: string) => (record: ResultRecord) => numberIn(record, name);

const MISSES: readonly SheetMeasure[] = [
  { head: "mispredicted", of: column("mispredictions"), show: whole },
  { head: "rate", of: ratio("mispredictions", "branches", 100), show: digits(1, " %") },
];
const MPKI: SheetMeasure = { head: "MPKI", of: ratio("mispredictions", "native_instructions", 1000), show: digits(2) };
const SPEEDUP = "speedup";

const OF_PROGRAMS: readonly SheetMeasure[] = [
  { head: "dispatches", of: column("branches"), show: whole },
  ...MISSES,
  { head: "per virtual", of: ratio("mispredictions", "virtual_instructions"), show: digits(3) },
  MPKI,
  { head: "cycles lost", of: column("cycles_lost"), show: whole },
  { head: SPEEDUP, of: column("estimated_speedup_over_switch"), show: digits(2) },
];
const OF_RECORDINGS: readonly SheetMeasure[] = [{ head: "branches", of: column("branches"), show: whole }, ...MISSES, MPKI];

/** "12.3", or with several seeds "12.3 ± 0.4": the mean, and half the range. */
export function withHalfRange(values: readonly (number | undefined)[], show: (value: number) => string): ResultCell {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 || known.length < values.length) return { text: "–" };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const half = (Math.max(...known) - Math.min(...known)) / 2;
  return { text: half === 0 ? show(mean) : `${show(mean)} ± ${show(half)}`, value: mean };
}

function linesOf(
  records: readonly ResultRecord[],
  namesOf: (record: ResultRecord) => readonly string[],
  measures: readonly SheetMeasure[],
  rival: (record: ResultRecord) => string,
): ResultLine[] {
  const groups = [...groupBy(records, (record) => JSON.stringify(namesOf(record))).values()];
  const lines = groups.map((group) => ({
    first: group[0],
    names: namesOf(group[0]),
    cells: measures.map(({ of, show }) => withHalfRange(group.map(of), show)),
    assumed: textIn(group[0], "machine:assumed"),
  }));
  /** The higher, the better. */
  const merit = ({ cells }: (typeof lines)[number]): number => {
    const speedup = measures.findIndex(({ head }) => head === SPEEDUP);
    if (speedup >= 0 && cells[speedup].value !== undefined) return cells[speedup].value;
    const misses = cells[measures.findIndex(({ head }) => head === "mispredicted")].value;
    return misses === undefined ? Number.NEGATIVE_INFINITY : -misses;
  };
  const rivals = groupBy(lines, ({ first }) => rival(first));
  return lines.map((line) => {
    const others = rivals.get(rival(line.first)) ?? [];
    const best = others.every((other) => merit(other) <= merit(line)) && others.some((other) => merit(other) < merit(line));
    return { names: line.names, cells: line.cells, assumed: line.assumed, best };
  });
}

/** The tables of results of whole runs: of programs, of recordings. @param records of one setting, with the parameters in names */
export function resultsSheets(records: readonly ResultRecord[]): ResultsSheet[] {
  const isRecorded = (record: ResultRecord): boolean => textIn(record, "technique") === RECORDED;
  const programs = records.filter((record) => !isRecorded(record) && record.kind === "dispatch");
  const recordings = records.filter(isRecorded);
  const seeds = new Set(records.map((record) => record[SEED])).size;
  const several = seeds > 1 ? ` Several layout seeds of a run are one line: the mean ± half of the range from the least to the most.` : "";
  return [
    ...(programs.length === 0
      ? []
      : [
          {
            title: "Results",
            head: ["program", "technique", "front end", ...OF_PROGRAMS.map(({ head }) => head)],
            names: 3,
            lines: linesOf(
              programs,
              (record) => [textIn(record, "program"), textIn(record, "technique"), textIn(record, "predictor")],
              OF_PROGRAMS,
              ({ program, predictor }) => JSON.stringify([program, predictor]),
            ),
            said:
              "Rate: mispredicted dispatches per dispatch; per virtual: the same per virtual instruction, by which techniques compare; MPKI: per 1000 native instructions; " +
              `speedup: estimated cycles of switch under the same front end over those of the line. ★: the best technique of its program and front end, by speedup, or by mispredictions where no speedup is known.${several}`,
          },
        ]),
    ...(recordings.length === 0
      ? []
      : [
          {
            title: "Results of recordings",
            head: ["recording", "class of branches", "front end", ...OF_RECORDINGS.map(({ head }) => head)],
            names: 3,
            lines: linesOf(
              recordings,
              (record) => [textIn(record, "program"), textIn(record, "kind"), textIn(record, "predictor")],
              OF_RECORDINGS,
              ({ program, kind }) => JSON.stringify([program, kind]),
            ),
            said: "Rate: mispredicted per branch of its class; MPKI: per 1000 native instructions; all: every branch, direct jumps and calls included, which are taken to be right. ★: the front end that mispredicts fewest of the class.",
          },
        ]),
  ];
}
