// Differences between two results files: changed values in common rows, and rows of one file only.
import { UsageError } from "../../errors.ts";
import { counted } from "../../numbers.ts";
import { type Cell, type Column, columnsOf } from "../../results/columns.ts";
import type { ResultRecord, ResultTable } from "../result-records.ts";
import type { DocumentPart } from "./sheet.ts";

export interface Difference {
  /** The key of the row. */
  readonly row: readonly Cell[];
  /** The column that differs; "row" if only one file has the row. */
  readonly column: string;
  readonly before: Cell;
  readonly after: Cell;
}

export interface Differences {
  readonly keys: readonly string[];
  readonly list: readonly Difference[];
  /** Rows that both files have. */
  readonly common: number;
  /** Columns of one file only. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

const cellOf = (value: ResultRecord[string]): Cell => (value === undefined || typeof value === "boolean" ? null : value);

/** @throws UsageError if the files hold different kinds of results, or rows with equal keys */
export function differencesOf(before: ResultTable, after: ResultTable, names: readonly [string, string]): Differences {
  if (before.of !== after.of) throw new UsageError(`${names[0]} holds ${before.of}, ${names[1]} holds ${after.of}: nothing to compare`);
  const [columnsBefore, columnsAfter] = [before, after].map(({ records }) => Object.keys(records[0]).filter((name) => !name.includes(":")));
  const shared = columnsBefore.filter((name) => columnsAfter.includes(name));
  const identity = columnsOf(before.of, "identifies");
  const enough = [before, after].every(({ records }) => isUnique(records, identity));
  // a file joined from several simulations holds the same run with several settings
  const settings = enough ? [] : (["setting", "cost"] as const).flatMap((role) => columnsOf(before.of, role));
  const keys = [...identity, ...settings].filter((name) => shared.includes(name));
  const [old, fresh] = [before, after].map(({ records }, i) => indexed(records, keys, names[i]));
  const list: Difference[] = [];
  let common = 0;
  for (const [key, record] of old) {
    const row = keys.map((name) => cellOf(record[name]));
    const other = fresh.get(key);
    if (other === undefined) {
      list.push({ row, column: "row", before: "there", after: "missing" });
      continue;
    }
    common++;
    for (const column of shared) {
      const [was, is] = [cellOf(record[column]), cellOf(other[column])];
      if (was !== is) list.push({ row, column, before: was, after: is });
    }
  }
  for (const [key, record] of fresh) {
    if (!old.has(key)) list.push({ row: keys.map((name) => cellOf(record[name])), column: "row", before: "missing", after: "there" });
  }
  const without = (some: readonly string[], others: readonly string[]): string[] => some.filter((name) => !others.includes(name));
  return { keys, list, common, onlyBefore: without(columnsBefore, columnsAfter), onlyAfter: without(columnsAfter, columnsBefore) };
}

const keyOf = (record: ResultRecord, keys: readonly string[]): string => JSON.stringify(keys.map((name) => record[name] ?? null));

const isUnique = (records: readonly ResultRecord[], keys: readonly string[]): boolean =>
  new Set(records.map((record) => keyOf(record, keys))).size === records.length;

function indexed(records: readonly ResultRecord[], keys: readonly string[], file: string): Map<string, ResultRecord> {
  const index = new Map<string, ResultRecord>();
  for (const record of records) {
    const key = keyOf(record, keys);
    if (index.has(key))
      throw new UsageError(`${file}: two rows are of ${keys.map((name) => `${name} ${record[name] ?? "none"}`).join(", ")}`);
    index.set(key, record);
  }
  return index;
}

/** "+3.2 %", if both are numbers and the first is not 0. */
function change({ before, after }: Difference): Cell {
  if (typeof before !== "number" || typeof after !== "number" || before === 0) return null;
  return Number(((after / before - 1) * 100).toPrecision(4));
}

export const differenceColumns = ({ keys }: Differences): Column<Difference>[] => [
  ...keys.map((name, i): Column<Difference> => [name, ({ row }) => row[i]]),
  ["column", ({ column }) => column],
  ["before", ({ before }) => before],
  ["after", ({ after }) => after],
  ["change_percent", change],
];

/** Differences shown to people. */
const SHOWN = 40;

export function differenceParts(
  { keys, list, common, onlyBefore, onlyAfter }: Differences,
  [before, after]: readonly [string, string],
): DocumentPart[] {
  // columns that are the same in all rows are left out
  const telling = keys.filter((name, i) => name === "program" || new Set(list.map(({ row }) => row[i])).size > 1);
  const rows = list.slice(0, SHOWN).map((difference) => {
    const percent = change(difference);
    return [
      ...telling.map((name) => String(difference.row[keys.indexOf(name)] ?? "")),
      difference.column,
      String(difference.before ?? "–"),
      String(difference.after ?? "–"),
      percent === null ? "" : `${Number(percent) > 0 ? "+" : ""}${percent} %`,
    ];
  });
  const sheet = {
    title: `${before} → ${after}`,
    head: [...telling, "column", "before", "after", "change"],
    rows,
    left: telling.length + 1,
  };
  const said = [
    `${counted(common, "row")} in both, ${counted(list.length, "difference")}.`,
    ...(list.length > SHOWN ? [`${SHOWN} of them are shown: --format=csv has all.`] : []),
    ...(onlyBefore.length > 0 ? [`Only ${before} has the columns ${onlyBefore.join(", ")}.`] : []),
    ...(onlyAfter.length > 0 ? [`Only ${after} has the columns ${onlyAfter.join(", ")}.`] : []),
  ];
  return [...(list.length > 0 ? [sheet] : []), said.join(" ")];
}
