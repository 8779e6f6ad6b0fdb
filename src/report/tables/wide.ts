// Results with one column for each front end, as papers print them: a line for each program and technique, and below them
// what all programs come to together.
import { UsageError } from "../../errors.ts";
import { whole } from "../../numbers.ts";
import { unknownName } from "../../parameters.ts";
import { type Cell, type Column, roundedRatio } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { RECORDED } from "../../results/rows.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";
import { type Arrangement, sheetOf } from "./arrangement.ts";
import { dash, percentText } from "./cells.ts";
import type { Sheet } from "./sheet.ts";
import { suiteRate } from "./suite.ts";

/** Rates, and the counts that they are made of. */
const RATES: Readonly<Record<string, readonly [count: string, per: string, scale: number]>> = {
  mispredictions_per_branch: ["mispredictions", "branches", 1],
  mispredictions_per_virtual_instruction: ["mispredictions", "virtual_instructions", 1],
  mispredictions_per_1000_native_instructions: ["mispredictions", "native_instructions", 1000],
  icache_misses_per_1000_native_instructions: ["icache_misses", "native_instructions", 1000],
  cycles_lost_per_virtual_instruction: ["cycles_lost", "virtual_instructions", 1],
};

/** Counts that may be added up over programs. */
const COUNTS = [
  "virtual_instructions",
  "native_instructions",
  "branches",
  "mispredictions",
  "front_end_bubbles",
  "overrides",
  "middle_level_overrides",
  "icache_misses",
  "dcache_misses",
  "cycles_lost",
  "estimated_cycles",
];

const SPEEDUP = "estimated_speedup_over_switch";

/** What a wide table may show. */
export const WIDE_COLUMNS = [...Object.keys(RATES), SPEEDUP, ...COUNTS];

/** For people: a title, and numbers with the digits that say something. */
const SHOWN: Readonly<Record<string, { readonly title: string; readonly show: (value: number) => string }>> = {
  mispredictions_per_branch: { title: "Mispredicted dispatches per dispatch", show: (rate) => percentText(rate * 100) },
  mispredictions_per_virtual_instruction: {
    title: "Mispredicted dispatches per virtual instruction",
    show: (rate) => percentText(rate * 100),
  },
  [SPEEDUP]: { title: "Estimated speedup over switch", show: (speedup) => speedup.toFixed(2) },
};

/** Whether more is better. */
const MORE_IS_BETTER = [SPEEDUP];

export interface WideRow {
  readonly program: string;
  readonly technique: string;
  /** A value for each front end, in the order of `predictors`. */
  readonly values: readonly Cell[];
}

export interface WideTable {
  readonly predictors: readonly string[];
  readonly rows: readonly WideRow[];
}

/**
 * @param records rows of one simulation
 * @param shown   one of WIDE_COLUMNS, of dispatches; of recordings, of all branches
 * @throws UsageError for another column
 */
export function wideTable(records: readonly ResultRecord[], shown: string): WideTable {
  if (!WIDE_COLUMNS.includes(shown)) throw unknownName("column of --wide", shown, WIDE_COLUMNS);
  const wanted = records.filter((record) => textIn(record, "kind") === (textIn(record, "technique") === RECORDED ? "all" : "dispatch"));
  if (wanted.length === 0) throw new UsageError("--wide: there are no rows of dispatches");
  const predictors = [...new Set(wanted.map((record) => textIn(record, "predictor")))];
  const keyOf = (record: ResultRecord): string => JSON.stringify([record.program, record.technique]);
  const rows = [...groupBy(wanted, keyOf).values()].map((group): WideRow => {
    const [first] = group;
    const values = predictors.map((predictor) => group.find((record) => record.predictor === predictor)?.[shown]);
    return { program: textIn(first, "program"), technique: textIn(first, "technique"), values: values.map(cell) };
  });
  const together = [...groupBy(wanted, (record) => textIn(record, "technique"))].flatMap(([technique, group]) =>
    suiteRows(
      technique,
      shown,
      new Set(group.map(({ program }) => program)).size,
      predictors.map((predictor) => group.filter((record) => record.predictor === predictor)),
    ),
  );
  return { predictors, rows: [...rows, ...together] };
}

const NOTHING = { ofSums: null, mean: null };

const cell = (value: ResultRecord[string]): Cell => (typeof value === "number" ? value : null);

/**
 * What all programs come to with one technique, if there are several.
 * @param groups the records of each front end; one that lacks a program comes to nothing
 */
function suiteRows(technique: string, shown: string, programs: number, groups: readonly (readonly ResultRecord[])[]): WideRow[] {
  if (programs < 2) return [];
  if (shown === SPEEDUP) {
    const means = groups.map((group) => {
      const logarithms = group.map((record) => Math.log(numberIn(record, shown) ?? Number.NaN));
      return group.length < programs ? Number.NaN : Math.exp(logarithms.reduce((sum, value) => sum + value, 0) / programs);
    });
    return [{ program: "(geometric mean)", technique, values: means.map((mean) => roundedRatio(mean, 1)) }];
  }
  const rate = RATES[shown];
  if (rate !== undefined) {
    const [count, per, scale] = rate;
    const rates = groups.map((group) =>
      group.length < programs ? NOTHING : suiteRate(group.map((record) => [numberIn(record, count), numberIn(record, per)])),
    );
    const scaled = (value: number | null): Cell => (value === null ? null : roundedRatio(value, 1, scale));
    return [
      { program: "(rate of the sums)", technique, values: rates.map(({ ofSums }) => scaled(ofSums)) },
      { program: "(mean of the rates)", technique, values: rates.map(({ mean }) => scaled(mean)) },
    ];
  }
  const sums = groups.map((group) =>
    group.length < programs ? Number.NaN : group.reduce((sum, record) => sum + (numberIn(record, shown) ?? Number.NaN), 0),
  );
  return [
    { program: "(sum)", technique, values: sums.map((sum) => (Number.isNaN(sum) ? null : sum)) },
    { program: "(mean)", technique, values: sums.map((sum, i) => roundedRatio(sum, groups[i].length)) },
  ];
}

/** The columns of a wide table for CSV and JSON. */
export const wideColumns = ({ predictors }: WideTable): Column<WideRow>[] => [
  ["program", (row) => row.program],
  ["technique", (row) => row.technique],
  ...predictors.map((predictor, i): Column<WideRow> => [predictor, (row) => row.values[i]]),
];

const shownAs = (shown: string): { readonly title: string; readonly show: (value: number) => string } =>
  SHOWN[shown] ?? { title: shown, show: (value) => (Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(4)))) };

/** The same for people. --top takes the lines in which the first front end is best; no line is best under all. */
export function wideSheet({ predictors, rows }: WideTable, shown: string, arranged: Arrangement): Sheet {
  const { title, show } = shownAs(shown);
  const sign = MORE_IS_BETTER.includes(shown) ? 1 : -1;
  const sheet = sheetOf<WideRow>(
    {
      title: title === shown ? title : `${title} (${shown})`,
      names: [
        ["program", "program"],
        ["technique", "technique"],
      ],
      namesOf: ({ program, technique }) => [program, technique],
      lines: rows,
      columns: predictors.map((predictor, i) => ({
        id: predictor,
        head: predictor,
        of({ values }) {
          const value = values[i];
          return typeof value === "number" ? { text: show(value), value } : { text: dash };
        },
      })),
      merit: ({ values: [value] }) => (typeof value === "number" ? sign * value : undefined),
    },
    arranged,
  );
  const { marks: _, ...unmarked } = sheet;
  return { ...unmarked, folds: true };
}
