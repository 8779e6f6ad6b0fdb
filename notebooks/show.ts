// What notebooks show: texts, tables and charts, in the forms that Jupyter asks for.
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import type { Results } from "../dist/src/index.js";
import { drawCharts } from "../dist/src/report/drawing/find-charts.js";
import { renderChart, renderSvg } from "../dist/src/report/drawing/render.js";
import { html } from "../dist/src/report/pages/html.js";
import { recordsOf } from "../dist/src/report/result-records.js";
import { toText } from "../dist/src/report/tables/text-table.js";
import { intervalColumns, rowColumns, targetColumns } from "../dist/src/results/columns.js";

export { fixed, percent, points } from "../dist/src/reproduce/bands.js";
export { select } from "../dist/src/reproduce/selection.js";

/** What Deno's kernel gives: shows looks of one thing, one for each MIME type, of which Jupyter takes the one it likes best. */
declare const Deno: { readonly jupyter: { display(looks: Readonly<Record<string, unknown>>, options: { raw: true }): Promise<void> } };

/** Waits until the kernel has sent it: the value of a cell's last expression, and console.log, may come after the cell's end, and be lost. */
const show = (looks: Readonly<Record<string, unknown>>): Promise<void> => Deno.jupyter.display(looks, { raw: true });

export const say = (text: string): Promise<void> => show({ "text/plain": text });

/** The last MIME type of Vega-Lite that both JupyterLab and VS Code know. Nothing in our charts is newer. */
const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** A line for each record. Texts stand to the left, numbers to the right. */
export function table(records: readonly Readonly<Record<string, string | number>>[]): Promise<void> {
  const head = Object.keys(records[0]);
  const rows = records.map((record) => head.map((name) => record[name].toLocaleString("en")));
  const sides = rows[0].map((cell) => (/^-?\d/.test(cell) ? "right" : "left"));
  const { markup } = html`<table>
<thead><tr>${head.map((name, i) => html`<th align="${sides[i]}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td align="${sides[i]}">${cell}</td>`)}</tr>\n`)}</tbody>
</table>`;
  const left = sides.includes("right") ? sides.indexOf("right") : sides.length;
  return show({ "text/html": markup, "text/plain": toText([{ head, rows, left }]) });
}

/** The same letters on every machine, so that the same chart is the same picture. */
const { resolve } = createRequire(import.meta.url);
const FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((file) => resolve(`dejavu-fonts-ttf/ttf/${file}`));

/** One of the lab's charts (`bplab report --list`): as a picture for pages that run no scripts, and as its specification. */
export async function chart(results: Results, id: string): Promise<void> {
  const tables = [
    { of: "rows", records: recordsOf(rowColumns, results.rows) },
    { of: "intervals", records: recordsOf(intervalColumns, results.intervals) },
    { of: "targets", records: recordsOf(targetColumns, results.targets) },
  ] as const;
  const of = id === "over-time" ? "intervals" : id === "targets" ? "targets" : "rows";
  const [{ chart, spec }] = await drawCharts(tables.find((table) => table.of === of) ?? tables[0], "this notebook", [id]);
  const font = { loadSystemFonts: false, fontFiles: FONTS, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const picture = new Resvg(await renderSvg(spec), { fitTo: { mode: "zoom", value: 1.5 }, background: "white", font }).render().asPng();
  return show({
    "image/png": picture.toString("base64"),
    [VEGA_LITE]: JSON.parse(String(await renderChart(spec, "chart.json"))),
    "text/plain": `${chart.title}. ${chart.description}`,
  });
}
