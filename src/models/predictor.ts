// The contract of branch predictors: three functions on numbers. The lab runs the loop and keeps the score; a model
// predicts a branch, then trains on it, then tracks it, and never sees an outcome before it predicts.
import type { Parameters, Values } from "../parameters.ts";
import type { Inspection } from "./inspection.ts";

/**
 * What a model may ask for beside the address of a branch, where the trace has it:
 *
 * - gap: native instructions since the branch before, of whatever kind, this one included. Recorded branches have it.
 * - highAddressBits: bits 32 to 63 of the branch's address. Recorded branches have them; native code of the lab lies below 4 GB, so
 *   they are 0 for programs. `pc` is then the address's low 32 bits as they were recorded; elsewhere an address whose low bits another
 *   one has already gets bits of its own.
 * - virtualAddress: of the virtual instruction that executes the branch. Programs have it; at the first dispatch it is 0x7fffffff.
 * - nextVirtualAddress: where the interpreter's virtual program counter points: at a dispatch to the virtual instruction that is
 *   dispatched, at another branch to the one that executes it. Programs have it.
 * - opcode: the number, from 0 on, of the opcode that stands there: what an interpreter has loaded when it dispatches.
 */
export const CONTEXTS = ["gap", "highAddressBits", "virtualAddress", "nextVirtualAddress", "opcode"] as const;
export type Context = (typeof CONTEXTS)[number];

/** What a model says of itself when a run is over. */
export type Statistics = Readonly<Record<string, number | string>>;

/**
 * One instance of a model, with its state in the closure that made it. Addresses are the low 32 bits of native
 * byte addresses as Int32; `NONE` means no address.
 *
 * For every branch that the model predicts, the lab calls `predict`, scores, then calls `train` with the same pc;
 * then `track` is called for every branch of the kinds that the model tracks, whether it predicts them or not.
 *
 * The last arguments of all three, `context`, are what the model `declares`, in that order: an Int32 each, the same in all three
 * calls for one branch; none without it.
 */
export interface Predictor {
  /**
   * Predicts the branch at `pc`: a target address or `NONE`; for a conditional 1 (taken) or 0. Changes nothing
   * that a later prediction depends on.
   * @param staticTarget the target of a direct branch as a decoder sees it, taken or not; otherwise `NONE`
   */
  predict(pc: number, staticTarget: number, ...context: number[]): number;
  /**
   * Learns one branch that this model predicted.
   * @param target the address of the next instruction
   * @param taken  1, or 0 for a conditional that fell through
   */
  train(pc: number, target: number, taken: number, ...context: number[]): void;
  /**
   * Updates histories and stacks, once for every branch of the kinds in `tracks`, in program order. A conditional return, call
   * or indirect jump, which some recordings have, is a conditional if it falls through; if it is taken, it is passed as a
   * return, call or indirect jump to a model that tracks these, otherwise as a conditional.
   * @param kind one of the flags of branch.ts
   * @param next the address after the branch, where a return from this call goes. In a recorded trace without
   *             instruction lengths it is `pc` itself, and the lab scores a return as right up to 15 bytes after the
   *             prediction.
   */
  track?(pc: number, target: number, taken: number, kind: number, next: number, ...context: number[]): void;
  /**
   * Whether each of the branches at these addresses has an entry of its own, whichever of them execute in whatever order: what it
   * predicts is the target that it was last trained with, and `train` changes nothing else but how recently the entry was used.
   * The lab may then leave out all but the last of several `train` in a row, and count what it predicts in between itself. Only
   * the lab's own models are asked.
   */
  separates?(addresses: readonly number[]): boolean;
  /**
   * Set by a model that is told of calls and returns if a return directly after the call that it belongs to is always predicted
   * correctly, and the two leave no trace if another call follows: a return stack.
   */
  readonly absorbsPairs?: boolean;
  /**
   * Arrays, or parts of arrays, that hold everything that `track` changes and that `predict` or `train` reads: the histories. With them
   * a branch can be trained some branches later, with the histories that it was predicted with (--update-delay). A model that tracks
   * branches and does not have it cannot be trained late.
   */
  readonly histories?: readonly (Int32Array | Int8Array)[];
  /**
   * Asked once, of a new instance: the function that it returns puts the instance back to how it was made, however often it is called
   * (renewal.ts). Then short replays, one after the other, run on one instance, whose code stays compiled. Only the lab's own models
   * are asked; one without it is made anew for every replay.
   */
  renewal?(): () => void;
  /**
   * The level of the buffer that gave the last prediction, 1 for the quickest, 0 if none did. A model that states `levels` has it.
   */
  level?(): number;
  /**
   * Asked once, when the run is over, for figures of the model's own, a name and a finite number or a text each. They stand in the
   * JSON of `simulate` as `predictor_statistics`. They are of the whole run, a warm-up included, and after a flush of what came since.
   */
  finish?(): Statistics;
  /**
   * Shows the state that `predict` with the same arguments would use: the entry of a table, a history, a stack. It changes nothing.
   * Pages that step through branches draw it; no count depends on it. It may allocate: only a few branches are shown.
   */
  inspect?(pc: number, staticTarget: number, ...context: number[]): Inspection;
}

/** A small loop, and how often it is mispredicted once the pattern repeats: a test in the model's own file. */
export interface Example {
  /** Virtual instructions, the last one jumping back to the first: "A B A GOTO". */
  readonly loop: string;
  /** The dispatch technique: "direct-threading". */
  readonly technique: string;
  readonly missesPerIteration: number;
}

/** The default export of a predictor's file. */
export interface PredictorDefinition<P extends Parameters = Parameters> {
  /** A name for people: "Indirect two-level, path history". */
  readonly title: string;
  /** Authors, title, venue, year; where this model departs from it; how sure we are. */
  readonly source: string;
  /** The kinds of branches that it predicts (flags of branch.ts); may depend on its parameters. */
  readonly covers: number | ((values: Values<P>) => number);
  /** The kinds of branches for which `track` is called; none if left out; may depend on its parameters. */
  readonly tracks?: number | ((values: Values<P>) => number);
  /**
   * The kinds of taken branches that have an entry in this model although another model predicts them, as in a processor's
   * branch target buffer; none if left out. `predict` and `train` are called for them as well. If the model does not know the
   * target of a direct branch, or holds nothing (`NONE`) for another branch, fetching continues straight on until the branch
   * is decoded: if the branch was predicted correctly, that is a front-end bubble, not a misprediction.
   */
  readonly fetches?: number | ((values: Values<P>) => number);
  /**
   * The kinds of branches for which it gives a quick first prediction that the other models override, like the first level of a
   * processor's branch target buffer; none if left out. `predict` and `train` are called for them, but the model's prediction is
   * not scored. A taken branch that was predicted correctly, but for which this model gave another target (for a return:
   * `NONE`), is an override: fetching is redirected after a few cycles.
   */
  readonly answersFirst?: number | ((values: Values<P>) => number);
  /**
   * Levels of a buffer, that is of a model that `fetches`; 1 if left out; may depend on its parameters. With two or more, `level` says
   * which one answered, and the first of them answers first: a correctly predicted taken branch that it did not hold, or for which
   * it gave another target, is an override.
   */
  readonly levels?: number | ((values: Values<P>) => number);
  /**
   * The kinds for which its prediction `NONE` passes the branch on to the front end's predictor of indirect jumps, which
   * then learns the branch too; none if left out.
   */
  readonly passesOn?: number | ((values: Values<P>) => number);
  /**
   * What it is told of each branch beside the address, as further arguments, in this order; nothing without it; may depend on its
   * parameters. A run whose trace does not have it is refused by name.
   */
  readonly declares?: readonly Context[] | ((values: Values<P>) => readonly Context[]);
  readonly parameters: P;
  /** Returns one line if values that are each in range do not fit together ("ways must divide entries"). */
  readonly check?: (values: Values<P>) => string | undefined;
  /** Bits of storage that the hardware would need: 0 for a static model, Infinity for an unbounded one. */
  readonly storageBits: (values: Values<P>) => number;
  readonly create: (values: Values<P>) => Predictor;
  /** Examples that `bplab check` compares with `bplab explain`, with parameters at their defaults. */
  readonly examples?: readonly Example[];
}

/** Gives a predictor's definition its types; returns it unchanged. */
export function definePredictor<const P extends Parameters>(definition: PredictorDefinition<P>): PredictorDefinition<P> {
  return definition;
}

/** A definition's sets of branch kinds. */
export const KIND_SETS = ["covers", "tracks", "fetches", "answersFirst", "passesOn"] as const;
export type KindSet = (typeof KIND_SETS)[number];

/** These sets for one choice of parameters. */
export function kindSets<P extends Parameters>(definition: PredictorDefinition<P>, values: Values<P>): Record<KindSet, number> {
  const sets = KIND_SETS.map((name) => {
    const set = definition[name] ?? 0;
    return [name, typeof set === "function" ? set(values) : set];
  });
  return Object.fromEntries(sets) as Record<KindSet, number>;
}

/** A definition's levels of a buffer for one choice of parameters. */
export function levelsOf<P extends Parameters>({ levels = 1 }: PredictorDefinition<P>, values: Values<P>): number {
  return typeof levels === "function" ? levels(values) : levels;
}

/** What a definition asks for beside addresses, for one choice of parameters. */
export function declaredBy<P extends Parameters>({ declares = [] }: PredictorDefinition<P>, values: Values<P>): readonly Context[] {
  return typeof declares === "function" ? declares(values) : declares;
}

/** What is wrong with the figures that a model gives of itself; undefined if nothing is. */
export function statisticsTrouble(statistics: unknown): string | undefined {
  if (typeof statistics !== "object" || statistics === null || Array.isArray(statistics))
    return `finish must return an object with a number or a text for each name, got ${Array.isArray(statistics) ? "a list" : String(statistics)}`;
  const wrong = Object.entries(statistics).find(([, value]) => typeof value !== "string" && !Number.isFinite(value));
  return wrong === undefined
    ? undefined
    : `finish must return finite numbers or texts, got ${wrong[0]}: ${typeof wrong[1] === "object" ? JSON.stringify(wrong[1]) : String(wrong[1])}`;
}
