// A dispatch in words, for pages that step through a loop.
import type { ExplainedDispatch } from "../../workbench/explain.ts";

export const saidOf = ({ site, predicted, target, hit }: ExplainedDispatch): string =>
  `The branch of ${site}: the predictor says ${predicted ?? "nothing"}, it goes to ${target}: ${hit ? "right." : "mispredicted."}`;
