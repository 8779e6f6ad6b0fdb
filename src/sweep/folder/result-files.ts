// Result files: one per item, with two lines. The first gives the item's key and the SHA-256 of the second, so that a file that is
// incomplete, edited or another item's is never taken for a result; its item is done again.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../../results/columns.ts";
import type { EstimateTerms } from "../../results/speedups.ts";
import { failuresIn, logsIn, putFile, resultsIn, sha256Of } from "./folder.ts";
import type { Item } from "./item.ts";

/** The rows of an item, as in `bplab simulate --format=csv`, without the speedup over switch, which needs other items. */
export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Terms of the estimates of cycles; many rows share one. */
  readonly estimates: readonly EstimateTerms[];
  /** Index into `estimates` for each row. */
  readonly estimateOf: readonly number[];
}

/** The error of a failed item. */
export interface ItemFailure {
  readonly key: string;
  /** On one line. */
  readonly message: string;
  /** The exit code that `bplab simulate` would have had. */
  readonly exitCode: number;
  /** The log file, if there is one. */
  readonly log?: string;
}

/** A column that is the same in all rows is stored as one cell: most are, which makes files a fifth as long. */
type Packed = Cell | readonly Cell[];

const resultFile = (folder: string, key: string): string => join(resultsIn(folder), `${key}.json`);
const failureFile = (folder: string, key: string): string => join(failuresIn(folder), `${key}.json`);

/** The text of a result file. */
export function resultText(key: string, { columns, rows, estimates, estimateOf }: Result): string {
  const packed = columns.map((_, i): Packed => {
    const cells = rows.map((row) => row[i]);
    return cells.every((cell) => cell === cells[0]) ? (cells[0] ?? null) : cells;
  });
  const body = JSON.stringify({ columns, count: rows.length, cells: packed, estimates, estimateOf });
  return `${JSON.stringify({ key, sha256: sha256Of(body) })}\n${body}\n`;
}

/** @throws UsageError when it cannot be written */
export function writeResult(folder: string, { key }: Item, result: Result): void {
  putFile(resultFile(folder, key), resultText(key, result));
  rmSync(failureFile(folder, key), { force: true });
}

/** The result of an item; undefined if there is none, "damaged" if the file does not match its checksum or key. */
export function readResult(folder: string, key: string): Result | "damaged" | undefined {
  const path = resultFile(folder, key);
  if (!existsSync(path)) return undefined;
  try {
    const [head, body, ...rest] = readFileSync(path, "utf8").split("\n");
    const { key: whose, sha256 } = JSON.parse(head);
    if (whose !== key || rest.join("") !== "" || sha256Of(body) !== sha256) return "damaged";
    const { count, cells, ...result }: Omit<Result, "rows"> & { count: number; cells: Packed[] } = JSON.parse(body);
    const rows = Array.from({ length: count }, (_, at) =>
      cells.map((cell): Cell => (typeof cell === "object" && cell !== null ? cell[at] : cell)),
    );
    return { ...result, rows };
  } catch {
    return "damaged";
  }
}

/**
 * @param stack the stack of our own bug, which goes into a log
 * @throws UsageError when it cannot be written
 */
export function writeFailure(folder: string, failure: ItemFailure, stack?: string): void {
  const log = stack === undefined ? failure.log : join(logsIn(folder), `${failure.key}.log`);
  if (log !== undefined && stack !== undefined) putFile(log, `${stack}\n`);
  putFile(failureFile(folder, failure.key), `${JSON.stringify({ ...failure, log })}\n`);
}

/** The failure of an item; undefined if there is none, or it cannot be read. */
export function readFailure(folder: string, key: string): ItemFailure | undefined {
  const path = failureFile(folder, key);
  if (!existsSync(path)) return undefined;
  try {
    const failure = JSON.parse(readFileSync(path, "utf8"));
    return failure.key === key && typeof failure.message === "string" ? failure : undefined;
  } catch {
    return undefined;
  }
}
