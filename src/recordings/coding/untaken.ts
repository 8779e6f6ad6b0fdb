// Branches that were not taken although their kind has no condition: predicated ones, which ARM has. In every format such a
// branch counts as the conditional form of its kind, and fell through.
import { CONDITIONAL, JUMP } from "../../branch.ts";
import { whole } from "../../numbers.ts";

/** The conditional form of a kind. */
export const conditionalForm = (kind: number): number => (kind === JUMP ? CONDITIONAL : kind | CONDITIONAL);

/** Whether a branch is a conditional only by this rule. */
export const isUntaken = (kind: number, taken: number): boolean => taken === 0 && (kind & CONDITIONAL) === 0;

/** A reader's note about the executions of such branches, if there were any. */
export const untakenNotes = (count: number): readonly string[] =>
  count === 0
    ? []
    : [
        `${count === 1 ? "1 branch was" : `${whole(count)} branches were`} not taken although ${count === 1 ? "its kind has" : "their kinds have"} no condition (predicated instructions): ` +
          `${count === 1 ? "it counts as a conditional that" : "they count as conditionals that"} fell through.`,
      ];
