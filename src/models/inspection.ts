// What a model shows of its state for one branch: the entry that it would use, in one of a few common shapes, which pages draw.

/** A table's column: addresses of native code, which a drawing replaces by names (`NONE`: nothing), or plain values. */
export interface InspectedColumn {
  readonly title: string;
  readonly addresses?: true;
}

/** Rows of a table, such as the ways of a set or the tagged tables of TAGE; at most MOST_ROWS of them. */
export interface InspectedEntries {
  readonly shape: "entries";
  readonly title: string;
  readonly columns: readonly InspectedColumn[];
  readonly rows: readonly (readonly (number | string)[])[];
  /** Index of the row that answers; none if no row does. */
  readonly used?: number;
}

/** A history of outcomes or path bits: a text of 0 and 1, the newest last. */
export interface InspectedBits {
  readonly shape: "bits";
  readonly title: string;
  readonly bits: string;
}

/** A saturating counter from 0 to `max`; in its upper half it predicts taken. */
export interface InspectedCounter {
  readonly shape: "counter";
  readonly title: string;
  readonly value: number;
  readonly max: number;
}

/** Addresses on a stack, the top first; at most MOST_ROWS of them. */
export interface InspectedStack {
  readonly shape: "stack";
  readonly title: string;
  readonly addresses: readonly number[];
}

export type InspectedPart = InspectedEntries | InspectedBits | InspectedCounter | InspectedStack;
/** The parts in the order in which they are drawn. */
export type Inspection = readonly InspectedPart[];

export const MOST_ROWS = 64;

const isIndex = (value: unknown, below: number): boolean => Number.isInteger(value) && (value as number) >= 0 && (value as number) < below;

function entriesTrouble({ columns, rows, used }: InspectedEntries): string | undefined {
  if (!Array.isArray(columns) || !Array.isArray(rows) || columns.some((column) => typeof column?.title !== "string"))
    return "needs columns, each with a title, and rows";
  if (rows.length > MOST_ROWS) return `has ${rows.length} rows: at most ${MOST_ROWS}`;
  if (used !== undefined && !isIndex(used, rows.length)) return `says that row ${used} of ${rows.length} answers`;
  for (const [i, row] of rows.entries()) {
    if (!Array.isArray(row) || row.length !== columns.length) return `row ${i} must have ${columns.length} values, one for each column`;
    const wrong = row.findIndex((value, k) =>
      columns[k].addresses ? value !== (value | 0) : typeof value !== "string" && !Number.isFinite(value),
    );
    if (wrong >= 0)
      return `row ${i}: ${columns[wrong].title} must be ${columns[wrong].addresses ? "an Int32" : "a finite number or a text"}, got ${row[wrong]}`;
  }
  return undefined;
}

function partTrouble(part: InspectedPart): string | undefined {
  if (typeof part?.title !== "string") return "needs a title";
  switch (part.shape) {
    case "entries":
      return entriesTrouble(part);
    case "bits":
      return typeof part.bits === "string" && /^[01]*$/.test(part.bits) ? undefined : `bits must be a text of 0 and 1, got ${part.bits}`;
    case "counter":
      return isIndex(part.max, Number.POSITIVE_INFINITY) && isIndex(part.value, part.max + 1)
        ? undefined
        : `its value must be a whole number from 0 to max (${part.max}), got ${part.value}`;
    case "stack":
      if (!Array.isArray(part.addresses) || part.addresses.some((address) => address !== (address | 0)))
        return "addresses must be a list of Int32";
      return part.addresses.length > MOST_ROWS ? `has ${part.addresses.length} addresses: at most ${MOST_ROWS}` : undefined;
    default:
      return `shape must be entries, bits, counter or stack, got ${String((part as { readonly shape: unknown }).shape)}`;
  }
}

/** What is wrong with what a model shows of itself; undefined if nothing is. */
export function inspectionTrouble(inspection: unknown): string | undefined {
  if (!Array.isArray(inspection)) return `inspect must return a list of parts, got ${String(inspection)}`;
  for (const [i, part] of inspection.entries()) {
    const trouble = partTrouble(part);
    if (trouble !== undefined) return `inspect: part ${i}${typeof part?.title === "string" ? ` (${part.title})` : ""} ${trouble}`;
  }
  return undefined;
}
