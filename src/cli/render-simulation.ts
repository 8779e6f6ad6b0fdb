// The output of simulate, in every format.

import { toCsv } from "../report/csv.ts";
import { toJson } from "../report/json.ts";
import { recordsOf } from "../report/result-records.ts";
import type { Arrangement } from "../report/tables/arrangement.ts";
import { type Comparison, comparedFrontEnds, comparisonColumns, comparisonParts, comparisonRows } from "../report/tables/comparison.ts";
import { toDocument } from "../report/tables/document.ts";
import type { DocumentPart } from "../report/tables/sheet.ts";
import { contextParts, intervalSheets, simulationParts, siteSheets } from "../report/tables/table.ts";
import type { Terminal } from "../report/tables/text-table.ts";
import { wideColumns, wideSheet, wideTable } from "../report/tables/wide.ts";
import { intervalColumns, rowColumns, siteColumns, targetColumns, worstSites } from "../results/columns.ts";
import type { Results, Row } from "../results/rows.ts";
import type { Format } from "./options.ts";

/** The value that `--wide` shows unless another is named. */
export const WIDE = "mispredictions_per_branch";

/** How tables are shown; CSV and JSON are not touched by it. */
export interface Look {
  readonly arranged: Arrangement;
  readonly terminal: Terminal | undefined;
}

export function renderWide(simulation: Results, format: Format, shown: string, { arranged, terminal }: Look): string {
  const table = wideTable(recordsOf(rowColumns, simulation.rows), shown);
  const columns = wideColumns(table);
  if (format === "csv") return toCsv(columns, table.rows);
  if (format === "json") return toJson(columns, table.rows);
  return toDocument([wideSheet(table, shown, arranged)], format, terminal);
}

export function renderComparisons(comparisons: readonly Comparison[], format: Format, terminal: Terminal | undefined): string {
  if (format === "csv") return toCsv(comparisonColumns, comparisonRows(comparisons));
  if (format === "json") return toJson(comparisonColumns, comparisonRows(comparisons));
  return toDocument(comparisonParts(comparisons), format, terminal);
}

/** The front ends of a simulation, each compared with the first. */
export const renderCompared = (simulation: Results, format: Format, terminal: Terminal | undefined): string =>
  renderComparisons(comparedFrontEnds(recordsOf(rowColumns, simulation.rows)), format, terminal);

/** What predictors say of themselves: names and figures of their own, for which there are no columns. */
const statisticsOf = ({ statistics }: Row): object => (statistics === undefined ? {} : { predictor_statistics: statistics });

export function render(simulation: Results, format: Format, perSite: number, { arranged, terminal }: Look): string {
  const sites = perSite > 0 ? worstSites(simulation.sites, perSite) : [];
  const { intervals, targets } = simulation;
  if (format === "csv" || format === "json") {
    const write = format === "csv" ? toCsv : toJson;
    if (intervals.length > 0) return write(intervalColumns, intervals);
    if (targets.length > 0) return write(targetColumns, targets);
    if (perSite > 0) return write(siteColumns, sites);
    return format === "csv" ? toCsv(rowColumns, simulation.rows) : toJson(rowColumns, simulation.rows, statisticsOf);
  }
  const parts: DocumentPart[] = [
    ...simulationParts(simulation, { arranged, brief: format === "table" && terminal !== undefined && Number.isFinite(terminal.columns) }),
    ...(targets.length > 0 ? contextParts(simulation.rows) : []),
    ...intervalSheets(intervals),
    ...siteSheets(sites),
  ];
  return toDocument(parts, format, terminal);
}
