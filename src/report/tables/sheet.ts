// Results as people read them: tables of texts and paragraphs between them, before it is known whether that is in a terminal,
// on a page or in a paper.

/** A table. */
export interface Sheet {
  readonly title?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** So many columns stand to the left, the others to the right. */
  readonly left: number;
}

/** A table, or a paragraph. */
export type DocumentPart = Sheet | string;
