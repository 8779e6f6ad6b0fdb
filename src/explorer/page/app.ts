// What all panels share: the state, how to change it, and what the lab has answered.
import type { LabFile, Lists, ResultRecord } from "../protocol.ts";
import type { State } from "../state.ts";
import type { Lab } from "./lab.ts";

/** What is known of one column of the table. */
export interface ColumnAnswer {
  readonly rows: readonly ResultRecord[];
  /** Whether a newer answer is on its way, so that these rows may be those of other settings. */
  readonly stale: boolean;
  readonly error: string | undefined;
}

export interface App {
  readonly lists: Lists;
  readonly lab: Lab;
  state(): State;
  /** @param quiet whether the step is too small for a place of its own in the history, as of a slider that is dragged */
  change(changed: Partial<State>, quiet?: boolean): void;
  /** Files that were dropped on the page: they are not part of the address. */
  files(): readonly LabFile[];
  addFile(file: LabFile): void;
  /** Rows of a file of results that was dropped, by the name under which each of its programs can be chosen. */
  results(): ReadonlyMap<string, readonly ResultRecord[]>;
  addResults(results: ReadonlyMap<string, readonly ResultRecord[]>): void;
  column(frontEnd: string): ColumnAnswer;
  /** Ends everything that runs. */
  stop(): void;
  /** Asks again for what was stopped. */
  again(): void;
  /** Says something to readers of screens, and below the header. */
  say(message: string): void;
}

/** A part of the page. */
export interface Panel {
  readonly element: HTMLElement;
  /** Shows the state, and what is known. */
  show(): void;
}
