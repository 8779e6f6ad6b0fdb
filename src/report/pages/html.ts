// HTML in which every text is escaped unless it is markup already: names come from files, and may be hostile.

export interface Markup {
  readonly markup: string;
}

export type Content = string | number | Markup | undefined | readonly Content[];

const SIGNS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]);

function markupOf(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "string" || typeof content === "number") return escaped(String(content));
  return "markup" in content ? content.markup : content.map(markupOf).join("");
}

/** A template that escapes its values, in texts and in quoted attributes. */
export const html = (texts: TemplateStringsArray, ...contents: readonly Content[]): Markup => ({
  markup: texts.map((text, i) => text + (i < contents.length ? markupOf(contents[i]) : "")).join(""),
});

/** Markup that is known to be safe: our own, or already escaped. */
export const safe = (markup: string): Markup => ({ markup });

/** JSON for a script element: no text in it can end the element. */
export const jsonFor = (value: unknown): Markup => safe(JSON.stringify(value).replaceAll("<", "\\u003c"));

/** A table that scrolls in its own box if it is wider than the page. @param label names the box for screen readers */
export function htmlTable(
  label: string,
  head: readonly string[],
  rows: readonly (readonly Content[])[],
  numbersFrom = head.length,
): Markup {
  const cell = (content: Content, i: number): Markup =>
    i >= numbersFrom ? html`<td class="number">${content}</td>` : html`<td>${content}</td>`;
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${head.map((name, i) => (i >= numbersFrom ? html`<th scope="col" class="number">${name}</th>` : html`<th scope="col">${name}</th>`))}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>`;
}
