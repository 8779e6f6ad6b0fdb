// A chart in a page: a picture that needs no script, for print and for readers without one; the specification, from which a
// script draws the interactive chart; and its numbers as a table.
import type { DrawnChart } from "../drawing/find-charts.ts";
import { renderSvg } from "../drawing/render.ts";
import { type Content, html, htmlTable, jsonFor, type Markup } from "./html.ts";

/** A longer table is cut: see the CSV. */
const MOST_ROWS = 400;

/** A chart with its notes. */
interface Shown {
  readonly chart: Pick<DrawnChart["chart"], "id" | "title" | "description">;
  readonly spec: DrawnChart["spec"];
  readonly notes?: DrawnChart["notes"];
}

/** @param id unique in the page */
export async function figure(id: string, { chart, spec, notes = [] }: Shown): Promise<Markup> {
  const description = String(spec.description ?? chart.description);
  const svg = await renderSvg(spec);
  const [, width, height] = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  const picture = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return html`<figure class="chart" id="${id}" data-name="${chart.id}">
<div class="scroll" role="region" aria-label="chart: ${chart.title}" tabindex="0">
<img class="static" src="${picture}" width="${width}" height="${height}" alt="${chart.title}. ${description} Its numbers follow as a table.">
<div class="live"></div>
</div>
<script type="application/json" class="spec">${jsonFor(spec)}</script>
<figcaption>${description}</figcaption>
${said(notes)}
${numbers(chart.title, spec)}
</figure>`;
}

/** Notes on some marks of a chart. */
const said = (notes: readonly string[]): Markup | undefined =>
  notes.length === 0
    ? undefined
    : html`<details><summary>?: what is assumed (${notes.length})</summary>
<ul>${notes.map((note) => html`<li>${note}</li>\n`)}</ul></details>`;

/** The data of a specification as a table, with the titles of its axes and legends. */
function numbers(title: string, spec: DrawnChart["spec"]): Markup {
  const values = (spec as { readonly data: { readonly values: readonly Record<string, string | number>[] } }).data.values;
  const titles = titlesIn(spec);
  const fields = Object.keys(values[0] ?? {}).sort(
    (a, b) => Number(typeof values[0][a] === "number") - Number(typeof values[0][b] === "number"),
  );
  const rows = values.slice(0, MOST_ROWS).map((value) => fields.map((field): Content => value[field]));
  const cut =
    values.length > MOST_ROWS ? html`<p>The first ${MOST_ROWS} of ${values.length}; the others are in the results.</p>` : undefined;
  const texts = fields.filter((field) => typeof values[0]?.[field] !== "number").length;
  return html`<details><summary>Numbers of this chart (${values.length})</summary>
${cut}${htmlTable(
  `numbers: ${title}`,
  fields.map((field) => titles.get(field) ?? field),
  rows,
  texts,
)}
</details>`;
}

/** Titles of the fields of a specification. */
function titlesIn(spec: unknown): Map<string, string> {
  const titles = new Map<string, string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { field, title } = node as { readonly field?: unknown; readonly title?: unknown };
    if (typeof field === "string" && (typeof title === "string" || Array.isArray(title))) titles.set(field, [title].flat().join(" "));
    for (const [key, child] of Object.entries(node)) if (key !== "data") visit(child);
  };
  visit(spec);
  // the ends of a band are on the axis of its mean
  titles.set("least", "least of one layout seed").set("most", "most of one layout seed");
  return titles;
}
