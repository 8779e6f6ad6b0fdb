// Vega-Lite specifications as files: the specification itself, or drawn as SVG or PNG without a browser.
import type { TopLevelSpec } from "vega-lite";
import { theme } from "./drawing.ts";

/** The kinds of chart files, by what their names end with; the specification ends in .vl.json or .json. */
export const CHART_FILES = [".svg", ".png", ".json"] as const;

/** The specification with the looks of a file on white paper. */
const onPaper = (spec: TopLevelSpec): TopLevelSpec => ({ ...spec, config: theme(false, "white") });

/** Draws a specification. @throws Error on anything that Vega or Vega-Lite would only warn about: a chart must not be half right */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const complain = (...what: readonly unknown[]): never => {
    throw new Error(`chart: ${what.join(" ")}`);
  };
  const logger = Object.assign(vega.logger(vega.None), { error: complain, warn: complain });
  const view = new vega.View(vega.parse(vegaLite.compile(onPaper(spec), { logger }).spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** Two pixels for each of the SVG's: sharp on paper and on dense screens. */
const ZOOM = 2;

async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  return new Resvg(svg, { fitTo: { mode: "zoom", value: ZOOM }, background: "white", font }).render().asPng();
}

/** The contents of a chart file. */
export async function renderChart(spec: TopLevelSpec, path: string): Promise<string | Uint8Array> {
  if (path.endsWith(".json")) return `${JSON.stringify(onPaper(spec), null, 2)}\n`;
  const svg = await renderSvg(spec);
  return path.endsWith(".png") ? renderPng(svg) : svg;
}
