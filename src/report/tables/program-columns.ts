// The columns of tables of programs: a line is one program under one technique, or several runs of it with different layout seeds.
import { PIECES } from "../../dispatch/native-code.ts";
import { whole } from "../../numbers.ts";
import { type ResultColumn, roundedRatio, rowColumns } from "../../results/columns.ts";
import type { Row } from "../../results/rows.ts";
import type { TableColumn } from "./arrangement.ts";
import { dash, fixed, percentText } from "./cells.ts";
import { speedupText } from "./estimate-text.ts";
import { type ResultCell, withHalfRange } from "./results-sheet.ts";

/** The same run, once for each layout seed. */
export interface Line {
  /** Rows of dispatches; of a recording, of one class of branches. */
  readonly rows: readonly Row[];
  /** Rows of all branches of the same runs. */
  readonly all: readonly Row[];
}

const ratio = (row: Row, count: keyof Row & "mispredictions", per: "branches" | "virtualInstructions" | "nativeInstructions", scale = 1) =>
  roundedRatio(row[count], row[per], scale) ?? undefined;

const of =
  (value: (row: Row) => number | undefined, show: (value: number) => string, among: keyof Line = "rows") =>
  (line: Line): ResultCell =>
    withHalfRange(line[among].map(value), show);

/** Small rates need one more digit. */
const perThousand = (digits: number) => (value: number) => fixed(value, value > 0 && value < 0.995 ? 2 : digits);

export const MISPREDICTED: readonly TableColumn<Line>[] = [
  { id: "mispredicted", head: "mispredicted", of: of(({ mispredictions }) => mispredictions, whole), rank: 8 },
  { id: "rate", head: "rate", of: of((row) => ratio(row, "mispredictions", "branches", 100), percentText) },
];

export const BUBBLES: TableColumn<Line> = { id: "bubbles", head: "bubbles", of: of(({ bubbles }) => bubbles, whole, "all"), rank: 4 };

const bytesOf = ({ footprint }: Row): number => PIECES.reduce((sum, kind) => sum + (footprint?.bytes[kind] ?? 0), 0);

function speedupOf({ rows }: Line): ResultCell {
  const { text, value } = of(
    (row) => roundedRatio(row.estimatedSpeedupOverSwitch, 1) ?? undefined,
    (speedup) => speedup.toFixed(2),
  )({
    rows,
    all: rows,
  });
  return rows.length === 1
    ? { text: speedupText(rows[0], dash), ...(value === undefined ? {} : { value }) }
    : { text, ...(value === undefined ? {} : { value }) };
}

/** Those that only simulations with the option, or of the front end, have are marked by what they need. */
const PROGRAM_COLUMNS: readonly (TableColumn<Line> & { readonly needs?: (line: Line) => boolean })[] = [
  { id: "dispatches", head: "dispatches", of: of(({ branches }) => branches, whole), rank: 3 },
  { id: "native", head: "native instr.", of: of(({ nativeInstructions }) => nativeInstructions, whole), rank: 1 },
  ...MISPREDICTED,
  {
    id: "per-virtual",
    head: "per virtual",
    of: of(
      (row) => ratio(row, "mispredictions", "virtualInstructions"),
      (value) => fixed(value, 3),
    ),
  },
  { id: "mpki", head: "MPKI", of: of((row) => ratio(row, "mispredictions", "nativeInstructions", 1000), perThousand(1)), rank: 7 },
  { id: "code-bytes", head: "code bytes", of: of(bytesOf, whole), rank: 2 },
  {
    id: "icache-misses",
    head: "icache misses",
    of: of(({ icacheMisses }) => icacheMisses, whole),
    rank: 6,
    needs: ({ rows }) => rows[0].icacheMisses !== undefined,
  },
  {
    id: "dcache-misses",
    head: "dcache misses",
    of: of(({ dcacheMisses }) => dcacheMisses, whole),
    rank: 6,
    needs: ({ rows }) => rows[0].dcacheMisses !== undefined,
  },
  { ...BUBBLES, needs: ({ all }) => all.some(({ bubbles }) => bubbles !== undefined) },
  {
    id: "overrides",
    head: "overrides",
    of: of(({ overrides }) => overrides, whole, "all"),
    rank: 5,
    needs: ({ all }) => all.some(({ overrides }) => overrides !== undefined),
  },
  {
    id: "middle-level",
    head: "middle level",
    of: of(({ middles }) => middles, whole, "all"),
    rank: 5,
    needs: ({ all }) => all.some(({ middles }) => middles !== undefined),
  },
  { id: "cycles-lost", head: "cycles lost", of: of(({ cyclesLost }) => cyclesLost, whole), rank: 9 },
  { id: "speedup", head: "speedup", of: speedupOf },
];

/** A column of CSV, for --columns: numbers as they are there, texts of one layout seed. */
const ofCsv = ([id, value]: ResultColumn<Row>): TableColumn<Line> => ({
  id,
  head: id,
  onDemand: true,
  of({ rows }) {
    const cells = rows.map(value);
    if (cells.every((cell) => typeof cell === "number")) return withHalfRange(cells, String);
    return { text: [...new Set(cells.map((cell) => cell ?? dash))].join(", ") };
  },
});

export const CSV_COLUMNS: readonly TableColumn<Line>[] = rowColumns.map(ofCsv);

/** The columns that lines of programs have, those of CSV last. */
export const programColumns = (lines: readonly Line[]): readonly TableColumn<Line>[] => [
  ...PROGRAM_COLUMNS.filter(({ needs }) => needs === undefined || lines.some(needs)),
  ...CSV_COLUMNS,
];

/** Ids of all columns of programs. */
export const PROGRAM_COLUMN_IDS: readonly string[] = [...PROGRAM_COLUMNS, ...CSV_COLUMNS].map(({ id }) => id);

/** By speedup; by mispredictions where no speedup is known. */
export function programMerit({ rows, all }: Line): number | undefined {
  const { value } = speedupOf({ rows, all });
  if (value !== undefined) return value;
  const missed = of(({ mispredictions }) => mispredictions, whole)({ rows, all }).value;
  return missed === undefined ? undefined : -missed;
}
