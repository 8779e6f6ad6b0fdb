// Results for people: tables of texts with paragraphs between them, independent of the output format.

/** A table. */
export interface Sheet {
  readonly title?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Number of left-aligned columns; the others are right-aligned. */
  readonly left: number;
}

/** A table, or a paragraph. */
export type DocumentPart = Sheet | string;
