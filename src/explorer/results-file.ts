// A file of results, as `bplab simulate --format=csv` writes it, for the page's table: without running anything.
import Papa from "papaparse";
import { UsageError } from "../errors.ts";
import type { ResultRecord } from "./protocol.ts";

const NEEDED = ["program", "technique", "predictor", "kind", "mispredictions_per_virtual_instruction"];

/** Whether a text begins as a file of results. */
export const isResults = (text: string): boolean => NEEDED.every((name) => text.slice(0, text.indexOf("\n")).split(",").includes(name));

/**
 * The rows of each of its programs; numbers are numbers again.
 * @throws UsageError when there is none
 */
export function readResults(text: string): ReadonlyMap<string, readonly ResultRecord[]> {
  const { data } = Papa.parse<ResultRecord>(text, { header: true, skipEmptyLines: true, dynamicTyping: true });
  const programs = new Map<string, ResultRecord[]>();
  for (const row of data) {
    const rows = programs.get(String(row.program)) ?? [];
    programs.set(String(row.program), rows);
    rows.push(row);
  }
  if (programs.size === 0) throw new UsageError("expected rows of results, got a head alone");
  return programs;
}
