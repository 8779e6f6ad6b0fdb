// Shared by charts: measures, meaningful orders, and colours that colour-blind readers can distinguish.
import type { Config, TopLevelSpec } from "vega-lite";
import { groupBy } from "../../results/group-by.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";

/**
 * The colours of Okabe and Ito (Color Universal Design, 2008), which colour-blind readers can distinguish, with grey instead of
 * black, which is invisible on dark paper, and yellow last, which is faint on white. Further series differ in shape.
 */
export const COLOURS = ["#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#cc79a7", "#009e73", "#666666", "#f0e442"] as const;
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left"] as const;

const DASHES = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 2, 2, 2],
];

/** Most panels of a chart. */
export const MOST_PANELS = 6;

/** What Vega-Lite draws: fields of one mark. */
export type Datum = Record<string, string | number>;

export const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";

export const RATE = "mispredicted dispatches per 100 virtual instructions";

/** The same beside a vertical axis, which is shorter. */
export const RATE_LINES = ["mispredicted dispatches", "per 100 virtual instructions"];

/** Mispredictions per 100 virtual instructions, rounded as results are. */
export function rateOf(record: ResultRecord): number | undefined {
  const [missed, of] = [numberIn(record, "mispredictions"), numberIn(record, "virtual_instructions")];
  return missed === undefined || of === undefined || of === 0 ? undefined : round((missed / of) * 100);
}

export const round = (value: number): number => Number(value.toPrecision(9));

/** The records of dispatches whose mispredictions are known. */
export const dispatches = (records: readonly ResultRecord[]): ResultRecord[] =>
  records.filter((record) => record.kind === "dispatch" && rateOf(record) !== undefined);

/** Different values of a column, in the order in which they come. */
export const distinct = (records: readonly ResultRecord[], column: string): string[] => [
  ...new Set(records.map((record) => textIn(record, column))),
];

/** Points of the series with several values of a field; the others have no line. */
export function swept(points: readonly Datum[], series: string, field: string): Datum[] {
  const several = (group: readonly Datum[]): boolean => new Set(group.map((point) => point[field])).size > 1;
  const kept = new Set([...groupBy(points, (point) => String(point[series])).values()].filter(several).flat());
  return points.filter((point) => kept.has(point));
}

/** Values of a field by the mean of a measure, highest first, so that legends have the order of lines. */
export function highestFirst(points: readonly Datum[], field: string, measure: string): string[] {
  const means = [...groupBy(points, (point) => String(point[field]))].map(
    ([name, group]) => [name, group.reduce((sum, point) => sum + Number(point[measure]), 0) / group.length] as const,
  );
  return means.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

/** The same, lowest first: if less is better, the best is on top. */
export const lowestFirst = (points: readonly Datum[], field: string, measure: string): string[] =>
  highestFirst(
    points.map((point) => ({ ...point, [measure]: -Number(point[measure]) })),
    field,
    measure,
  );

/** The first few of many, and a clause that says so. */
export function atMost(all: readonly string[], most: number, what: string): { readonly shown: readonly string[]; readonly said: string[] } {
  return all.length <= most
    ? { shown: all, said: [] }
    : { shown: all.slice(0, most), said: [`the first ${most} of ${all.length} ${what}`] };
}

/** A name without some of its parameters. */
export function without(name: string, parameters: readonly string[]): string {
  return name
    .split("+")
    .map((spec) =>
      spec
        .split(":")
        .filter((part, i) => i === 0 || !parameters.includes(part.split("=")[0]))
        .join(":"),
    )
    .join("+");
}

/** Characters per line below a title. */
const LINE = 95;

/** A text in lines. */
function linesOf(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line !== "" && line.length + word.length >= LINE) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

/** A chart's title with a subtitle. */
export const titled = (text: string, ...subtitle: readonly string[]): { readonly text: string; readonly subtitle: string[] } => ({
  text,
  subtitle: subtitle.filter((line) => line !== "").flatMap(linesOf),
});

/** A chart with one more line below its title. */
export function noted(spec: TopLevelSpec, note: string | undefined): TopLevelSpec {
  if (note === undefined || typeof spec.title !== "object" || !("text" in spec.title)) return spec;
  const { subtitle } = spec.title;
  const lines = Array.isArray(subtitle) ? (subtitle as string[]) : [];
  return { ...spec, title: { ...spec.title, subtitle: [...lines, ...linesOf(note)] } };
}

/** All names, in columns that are no longer than charts are high. */
const legendOf = (names: readonly string[]) => ({ symbolLimit: names.length + 1, columns: Math.ceil(names.length / 25) });

/** Colour and shape of a series: either alone is enough to distinguish it. */
export function seriesEncoding(field: string, title: string, names: readonly string[]) {
  const cycled = <T>(things: readonly T[], step: number): T[] =>
    names.map((_, i) => things[(i + Math.floor(i / things.length) * step) % things.length]);
  const common = { field, type: "nominal", title, sort: [...names], legend: legendOf(names) } as const;
  return {
    color: { ...common, scale: { domain: [...names], range: cycled(COLOURS, 0) } },
    shape: { ...common, scale: { domain: [...names], range: cycled(SHAPES, 1) } },
  } as const;
}

/** Dashes of a line without points, to distinguish it from others of its colour. */
export const dashOf = (field: string, title: string, names: readonly string[]) =>
  ({
    field,
    type: "nominal",
    title,
    sort: [...names],
    legend: legendOf(names),
    scale: { domain: [...names], range: names.map((_, i) => DASHES[Math.floor(i / COLOURS.length) % DASHES.length]) },
  }) as const;

/** Colours of a few classes, without shapes. */
export const colourOf = (field: string, title: string | null, names: readonly string[]) =>
  ({
    field,
    type: "nominal",
    title,
    sort: [...names],
    legend: legendOf(names),
    scale: { domain: [...names], range: names.map((_, i) => COLOURS[i % COLOURS.length]) },
  }) as const;

/** The theme: text, lines and background. @param background null: the page's own */
export function theme(dark: boolean, background: string | null): Config {
  const [ink, faint, grid, paper] = dark ? ["#e8e8e8", "#b0b0b0", "#3a3a3a", "#161616"] : ["#1a1a1a", "#595959", "#e2e2e2", "#ffffff"];
  const label = { labelColor: ink, titleColor: ink, labelLimit: 600, labelFontSize: 12, titleFontSize: 12 } as const;
  return {
    background: background ?? "transparent",
    font: "sans-serif",
    padding: 8,
    title: {
      anchor: "start",
      frame: "group",
      color: ink,
      fontSize: 15,
      subtitleColor: faint,
      subtitleFontSize: 12,
      subtitlePadding: 4,
      offset: 12,
    },
    axis: { ...label, titleFontWeight: "normal", gridColor: grid, domainColor: faint, tickColor: faint, titlePadding: 8, maxExtent: 700 },
    legend: { ...label, symbolSize: 90, titleLimit: 600 },
    header: { ...label, titleFontWeight: "normal", labelFontWeight: "bold" },
    axisX: { labelFlush: false },
    view: { stroke: null },
    style: {
      piece: { stroke: paper, strokeWidth: 0.7 },
      program: { color: ink, stroke: paper, strokeWidth: 0.75, opacity: 1 },
      label: { color: ink },
    },
  };
}
