// Predictors that failed, and their messages instead of rows.
import { counted } from "../numbers.ts";
import { groupBy } from "./group-by.ts";

/** A predictor that failed, where, and how; it has no rows. A user's own, or one whose worker ended. */
export interface Failure {
  readonly program: string;
  readonly technique: string;
  readonly predictor: string;
  readonly message: string;
  /** The stack, if it was our bug. */
  readonly bug?: string;
}

/** A line for each predictor that failed, and each way in which it did. */
export function failureLines(failures: readonly Failure[]): string[] {
  const ways = groupBy(failures, ({ predictor, message }) => JSON.stringify([predictor, message]));
  return [...ways.values()].map(([{ message, program, technique }, ...others]) => {
    const more = others.length === 0 ? "" : ` and in ${counted(others.length, "more run")}`;
    return `${message} (on ${program} with ${technique}${more}, without results)`;
  });
}
