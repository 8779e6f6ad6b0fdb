// A table of texts with its title, before it is known whether people read it in a terminal, on a page or in a paper.

export interface Sheet {
  readonly title?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** So many columns stand to the left, the others to the right. */
  readonly left: number;
}
