// Tables and paragraphs in the form that was asked for.
import { toLatex } from "./latex.ts";
import { toMarkdown } from "./markdown.ts";
import type { Part } from "./sheet.ts";
import { toText } from "./text-table.ts";

const FORMS = { table: toText, md: toMarkdown, latex: toLatex } as const;

export const toDocument = (parts: readonly Part[], form: keyof typeof FORMS): string => FORMS[form](parts);
