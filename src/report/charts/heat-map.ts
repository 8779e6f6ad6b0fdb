// Two parameters: a cell for each pair of their values, a panel for each family of configurations that differ in nothing else.
import { UsageError } from "../../errors.ts";
import { unknownName } from "../../parameters.ts";
import { columnsOf } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { type Averages, averaged, runOf } from "../drawing/averages.ts";
import { defineChart } from "../drawing/chart.ts";
import { atMost, type Datum, dispatches, highestFirst, MOST_PANELS, RATE, rateOf, titled, without } from "../drawing/drawing.ts";
import { matrixSpec } from "../drawing/matrix.ts";
import { SEED } from "../one-setting.ts";
import { type ResultRecord, textIn } from "../result-records.ts";

const TITLE = "Mispredictions over two parameters";

/** Columns that may be an axis, besides parameters. */
const COLUMNS: readonly string[] = ["program", "technique", "predictor", ...columnsOf("rows", "setting")];

/** The field that holds a parameter: of front ends, else of techniques, else a column. */
const fieldOf = (name: string, fields: ReadonlySet<string>): string =>
  [`predictor:${name}`, `technique:${name}`].find((field) => fields.has(field)) ?? name;

/** Whether a field comes from a name: `predictor:sets`. */
const isParameter = (field: string): boolean => ["predictor:", "technique:"].some((prefix) => field.startsWith(prefix));
/** Fields from names that are no parameters. */
const NO_PARAMETERS = ["id", "storage_bits"];

/** Parameters and columns that have several values, those with most first. */
function varied(records: readonly ResultRecord[]): string[] {
  const fields = Object.keys(records[0] ?? {}).filter(
    (field) => COLUMNS.includes(field) || (isParameter(field) && !NO_PARAMETERS.includes(nameOf(field))),
  );
  const values = fields.map((field) => ({
    field,
    count: new Set(records.map((record) => record[field]).filter((value) => value != null)).size,
  }));
  return values
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count || (a.field < b.field ? -1 : 1))
    .map(({ field }) => field);
}

interface Axes {
  readonly x: string;
  readonly y: string;
}

const nameOf = (field: string): string => field.slice(field.indexOf(":") + 1);

/** Name of the family of records that differ only in the axes. */
function familiesBeside({ x, y }: Axes): (record: ResultRecord) => string {
  const names = [x, y].map(nameOf);
  const shared = ["technique", "predictor"].filter((column) => column !== x && column !== y);
  // few names on many records
  const known = new Map<string, string>();
  return (record) => {
    const full = shared.map((column) => textIn(record, column)).join(", ");
    const family = known.get(full) ?? shared.map((column) => without(textIn(record, column), names)).join(", ");
    known.set(full, family);
    return family;
  };
}

/** The cells of all families that have several values on both axes. */
function cellsOf(records: readonly ResultRecord[], axes: Axes): Averages {
  const placed = records.filter((record) => record[axes.x] != null && record[axes.y] != null);
  const points = [...groupBy(placed, familiesBeside(axes))].flatMap(([family, members]): Datum[] => {
    const own = members.map((record) => {
      const [x, y] = [axisValue(record[axes.x]), axisValue(record[axes.y])];
      const run = axes.x === SEED || axes.y === SEED ? { ...runOf(record), seed: "" } : runOf(record);
      return { ...run, ...(axes.x === "program" || axes.y === "program" ? { program: "" } : {}), family, x, y, rate: rateOf(record) ?? 0 };
    });
    const flat = (["x", "y"] as const).some((axis) => new Set(own.map((point) => point[axis])).size < 2);
    return flat ? [] : own;
  });
  return averaged(points, ["family", "x", "y"], ["rate"]);
}

const axisValue = (value: ResultRecord[string]): string | number => (typeof value === "number" ? value : String(value));

/** The requested axes, or the two parameters with the most values; undefined if there are none. */
function axesOf(records: readonly ResultRecord[], asked: Axes): Axes | undefined {
  const fields = varied(records);
  const names = fields.map(nameOf);
  const known = new Set(fields);
  const given = { x: fieldOf(asked.x, known), y: fieldOf(asked.y, known) };
  for (const axis of ["x", "y"] as const)
    if (asked[axis] !== "" && !known.has(given[axis])) throw unknownName("parameter with several values", asked[axis], names);
  if (asked.x !== "" && asked.x === asked.y)
    throw new UsageError(`heat-map: x and y are both ${asked.x}: name two parameters (known: ${names.join(", ")})`);
  const free = fields.filter((field) => field.includes(":"));
  const xs = asked.x === "" ? free : [given.x];
  const ys = asked.y === "" ? free : [given.y];
  const pairs = xs.flatMap((x) => ys.filter((y) => y !== x).map((y) => ({ x, y })));
  return pairs.find((axes) => cellsOf(records, axes).points.length > 0);
}

/** Values of an axis: numbers ascending, names in order of the measure. */
function sorted(values: readonly Datum[], axis: "x" | "y"): (string | number)[] {
  const numbers = values.map((point) => point[axis]).filter((value) => typeof value === "number");
  return numbers.length === values.length ? [...new Set(numbers)].sort((a, b) => a - b) : highestFirst(values, axis, "rate");
}

const text = (description: string) => ({ type: "text", default: "", description }) as const;

export default defineChart({
  title: TITLE,
  description:
    "Each cell is a configuration; the darker, the more it mispredicts. A panel holds those that differ in nothing but the two parameters.",
  needs: "two parameters with several values each, such as btb:sets=64..4096:ways=1..4; heat-map:x=sets:y=ways names them",
  of: "rows",
  place: 65,
  parameters: {
    x: text("the parameter, or column, of the horizontal axis; default: that with most values"),
    y: text("that of the vertical axis"),
  },
  fits: (records, asked) => axesOf(dispatches(records), asked) !== undefined,
  spec(records, asked) {
    const counted = dispatches(records);
    const axes = axesOf(counted, asked) ?? asked;
    const { points: values, said } = cellsOf(counted, axes);
    const panels = atMost([...new Set(values.map(({ family }) => String(family)))], MOST_PANELS, "panels");
    const shown = values.filter(({ family }) => panels.shown.includes(String(family)));
    return matrixSpec({
      title: titled(
        TITLE,
        ...(panels.shown.length === 1 ? panels.shown : []),
        axes.x === "program" || axes.y === "program" ? "" : said,
        ...panels.said,
      ),
      values: shown,
      panels: panels.shown.length === 1 ? undefined : { field: "family", sort: panels.shown },
      x: { field: "x", title: nameOf(axes.x), sort: sorted(shown, "x") },
      y: { field: "y", title: nameOf(axes.y), sort: sorted(shown, "y").reverse() },
      measure: { field: "rate", title: RATE, format: Math.max(...shown.map(({ rate }) => Number(rate))) < 10 ? ".2f" : ".1f" },
    });
  },
});
