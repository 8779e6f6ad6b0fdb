// Rows of recorded branches as tables for people: per front end, one line for each recording and class of branches.

import { whole } from "../../numbers.ts";
import { MAX_INSTRUCTION_BYTES } from "../../recordings/events.ts";
import { roundedRatio } from "../../results/columns.ts";
import type { Results, Row } from "../../results/rows.ts";
import { type Arrangement, sheetOf, type TableColumn } from "./arrangement.ts";
import { fixed } from "./cells.ts";
import { frontEndTitle, unmodelled } from "./front-end-title.ts";
import { BUBBLES, CSV_COLUMNS, type Line, MISPREDICTED } from "./program-columns.ts";
import { withHalfRange } from "./results-sheet.ts";
import type { DocumentPart } from "./sheet.ts";

const COLUMNS: readonly TableColumn<Line>[] = [
  {
    id: "branches",
    head: "",
    of: ({ rows }) =>
      withHalfRange(
        rows.map(({ branches }) => branches),
        whole,
      ),
    rank: 3,
  },
  ...MISPREDICTED,
  {
    id: "mpki",
    head: "MPKI",
    of: ({ rows }) =>
      withHalfRange(
        rows.map((row) => roundedRatio(row.mispredictions, row.nativeInstructions, 1000) ?? undefined),
        (value) => fixed(value, 2),
      ),
    rank: 7,
  },
  ...CSV_COLUMNS.filter(({ id }) => id !== "branches"),
];

/** Ids of all columns of recordings. */
export const RECORDED_COLUMN_IDS: readonly string[] = [...COLUMNS, BUBBLES].map(({ id }) => id);

/** The tables with the notes below them. @param rows those of recordings */
export function recordedParts(
  { recordings, machines }: Results,
  rows: readonly Row[],
  { arranged = {}, brief = false }: { readonly arranged?: Arrangement; readonly brief?: boolean },
): DocumentPart[] {
  const { warmup, flush, updateDelay } = rows[0].settings;
  const parts: DocumentPart[] = [];
  for (const predictor of new Set(rows.map((row) => row.predictor))) {
    const own = rows.filter((row) => row.predictor === predictor);
    const sheet = sheetOf(
      {
        title: frontEndTitle(predictor, own, machines, brief),
        names: [
          ["program", "recording"],
          ["kind", "branches"],
        ],
        namesOf: ({ rows: [{ program, kind }] }) => [program, kind],
        lines: own.map((row): Line => ({ rows: [row], all: [row] })),
        columns: own[0].bubbles === undefined ? COLUMNS : [...COLUMNS, BUBBLES],
        // classes of branches are no rivals
        merit: () => undefined,
      },
      arranged,
    );
    parts.push(sheet, ...unmodelled(own, machines));
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
      ...(updateDelay === undefined ? [] : [`Predictors learn a branch ${whole(updateDelay)} branches after it.`]),
      ...recordings.flatMap(({ program, notes }) => notes.map((note) => `${program}: ${note}`)),
    ].join(" "),
  );
  return parts;
}
