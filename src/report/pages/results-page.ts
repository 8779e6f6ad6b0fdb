// The page of a results file: its charts, and what the numbers depend on.
import { doubtLines, PARTS } from "../../front-end/machines/machine.ts";
import { MACHINES } from "../../front-end/machines/machines.ts";
import { whole } from "../../numbers.ts";
import { columnsOf } from "../../results/columns.ts";
import { RECORDED } from "../../results/rows.ts";
import type { DrawnChart } from "../drawing/find-charts.ts";
import { numberIn, type ResultRecord, type ResultTable, textIn } from "../result-records.ts";
import { budgetSheet, budgetsOf } from "../tables/budgets.ts";
import { figure } from "./figure.ts";
import { html, htmlTable, type Markup } from "./html.ts";
import { type PageSection, renderPage } from "./page.ts";
import { resultsSections } from "./results-table.ts";

/** The question of all our pages. */
export const QUESTION = "What does this way of dispatching virtual instructions cost on that branch predictor?";

export interface ResultsReport {
  /** Source of the results, for the title: a file, or the programs. */
  readonly from: string;
  readonly charts: readonly DrawnChart[];
  readonly table: ResultTable;
  readonly command: string;
}

export async function resultsPage({ from, charts, table, command }: ResultsReport): Promise<string> {
  const sections: PageSection[] = await resultsSections(table);
  for (const drawn of charts)
    sections.push({ id: drawn.chart.id, title: drawn.chart.title, content: await figure(`figure-${drawn.chart.id}`, drawn) });
  if (charts.some(({ chart }) => chart.id === "pareto")) {
    const budgets = await budgetsOf(table.records);
    const { title = "", head, rows, left } = budgetSheet(budgets);
    sections.push({ id: "budgets", title, content: html`${htmlTable("budgets", head, rows, left)}\n<p>${budgets.said}</p>` });
  }
  sections.push({ id: "parameters", title: "What the numbers depend on", content: parameters(table.records) });
  return renderPage({
    title: `bplab: ${from}`,
    lead: html`<p>${QUESTION}</p>\n<p class="faint">Native branches that an interpreter would execute under each technique, replayed through models of branch predictors: counts are computed, cycles are estimates. The columns are described in docs/columns.md of bplab.</p>`,
    sections,
    charts: charts.length > 0,
    command,
  });
}

/** Columns with settings and costs. */
const PARAMETERS = [...columnsOf("rows", "setting"), ...columnsOf("rows", "cost")];

const MOST_VALUES = 12;

/** A cell for people. */
const shownOf = (record: ResultRecord, name: string): string => {
  const value = numberIn(record, name);
  return value === undefined ? textIn(record, name) : whole(value);
};

/** Published facts about the machines among the front ends of some rows, which rows are not to be believed, how sure the facts are, and the models. */
function machines(records: readonly ResultRecord[]): Markup | undefined {
  const known = MACHINES.filter(({ id }) => records.some((record) => textIn(record, "predictor") === id));
  if (known.length === 0) return undefined;
  const rows = known.flatMap(({ title, parts, source }) =>
    PARTS.map((part, i) => {
      const { published, confidence, approximation } = parts[part];
      const said = published === "" ? "nothing" : published;
      return [i === 0 ? title : "", part, said, confidence, approximation ?? "as published", i === 0 ? source : ""];
    }),
  );
  const doubts = known.flatMap((machine) => {
    const own = records.filter((record) => textIn(record, "predictor") === machine.id).map((record) => textIn(record, "technique"));
    const techniques = own.filter((technique) => technique !== RECORDED);
    return techniques.length === 0 ? [] : doubtLines(machine, techniques);
  });
  return html`${doubts.map(
    (line) => html`<p><strong>${line}</strong></p>
`,
  )}<details><summary>Machines (${known.length})</summary>
${htmlTable("machines", ["machine", "part", "published", "how sure", "what stands for it here", "source"], rows)}
</details>
`;
}

/** What was simulated, and under which parameters. */
export function parameters(records: readonly ResultRecord[]): Markup {
  const rows = PARAMETERS.filter((name) => records.some((record) => record[name] !== undefined)).map((name) => {
    const values = [...new Set(records.map((record) => String(record[name] || record[name] === 0 ? record[name] : "none")))];
    const more = values.length > MOST_VALUES ? `, … (${values.length})` : "";
    return html`<dt><code>${name}</code></dt><dd>${values.slice(0, MOST_VALUES).join(", ")}${more}</dd>\n`;
  });
  const once = (column: string): ResultRecord[] => [...new Map(records.map((record) => [textIn(record, column), record])).values()];
  return html`<dl>
${rows}</dl>
<details><summary>Front ends (${once("predictor").length})</summary>
${htmlTable(
  "front ends",
  ["predictor", "complete front end", "not modelled", "storage in bits"],
  once("predictor").map((record) => ["predictor", "front_end", "not_modelled", "storage_bits"].map((name) => shownOf(record, name))),
  3,
)}
</details>
${machines(records)}<details><summary>Programs (${once("program").length})</summary>
${htmlTable(
  "programs",
  ["program", "size", "SHA-256, first digits", "virtual instructions"],
  once("program").map((record) => ["program", "size", "program_sha256", "virtual_instructions"].map((name) => shownOf(record, name))),
  3,
)}
</details>
<details><summary>Techniques (${once("technique").length})</summary>
<ul>${once("technique").map((record) => html`<li><code>${textIn(record, "technique")}</code></li>\n`)}</ul>
</details>`;
}
