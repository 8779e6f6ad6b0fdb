// A matrix of numbers with a colour for each, the darker, the higher; or several of them side by side, with one scale of colours.
// Speedups have one of two colours: faster or slower than the baseline.
import type { TopLevelSpec } from "vega-lite";
import { type Datum, SCHEMA, type titled } from "./drawing.ts";
import { measureScale } from "./scales.ts";

interface Axis {
  readonly field: string;
  readonly title: string;
  readonly sort: readonly (string | number)[];
}

export interface Matrix {
  readonly title: ReturnType<typeof titled>;
  /** A description, if it differs from the chart's own. */
  readonly description?: string;
  /** Each with its column, row and measure. */
  readonly values: readonly Datum[];
  /** The field that distinguishes matrices, if there are several. */
  readonly panels?: { readonly field: string; readonly sort: readonly string[] };
  readonly x: Axis;
  readonly y: Axis;
  readonly measure: {
    readonly field: string;
    readonly title: string;
    readonly format: string;
    /** Colours diverge at 1. */
    readonly ratio?: true;
  };
  /** A field with the assumption in a cell; its number gets a question mark. */
  readonly assumed?: string;
}

/** Ratios in a legend. */
const RATIOS = [0.125, 0.25, 0.5, 0.8, 0.9, 1, 1.1, 1.25, 2, 4, 8];

/** Colours by value, and the values at which they are so dark that a number must be white. */
function colours({ measure, values }: Matrix): {
  readonly scale: object;
  readonly dark: (field: string) => string;
  readonly ratios?: number[];
} {
  const numbers = values.map((point) => Number(point[measure.field]));
  if (measure.ratio) {
    const span = Math.max(1.05, ...numbers, ...numbers.map((number) => 1 / number));
    return {
      // ratios near 1 are used only if no others fit
      ratios: RATIOS.filter((ratio) => Math.max(ratio, 1 / ratio) <= span && (span < 2 || ratio === 1 || Math.max(ratio, 1 / ratio) >= 2)),
      scale: { scheme: "blueorange", reverse: true, type: "log", domain: [1 / span, span] },
      dark: (field) => `abs(log(datum[${JSON.stringify(field)}])) > ${0.6 * Math.log(span)}`,
    };
  }
  const { scale, decades, place } = measureScale(numbers);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const from = decades ? 0 : low;
  const share = (value: number): number => (high === from ? 0 : (place(value) - place(from)) / (place(high) - place(from)));
  const first = Math.min(Number.MAX_VALUE, ...numbers.filter((number) => share(number) > 0.55));
  return {
    scale: { scheme: "blues", ...(decades ? scale : { domain: [low, high] }) },
    dark: (field) => `datum[${JSON.stringify(field)}] >= ${first}`,
  };
}

export function matrixSpec(matrix: Matrix): TopLevelSpec {
  const { title, description, values, panels, x, y, measure, assumed } = matrix;
  const { scale, dark, ratios } = colours(matrix);
  const axis = ({ field, title: text, sort }: Axis) => ({ field, type: "ordinal", title: text, sort: [...sort] }) as const;
  const top = { $schema: SCHEMA, title, ...(description === undefined ? {} : { description }), data: { values: [...values] } };
  const written = `format(datum[${JSON.stringify(measure.field)}], '${measure.format}')`;
  const mark = assumed === undefined ? "" : ` + (datum[${JSON.stringify(assumed)}] ? '?' : '')`;
  const flat = x.sort.every((name) => String(name).length <= 5);
  const panel = {
    width: { step: assumed === undefined ? 40 : 46 },
    height: { step: 22 },
    transform: [{ calculate: written + mark, as: "written" }],
    encoding: {
      x: { ...axis(x), axis: { labelAngle: flat ? 0 : -40, domain: false, ticks: false } },
      y: { ...axis(y), axis: { domain: false, ticks: false } },
    },
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          color: {
            field: measure.field,
            type: "quantitative",
            title: measure.title,
            scale,
            legend: {
              orient: "top",
              titleOrient: "top",
              gradientLength: 240,
              ...(measure.ratio ? { format: ".2~f", values: ratios } : {}),
            },
          },
          tooltip: [x, y, measure]
            .map(({ field, title: text }) => ({ field, title: text }))
            .concat(assumed === undefined ? [] : [{ field: assumed, title: "assumed" }]),
        },
      },
      {
        mark: { type: "text", fontSize: 11, align: "right", dx: 15, ...(assumed === undefined ? {} : { dx: 19 }) },
        encoding: {
          text: { field: "written" },
          color: { condition: { test: dark(measure.field), value: "white" }, value: "#111111" },
        },
      },
    ],
  };
  if (panels === undefined) return { ...top, ...panel } as unknown as TopLevelSpec;
  return {
    ...top,
    facet: { field: panels.field, type: "nominal", title: null, sort: [...panels.sort] },
    columns: 2,
    spec: panel,
    resolve: { axis: { x: "independent", y: "independent" } },
  } as unknown as TopLevelSpec;
}
