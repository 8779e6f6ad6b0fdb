// Bars, a row for each technique, the best on top; if values span decades, points on a logarithmic axis, on which bars have no
// meaningful length. Several layout seeds are a line from least to greatest.
import { colourOf, type Datum } from "./drawing.ts";
import { measureScale } from "./scales.ts";

export interface Bars {
  readonly values: readonly Datum[];
  /** Rows, in their order. */
  readonly row: { readonly field: string; readonly title: string; readonly sort: readonly string[] };
  /** The series within a row, by colour. */
  readonly series: { readonly field: string; readonly title: string; readonly names: readonly string[] };
  readonly measure: { readonly field: string; readonly title: string };
  readonly banded: boolean;
  /** An expression that selects the means among the values. */
  readonly means: string;
  /** An expression that selects the dots, one for each program. */
  readonly dots?: string;
  /** Values that other marks put on the axis. */
  readonly others?: readonly number[];
}

/** The layers, and their common encoding. */
export function barLayers({ values, row, series, measure, banded, means, dots, others = [] }: Bars) {
  const numbers = values.flatMap((point) => [Number(point[measure.field]), Number(point.most ?? 0)]);
  const { scale, axis, decades } = measureScale([...numbers, ...others]);
  const x = { field: measure.field, type: "quantitative", title: measure.title, scale, axis } as const;
  const colour = colourOf(series.field, series.title, series.names);
  const color = series.names.length > 1 ? colour : { ...colour, legend: null };
  const tooltip = { content: "data" } as const;
  return {
    decades,
    x,
    encoding: {
      y: { field: row.field, type: "nominal", title: row.title, sort: [...row.sort], axis: { grid: true, tickBand: "center" } },
      yOffset: { field: series.field, sort: [...series.names] },
    },
    layer: [
      {
        transform: [{ filter: means }],
        mark: decades ? { type: "point", filled: true, size: 70, opacity: 1, tooltip } : { type: "bar", tooltip },
        encoding: { x, color },
      },
      ...(dots === undefined
        ? []
        : [
            {
              transform: [{ filter: dots }],
              mark: { type: "circle", size: 14, style: "program", tooltip },
              encoding: { x, detail: { field: "program" } },
            },
          ]),
      ...(banded
        ? [
            {
              transform: [{ filter: `${means} && isValid(datum.least)` }],
              mark: { type: "rule", strokeWidth: 2, style: "program", tooltip },
              encoding: { x: { ...x, field: "least" }, x2: { field: "most" } },
            },
          ]
        : []),
    ],
  } as const;
}
