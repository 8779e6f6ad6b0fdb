// Reads results files: CSV, JSON or Parquet.
import { readFileSync } from "node:fs";
import { unreadable } from "../errors.ts";
import { readJson } from "./json-records.ts";
import { type ResultTable, readRecords } from "./result-records.ts";

/** The first bytes of Parquet files. */
const PARQUET = "PAR1";

/** @throws UsageError when it cannot be read, or holds no results */
export async function readResults(file: string): Promise<ResultTable> {
  let bytes: Buffer<ArrayBuffer>;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw unreadable(file, "results of bplab", error);
  }
  if (bytes.toString("latin1", 0, PARQUET.length) === PARQUET) {
    const { readParquet } = await import("./parquet-records.ts");
    return readParquet(bytes, file);
  }
  const text = bytes.toString("utf8");
  return /^\s*[[{]/.test(text.slice(0, 100)) ? readJson(text, file) : readRecords(text, file);
}
