// Lines of results in tables: the columns, the order and the number of lines that users ask for.
import { unknownName } from "../../parameters.ts";
import type { ResultCell } from "./results-sheet.ts";
import type { Mark, Sheet } from "./sheet.ts";

/** A measure of lines, as a column of a table. */
export interface TableColumn<Line> {
  /** As users write it in --columns and --sort. */
  readonly id: string;
  readonly head: string;
  readonly of: (line: Line) => ResultCell;
  /** Narrow terminals leave out columns of the lowest rank first; undefined: the column stays. */
  readonly rank?: number;
  /** Left out unless it is asked for by name. */
  readonly onDemand?: true;
}

export interface Arrangement {
  /** Ids of columns; undefined: all but those on demand. */
  readonly columns?: readonly string[] | undefined;
  /** The id of a column, or the head of a name: ascending, with a minus sign before it descending. */
  readonly sort?: string | undefined;
  /** Lines of each table at most: the first ones by `sort`, otherwise the best ones. */
  readonly top?: number | undefined;
}

/** What lines of a table have in common. */
interface Lines<Line> {
  readonly title: string;
  /** The columns with names: as users write them in --sort, and their heads. */
  readonly names: readonly (readonly [id: string, head: string])[];
  readonly namesOf: (line: Line) => readonly string[];
  readonly lines: readonly Line[];
  readonly columns: readonly TableColumn<Line>[];
  /** The higher, the better; undefined where that is unknown. */
  readonly merit: (line: Line) => number | undefined;
}

/** The order that `sort` asks for. */
function splitSort(sort: string): { readonly by: string; readonly sign: number } {
  return sort.startsWith("-") ? { by: sort.slice(1), sign: -1 } : { by: sort, sign: 1 };
}

/**
 * @param known ids of columns of all tables
 * @param names heads of columns with names, by which lines can be sorted too
 * @throws UsageError for a column that there is not
 */
export function checkArrangement({ columns = [], sort }: Arrangement, known: readonly string[], names: readonly string[]): void {
  const wrong = columns.find((id) => !known.includes(id));
  if (wrong !== undefined) throw unknownName("column", wrong, known);
  const by = sort === undefined ? undefined : splitSort(sort).by;
  if (by !== undefined && ![...names, ...known].includes(by)) throw unknownName("column to sort by", by, [...names, ...known]);
}

const compared = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Sorts lines, those of unknown value last. */
function sorted<Line>({ lines, columns, names, namesOf, merit }: Lines<Line>, { sort, top }: Arrangement): readonly Line[] {
  if (sort === undefined && top === undefined) return lines;
  const { by, sign } = sort === undefined ? { by: undefined, sign: -1 } : splitSort(sort);
  const name = names.findIndex(([id]) => id === by);
  if (name >= 0) return lines.toSorted((a, b) => sign * compared(namesOf(a)[name], namesOf(b)[name])).slice(0, top);
  const column = columns.find(({ id }) => id === by);
  const keyOf = by === undefined ? merit : (line: Line): number | undefined => column?.of(line).value;
  const keyed = lines.map((line) => ({ line, value: keyOf(line) }));
  const key = (value: number | undefined): number => (value === undefined ? Number.POSITIVE_INFINITY : sign * value);
  return keyed
    .sort((a, b) => (key(a.value) === key(b.value) ? 0 : key(a.value) - key(b.value)))
    .slice(0, top)
    .map(({ line }) => line);
}

/** The best and the worst line of those with the same first name; none where all are equal. */
function marksOf<Line>(lines: readonly Line[], { namesOf, merit }: Lines<Line>): (Mark | undefined)[] {
  const range = new Map<string, { readonly least: number; readonly most: number }>();
  for (const line of lines) {
    const value = merit(line);
    if (value === undefined) continue;
    const [name] = namesOf(line);
    const { least, most } = range.get(name) ?? { least: value, most: value };
    range.set(name, { least: Math.min(least, value), most: Math.max(most, value) });
  }
  return lines.map((line) => {
    const [value, among] = [merit(line), range.get(namesOf(line)[0])];
    if (value === undefined || among === undefined || among.least === among.most) return undefined;
    return value === among.most ? "best" : value === among.least ? "worst" : undefined;
  });
}

/** The table of lines. A first name is written once where lines have the order of their names. */
export function sheetOf<Line>(of: Lines<Line>, arrangement: Arrangement): Sheet {
  const { title, names, namesOf, columns } = of;
  const lines = sorted(of, arrangement);
  const shown =
    arrangement.columns === undefined
      ? columns.filter(({ onDemand }) => onDemand !== true)
      : arrangement.columns.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const inOrder = arrangement.sort === undefined && arrangement.top === undefined;
  const rows = lines.map((line, i) => {
    const [first, ...others] = namesOf(line);
    const again = inOrder && i > 0 && namesOf(lines[i - 1])[0] === first;
    return [again ? "" : first, ...others, ...shown.map((column) => column.of(line).text)];
  });
  const ranked = shown.filter(({ rank }) => rank !== undefined).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  return {
    title,
    head: [...names.map(([, head]) => head), ...shown.map(({ head }) => head)],
    rows,
    left: names.length,
    ...(arrangement.columns === undefined ? { drops: ranked.map(({ head }) => head) } : {}),
    marks: marksOf(lines, of),
  };
}
