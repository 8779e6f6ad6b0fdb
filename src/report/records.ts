// Results as charts see them: flat records, keyed by the names of the CSV's columns, whether they were computed just now or
// read from a file.
import Papa from "papaparse";
import { UsageError } from "../errors.ts";
import { nearest } from "../parameters.ts";
import type { Cell, Column } from "../results/columns.ts";
import { groupBy } from "../results/rows.ts";

/** One row. What follows from names stands beside the columns: `technique:replicas`, `predictor:sets`, `machine:year`. */
export type ResultRecord = Readonly<Record<string, Cell | boolean | undefined>>;

/** What a results file holds: whole runs, the worst sites (`--per-site`), or intervals of runs (`--interval`), or where dispatches
 * led (`--contexts`). */
export type ResultKind = "rows" | "sites" | "intervals" | "targets";

export interface ResultTable {
  readonly of: ResultKind;
  readonly records: readonly ResultRecord[];
}

export function recordsOf<T>(columns: readonly Column<T>[], rows: readonly T[]): ResultRecord[] {
  return rows.map((row) => Object.fromEntries(columns.map(([name, value]) => [name, value(row)])));
}

/** The columns that a file cannot do without; others may be missing, as columns are added from version to version. */
const NEEDED: Readonly<Record<ResultKind, readonly string[]>> = {
  rows: ["program", "technique", "predictor", "kind", "virtual_instructions", "branches", "mispredictions"],
  sites: ["program", "technique", "predictor", "site", "kind", "owner", "branches", "mispredictions"],
  targets: ["program", "technique", "site", "owner", "target", "target_owner", "branches"],
  intervals: ["program", "technique", "predictor", "kind", "start", "virtual_instructions", "branches", "mispredictions"],
};

/** The columns that hold no numbers. */
const TEXTS = new Set(
  "program size technique predictor kind site owner dispatch icache dcache target target_owner front_end not_modelled training bodies program_sha256 recording study study_sha256 bplab_version".split(
    " ",
  ),
);

/** The columns of texts that are empty where there is nothing to say, and not unknown. */
export const LISTS: ReadonlySet<string> = new Set(["not_modelled", "training"]);

/**
 * Reads a results file, as `--format=csv` writes it.
 * @param file its name, for messages
 * @throws UsageError with one line that says what is wrong, and where
 */
export function readRecords(text: string, file: string): ResultTable {
  let of: ResultKind = "rows";
  let reader: ((fields: readonly string[], row: number) => ResultRecord) | undefined;
  const records: ResultRecord[] = [];
  // row by row: all fields as texts would take more memory than all records
  Papa.parse<string[]>(text.replace(/^\uFEFF/, ""), {
    skipEmptyLines: "greedy",
    step({ data: fields, errors }) {
      const row = reader === undefined ? 1 : records.length + 2;
      const broken = errors.find(({ type }) => type === "Quotes");
      if (broken !== undefined) throw new UsageError(`${file}: not CSV: ${broken.message}, row ${row}`);
      if (reader !== undefined) {
        records.push(reader(fields, row));
        return;
      }
      of = kindOf(fields);
      checkColumns(fields, of, file);
      reader = rowReader(fields, file);
    },
  });
  if (reader === undefined) throw new UsageError(`${file}: it is empty; expected results as bplab simulate --format=csv writes them`);
  if (records.length === 0) throw new UsageError(`${file}: it has columns, but no rows`);
  return { of, records };
}

export const kindOf = (columns: readonly string[]): ResultKind =>
  columns.includes("target") ? "targets" : columns.includes("site") ? "sites" : columns.includes("start") ? "intervals" : "rows";

/** Makes records of fields. */
function rowReader(columns: readonly string[], file: string): (fields: readonly string[], row: number) => ResultRecord {
  const blank = blankRecord(columns);
  // a text that comes again is held once, and does not hold the file that it was cut from
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
      record[name] = once(cellOf(name, fields[at], () => `${file}: row ${row}`));
    });
    return record;
  };
}

/**
 * A record with nothing in its columns; copies of it that are filled in are small. Made of JSON because V8 makes a hash table
 * of an object that gets more than twelve properties by computed names: 3 KB a record, copies of this one 600 bytes.
 */
export function blankRecord(columns: readonly string[]): Record<string, ResultRecord[string]> {
  const blank = JSON.parse(`{${columns.map((name) => `${JSON.stringify(name)}:null`).join()}}`);
  for (const name of columns) blank[name] = undefined;
  return blank;
}

/** @throws UsageError where columns are missing without which there are no results */
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

function cellOf(name: string, text: string, place: () => string): Cell {
  if (text === "" && !LISTS.has(name)) return null;
  if (TEXTS.has(name) || text === "unbounded") return text;
  const value = Number(text);
  if (NUMBER.test(text) && Number.isFinite(value)) return value;
  // a column of the reader's own
  if (!KNOWN_NUMBERS.test(name)) return text;
  throw new UsageError(`${place()}: ${name} must be a number, got ${JSON.stringify(text.slice(0, 40))}`);
}

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const KNOWN_NUMBERS =
  /^(start|virtual_instructions|native_instructions|branches|mispredictions|calls|returns|ipc|layout_seed|taken_branches|front_end_bubbles|overrides|dispatch_sites|targets_per_.*|target_entropy_.*|.*_(misses|bytes|cycles)|.*_per_.*|cycles_lost|estimated_.*)$/;

/** A number of a record, or undefined where it is not known. */
export function numberIn(record: ResultRecord, column: string): number | undefined {
  const value = record[column];
  return typeof value === "number" ? value : undefined;
}

/** A text of a record, empty where there is none. */
export const textIn = (record: ResultRecord, column: string): string => String(record[column] ?? "");

/** What numbers depend on beyond program, technique and front end: records that differ here are not to be averaged. */
export const SETTINGS = [
  "size",
  "bodies",
  "layout_seed",
  "warmup_virtual_instructions",
  "flush_branches",
  "icache",
  "dcache",
  "ipc",
  "taken_branch_cycles",
  "call_cycles",
  "return_cycles",
  "bubble_cycles",
] as const;

/** What tells the records of one setting apart. */
const SUBJECT = ["program", "technique", "predictor", "kind", "site", "start"];

/**
 * The records of the settings that most records have, each subject once, and a sentence on those left out, if there are any:
 * what differs in a penalty, in training programs, or in nothing, must not be averaged as if it were another program.
 * @param varied settings that may differ: a chart has an axis for them
 */
export function ofOneSetting(
  records: readonly ResultRecord[],
  varied: readonly string[] = [],
): { readonly records: readonly ResultRecord[]; readonly note?: string } {
  const settings = SETTINGS.filter((name) => !varied.includes(name));
  const groups = [...groupBy(records, (record) => JSON.stringify(settings.map((name) => record[name]))).values()];
  const most = groups.reduce<readonly ResultRecord[]>((best, group) => (group.length > best.length ? group : best), []);
  const notes: string[] = [];
  if (groups.length > 1) {
    const differing = settings.filter((name) => new Set(records.map((record) => record[name])).size > 1);
    const said = differing.map((name) => `${name}=${textIn(most[0], name) || "none"}`).join(", ");
    notes.push(`${said}; ${records.length - most.length} of ${records.length} rows, with other settings, are left out`);
  }
  const subject = [...SUBJECT, ...SETTINGS.filter((name) => varied.includes(name))];
  const once = [...groupBy(most, (record) => JSON.stringify(subject.map((name) => record[name]))).values()].map(([first]) => first);
  if (once.length < most.length) notes.push(`${most.length - once.length} rows that repeat others are left out`);
  return { records: once, note: notes.length === 0 ? undefined : notes.join("; ") };
}
