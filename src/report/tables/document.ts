// Tables and paragraphs in the requested format.
import { toLatex } from "./latex.ts";
import { toMarkdown } from "./markdown.ts";
import type { DocumentPart } from "./sheet.ts";
import { toTerminalText } from "./text-table.ts";

const FORMS = { table: toTerminalText, md: toMarkdown, latex: toLatex } as const;

export const toDocument = (parts: readonly DocumentPart[], form: keyof typeof FORMS): string => FORMS[form](parts);
