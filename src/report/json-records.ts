// Reads results as JSON: an array of rows, or an object with a header record and the rows.
import { messageOf, UsageError } from "../errors.ts";
import { type CellType, COLUMNS } from "../results/columns.ts";
import { madeBy } from "./header.ts";
import { blankRecord, checkColumns, kindOf, type ResultRecord, type ResultTable, UNBOUNDED } from "./result-records.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @param file its name, for messages
 * @throws UsageError in one line with the place
 */
export function readJson(text: string, file: string): ResultTable {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: not JSON: ${messageOf(error)}`);
  }
  const rows = isFields(parsed) ? parsed.rows : parsed;
  if (!Array.isArray(rows)) throw new UsageError(`${file}: expected an array of rows, or an object with "rows", got something else`);
  const fields = rows.map((row: unknown, i): Fields => {
    if (isFields(row)) return row;
    throw new UsageError(`${file}: row ${i + 1} must be an object with the columns of results, got ${JSON.stringify(row)?.slice(0, 40)}`);
  });
  if (fields.length === 0) throw new UsageError(`${file}: it has no rows`);
  // fields that only JSON has hold objects, and no column does
  const columns = Object.keys(fields[0]).filter((name) => !fields.some((row) => typeof row[name] === "object" && row[name] !== null));
  const of = kindOf(columns);
  checkColumns(columns, of, file);
  const blank = blankRecord(columns);
  const types = new Map(columns.map((name) => [name, COLUMNS[of].get(name)?.type]));
  const records = fields.map((row, i): ResultRecord => {
    const record = { ...blank };
    for (const name of columns) record[name] = cellOf(types.get(name), row[name] ?? null, () => `${file}: row ${i + 1}: ${name}`);
    return record;
  });
  const by = isFields(parsed) ? madeBy(parsed) : undefined;
  return { of, records, ...(by === undefined ? {} : { madeBy: by }) };
}

/** The same value as CSV gives. */
function cellOf(type: CellType | undefined, value: unknown, place: () => string): ResultRecord[string] {
  if (value === null || value === "") return type === "list" ? "" : null;
  if (typeof value === "string" && (type === undefined || type === "text" || type === "list" || (type === "bits" && value === UNBOUNDED)))
    return value;
  if (typeof value === "number" && type !== "text" && type !== "list") return value;
  throw new UsageError(`${place()} must be ${type === "text" || type === "list" ? "a text" : "a number"}, got ${JSON.stringify(value)}`);
}
