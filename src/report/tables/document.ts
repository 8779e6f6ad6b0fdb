// Tables and paragraphs in the requested format.
import { toLatex } from "./latex.ts";
import { toMarkdown } from "./markdown.ts";
import type { DocumentPart } from "./sheet.ts";
import { type Terminal, toText } from "./text-table.ts";

const FORMS = { table: toText, md: toMarkdown, latex: toLatex } as const;

/** @param terminal that a table is shown on; left out for pipes and files */
export const toDocument = (parts: readonly DocumentPart[], form: keyof typeof FORMS, terminal?: Terminal): string =>
  FORMS[form](parts, terminal);
