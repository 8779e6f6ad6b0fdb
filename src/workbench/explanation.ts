// What `explain` gives: dispatches one after the other, with what the predictor says of every branch before and after each.
import { hexadecimal } from "../branch.ts";
import type { NamedPart } from "./named-inspection.ts";

/** One dispatch, seen from the predictor. */
export interface ExplainedStep {
  /** The branch, named by the owner of its code and its address. */
  readonly site: string;
  readonly siteAddress: number;
  /** Names of the native code predicted and reached, or the direction of a conditional; null if nothing was predicted. */
  readonly predicted: string | null;
  readonly target: string;
  readonly hit: boolean;
  /**
   * The front end's prediction for each branch, in the order of `Explained.sites`, just before and after: for a BTB its entries,
   * for a predictor with a history its prediction with the current history. Null: none.
   */
  readonly before: readonly (string | null)[];
  readonly after: readonly (string | null)[];
  /**
   * What the model that predicts this branch shows of its state for it, just before and after; empty if it shows nothing. In a
   * predictor with a history the entry after is the one that the new history selects.
   */
  readonly shownBefore: readonly NamedPart[];
  readonly shownAfter: readonly NamedPart[];
}

/** A dispatch of a loop. */
export interface ExplainedDispatch extends ExplainedStep {
  /** 1 for the first iteration of the loop. */
  readonly iteration: number;
  /** Which word of the loop executes it; null for the entry, and for techniques with a view. */
  readonly word: number | null;
}

/** A dispatch of a program. */
export interface ProgramStep extends ExplainedStep {
  /** 1 for the first dispatch that the front end predicts. */
  readonly dispatch: number;
  /** The virtual instruction that executes it, as the technique sees them, and its opcode; null for the entry. */
  readonly virtualAddress: number | null;
  readonly opcode: string | null;
}

/** Dispatches under one technique and one front end. */
interface Explained<Step extends ExplainedStep> {
  readonly technique: string;
  readonly predictor: string;
  readonly frontEnd: string;
  /** Kinds of branches that the front end predicts, in words. */
  readonly covers: string;
  /** The predicted dispatch branches that are shown, each once: the owners of their code, and their addresses. */
  readonly sites: readonly { readonly owner: string; readonly address: number }[];
  readonly dispatches: readonly Step[];
}

/** A loop, from the start until the pattern has been seen once. */
export interface Explanation extends Explained<ExplainedDispatch> {
  readonly loop: string;
  readonly dispatchesPerIteration: number;
  /** Mispredicted dispatches per iteration once the pattern repeats; the mean if the period is several iterations. */
  readonly missesPerIteration: number;
  /** The first iteration of the steady state, and the iterations after which it repeats. */
  readonly steadyFrom: number;
  readonly period: number;
  /** Dispatches per iteration that are direct calls: always right, and not listed. */
  readonly direct: number;
  /** Dispatches per iteration that no model of the front end covers: neither hit nor miss, and not listed. */
  readonly notModelled: number;
  /** Kinds of the branches by which the loop dispatches, in words. */
  readonly dispatchKinds: string;
}

/** Some dispatches of a program's run, from `from` on; those before have trained the predictor. */
export interface ProgramExplanation extends Explained<ProgramStep> {
  readonly program: string;
  readonly size: "test" | "full";
  /** The first dispatch that was asked for, from 1. */
  readonly from: number;
  /** Predicted dispatches before it, and how many of them were mispredicted. */
  readonly earlier: { readonly dispatches: number; readonly mispredictions: number };
}

/** Of which branches the predictor says something else after a dispatch than before: "A: B → GOTO". */
export function changesBy({ sites }: Pick<Explained<never>, "sites">, { before, after }: ExplainedStep): string {
  return sites
    .flatMap(({ owner, address }, i) => {
      if (before[i] === after[i]) return [];
      const several = sites.filter((site) => site.owner === owner).length > 1;
      return `${several ? `${owner} ${hexadecimal(address)}` : owner}: ${before[i] ?? "nothing"} → ${after[i] ?? "nothing"}`;
    })
    .join(", ");
}
