// Results for people: tables of texts with paragraphs between them, independent of the output format.

/** How a row compares with others of its group. */
export type Mark = "best" | "worst";

/** A table. */
export interface Sheet {
  readonly title?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Number of left-aligned columns; the others are right-aligned. */
  readonly left: number;
  /** Heads of the columns that a narrow terminal leaves out, the least important first. */
  readonly drops?: readonly string[];
  /** Set if a narrow terminal shows the columns after the left-aligned ones in several tables, one below the other. */
  readonly folds?: true;
  /** The best and the worst rows, for terminals, which show them at the last left-aligned column. */
  readonly marks?: readonly (Mark | undefined)[];
}

/** A table, or a paragraph. */
export type DocumentPart = Sheet | string;
