// Vega-Lite specifications as files: the specification itself, or drawn as PDF, SVG or PNG without a browser.
import type { TopLevelSpec } from "vega-lite";
import { UsageError } from "../../errors.ts";
import { theme } from "./drawing.ts";
import { type PrintSize, pictureSize, printed, withoutTitle } from "./print-size.ts";
import { textWidth } from "./text-metrics.ts";

/** The kinds of chart files, by what their names end with; the specification ends in .vl.json or .json. */
export const CHART_FILES = [".pdf", ".svg", ".png", ".json"] as const;

/** The specification with the looks of a file on white paper. */
const onPaper = (spec: TopLevelSpec): TopLevelSpec => ({ ...spec, config: theme(false, "white") });

/** The text metrics that Vega's layout needs. */
interface TextMetrics {
  width: (item: { readonly fontSize?: number; readonly fontWeight?: string | number }, text: unknown) => number;
}

/** Draws a specification as it is. @throws Error on warnings of Vega and Vega-Lite, so that no chart is half right */
async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const complain = (...what: readonly unknown[]): never => {
    throw new Error(`chart: ${what.join(" ")}`);
  };
  const metrics = vega as unknown as { readonly textMetrics: TextMetrics; readonly resetSVGDefIds: () => void };
  metrics.textMetrics.width = ({ fontSize = 11, fontWeight }, text) => textWidth(String(text ?? ""), fontSize, fontWeight === "bold");
  // so that ids within a picture do not depend on earlier pictures
  metrics.resetSVGDefIds();
  const logger = Object.assign(vega.logger(vega.None), { error: complain, warn: complain });
  const view = new vega.View(vega.parse(vegaLite.compile(spec, { logger }).spec), { renderer: "none", logger });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** The same with the looks of a file on white paper. */
export const renderSvg = (spec: TopLevelSpec): Promise<string> => drawSvg(onPaper(spec));

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

/** The contents of a chart file. @throws UsageError for a size in which it cannot be drawn */
export async function renderChart(spec: TopLevelSpec, path: string, size: PrintSize = {}): Promise<string | Uint8Array> {
  if (path.endsWith(".json")) {
    if (size.widthCentimetres !== undefined || size.fontPoints !== undefined)
      throw new UsageError("a specification (.json) has no size on paper: leave width and font size out, or write .pdf, .svg or .png");
    return `${JSON.stringify(onPaper(size.title === false ? withoutTitle(spec) : spec), null, 2)}\n`;
  }
  const svg = await printed(onPaper(spec), size, drawSvg);
  if (path.endsWith(".png")) return renderPng(svg);
  if (!path.endsWith(".pdf")) return svg;
  const { renderPdf } = await import("./pdf.ts");
  return renderPdf(svg, pictureSize(svg), titleOf(spec));
}

/** What a reader of a PDF shows as its title. */
const titleOf = ({ title }: TopLevelSpec): string => (typeof title === "object" && "text" in title ? [title.text].flat().join(" ") : "");
