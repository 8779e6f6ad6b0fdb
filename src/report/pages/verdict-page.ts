// The page of claims: the question, a line for each claim with its verdict, and folded below it the details.

import { counted } from "../../numbers.ts";
import { SOURCES } from "../../reproduce/claim.ts";
import { type ComparedFigure, comparedFigures } from "../../reproduce/figures/figures.ts";
import type { Outcome } from "../../reproduce/reproduce.ts";
import { rowColumns } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { type DrawnChart, drawMeasure, fittingCharts } from "../drawing/find-charts.ts";
import { numberIn, type ResultRecord, recordsOf, textIn } from "../result-records.ts";
import { figureCells, figureHead, figureNotes, RATIO_NOTE } from "../tables/figures.ts";
import { asExpected, countedApart, evidenceOf, evidenceText, expectation, otherTexts } from "../tables/verdicts.ts";
import { figure } from "./figure.ts";
import { html, htmlTable, type Markup } from "./html.ts";
import { renderPage } from "./page.ts";
import { parameters } from "./results-page.ts";

/** A longer table is cut: see `--rows`. */
const MOST_ROWS = 60;

const anchor = ({ claim }: Outcome): string => claim.id.toLowerCase();

const STYLE = `
.filters { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; } .filters fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; }
.claim { border-bottom: 1px solid var(--line); } .claim > details > summary { display: flex; gap: 0.75rem; align-items: baseline; padding: 0.5rem 0; }
.claim > details > summary::before { content: "▸"; } .claim > details[open] > summary::before { content: "▾"; }
.claim h3 { display: inline; font-size: 1rem; margin: 0; font-weight: 600; } .claim .sentence { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.chip { display: inline-block; border-radius: 1rem; padding: 0.05rem 0.7rem; font-size: 0.85rem; font-weight: 600; white-space: nowrap; color: #ffffff; background: #595959; }
.chip.by-construction { background: #46538c; } .chip.reproduced { background: #00674a; } .chip.reproduced-in-part { background: #0b5c8f; } .chip.not-reproduced { background: #a63c00; }
.chip.depends-on-the-predictor { background: #7a3f86; } .chip.out-of-reach { background: #595959; }
@media (max-width: 40rem) { .claim > details > summary { flex-wrap: wrap; } .claim .sentence { flex-basis: 100%; } }
@media print { .filters { display: none; } .claim > details > summary { display: flex !important; } .chip { color: inherit; background: none; border: 1px solid; } }
`;

/** Hides filtered claims, and opens a claim that a link leads to. */
const SCRIPT = `
"use strict";
(() => {
  const boxes = [...document.querySelectorAll(".filters input")];
  const claims = [...document.querySelectorAll(".claim")];
  const filter = () => {
    const wanted = (name, value) => boxes.some((box) => box.name === name && box.value === value && box.checked);
    for (const claim of claims) claim.hidden = ["source", "evidence", "verdict"].some((name) => !wanted(name, claim.dataset[name]));
    document.getElementById("shown").textContent = claims.filter(({ hidden }) => !hidden).length + " of " + claims.length + " shown";
  };
  const open = () => {
    const details = document.getElementById(location.hash.slice(1))?.closest(".claim")?.querySelector("details");
    if (details) details.open = true;
  };
  for (const box of boxes) box.addEventListener("change", filter);
  addEventListener("hashchange", open);
  document.querySelector(".filters").hidden = false;
  filter();
  open();
})();
`;

/** @param command the command that makes the same page again */
export async function verdictPage(outcomes: readonly Outcome[], command: string): Promise<string> {
  const all = recordsOf(rowColumns, [...new Set(outcomes.flatMap(({ rows }) => rows))]);
  const claims: Markup[] = [];
  for (const outcome of outcomes) claims.push(await claimArticle(outcome, recordsOf(rowColumns, outcome.rows)));
  const figures = comparedFigures(outcomes);
  return renderPage({
    title: "What became of published claims about dispatch and branch prediction",
    lead: html`<p>How much do the ways of dispatching virtual instructions differ in mispredicted branches, and does it still matter on later processors? Each claim below was tested by running programs, deriving the native branches of each technique, and replaying them through models of branch predictors.</p>
<p>${summary(outcomes)}</p>`,
    sections: [
      { id: "claims", title: "The claims", content: html`${filters(outcomes)}${claims}` },
      ...(figures.length === 0 ? [] : [{ id: "figures", title: "Published figures beside ours", content: figuresTable(figures) }]),
      ...(all.length === 0 ? [] : [{ id: "parameters", title: "What the numbers depend on", content: parameters(all) }]),
    ],
    charts: all.length > 0,
    command,
    own: { style: STYLE, script: SCRIPT },
  });
}

/** Published figures, ours and the ratio; folded below them, the source of each and why ours differs. */
const figuresTable = (
  figures: readonly ComparedFigure[],
): Markup => html`${htmlTable("published figures beside ours", figureHead, figures.map(figureCells), 2)}
<p>${RATIO_NOTE}</p>
<details><summary>Where each stands, and why ours is at its distance</summary><ul>${figureNotes(figures).map((note) => html`<li>${note}</li>`)}</ul></details>`;

const countsBy = (outcomes: readonly Outcome[], of: (outcome: Outcome) => string): [string, number][] =>
  [...groupBy(outcomes, of)].map(([name, group]) => [name, group.length]);

const verdictOf = ({ finding }: Outcome): string => finding.verdict;
const sourceOf = ({ claim }: Outcome): string => claim.source;

const chip = (verdict: string): Markup => html`<span class="chip ${verdict.replaceAll(" ", "-")}">${verdict}</span>`;

const summary = (outcomes: readonly Outcome[]): Markup =>
  html`${countedApart(outcomes).map(
    ({ what, verdicts }) => html`${what}: ${verdicts.map(([verdict, count]) => html`${count} ${chip(verdict)} `)}<br>`,
  )}`;

/** Boxes that choose sources, kinds of evidence and verdicts; hidden without scripts. */
function filters(outcomes: readonly Outcome[]): Markup {
  const group = (name: string, values: readonly [string, number][]): Markup =>
    html`<fieldset><legend>${name}</legend>${values.map(
      ([value, count]) => html`<label><input type="checkbox" name="${name}" value="${value}" checked> ${value} (${count})</label> `,
    )}</fieldset>`;
  return html`<div class="filters" hidden>${group("source", countsBy(outcomes, sourceOf))}${group("evidence", countsBy(outcomes, evidenceOf))}${group("verdict", countsBy(outcomes, verdictOf))}<output id="shown"></output></div>
`;
}

/** A claim in one sentence with its verdict; the rest is folded. */
async function claimArticle(outcome: Outcome, records: readonly ResultRecord[]): Promise<Markup> {
  const { claim, finding } = outcome;
  const drawn = await claimChart(outcome);
  const surprise = asExpected(outcome) ? undefined : html` <span class="surprise">not as expected: ${claim.expectedVerdict}</span>`;
  return html`<article class="claim" aria-labelledby="${anchor(outcome)}" data-source="${claim.source}" data-evidence="${evidenceOf(outcome)}" data-verdict="${finding.verdict}">
<details><summary>${chip(finding.verdict)}<span class="sentence"><h3 id="${anchor(outcome)}">${claim.id}. ${claim.title}</h3>${surprise}</span><span class="faint">${evidenceOf(outcome)}, ${claim.source}</span></summary>
<blockquote><p>“${claim.quote}”</p></blockquote>
<dl>
<dt>source</dt><dd>${SOURCES[claim.source]}, ${claim.place}</dd>
<dt>evidence</dt><dd>${evidenceText(outcome)}</dd>
<dt>tested</dt><dd>${claim.method}</dd>
<dt>expected</dt><dd>${expectation(claim.expected)}</dd>
<dt>measured</dt><dd>${finding.measured}</dd>
${otherTexts(outcome).map(
  ({ title, text }) => html`<dt>on ${title}</dt><dd>${text}</dd>
`,
)}<dt>verdict</dt><dd>${finding.verdict}${surprise}</dd>
</dl>
${drawn === undefined ? undefined : await figure(`figure-${anchor(outcome)}`, drawn)}
${numbers(claim.id, records)}
</details>
</article>
`;
}

/** The claim's own chart; otherwise one that its results were made for, otherwise the main chart. */
async function claimChart({ claim: { shows }, shown }: Outcome): Promise<DrawnChart | undefined> {
  const table = { of: "rows", records: recordsOf(rowColumns, shown) } as const;
  if (shows !== undefined) {
    const { measure, kind = "dispatch", published } = shows;
    const drawn = await drawMeasure(table, { measure, kind, published });
    if (drawn !== undefined) return drawn;
  }
  const fitting = await fittingCharts(table);
  return fitting.find(({ chart }) => chart.special) ?? fitting.at(0);
}

/** The rows that a verdict was computed from, those of dispatches. */
function numbers(id: string, records: readonly ResultRecord[]): Markup | undefined {
  const rows = records.filter(({ kind }) => kind === "dispatch");
  if (rows.length === 0) return undefined;
  const head = [
    "program",
    "technique",
    "predictor",
    "branches",
    "mispredictions",
    "mispredictions_per_branch",
    "mispredictions_per_virtual_instruction",
  ];
  const cells = rows.slice(0, MOST_ROWS).map((record) => head.map((name) => numberIn(record, name) ?? textIn(record, name)));
  const cut = rows.length > MOST_ROWS ? html`<p>The first ${MOST_ROWS} of ${rows.length}; --rows writes all.</p>` : undefined;
  return html`<details><summary>Dispatches that led to this verdict (${counted(rows.length, "row")})</summary>
${cut}${htmlTable(
  `rows of ${id}`,
  head.map((name) => name.replaceAll("_", " ")),
  cells,
  3,
)}
</details>`;
}
