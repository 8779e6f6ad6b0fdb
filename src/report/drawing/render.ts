// Vega-Lite specifications as files: the specification itself, or drawn as SVG or PNG without a browser.
import type { TopLevelSpec } from "vega-lite";
import { UsageError } from "../../errors.ts";
import { theme } from "./drawing.ts";

/** The kinds of chart files, by what their names end with; the specification ends in .vl.json or .json. */
export const CHART_FILES = [".svg", ".png", ".json"] as const;

/** The specification with the looks of a file on white paper. */
const onPaper = (spec: TopLevelSpec): TopLevelSpec => ({ ...spec, config: theme(false, "white") });

/** The text metrics that Vega's layout needs. */
interface TextMetrics {
  width: (item: { readonly fontSize?: number; readonly fontWeight?: string | number }, text: unknown) => number;
}

/**
 * The width of a text in a wide sans-serif font such as DejaVu Sans. Without a canvas, Vega assumes that every character is 0.8 of
 * the font's size wide, which leaves gaps in charts.
 */
function textWidth(text: string, size: number, bold: boolean): number {
  let ems = 0;
  for (const sign of text) ems += WIDTHS.find(([signs]) => signs.test(sign))?.[1] ?? 0.61;
  return Math.ceil(ems * size * (bold ? 1.12 : 1));
}

/** Widths of characters, in parts of the font's size. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'|! ]/, 0.33],
  [/[frt()[\]\-/]/, 0.42],
  [/[mwMW%@+=<>]/, 0.92],
  [/[A-Z]/, 0.69],
];

/** Draws a specification. @throws Error on warnings of Vega and Vega-Lite, so that no chart is half right */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const complain = (...what: readonly unknown[]): never => {
    throw new Error(`chart: ${what.join(" ")}`);
  };
  const metrics = vega as unknown as { readonly textMetrics: TextMetrics; readonly resetSVGDefIds: () => void };
  metrics.textMetrics.width = ({ fontSize = 11, fontWeight }, text) => textWidth(String(text ?? ""), fontSize, fontWeight === "bold");
  // so that ids within a picture do not depend on earlier pictures
  metrics.resetSVGDefIds();
  const logger = Object.assign(vega.logger(vega.None), { error: complain, warn: complain });
  const view = new vega.View(vega.parse(vegaLite.compile(onPaper(spec), { logger }).spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** Two pixels for each of the SVG's: sharp on paper and on dense screens. */
const ZOOM = 2;

/** @throws UsageError if no font is installed, because texts would be missing without an error */
async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const letter = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">x</text></svg>';
  if (new Resvg(letter, { font }).getBBox() === undefined)
    throw new UsageError("a PNG needs a font, and none is installed: install one (fonts-dejavu-core on Debian), or write .svg");
  return new Resvg(svg, { fitTo: { mode: "zoom", value: ZOOM }, background: "white", font }).render().asPng();
}

/** The contents of a chart file. */
export async function renderChart(spec: TopLevelSpec, path: string): Promise<string | Uint8Array> {
  if (path.endsWith(".json")) return `${JSON.stringify(onPaper(spec), null, 2)}\n`;
  const svg = await renderSvg(spec);
  return path.endsWith(".png") ? renderPng(svg) : svg;
}
