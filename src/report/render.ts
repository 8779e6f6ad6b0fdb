// Vega-Lite specifications as files: the specification itself (.json), or drawn as SVG without a browser.
import type { TopLevelSpec } from "vega-lite";

/** The kinds of chart files, by what their names end with. */
export const CHART_FILES = [".svg", ".json"] as const;

/** Draws a specification. @throws Error on anything that Vega or Vega-Lite would only warn about: a chart must not be half right */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const complain = (...what: readonly unknown[]): never => {
    throw new Error(`chart: ${what.join(" ")}`);
  };
  const logger = Object.assign(vega.logger(vega.None), { error: complain, warn: complain });
  const view = new vega.View(vega.parse(vegaLite.compile(spec, { logger }).spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** The contents of a chart file. */
export async function renderChart(spec: TopLevelSpec, path: string): Promise<string> {
  return path.endsWith(".svg") ? renderSvg(spec) : `${JSON.stringify(spec, null, 2)}\n`;
}
