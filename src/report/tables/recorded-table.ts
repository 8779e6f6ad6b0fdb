// Rows of recorded branches as tables for people: per front end, one line for each recording and class of branches.

import { whole } from "../../numbers.ts";
import { MAX_INSTRUCTION_BYTES } from "../../recordings/events.ts";
import { roundedRatio } from "../../results/columns.ts";
import type { Results, Row } from "../../results/rows.ts";
import type { DocumentPart } from "./sheet.ts";
import { dash, fixed, frontEndTitle, unmodelled } from "./text-table.ts";

const HEAD = ["recording", "branches", "", "mispredicted", "rate", "MPKI"];

/** The tables with the notes below them. @param rows those of recordings */
export function recordedParts({ recordings, machines }: Results, rows: readonly Row[]): DocumentPart[] {
  const { warmup, flush } = rows[0].settings;
  const parts: DocumentPart[] = [];
  for (const predictor of new Set(rows.map((row) => row.predictor))) {
    const own = rows.filter((row) => row.predictor === predictor);
    const lines = own.map((row, i) => [
      i > 0 && own[i - 1].program === row.program ? "" : row.program,
      row.kind,
      whole(row.branches),
      row.mispredictions === undefined ? dash : whole(row.mispredictions),
      fixed(roundedRatio(row.mispredictions, row.branches, 100), 1, " %"),
      fixed(roundedRatio(row.mispredictions, row.nativeInstructions, 1000), 2),
      ...(row.bubbles === undefined ? [] : [whole(row.bubbles)]),
    ]);
    const head = own[0].bubbles === undefined ? HEAD : [...HEAD, "bubbles"];
    parts.push({ title: frontEndTitle(predictor, own, machines), head, rows: lines, left: 2 }, ...unmodelled(own));
  }
  const ran = new Map(rows.map((row) => [row.program, `${row.program} ${whole(row.nativeInstructions)} (${row.format})`]));
  const warm = warmup > 0 ? ` after a warm-up of ${whole(warmup)}` : "";
  parts.push(
    [
      `Recorded branches. Native instructions${warm}: ${[...ran.values()].join(", ")}.`,
      "Rate: mispredicted per branch of its class; MPKI: per 1000 native instructions; all: every branch, direct jumps and calls",
      "included, which are taken to be right. Nobody knows how long a recorded call is: a return is right where it goes at most",
      `${MAX_INSTRUCTION_BYTES} bytes after the address that the return stack gives.`,
      ...(flush === undefined ? [] : [`Predictors forget everything after every ${whole(flush)} branches.`]),
      ...recordings.flatMap(({ program, notes }) => notes.map((note) => `${program}: ${note}`)),
    ].join(" "),
  );
  return parts;
}
