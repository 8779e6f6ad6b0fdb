// The contract of claims: a claim about interpreters and branch prediction, with the experiment that tests it. A file of claims/ named
// after the claim's id exports one; `bplab reproduce` runs the experiments and lets each claim judge its rows.

import type { Machine } from "../front-end/machines/machine.ts";
import type { CompilersReport } from "../host/compilers/compilers.ts";
import type { OptionValues } from "../options/request.ts";
import type { RowKind } from "../replay/statistics.ts";
import type { MeasureId, Published } from "../results/measures.ts";
import type { Clock } from "./clock.ts";
import { type OtherLanguage, otherLanguages } from "./other-programs.ts";
import type { Selection } from "./selection.ts";

/** Where claims come from. */
export const SOURCES = {
  rust: "Virtual Machine Dispatch Experiments in Rust",
  zig: "Zig's proposal of labeled continue on switch, with its discussion",
  zaleski: "M. Zaleski's dissertation, chapter 3, Dispatch Techniques",
  literature: "papers and posts that these lead to",
  wasm: "statements by the makers of WebAssembly interpreters",
} as const;
export type ClaimSource = keyof typeof SOURCES;

/** How sure we are of a claim's wording: read in its primary source, in a secondary one, or remembered. */
export type ClaimConfidence = "primary" | "secondary" | "memory";

/** Evidence of verdicts, the strongest last. */
export const EVIDENCE = {
  law: "true by construction: the lab implements it, and could not contradict it",
  assumption: "an estimate of cycles, whose costs are assumed or published",
  simulation: "mispredictions and branches that were counted in a replay of programs",
  compiler: "code that installed compilers made",
  clock: "cycles that a processor took",
} as const;
export type EvidenceKind = keyof typeof EVIDENCE;

export const VERDICTS = [
  "by construction",
  "reproduced",
  "reproduced in part",
  "not reproduced",
  "depends on the predictor",
  "out of reach",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A request to `simulate`; users choose the size. */
export type Experiment = Omit<OptionValues, "size" | "technique" | "maxInstructions"> & {
  readonly inputs?: readonly string[];
  readonly technique: string;
};

export interface Finding {
  readonly verdict: Verdict;
  /** What was measured, in a sentence with its numbers. */
  readonly measured: string;
  /** What the verdict rests on, where it is something else than the claim says: compilers or a clock, which were asked. */
  readonly evidence?: EvidenceKind;
}

/**
 * The same techniques on the lab's programs in another language (other-programs.ts), some of which the dissertation and its papers
 * measured. The verdict of the claim does not rest on them; they have one of their own, beside published figures for that language.
 */
export interface OnOthers {
  readonly experiment: Omit<Experiment, "inputs">;
  /** Published figures for the language, their source, and how sure they are; left out if nothing can be quoted. */
  readonly published?: Expectation;
  /** The result in a sentence with its numbers. */
  readonly measured: (rows: Selection) => string;
  /** What these rows show of the claim, and of the size of published figures that a model can compute. */
  readonly verdict?: (rows: Selection) => Verdict;
  /** What of the published figures no row here can judge, and why. */
  readonly unjudged?: string;
}

/** The same part for every other language, beside what is published of some. */
export const onEach = (
  part: Omit<OnOthers, "published" | "unjudged">,
  published: Readonly<Partial<Record<OtherLanguage, Pick<OnOthers, "published" | "unjudged">>>> = {},
): Claim["on"] => Object.fromEntries(otherLanguages.map((language) => [language, { ...part, ...published[language] }]));

/** A published value or direction, its source, and how sure it is. */
export interface Expectation {
  readonly what: string;
  readonly from: string;
  readonly confidence: ClaimConfidence;
}

/** The chart of a claim. */
export interface ChartedRows<Name extends string> {
  readonly measure: MeasureId;
  /** The class of branches; default: dispatch. */
  readonly kind?: RowKind;
  /** The experiment whose rows it shows; default: all of them. */
  readonly experiment?: Name;
  /** Published values in the measure's unit, drawn beside the measured ones. */
  readonly published?: readonly Published[];
}

/** Rows of each experiment of a claim, by the experiment's name. */
export type RowsByExperiment<Name extends string> = Readonly<Record<Name, Selection>>;

export interface Claim<Name extends string = string> {
  /** The claim in our own words. */
  readonly title: string;
  /** A quotation from the source, and its place there. */
  readonly quote: string;
  readonly source: ClaimSource;
  readonly place: string;
  /** What the verdict rests on; of several kinds of evidence, the weakest. */
  readonly evidence: EvidenceKind;
  /** Better evidence, used only on request: a processor's clock, or a compiler. */
  readonly wouldDecide?: "compiler" | "clock";
  /** The finding from installed compilers; undefined if none of them can decide. */
  readonly byCompilers?: (report: CompilersReport) => Finding | undefined;
  /** The finding from a machine's measured costs; undefined if they were not measured. */
  readonly byMachine?: (machine: Machine) => Finding | undefined;
  /** The finding from timed techniques with native code; undefined if some were not timed. */
  readonly byClock?: { readonly techniques: readonly string[]; readonly judge: (clock: Clock) => Finding | undefined };
  /** The experiment in words: programs, techniques, predictors, and the reasons for the choice. */
  readonly method: string;
  readonly experiments: Readonly<Record<Name, Experiment>>;
  readonly expected: Expectation;
  /** The verdict that the authors of the lab expect: `--strict` fails on another. */
  readonly expectedVerdict: Verdict;
  /** The one expected at size full, where it is another. */
  readonly expectedAtFull?: Verdict;
  /** The measure in its chart; default: the rate of mispredicted dispatches, or the chart that its results were made for. */
  readonly shows?: ChartedRows<NoInfer<Name>>;
  /** Judges the rows; computes everything from them. */
  readonly judge: (evidence: RowsByExperiment<Name>) => Finding;
  readonly on?: Readonly<Partial<Record<OtherLanguage, OnOthers>>>;
}

/** Gives a claim its types; returns it unchanged. */
export function defineClaim<const Name extends string>(claim: Claim<Name>): Claim<Name> {
  return claim;
}
