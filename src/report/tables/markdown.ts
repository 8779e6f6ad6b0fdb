// Tables and paragraphs as Markdown, for READMEs and issues.
import type { DocumentPart, Sheet } from "./sheet.ts";

/** Escapes a text for Markdown, and for HTML in it. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*_[\]|~#]/g, (sign) => `\\${sign}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/\s*\n\s*/g, " ");

function table({ title, head, rows, left }: Sheet): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  const rule = `| ${head.map((_, i) => (i < left ? "---" : "--:")).join(" | ")} |`;
  const lines = [line(head), rule, ...rows.map(line)].join("\n");
  return title === undefined ? lines : `**${escaped(title)}**\n\n${lines}`;
}

export const toMarkdown = (parts: readonly DocumentPart[]): string =>
  `${parts.map((part) => (typeof part === "string" ? escaped(part) : table(part))).join("\n\n")}\n`;
