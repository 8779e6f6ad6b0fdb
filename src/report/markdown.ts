// Tables as Markdown, for READMEs and issues.
import type { Sheet } from "./sheet.ts";

/** Text that Markdown and the HTML within it leave as it is. */
export const markdownText = (text: string): string =>
  text
    .replace(/[\\`*_[\]|<>~#]/g, (sign) => `\\${sign}`)
    .replaceAll("&", "&amp;")
    .replace(/\s*\n\s*/g, " ");

/** One table, its title in bold before it. */
export function toMarkdown({ title, head, rows, left }: Sheet): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = line(head.map((_, i) => (i < left ? "---" : "--:")));
  const table = [line(head.map(markdownText)), rule, ...rows.map((row) => line(row.map(markdownText)))].join("\n");
  return title === undefined ? `${table}\n` : `**${markdownText(title)}**\n\n${table}\n`;
}
