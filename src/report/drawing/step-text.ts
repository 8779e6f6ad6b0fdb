// A dispatch in words, for pages that step through branches.
import type { ExplainedStep } from "../../workbench/explanation.ts";

export const saidOf = ({ site, predicted, target, hit }: ExplainedStep): string =>
  `The branch of ${site}: the predictor says ${predicted ?? "nothing"}, it goes to ${target}: ${hit ? "right." : "mispredicted."}`;
