// A matrix of numbers with a colour for each, the darker, the higher; or several of them side by side, with one scale of colours.
import type { TopLevelSpec } from "vega-lite";
import { type Point, SCHEMA, type titled } from "./drawing.ts";

export interface Matrix {
  readonly title: ReturnType<typeof titled>;
  /** Each with its column, row and measure. */
  readonly values: readonly Point[];
  /** What tells matrices apart, if there are several. */
  readonly panels?: { readonly field: string; readonly sort: readonly string[] };
  readonly x: { readonly field: string; readonly title: string; readonly sort: readonly (string | number)[] };
  readonly y: { readonly field: string; readonly title: string; readonly sort: readonly (string | number)[] };
  readonly measure: { readonly field: string; readonly title: string; readonly format: string };
}

export function matrixSpec({ title, values, panels, x, y, measure }: Matrix): TopLevelSpec {
  const numbers = values.map((point) => Number(point[measure.field]));
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  const axis = ({ field, title: text, sort }: Matrix["x"]) => ({ field, type: "ordinal", title: text, sort: [...sort] }) as const;
  const top = { $schema: SCHEMA, title, data: { values: [...values] } } as const;
  const panel = {
    width: { step: 44 },
    height: { step: 22 },
    encoding: {
      x: { ...axis(x), axis: { labelAngle: x.sort.every((name) => String(name).length <= 5) ? 0 : -40, domain: false, ticks: false } },
      y: { ...axis(y), axis: { domain: false, ticks: false } },
    },
    layer: [
      {
        mark: { type: "rect", tooltip: true },
        encoding: {
          color: {
            field: measure.field,
            type: "quantitative",
            title: measure.title,
            scale: { scheme: "blues" },
            legend: { orient: "top", titleOrient: "top", gradientLength: 240 },
          },
        },
      },
      {
        mark: { type: "text", fontSize: 11 },
        encoding: {
          text: { field: measure.field, type: "quantitative", format: measure.format },
          color: {
            condition: { test: { field: measure.field, gt: lowest + (highest - lowest) * 0.55 }, value: "white" },
            value: "#111111",
          },
        },
      },
    ],
  } as const;
  if (panels === undefined) return { ...top, ...panel, layer: [...panel.layer] };
  return {
    ...top,
    facet: { field: panels.field, type: "nominal", title: null, sort: [...panels.sort] },
    columns: 2,
    spec: { ...panel, layer: [...panel.layer] },
    resolve: { axis: { x: "independent", y: "independent" } },
  };
}
