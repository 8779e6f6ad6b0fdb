// Real and estimated cycles: a line for each program and technique, and the accuracy of the estimates.
import { rmsFactor, spearman } from "../../host/statistics.ts";
import type { TimedRow, Timings } from "../../host/time/time.ts";
import { whole } from "../../numbers.ts";
import { type Column, roundedRatio } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { dash } from "./cells.ts";
import type { DocumentPart } from "./sheet.ts";

const perInstruction = (cycles: number | undefined, { virtualInstructions }: TimedRow): number | null =>
  roundedRatio(cycles, virtualInstructions);

const shown = (value: number | null | undefined, digits = 2): string =>
  value === null || value === undefined ? dash : value.toFixed(digits);

/** A technique with its alignment, if one was given. */
const techniqueOf = ({ technique, align }: TimedRow): string => (align === undefined ? technique : `${technique}, aligned to ${align}`);

/** Ratios of one program and compiler to its switch, if that was timed. */
interface Compared {
  readonly row: TimedRow;
  readonly real: number;
  readonly estimated: number;
}

/** Speedups over the same program's switch of the same compiler and alignment; rows without such a switch, or estimate, are left out. */
export function speedupsOf(rows: readonly TimedRow[]): Compared[] {
  const keyOf = ({ program, compiler, align }: TimedRow): string => JSON.stringify([program, compiler, align ?? null]);
  const switches = new Map(rows.filter(({ technique }) => technique === "switch").map((row) => [keyOf(row), row]));
  return rows.flatMap((row) => {
    const baseline = switches.get(keyOf(row));
    if (baseline?.estimated === undefined || row.estimated === undefined || row === baseline) return [];
    return [{ row, real: baseline.cycles / row.cycles, estimated: baseline.estimated.cycles / row.estimated.cycles }];
  });
}

/** How well estimates fit, in sentences; none without a machine. */
export function fitOf(rows: readonly TimedRow[]): string[] {
  const known = rows.flatMap((row) =>
    row.estimated === undefined ? [] : [{ row, estimated: row.estimated.cycles / row.virtualInstructions }],
  );
  if (known.length === 0) return [];
  const real = known.map(({ row }) => row.cycles / row.virtualInstructions);
  const rank = spearman(
    real,
    known.map(({ estimated }) => estimated),
  );
  const said = [
    `Cycles: rank correlation (Spearman) ${shown(rank)}, off by a factor of ${rmsFactor(
      known.map(({ estimated }) => estimated),
      real,
    ).toFixed(2)} (rms) over ${known.length} rows.`,
  ];
  const speedups = speedupsOf(rows);
  if (speedups.length > 0) {
    const rankOfSpeedups = spearman(
      speedups.map(({ real }) => real),
      speedups.map(({ estimated }) => estimated),
    );
    const factor = rmsFactor(
      speedups.map(({ estimated }) => estimated),
      speedups.map(({ real }) => real),
    );
    said.push(
      `Speedups over the switch: rank correlation ${shown(rankOfSpeedups)}, off by a factor of ${factor.toFixed(2)} (rms) over ${speedups.length} rows.`,
    );
  }
  return said;
}

/** Every row. */
function all(rows: readonly TimedRow[]): DocumentPart {
  const estimates = rows.some(({ estimated }) => estimated !== undefined);
  const counters = rows.some(({ counters }) => counters !== undefined);
  return {
    title: "Cycles a virtual instruction",
    head: [
      "program",
      "technique",
      "compiler",
      "real",
      "middle half of runs",
      ...(estimates ? ["estimated", "estimated / real"] : []),
      ...(counters ? ["branch misses, perf", "modelled", "instructions, perf", "modelled"] : []),
    ],
    rows: rows.map((row) => {
      const { estimated, counters: counted } = row;
      return [
        row.program,
        `${techniqueOf(row)}${row.merged ? " (undone by the compiler)" : ""}`,
        row.compiler,
        shown(perInstruction(row.cycles, row)),
        `${shown(perInstruction(row.quarter, row))} to ${shown(perInstruction(row.threeQuarters, row))}`,
        ...(estimates ? [shown(perInstruction(estimated?.cycles, row)), shown(roundedRatio(estimated?.cycles, row.cycles))] : []),
        ...(counters
          ? [counted?.branchMisses, estimated?.mispredictions, counted?.instructions, estimated?.nativeInstructions].map((count) =>
              count === undefined ? dash : whole(count),
            )
          : []),
      ];
    }),
    left: 3,
  };
}

/** Means over programs. */
function summary(rows: readonly TimedRow[]): DocumentPart {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const speedups = speedupsOf(rows);
  return {
    title: "Mean over programs",
    head: ["technique", "compiler", "programs", "real cycles", "estimated", "real speedup", "estimated"],
    rows: [...groupBy(rows, (row) => JSON.stringify([techniqueOf(row), row.compiler])).values()].map((group) => {
      const estimates = group.flatMap((row) => (row.estimated === undefined ? [] : row.estimated.cycles / row.virtualInstructions));
      const compared = speedups.filter(({ row }) => group.includes(row));
      const geometric = (values: readonly number[]): number => Math.exp(mean(values.map(Math.log)));
      return [
        techniqueOf(group[0]),
        group[0].compiler,
        whole(group.length),
        shown(mean(group.map((row) => row.cycles / row.virtualInstructions))),
        shown(estimates.length === 0 ? null : mean(estimates)),
        shown(compared.length === 0 ? null : geometric(compared.map(({ real }) => real))),
        shown(compared.length === 0 ? null : geometric(compared.map(({ estimated }) => estimated))),
      ];
    }),
    left: 2,
  };
}

export function timingParts({ rows, notes, skipped }: Timings): DocumentPart[] {
  return [all(rows), summary(rows), ...fitOf(rows), ...notes, ...skipped.map((line) => `Not timed: ${line}`)];
}

export const timingColumns: readonly Column<TimedRow>[] = [
  ["program", (row) => row.program],
  ["size", (row) => row.size],
  ["technique", (row) => row.technique],
  ["compiler", (row) => row.compiler],
  ["cflags", (row) => row.flags],
  ["align", (row) => row.align ?? null],
  ["virtual_instructions", (row) => row.virtualInstructions],
  ["runs", (row) => row.runs],
  ["real_cycles", (row) => Math.round(row.cycles)],
  ["real_cycles_quarter", (row) => Math.round(row.quarter)],
  ["real_cycles_three_quarters", (row) => Math.round(row.threeQuarters)],
  ["real_cycles_per_virtual_instruction", (row) => perInstruction(row.cycles, row)],
  ["gigahertz", (row) => Number(row.gigahertz.toPrecision(4))],
  ["dispatch_sites", (row) => row.dispatchSites ?? null],
  ["undone_by_compiler", (row) => (row.merged ? "yes" : "no")],
  ["machine", (row) => row.estimated?.machine ?? null],
  ["modelled_bodies", (row) => row.estimated?.bodies ?? null],
  ["estimated_cycles", (row) => (row.estimated === undefined ? null : Math.round(row.estimated.cycles))],
  ["estimated_cycles_per_virtual_instruction", (row) => perInstruction(row.estimated?.cycles, row)],
  ["modelled_mispredictions", (row) => row.estimated?.mispredictions ?? null],
  ["modelled_native_instructions", (row) => row.estimated?.nativeInstructions ?? null],
  ["perf_branch_misses", (row) => row.counters?.branchMisses ?? null],
  ["perf_instructions", (row) => row.counters?.instructions ?? null],
];
