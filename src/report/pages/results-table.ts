// The tables of results on pages: sorted by any column at a click, the best lines marked.
import { counted } from "../../numbers.ts";
import { labelled } from "../drawing/find-charts.ts";
import { ofOneSetting } from "../one-setting.ts";
import type { ResultTable } from "../result-records.ts";
import { type ResultLine, type ResultsSheet, resultsSheets } from "../tables/results-sheet.ts";
import { html, type Markup } from "./html.ts";
import type { PageSection } from "./page.ts";

/** A longer table is cut: see the CSV. */
const MOST_LINES = 2000;

function line({ names, cells, assumed, best }: ResultLine): Markup {
  const last = names.length - 1;
  const name = (text: string, i: number): Markup =>
    i === last && assumed !== "" ? html`<td title="assumed: ${assumed}">${text}</td>` : html`<td>${text}</td>`;
  const number = ({ text, value }: ResultLine["cells"][number]): Markup =>
    value === undefined ? html`<td class="number">${text}</td>` : html`<td class="number" data-value="${value}">${text}</td>`;
  return html`<tr${best ? html` class="best"` : ""}><td>${best ? html`<span title="the best">★</span>` : ""}</td>${names.map(name)}${cells.map(number)}</tr>
`;
}

function sheet({ title, head, names, lines, said }: ResultsSheet): Markup {
  const shown = lines.slice(0, MOST_LINES);
  const cut = lines.length > shown.length ? html`<p>The first ${shown.length} of ${counted(lines.length, "line")}.</p>` : undefined;
  const th = (text: string, i: number): Markup =>
    html`<th scope="col"${i >= names ? html` class="number"` : ""}><button type="button">${text}</button></th>`;
  const reasons = [...new Map(lines.filter(({ assumed }) => assumed !== "").map((each) => [each.names.at(-1), each.assumed]))];
  return html`${cut}<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table class="sortable">
<thead><tr><th scope="col"><span class="hidden">best</span></th>${head.map(th)}</tr></thead>
<tbody>
${shown.map(line)}</tbody>
</table></div>
<p class="faint">${said}</p>
${
  reasons.length === 0
    ? undefined
    : html`<details><summary>?: what is assumed of ${counted(reasons.length, "front end")}</summary>
<ul>${reasons.map(([name, reason]) => html`<li>${name}: ${reason}</li>\n`)}</ul></details>`
}`;
}

/** The first section of a page: all numbers that the terminal shows. Empty for results by site, over time, or by target. */
export async function resultsSections(table: ResultTable): Promise<PageSection[]> {
  if (table.of !== "rows") return [];
  const setting = ofOneSetting(table, { costs: true });
  const note = setting.note === undefined ? undefined : html`<p>${setting.note}.</p>`;
  const sheets = resultsSheets(await labelled(setting));
  return sheets.map((each, i) => ({
    id: i === 0 ? "results" : "results-of-recordings",
    title: each.title,
    content: html`${note}${sheet(each)}`,
  }));
}
