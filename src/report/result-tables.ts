// The results of a simulation as tables of records, from which charts and pages are made.
import { intervalColumns, rowColumns, siteColumns, targetColumns, worstSites } from "../results/columns.ts";
import type { Results } from "../results/rows.ts";
import { type ResultTable, recordsOf } from "./result-records.ts";

/** Whole runs first. @param perSite the number of worst sites; 0 for none */
export function tablesOf(simulation: Results, perSite: number): ResultTable[] {
  const { rows, intervals, targets } = simulation;
  const tables: ResultTable[] = [{ of: "rows", records: recordsOf(rowColumns, rows) }];
  if (perSite > 0) tables.push({ of: "sites", records: recordsOf(siteColumns, worstSites(simulation.sites, perSite)) });
  if (intervals.length > 0) tables.push({ of: "intervals", records: recordsOf(intervalColumns, intervals) });
  if (targets.length > 0) tables.push({ of: "targets", records: recordsOf(targetColumns, targets) });
  return tables;
}
