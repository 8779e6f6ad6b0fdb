// Any measure of results by technique and front end, with its published values.
import type { TopLevelSpec } from "vega-lite";
import { MEASURES, type MeasureId, type Published, type ResultMeasure } from "../../results/measures.ts";
import { numberIn, type ResultRecord, textIn } from "../result-records.ts";
import { type Averages, averaged, runOf } from "./averages.ts";
import { barLayers } from "./bars.ts";
import { atMost, COLOURS, type Datum, highestFirst, lowestFirst, round, SCHEMA, titled } from "./drawing.ts";
import { matrixSpec } from "./matrix.ts";

export interface MeasureBars {
  readonly measure: MeasureId;
  /** The class of branches. */
  readonly kind: string;
  readonly published?: readonly Published[];
}

/** Its value in one row; undefined if a column is unknown. */
export function measureIn(record: ResultRecord, { sum, per, scale = 1 }: ResultMeasure): number | undefined {
  const parts = sum.map((name) => numberIn(record, name));
  const divisor = per === undefined ? 1 : numberIn(record, per);
  if (parts.some((part) => part === undefined) || !divisor) return undefined;
  return (parts.reduce<number>((total, part) => total + (part ?? 0), 0) / divisor) * scale;
}

export function measureAverages(records: readonly ResultRecord[], { measure, kind }: MeasureBars): Averages {
  const points = records.flatMap((record): Datum[] => {
    const value = record.kind === kind ? measureIn(record, MEASURES[measure]) : undefined;
    if (value === undefined) return [];
    return [{ ...runOf(record), technique: textIn(record, "technique"), predictor: textIn(record, "predictor"), value }];
  });
  const { speedup }: ResultMeasure = MEASURES[measure];
  return averaged(points, ["technique", "predictor"], ["value"], speedup ? "geometric" : "arithmetic");
}

/** Published ranges and values, as layers below the bars. */
const publishedLayers = (published: readonly Published[], x: object): object[] =>
  published.flatMap(({ low, high, what }, i) => {
    const data = { values: [{ low, high, what: `${what}: ${low === high ? low : `${low} to ${high}`}` }] };
    const place = { ...x, field: "low", type: "quantitative" };
    const colour = COLOURS[(i + 3) % COLOURS.length];
    const y = { y: { value: 0 }, y2: { value: "height" } };
    return [
      low === high
        ? {
            data,
            mark: { type: "rule", color: colour, strokeWidth: 2, strokeDash: [5, 3], tooltip: { content: "data" } },
            encoding: { x: place, ...y },
          }
        : {
            data,
            mark: { type: "rect", color: colour, opacity: 0.25, tooltip: { content: "data" } },
            encoding: { x: place, x2: { field: "high" }, ...y },
          },
      {
        data,
        mark: { type: "text", align: "left", baseline: "bottom", dx: 2, dy: -3 - i * 13, fontSize: 11, color: colour, fontWeight: "bold" },
        encoding: { x: place, y: { value: 0 }, text: { field: "what" } },
      },
    ];
  });

export function measureSpec(records: readonly ResultRecord[], bars: MeasureBars): TopLevelSpec {
  const { measure, kind, published = [] } = bars;
  const { title, speedup, sum }: ResultMeasure = MEASURES[measure];
  const { points, said, banded, bandSaid } = measureAverages(records, bars);
  const predictors = [...new Set(points.map(({ predictor }) => String(predictor)))];
  const ofKind = sum.some((name) => name === "branches" || name === "mispredictions")
    ? `${kind === "all" ? "all branches" : `${kind} branches`}; `
    : "";
  const heading = titled(`By technique and front end: ${title}`, `${ofKind}${said}`, bandSaid);
  const techniques = speedup ? highestFirst(points, "technique", "value") : lowestFirst(points, "technique", "value");
  if (predictors.length > COLOURS.length) {
    const shown = atMost(predictors, 100, "predictors");
    return matrixSpec({
      title: titled(
        title,
        `${ofKind}${said}`,
        ...published.map(({ low, high, what }) => `published of ${what}: ${low === high ? low : `${low} to ${high}`}`),
        ...shown.said,
      ),
      description: "A row is a technique, a column a front end; the darker, the more.",
      values: points.filter(({ predictor }) => shown.shown.includes(String(predictor))),
      x: { field: "predictor", title: "front end", sort: shown.shown },
      y: { field: "technique", title: "technique", sort: techniques },
      measure: { field: "value", title, format: ".3~r", ...(speedup ? { ratio: true } : {}) },
    });
  }
  const { encoding, layer, x } = barLayers({
    values: points,
    row: { field: "technique", title: "technique", sort: techniques },
    series: { field: "predictor", title: "front end", names: predictors },
    measure: { field: "value", title },
    banded,
    means: "true",
    others: published.flatMap(({ low, high }) => [low, high]),
  });
  return {
    $schema: SCHEMA,
    title: { ...heading, offset: 12 + published.length * 13 },
    data: { values: points.map((point) => ({ ...point, value: round(Number(point.value)) })) },
    width: 460,
    height: { step: predictors.length > 3 ? 12 : 18 },
    layer: [
      ...publishedLayers(published, { title, scale: x.scale, axis: x.axis }),
      ...layer.map((each) => ({ ...each, encoding: { ...encoding, ...each.encoding } })),
    ],
  } as unknown as TopLevelSpec;
}
