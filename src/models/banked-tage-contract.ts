// What the TAGE within TAGE-SC-L (banked-tage.ts) finds for a branch, and what can be asked of it.
import type { Inspection } from "./inspection.ts";

/** Results of a lookup: indices into `found`. */
export const FOUND = {
  HIT: 0, // the matching table with the longest history; 0 is the base
  OTHER: 1, // the matching table with the next shorter history
  LONGEST: 2, // prediction of HIT
  ALTERNATE: 3, // prediction of OTHER
  ANSWER: 4, // the chosen one of the two
  CONFIDENCE: 5, // of HIT: LOW, 1, MEDIUM or HIGH; the base is LOW or HIGH
  CHOICE: 6, // index of the choice counter
} as const;

/** Confidence of a prediction. */
export const SURE = { LOW: 0, MEDIUM: 2, HIGH: 3 } as const;

export interface BankedTage {
  /** Results of the last `look`, indexed by FOUND. */
  readonly found: Int32Array;
  /** Addresses of the last branches, 27 bits. */
  path(): number;
  /** Looks a branch up; changes only `found`. */
  look(pc: number): void;
  /** Learns an outcome after `look`. @param given the whole predictor's prediction */
  train(pc: number, taken: number, given: number): void;
  /** Updates history and path. @param bits number of history bits for this branch, 2 or 3 @returns these bits */
  push(pc: number, taken: number, bits: number): number;
  /** The steps of `look` and `train`, for a predictor that puts another one over TAGE (llbp). */
  readonly steps: BankedTageSteps;
  /** Everything that `push` changes. */
  readonly histories: readonly Int32Array[];
  /** The tables that `look` looks at, for `inspect`; changes only `found`. */
  inspect(pc: number): Inspection;
}

export interface BankedTageSteps {
  /** Chooses between LONGEST and ALTERNATE again, as `look` did. */
  choose(isAlternateSure: boolean): void;
  /** Learns whether to trust weak entries. */
  learnChoice(taken: number): void;
  /** Allocates up to two entries in tables after this one; `made` is told which. */
  allocate(taken: number, after: number, made?: (table: number) => void): void;
  /** Trains the counters of HIT, which is not the base. @param judges whether it may become useful, or cease to be */
  learn(pc: number, taken: number, judges: boolean): void;
  learnBase(pc: number, taken: number): void;
  /** Makes HIT useful. */
  protect(): void;
}
