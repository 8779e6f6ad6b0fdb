// What a test of every model is, and which models it asks less of.
import type { Parameters, Values } from "../parameters.ts";
import type { PredictorDefinition } from "./predictor.ts";

/** One thing that a model must do. */
export interface ConformanceCheck {
  /** A sentence: "gives the same answers to the same branches". */
  readonly title: string;
  /** Undefined if the model passes; otherwise what it did instead, on one line. */
  readonly run: () => string | undefined;
}

/** Whether a model stores nothing: always taken, for one. */
export const isStatic = (definition: PredictorDefinition, defaults: Values<Parameters>): boolean => definition.storageBits(defaults) === 0;
