// A real processor's front end as data: what is published about each of its parts, how sure that is, and the models that
// represent it. If only the number of entries of a table is known, it has sets of four or, if four does not divide it, of the
// nearest number that does.

import type { BufferLevel, CostFigures } from "./costs.ts";

/** How a figure came to us: measured on such a processor by us or by `bplab calibrate`; read in its primary source, in a secondary one, or remembered; or nothing is published. */
export const CONFIDENCES = ["measured", "primary", "secondary", "memory", "unpublished"] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** One part of a front end. */
export interface FrontEndPart {
  /** The published description, in a few words, with units; "" if there is none. */
  readonly published: string;
  /** How sure that is, except for parts of the text that are marked otherwise. */
  readonly confidence: Confidence;
  /** The model that represents it and how it differs; undefined if the model does what is published. */
  readonly approximation?: string;
}

/**
 * The branch target buffer (where taken branches go); what predicts indirect jumps and calls, returns, and the directions
 * of conditionals; and what a misprediction costs.
 */
export const PARTS = ["buffer", "indirect", "returns", "direction", "penalty"] as const;

export interface Machine {
  /** The id that users type: "haswell". */
  readonly id: string;
  /** "Intel Haswell". */
  readonly title: string;
  /** Year of the first sale, or of the announcement of a licensed design; undefined for simulators, tools, and unsold processors. */
  readonly year: number | undefined;
  /** The complete list of predictors: "ittage+tage+btb:holds=taken+return-stack". */
  readonly frontEnd: string;
  /** Cycles lost by one misprediction; undefined if unknown, which leaves it to the user. */
  readonly penaltyCycles: number | undefined;
  /** Cycles that every indirect jump and call stalls for, on a machine that predicts none. */
  readonly indirectStallCycles?: number;
  readonly parts: Readonly<Record<(typeof PARTS)[number], FrontEndPart>>;
  /** Further figures, each with what it rests on; missing ones are assumed. A penalty here equals the one above. */
  readonly costs?: CostFigures;
  /** Levels of the branch target buffer, the quickest first; undefined for a single level, or if nothing is documented. */
  readonly levels?: readonly BufferLevel[];
  /** A technique whose estimated cycles a clock contradicts: rows of it are marked. */
  readonly misestimated?: { readonly technique: string; readonly why: string };
  /** Sources of the figures. */
  readonly source: string;
}

/** Predictors of indirect branches whose only history, in our machines, consists of outcomes of conditionals. */
const OUTCOMES_ONLY = ["target-cache", "vpc"];

/**
 * Why a machine is unfit for programs, or undefined. Its indirect predictor sees only outcomes of conditionals; those inside
 * of interpreters' bodies are not modelled, so the replay would be that of a table of last targets. Recordings contain them.
 */
export function unfitForPrograms({ frontEnd }: Machine): string | undefined {
  const [indirect] = frontEnd.split("+").map((spec) => spec.split(":"));
  if (!OUTCOMES_ONLY.includes(indirect[0]) || indirect.some((part) => part === "history=path" || part.startsWith("targetBits=")))
    return undefined;
  return "its indirect predictor sees outcomes of conditional branches alone, and those inside of bodies are not modelled; recordings have them";
}

/**
 * The lines that mark rows of programs on a machine: that it is unfit for them, or that their cycles are not to be believed.
 * @param techniques those of the rows
 */
export function doubtLines(machine: Machine, techniques: Iterable<string>): string[] {
  const { id, misestimated } = machine;
  const why = unfitForPrograms(machine);
  return [
    ...(why === undefined ? [] : [`${id} is unfit for programs: ${why}. Its numbers are those of another front end.`]),
    ...(misestimated !== undefined && [...techniques].some((technique) => technique.split(":")[0] === misestimated.technique)
      ? [`${id}, ${misestimated.technique}: ${misestimated.why}.`]
      : []),
  ];
}

/** Ends the approximation text of models whose only history consists of outcomes of conditionals. */
export const OUTCOMES_ALONE = "where no conditionals run between indirect branches, this is a table of last targets";

/** A part about which nothing is published. */
export function unpublished(approximation: string): FrontEndPart {
  return { published: "", confidence: "unpublished", approximation };
}
