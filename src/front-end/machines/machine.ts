// A real processor's front end as data: what is published of each of its parts, how sure that is, and which models stand
// for it here. Where only the number of entries of a table is known, it has sets of four or, if that does not divide it, of
// the nearest number that does.

import type { BufferLevel, CostFigures } from "./costs.ts";

/** How a figure came to us: measured on such a processor by us or by `bplab calibrate`; read in its primary source, in a secondary one, or remembered; or nothing is published. */
export const CONFIDENCES = ["measured", "primary", "secondary", "memory", "unpublished"] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** One part of a front end. */
export interface FrontEndPart {
  /** What is published of it, in a few words, with units; "" if nothing is. */
  readonly published: string;
  /** How sure that is, but for what is marked otherwise within it. */
  readonly confidence: Confidence;
  /** What stands for it and how that differs; undefined where the model does what is published. */
  readonly approximation?: string;
}

/**
 * The branch target buffer (where taken branches go); what predicts indirect jumps and calls, returns, and the directions
 * of conditionals; and what a misprediction costs.
 */
export const PARTS = ["buffer", "indirect", "returns", "direction", "penalty"] as const;

export interface Machine {
  /** What users type: "haswell". */
  readonly id: string;
  /** "Intel Haswell". */
  readonly title: string;
  /** First sold, or announced if it is a design that others build; undefined for simulators, tools, and what was never sold. */
  readonly year: number | undefined;
  /** The list of predictors that stands for it, complete: "ittage+tage+btb:holds=taken+return-stack". */
  readonly frontEnd: string;
  /** Cycles lost by one misprediction; undefined where nothing is known, which leaves it to the user. */
  readonly penaltyCycles: number | undefined;
  /** Cycles that every indirect jump and call stalls for, on a machine that predicts none. */
  readonly indirectStallCycles?: number;
  readonly parts: Readonly<Record<(typeof PARTS)[number], FrontEndPart>>;
  /** Further figures, each with what it rests on; what is missing is assumed. A penalty here is the same as the one above. */
  readonly costs?: CostFigures;
  /** Levels of the branch target buffer, the quickest first; undefined where it has one, or nothing is documented. */
  readonly levels?: readonly BufferLevel[];
  /** Where the figures stand. */
  readonly source: string;
}

/** Predictors of indirect branches whose only history, as machines use them, is the outcomes of conditionals. */
const OUTCOMES_ONLY = ["target-cache", "vpc"];

/**
 * Why a machine says nothing of programs, or undefined if it does. Its indirect predictor sees nothing but outcomes of
 * conditionals; those inside of interpreters' bodies are not among the branches that the lab makes of a program, so what
 * replays would be a table of last targets. Recordings have them.
 */
export function unfitForPrograms({ frontEnd }: Machine): string | undefined {
  const [indirect] = frontEnd.split("+").map((spec) => spec.split(":"));
  if (!OUTCOMES_ONLY.includes(indirect[0]) || indirect.some((part) => part === "history=path" || part.startsWith("targetBits=")))
    return undefined;
  return "its indirect predictor sees outcomes of conditional branches alone, and those inside of bodies are not modelled; recordings have them";
}

/** Ends approximations by models whose only history is the outcomes of conditionals. */
export const OUTCOMES_ALONE = "where no conditionals run between indirect branches, this is a table of last targets";

/** A part of which nothing is published. */
export function unpublished(approximation: string): FrontEndPart {
  return { published: "", confidence: "unpublished", approximation };
}
