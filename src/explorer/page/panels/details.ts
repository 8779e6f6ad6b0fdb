// What the lab says of a clicked cell, and how its numbers are written.
import type { LayoutGives, ResultRecord, SimulateGives } from "../../protocol.ts";

export interface Details {
  readonly given: SimulateGives;
  readonly layout: LayoutGives | undefined;
}

export const count = (row: ResultRecord, column: string): number => Number(row[column] ?? 0);
export const percent = (part: number, of: number): string => (of === 0 ? "–" : `${((100 * part) / of).toFixed(1)} %`);
