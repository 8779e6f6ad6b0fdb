// The contract that a branch predictor fulfils: three verbs on numbers. The lab owns the loop and the
// scoring; a model is asked, told, and kept informed, and never sees a branch before it must answer.
import type { Parameters, Values } from "../parameters.ts";

/**
 * One instance of a model, its state in the closure that made it. Addresses are the low 32 bits of native
 * byte addresses as Int32; `NONE` is no address.
 *
 * For every branch of a kind that the model answers for, the lab calls `predict`, scores, then calls `train`
 * with the same pc; then `track` is called for every branch of the kinds that the model tracks, its own or not.
 */
export interface Predictor {
  /**
   * Where the branch at `pc` goes: a target address or `NONE`; for a conditional 1 (taken) or 0. Changes nothing
   * that a later answer depends on.
   * @param staticTarget the target of a direct branch as a decoder knows it, taken or not; else `NONE`
   */
  predict(pc: number, staticTarget: number): number;
  /**
   * Learns one branch that this model answered for.
   * @param target where it went: the address of its successor
   * @param taken  1, or 0 for a conditional that fell through
   */
  train(pc: number, target: number, taken: number): void;
  /**
   * Moves histories and stacks on, once for every branch of the kinds in `tracks`, in program order. A conditional return, call
   * or indirect jump, which some recordings have, is a conditional where it falls through; where it is taken, it is told as a
   * return, call or indirect jump to a model that tracks these, and else as a conditional.
   * @param kind one of the flags of branch.ts
   * @param next the address after the branch: where a return from this call goes. In a recorded trace without
   *             instruction lengths it is `pc` itself, and the lab scores a return as right up to 15 bytes after what
   *             was predicted.
   */
  track?(pc: number, target: number, taken: number, kind: number, next: number): void;
}

/** A small loop, and how often it is mispredicted once the pattern repeats: a test that stands with the model. */
export interface Example {
  /** Virtual instructions, the last one jumping back to the first: "A B A GOTO". */
  readonly loop: string;
  /** The dispatch technique: "direct-threading". */
  readonly technique: string;
  readonly missesPerIteration: number;
}

/** What a predictor's file exports as its default. */
export interface PredictorDefinition<P extends Parameters = Parameters> {
  /** A name for people: "Indirect two-level, path history". */
  readonly title: string;
  /** Authors, title, venue, year; where this model departs from it; how sure we are. */
  readonly source: string;
  /** The kinds of branches that it predicts (flags of branch.ts); may depend on its parameters. */
  readonly covers: number | ((values: Values<P>) => number);
  /** The kinds of branches that `track` wants to see; none without it; may depend on its parameters. */
  readonly tracks?: number | ((values: Values<P>) => number);
  /**
   * The kinds of taken branches that have an entry in it although another model predicts them, as in a processor's branch
   * target buffer; none without it. It is asked and trained by `predict` and `train` for those as well. Where it does not
   * know the target of a direct branch, or holds nothing (`NONE`) for another, fetching goes straight on until the branch
   * is decoded: if the branch was predicted right, that is a front-end bubble, and no misprediction.
   */
  readonly fetches?: number | ((values: Values<P>) => number);
  /**
   * The kinds of branches to which it gives a quick first answer that the other models override, like the first level of a
   * processor's branch target buffer; none without it. It is asked and trained by `predict` and `train`, and predicts nothing
   * itself. A taken branch that was predicted right, but to which it gave another target (for a return: `NONE`), is an
   * override: fetching turned round within a few cycles.
   */
  readonly answersFirst?: number | ((values: Values<P>) => number);
  /**
   * The kinds for which its answer `NONE` passes the question on to the front end's predictor of indirect jumps, which
   * then learns the branch too; none without it.
   */
  readonly passesOn?: number | ((values: Values<P>) => number);
  readonly parameters: P;
  /** Says in one line why values that are each in range do not go together ("ways must divide entries"). */
  readonly check?: (values: Values<P>) => string | undefined;
  /** Bits of storage that the hardware would need: 0 for a static model, Infinity for an unbounded one. */
  readonly storageBits: (values: Values<P>) => number;
  readonly create: (values: Values<P>) => Predictor;
  /** What `bplab check` compares with `bplab explain`, parameters at their defaults. */
  readonly examples?: readonly Example[];
}

/** Gives a predictor's definition its types; returns it unchanged. */
export function definePredictor<const P extends Parameters>(definition: PredictorDefinition<P>): PredictorDefinition<P> {
  return definition;
}

/** What a definition says about kinds of branches. */
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
