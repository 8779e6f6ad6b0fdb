// Panels of lines, each labelled at its end in its own colour, with a band for several layout seeds.
import type { TopLevelSpec } from "vega-lite";
import { COLOURS, type Datum, highestFirst, SCHEMA, seriesEncoding, type titled } from "./drawing.ts";
import { type AxisMeasure, measureScale } from "./scales.ts";

export interface Panel {
  /** "" for a chart of one panel. */
  readonly title: string;
  readonly values: readonly Datum[];
}

export interface Lines {
  readonly title: ReturnType<typeof titled>;
  readonly panels: readonly Panel[];
  /** The field by which lines differ, and its title. */
  readonly line: string;
  readonly lineTitle: string;
  readonly x: {
    readonly field: string;
    readonly title: string;
    readonly scale?: object;
    readonly axis: object;
  };
  readonly y: { readonly field: string; readonly title: string | string[] };
  readonly banded: boolean;
  /** Lines between points, or steps as wide as intervals without points. */
  readonly steps?: true;
  /** Written beside a field of panels. */
  readonly panelField: string;
}

/** Most lines that can be labelled at their ends. */
const MOST_LABELS = 14;
/** Least distance of labels, in pixels. */
const APART = 13;

/** Positions of labels in pixels from the top: as near to the lines' ends as possible without overlap. */
function placesOf(wanted: readonly number[], height: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const places = [...wanted];
  let last = Number.NEGATIVE_INFINITY;
  for (const i of order) {
    places[i] = Math.max(places[i], last + APART);
    last = places[i];
  }
  // labels that were pushed below the panel move up again
  let limit = Math.max(height - 4, (order.length - 1) * APART);
  for (const i of order.toReversed()) {
    places[i] = Math.min(places[i], limit);
    limit = places[i] - APART;
  }
  return places;
}

/** The name of every line, in its colour. */
function labels(values: readonly Datum[], { line, x, y }: Lines, colours: ReadonlyMap<string, string>, scale: AxisMeasure, height: number) {
  const ends = [...new Set(values.map((point) => String(point[line])))].map((name) => {
    const own = values.filter((point) => String(point[line]) === name);
    const last = own.reduce((a, b) => (Number(b[x.field]) >= Number(a[x.field]) ? b : a));
    return { name, wanted: height * (1 - scale.place(Number(last[y.field]))) };
  });
  const places = placesOf(
    ends.map(({ wanted }) => wanted),
    height,
  );
  return ends.map(({ name }, i) => ({
    data: { values: [{ name }] },
    mark: { type: "text", align: "left", baseline: "middle", dx: 6, fontSize: 11, fontWeight: "bold", color: colours.get(name) },
    encoding: { x: { value: "width" }, y: { value: Math.round(places[i] * 10) / 10 }, text: { field: "name" } },
  }));
}

export function linesSpec(lines: Lines): TopLevelSpec {
  const { title, panels, line, lineTitle, x, y, banded, steps, panelField } = lines;
  const all = panels.flatMap(({ values }) => values);
  const names = highestFirst(all, line, y.field);
  const series = seriesEncoding(line, lineTitle, names);
  const named = names.length <= MOST_LABELS;
  const colours = new Map(names.map((name, i) => [name, COLOURS[i % COLOURS.length]]));
  const [width, height] = panels.length === 1 ? [460, 300] : [300, 220];
  const scale = measureScale(all.flatMap((point) => [Number(point[y.field]), Number(point.most ?? 0)]));
  const legend = named ? { legend: null } : {};
  const axes = {
    x: { field: x.field, type: "quantitative", title: x.title, ...(x.scale === undefined ? {} : { scale: x.scale }), axis: x.axis },
    y: { field: y.field, type: "quantitative", title: y.title, scale: scale.scale, axis: scale.axis },
  };
  const mark = steps ? { interpolate: "step-after" } : { point: { filled: true, size: 55 } };
  const drawn = panels.map((panel) => ({
    ...(panels.length > 1 ? { title: { text: panel.title, fontSize: 12 } } : {}),
    width,
    height,
    ...(panels.length > 1 ? { transform: [{ filter: { field: panelField, equal: panel.values[0][panelField] } }] } : {}),
    layer: [
      ...(banded
        ? [
            {
              mark: { type: "area", opacity: 0.2, ...(steps ? { interpolate: "step-after" } : {}) },
              encoding: { x: axes.x, y: { ...axes.y, field: "least" }, y2: { field: "most" }, color: { ...series.color, ...legend } },
            },
          ]
        : []),
      {
        mark: { type: "line", ...mark, tooltip: true },
        encoding: { ...axes, color: { ...series.color, ...legend }, ...(steps ? {} : { shape: { ...series.shape, ...legend } }) },
      },
      ...(named ? labels(panel.values, lines, colours, scale, height) : []),
    ],
  }));
  const top = { $schema: SCHEMA, title, data: { values: all } };
  const single = drawn[0];
  return (panels.length === 1 ? { ...top, ...single } : { ...top, columns: 2, concat: drawn }) as TopLevelSpec;
}
