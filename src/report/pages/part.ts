// Tables and paragraphs on a page.
import type { DocumentPart } from "../tables/sheet.ts";
import { html, htmlTable, type Markup } from "./html.ts";

export const shownPart = (part: DocumentPart): Markup =>
  typeof part === "string"
    ? html`<p>${part}</p>`
    : html`${part.title === undefined ? "" : html`<h3>${part.title}</h3>`}<div class="scroll">${htmlTable(
        part.title ?? "",
        part.head,
        part.rows.map((row) => [...row]),
        part.left,
      )}</div>`;
