// The page of a validation: the question, how far recorded and modelled agree, and every number.
import { VALIDATED, type Validation } from "../../validation/validate.ts";
import type { DocumentPart } from "../tables/sheet.ts";
import { validationParts } from "../tables/validation.ts";
import { agreement } from "../tables/validation-columns.ts";
import { html, htmlTable, type Markup } from "./html.ts";
import { renderPage } from "./page.ts";

const shown = (part: DocumentPart): Markup =>
  typeof part === "string"
    ? html`<pre>${part}</pre>`
    : html`${part.title === undefined ? "" : html`<h3>${part.title}</h3>`}${htmlTable(
        part.title ?? "",
        part.head,
        part.rows.map((row) => [...row]),
        part.left,
      )}`;

/** How native code was made of virtual code. */
const MADE = {
  compiled: "interpreters in C, generated from the guest's instruction table and compiled",
  generated: "machine code that was copied from compiled bodies and patched, as a program is loaded",
  installed: "interpreters that are installed here",
} as const;

function waysOf(rows: Validation["rows"]): string {
  const ways = [...new Set(rows.map(({ making }) => MADE[making]))];
  return ways.length === 0 ? MADE.compiled : ways.join(", and by ");
}

/** @param command what to type to get the same page again */
export function validationPage(validation: Validation, command: string): string {
  const { rows, skipped } = validation;
  const done = new Set(rows.map(({ technique }) => technique.split(":")[0]));
  const left = VALIDATED.filter((technique) => !done.has(technique) && !skipped.some((line) => line.includes(technique)));
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(agreement(row), (counts.get(agreement(row)) ?? 0) + 1);
  const found = [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
  const [first, ...parts] = validationParts(validation, true);
  return renderPage({
    title: "Modelled beside recorded dispatch branches",
    lead: html`<p>Does the model make the branches that native code executes? The same virtual code was run by ${waysOf(rows)}, and recorded branch by branch.</p>
<p>${rows.length} comparisons with the binaries' own dispatch sites: ${found === "" ? "none" : found}.</p>`,
    sections: [
      { id: "summary", title: "Agreement", content: html`${parts.map(shown)}` },
      ...(first === undefined ? [] : [{ id: "runs", title: "Interpreters", content: shown(first) }]),
      ...(skipped.length === 0 ? [] : [{ id: "skipped", title: "Not validated", content: html`<pre>${skipped.join("\n")}</pre>` }]),
      ...(left.length === 0
        ? []
        : [
            {
              id: "left-out",
              title: "Techniques left out",
              content: html`<p>This page says nothing of ${left.join(", ")}: --technique names them.</p>`,
            },
          ]),
    ],
    command,
  });
}
