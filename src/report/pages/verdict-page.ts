// The page of claims: the question, a verdict on each claim with its place below, and there everything that led to it.
import { SOURCES } from "../../reproduce/claim.ts";
import type { Outcome } from "../../reproduce/reproduce.ts";
import { rowColumns } from "../../results/columns.ts";
import { fittingCharts } from "../drawing/find-charts.ts";
import { numberIn, type ResultRecord, recordsOf, textIn } from "../records.ts";
import { asExpected, expectation, ocamlText } from "../tables/verdicts.ts";
import { figure } from "./figure.ts";
import { html, htmlTable, type Markup } from "./html.ts";
import { renderPage, type Section } from "./page.ts";
import { parameters } from "./results-page.ts";

/** A longer table is for `--rows`. */
const MOST_ROWS = 300;

const anchor = ({ claim }: Outcome): string => claim.id.toLowerCase();

/** @param command what to type to get the same page again */
export async function verdictPage(outcomes: readonly Outcome[], command: string): Promise<string> {
  const all = recordsOf(rowColumns, [...new Set(outcomes.flatMap(({ rows }) => rows))]);
  const details: Markup[] = [];
  for (const outcome of outcomes) details.push(await claimDetails(outcome, recordsOf(rowColumns, outcome.rows)));
  const charts: Section[] = [];
  for (const drawn of await fittingCharts({ of: "rows", records: all }))
    charts.push({ id: drawn.chart.id, title: drawn.chart.title, content: await figure(`figure-${drawn.chart.id}`, drawn) });
  return renderPage({
    title: "What became of published claims about dispatch and branch prediction",
    lead: html`<p>How much do the ways of dispatching virtual instructions differ in mispredicted branches, and does it still matter on later processors? Each claim below was tested by running programs, deriving the native branches of each technique, and replaying them through models of branch predictors.</p>
<p>${summary(outcomes)}</p>`,
    sections: [
      { id: "verdicts", title: "Verdicts", content: verdictTable(outcomes) },
      { id: "claims", title: "The claims, one by one", content: html`${details}` },
      ...charts.map((section) => ({ ...section, title: `All rows: ${section.title}` })),
      ...(all.length === 0 ? [] : [{ id: "parameters", title: "What the numbers depend on", content: parameters(all) }]),
    ],
    command,
  });
}

function summary(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { finding } of outcomes) counts.set(finding.verdict, (counts.get(finding.verdict) ?? 0) + 1);
  return `${outcomes.length} ${outcomes.length === 1 ? "claim" : "claims"}: ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ")}.`;
}

/** A verdict, and whether it is another one than expected: in words, not in colours. */
const verdict = (outcome: Outcome): Markup =>
  html`<span class="verdict">${outcome.finding.verdict}${
    asExpected(outcome) ? undefined : html` <span class="surprise">not as expected: ${outcome.claim.expectedVerdict}</span>`
  }</span>`;

function verdictTable(outcomes: readonly Outcome[]): Markup {
  const rows = outcomes.map((outcome) => {
    const { claim, finding } = outcome;
    return [
      html`<a href="#${anchor(outcome)}">${claim.id}</a>`,
      claim.title,
      `${claim.source}, ${claim.place}`,
      claim.expected.what,
      finding.measured,
      verdict(outcome),
    ];
  });
  const table = htmlTable("verdicts", ["claim", "what it says", "source", "expected", "measured", "verdict"], rows);
  return html`<div class="wide">${table}</div>`;
}

async function claimDetails(outcome: Outcome, records: readonly ResultRecord[]): Promise<Markup> {
  const { claim, finding } = outcome;
  const ocaml = ocamlText(outcome);
  const fitting = await fittingCharts({ of: "rows", records });
  const drawn = fitting.find(({ chart }) => chart.special) ?? fitting.at(0);
  return html`<article aria-labelledby="${anchor(outcome)}">
<h3 id="${anchor(outcome)}">${claim.id}. ${claim.title}</h3>
<blockquote><p>“${claim.quote}”</p></blockquote>
<dl>
<dt>source</dt><dd>${SOURCES[claim.source]}, ${claim.place}</dd>
<dt>tested</dt><dd>${claim.method}</dd>
<dt>expected</dt><dd>${expectation(claim.expected)}</dd>
<dt>measured</dt><dd>${finding.measured}</dd>
${
  ocaml === undefined
    ? undefined
    : html`<dt>on OCaml</dt><dd>${ocaml}</dd>
`
}<dt>verdict</dt><dd>${verdict(outcome)}</dd>
</dl>
${drawn === undefined ? undefined : await figure(`figure-${anchor(outcome)}`, drawn)}
${numbers(claim.id, records)}
<p><a href="#verdicts">Back to the verdicts</a></p>
</article>
`;
}

/** The rows behind a verdict, those of dispatches. */
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
  return html`<details><summary>Dispatches behind this verdict (${rows.length} rows)</summary>
${cut}${htmlTable(
  `rows of ${id}`,
  head.map((name) => name.replaceAll("_", " ")),
  cells,
  3,
)}
</details>`;
}
