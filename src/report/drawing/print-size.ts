// Charts in the size in which a paper prints them: a width, a size of letters, and no title where a caption says it. Letters of
// another size are the whole picture zoomed, because gaps and marks must keep in step with them; the width is then reached by
// narrower or wider plots, by legends below them, and by panels below each other.
import type { TopLevelSpec } from "vega-lite";
import { UsageError } from "../../errors.ts";
import { linesWithin, textWidth } from "./text-metrics.ts";

export interface PrintSize {
  /** Width of the whole picture. */
  readonly widthCentimetres?: number | undefined;
  /** Size of the labels at axes. */
  readonly fontPoints?: number | undefined;
  /** False: without title and subtitle. */
  readonly title?: boolean | undefined;
}

/** Pixels of CSS. */
const PIXELS_PER_CENTIMETRE = 96 / 2.54;
const PIXELS_PER_POINT = 96 / 72;

/** Size of labels in charts, in pixels. */
const LABEL_PIXELS = 12;
const TITLE_PIXELS = 15;

/** Plots are not made narrower than so many pixels, and columns of matrices, in which numbers stand, not by more than this factor. */
const LEAST_PLOT = 80;
const LEAST_STEP = 0.9;

/** Most attempts at a width. */
const MOST_STEPS = 5;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

export const withoutTitle = ({ title: _, ...spec }: TopLevelSpec): TopLevelSpec => spec as TopLevelSpec;

/** How a chart is laid out within a width. */
interface Layout {
  /** Width of the picture in pixels, before zooming. */
  readonly within: number;
  /** Factor of the plots' widths. */
  readonly factor: number;
  readonly legendsBelow: boolean;
  readonly onePanelWide: boolean;
}

/** A legend below a plot, which is where it begins: as many columns as have room. */
function legendBelow({ legend, scale }: Json, plot: number): Json {
  const names = isObject(scale) && Array.isArray(scale.domain) ? scale.domain.map(String) : [];
  const widest = Math.max(1, ...names.map((name) => textWidth(name, LABEL_PIXELS, false)));
  const columns = names.length === 0 ? {} : { columns: Math.max(1, Math.floor(plot / (widest + 18))) };
  return { ...(legend as Json | undefined), orient: "bottom", titleOrient: "top", ...columns };
}

/** Channels of series, which legends explain. */
const SERIES = ["color", "shape", "strokeDash"];

/** Whether a layer is the name of a line, written beside its end. */
const isEndLabel = (layer: unknown): boolean =>
  isObject(layer) &&
  layer.data !== undefined &&
  isObject(layer.encoding) &&
  isObject(layer.encoding.x) &&
  layer.encoding.x.value === "width";

/**
 * A channel of an encoding: its title in lines, its legend where it has room.
 * @param unnamed whether a legend is needed because the names beside the lines are left out
 */
function channelIn(name: string, channel: unknown, { plot, unnamed }: Surroundings, layout: Layout): unknown {
  if (!isObject(channel)) return channel;
  const room = name === "x" ? plot : name === "y" ? 200 : layout.legendsBelow ? layout.within - 20 : 150;
  const { title, legend } = channel;
  const text = typeof title === "string" ? { title: linesWithin(title, room, LABEL_PIXELS) } : {};
  const gradient = isObject(legend) && typeof legend.gradientLength === "number" ? legend.gradientLength : undefined;
  const short = gradient === undefined ? {} : { legend: { ...(legend as Json), gradientLength: Math.min(gradient, layout.within - 60) } };
  const titled: Json = { ...channel, ...text, ...short };
  const hasLegend = SERIES.includes(name) && channel.field !== undefined && gradient === undefined && (legend !== null || unnamed);
  return hasLegend && layout.legendsBelow ? { ...titled, legend: legendBelow(channel, plot) } : titled;
}

/** What a view takes over from those around it. */
interface Surroundings {
  /** Width of a plot in pixels. */
  readonly plot: number;
  readonly unnamed: boolean;
}

/** A view of a specification, and those within it, with other widths. */
function viewIn(view: Json, layout: Layout, around: Surroundings): Json {
  const { factor, legendsBelow, onePanelWide, within } = layout;
  const layers = Array.isArray(view.layer) ? view.layer : [];
  const here: Surroundings = {
    plot: typeof view.width === "number" ? view.width * factor : around.plot,
    unnamed: around.unnamed || (legendsBelow && layers.some(isEndLabel)),
  };
  const inner = (value: unknown): unknown => (isObject(value) ? viewIn(value, layout, here) : value);
  const entries = Object.entries(view).map(([key, value]): [string, unknown] => {
    if (key === "width") return [key, isObject(value) ? { step: Number(value.step) * Math.max(LEAST_STEP, factor) } : here.plot];
    if (key === "columns" && onePanelWide) return [key, 1];
    if (key === "encoding" && isObject(value))
      return [key, Object.fromEntries(Object.entries(value).map(([name, channel]) => [name, channelIn(name, channel, here, layout)]))];
    if (key === "title" && isObject(value))
      return [key, { ...value, ...linesOfTitle(value, view.data === undefined ? here.plot : within) }];
    if (key === "layer") return [key, layers.filter((layer) => !(here.unnamed && isEndLabel(layer))).map(inner)];
    if (["concat", "hconcat", "vconcat"].includes(key) && Array.isArray(value))
      return [key === "hconcat" && onePanelWide ? "vconcat" : key, value.map(inner)];
    return [key, key === "spec" ? inner(value) : value];
  });
  return Object.fromEntries(entries);
}

/** A title and its subtitle in lines; the subtitle's own lines were made for another width. */
function linesOfTitle({ text, subtitle, fontSize = TITLE_PIXELS }: Json, width: number): Json {
  const lines = linesWithin([text].flat().join(" "), width, Number(fontSize), true);
  return {
    text: lines,
    ...(Array.isArray(subtitle) ? { subtitle: subtitle.flatMap((line) => linesWithin(line, width, LABEL_PIXELS)) } : {}),
  };
}

/** The widths of all plots in pixels; undefined for those whose columns have a width. */
function plotWidths(view: Json): (number | undefined)[] {
  const own = view.width === undefined ? [] : [typeof view.width === "number" ? view.width : undefined];
  const inner = [view.spec, ...["layer", "concat", "hconcat", "vconcat"].flatMap((key) => view[key] ?? [])];
  return [...own, ...inner.filter(isObject).flatMap(plotWidths)];
}

/** Width and height in pixels of CSS. */
export function pictureSize(svg: string): [width: number, height: number] {
  const [, width, height] = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return [Number(width), Number(height)];
}

/** An SVG with another size: zoomed, and with empty space at its right if it is narrower than its size says. */
function zoomed(svg: string, zoom: number, within = 0): string {
  const [width, height] = pictureSize(svg);
  const shown = Math.max(width, within);
  const rounded = (pixels: number): number => Math.round(pixels * 1000) / 1000;
  return svg.replace(
    / width="[\d.]+" height="[\d.]+" viewBox="[^"]*"/,
    ` width="${rounded(shown * zoom)}" height="${rounded(height * zoom)}" viewBox="0 0 ${shown} ${height}"`,
  );
}

type Draw = (spec: TopLevelSpec) => Promise<string>;

/** The picture in one layout, with the widest plots that have room; with the least if nothing has room. */
async function fitted(spec: TopLevelSpec, layout: Omit<Layout, "factor">, least: number, draw: Draw): Promise<string> {
  const drawnBy = async (factor: number): Promise<{ readonly factor: number; readonly svg: string; readonly over: number }> => {
    const svg = await draw(
      viewIn(spec as unknown as Json, { ...layout, factor }, { plot: 200, unnamed: false }) as unknown as TopLevelSpec,
    );
    return { factor, svg, over: pictureSize(svg)[0] - layout.within };
  };
  let best = await drawnBy(least);
  let worse = await drawnBy(Math.max(1, 2 * least));
  // a line through two points, on which widths lie but where texts break into other lines: a few steps are enough
  for (let step = 0; step < MOST_STEPS && best.over < -1; step++) {
    const slope = (worse.over - best.over) / (worse.factor - best.factor);
    if (slope <= 0) break;
    const next = await drawnBy(best.factor - best.over / slope);
    if (next.over <= 1) best = next;
    else worse = next;
  }
  return best.svg;
}

/**
 * Draws a chart for print.
 * @param spec with its looks (`config`)
 * @throws UsageError if it cannot be so narrow with letters of that size
 */
export async function printed(spec: TopLevelSpec, { widthCentimetres, fontPoints, title }: PrintSize, draw: Draw): Promise<string> {
  const shown = title === false ? withoutTitle(spec) : spec;
  const zoom = fontPoints === undefined ? 1 : (fontPoints * PIXELS_PER_POINT) / LABEL_PIXELS;
  if (widthCentimetres === undefined) return zoom === 1 ? draw(shown) : zoomed(await draw(shown), zoom);
  const within = (widthCentimetres * PIXELS_PER_CENTIMETRE) / zoom;
  const widths = plotWidths(shown as unknown as Json);
  const least = Math.max(...widths.map((width) => (width === undefined ? LEAST_STEP : LEAST_PLOT / width)));
  // titles begin at the left edge of the picture instead of that of the plot
  const left = { ...shown, config: { ...shown.config, title: { ...shown.config?.title, frame: "bounds" } } } as TopLevelSpec;
  let narrowest = Number.POSITIVE_INFINITY;
  for (const [legendsBelow, onePanelWide] of [
    [false, false],
    [true, false],
    [true, true],
  ]) {
    const svg = await fitted(left, { within, legendsBelow, onePanelWide }, least, draw);
    const [width] = pictureSize(svg);
    if (width <= within + 2) return zoomed(svg, (zoom * within) / Math.max(within, width), within);
    narrowest = Math.min(narrowest, width);
  }
  const needed = Math.ceil(((narrowest * zoom) / PIXELS_PER_CENTIMETRE) * 10) / 10;
  throw new UsageError(
    `the chart cannot be ${widthCentimetres} cm wide: with these letters it needs ${needed} cm; ask for smaller ones (--font-size) or a wider chart`,
  );
}
