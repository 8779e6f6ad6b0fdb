// Results for charts: flat records, keyed by the names of the CSV's columns, whether they were just computed or read from a file.
import Papa from "papaparse";
import { UsageError } from "../errors.ts";
import { nearest } from "../parameters.ts";
import { type Cell, type CellType, COLUMNS, type Column, type ResultKind } from "../results/columns.ts";
import { type MadeBy, splitHeader } from "./header.ts";

/** One row, with parameters from names besides the columns: `technique:replicas`, `predictor:sets`, `machine:year`. */
export type ResultRecord = Readonly<Record<string, Cell | boolean | undefined>>;

export interface ResultTable {
  readonly of: ResultKind;
  readonly records: readonly ResultRecord[];
  /** Of a file with a header record. */
  readonly madeBy?: MadeBy;
}

export function recordsOf<T>(columns: readonly Column<T>[], rows: readonly T[]): ResultRecord[] {
  return rows.map((row) => Object.fromEntries(columns.map(([name, value]) => [name, value(row)])));
}

/** Required columns; others may be missing, because columns are added from version to version. */
const NEEDED: Readonly<Record<ResultKind, readonly string[]>> = {
  rows: ["program", "technique", "predictor", "kind", "virtual_instructions", "branches", "mispredictions"],
  sites: ["program", "technique", "predictor", "site", "kind", "owner", "branches", "mispredictions"],
  targets: ["program", "technique", "site", "owner", "target", "target_owner", "branches"],
  intervals: ["program", "technique", "predictor", "kind", "start", "virtual_instructions", "branches", "mispredictions"],
};

/**
 * Reads a results file, as `--format=csv` writes it.
 * @param file its name, for messages
 * @throws UsageError in one line with the place
 */
export function readRecords(text: string, file: string): ResultTable {
  let of: ResultKind = "rows";
  let reader: ((fields: readonly string[], row: number) => ResultRecord) | undefined;
  const records: ResultRecord[] = [];
  // row by row: all fields as texts would take more memory than the records
  const { madeBy, rest, lines } = splitHeader(text.replace(/^\uFEFF/, ""));
  Papa.parse<string[]>(rest, {
    skipEmptyLines: "greedy",
    step({ data: fields, errors }) {
      const row = lines + (reader === undefined ? 1 : records.length + 2);
      const broken = errors.find(({ type }) => type === "Quotes");
      if (broken !== undefined) throw new UsageError(`${file}: not CSV: ${broken.message}, row ${row}`);
      if (reader !== undefined) {
        records.push(reader(fields, row));
        return;
      }
      of = kindOf(fields);
      checkColumns(fields, of, file);
      reader = rowReader(fields, of, file);
    },
  });
  if (reader === undefined) throw new UsageError(`${file}: it is empty; expected results as bplab simulate --format=csv writes them`);
  if (records.length === 0) throw new UsageError(`${file}: it has columns, but no rows`);
  return { of, records, ...(madeBy === undefined ? {} : { madeBy }) };
}

export const kindOf = (columns: readonly string[]): ResultKind =>
  columns.includes("target") ? "targets" : columns.includes("site") ? "sites" : columns.includes("start") ? "intervals" : "rows";

/** Makes records of fields. */
function rowReader(columns: readonly string[], of: ResultKind, file: string): (fields: readonly string[], row: number) => ResultRecord {
  const blank = blankRecord(columns);
  const types = columns.map((name) => COLUMNS[of].get(name)?.type);
  // equal texts are stored once, as copies that do not keep the whole file in memory
  const known = new Map<string, string>();
  const once = (cell: Cell): Cell => {
    if (typeof cell !== "string") return cell;
    const same = known.get(cell);
    if (same !== undefined) return same;
    known.set(cell, cell);
    return cell;
  };
  return (fields, row) => {
    if (fields.length !== columns.length)
      throw new UsageError(`${file}: row ${row} has ${fields.length} fields, the header ${columns.length}`);
    const record = { ...blank };
    columns.forEach((name, at) => {
      record[name] = once(cellOf(types[at], fields[at], () => `${file}: row ${row}: ${name}`));
    });
    return record;
  };
}

/**
 * A record with empty columns, whose filled copies are small. It is made from JSON because V8 makes a hash table of an object that
 * gets more than twelve properties by computed names: 3 KB per record, copies of this one 600 bytes.
 */
export function blankRecord(columns: readonly string[]): Record<string, ResultRecord[string]> {
  const blank = JSON.parse(`{${columns.map((name) => `${JSON.stringify(name)}:null`).join()}}`);
  for (const name of columns) blank[name] = undefined;
  return blank;
}

/** @throws UsageError if required columns are missing */
export function checkColumns(columns: readonly string[], of: ResultKind, file: string): void {
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`${file}: the column ${JSON.stringify(twice)} is there twice`);
  const missing = NEEDED[of].filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  if (missing.length === NEEDED[of].length) {
    throw new UsageError(`${file}: not results of bplab: it has none of the columns ${missing.join(", ")} (docs/columns.md)`);
  }
  const near = nearest(missing[0], columns);
  const hint = near === undefined || NEEDED[of].includes(near) ? "" : `; is it ${JSON.stringify(near)}?`;
  throw new UsageError(`${file}: no column ${missing.join(", ")}, which ${WHAT[of]} have (docs/columns.md)${hint}`);
}

const WHAT: Readonly<Record<ResultKind, string>> = {
  rows: "results",
  sites: "results by site",
  intervals: "results over time",
  targets: "results by target",
};

/** @param type of the column; undefined for a user's own column */
function cellOf(type: CellType | undefined, text: string, place: () => string): Cell {
  if (text === "") return type === "list" ? text : null;
  if (type === "text" || type === "list" || (type === "bits" && text === UNBOUNDED)) return text;
  const value = Number(text);
  if (NUMBER.test(text) && Number.isFinite(value)) return value;
  if (type === undefined) return text;
  throw new UsageError(`${place()} must be a number, got ${JSON.stringify(text.slice(0, 40))}`);
}

/** Storage without bounds. */
export const UNBOUNDED = "unbounded";

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** A number of a record; undefined if unknown. */
export function numberIn(record: ResultRecord, column: string): number | undefined {
  const value = record[column];
  return typeof value === "number" ? value : undefined;
}

/** A text of a record; empty if there is none. */
export const textIn = (record: ResultRecord, column: string): string => String(record[column] ?? "");
