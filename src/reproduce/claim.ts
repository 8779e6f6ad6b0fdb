// A claim about interpreters and branch prediction, with the experiment that tests it. A file of this folder named after the
// claim's id exports one; `bplab reproduce` runs the experiments and asks each claim what its rows say.

import type { Machine } from "../front-end/machines/machine.ts";
import type { CompilersReport } from "../host/compilers/compilers.ts";
import type { OptionValues } from "../options/request.ts";
import type { RowKind } from "../replay/statistics.ts";
import type { MeasureId, Published } from "../results/measures.ts";
import type { Clock } from "./clock.ts";
import type { Selection } from "./selection.ts";

/** Where claims come from. */
export const SOURCES = {
  rust: "Virtual Machine Dispatch Experiments in Rust",
  zig: "Zig's proposal of labeled continue on switch, with its discussion",
  zaleski: "M. Zaleski's dissertation, chapter 3, Dispatch Techniques",
  literature: "papers and posts that these lead to",
  wasm: "what is said of WebAssembly interpreters by those who make them",
} as const;
export type ClaimSource = keyof typeof SOURCES;

/** How sure we are of what a claim says: read in its primary source, in a secondary one, or remembered. */
export type ClaimConfidence = "primary" | "secondary" | "memory";

/** What verdicts rest on, the strongest last. */
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

/** What is simulated: as `simulate` takes it; the size is the user's to choose. */
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
 * The same techniques on OCaml programs, which the dissertation and the papers behind it measured. They need a compiler, so they
 * decide no verdict: what they show stands beside what was published of OCaml.
 */
export interface OnOcaml {
  /** What is simulated on the lab's OCaml programs. */
  readonly experiment: Omit<Experiment, "inputs">;
  /** What is published of OCaml, where, and how sure it is; left out where nothing can be quoted. */
  readonly published?: Expectation;
  /** What the rows say, in a sentence with its numbers. */
  readonly measured: (rows: Selection) => string;
}

/** A value or direction, where that stands, and how sure it is. */
export interface Expectation {
  readonly what: string;
  readonly from: string;
  readonly confidence: ClaimConfidence;
}

/** What a claim is about, in a chart. */
export interface ChartedRows<Name extends string> {
  readonly measure: MeasureId;
  /** The class of branches; default: dispatch. */
  readonly kind?: RowKind;
  /** The experiment whose rows it shows; default: all of them. */
  readonly experiment?: Name;
  /** What is published of it, in the measure's unit, drawn beside what was measured. */
  readonly published?: readonly Published[];
}

/** Rows of each experiment of a claim, by the experiment's name. */
export type RowsByExperiment<Name extends string> = Readonly<Record<Name, Selection>>;

export interface Claim<Name extends string = string> {
  /** The claim in a few words of ours. */
  readonly title: string;
  /** A few words of the source's own, and where they stand in it. */
  readonly quote: string;
  readonly source: ClaimSource;
  readonly place: string;
  /** What the verdict rests on; where several things do, the weakest of them. */
  readonly evidence: EvidenceKind;
  /** What would decide it better, and is asked only where users say so: a processor's clock, or a compiler. */
  readonly wouldDecide?: "compiler" | "clock";
  /** What installed compilers say; undefined where none of them can tell. */
  readonly byCompilers?: (report: CompilersReport) => Finding | undefined;
  /** What a machine's measured costs say; undefined where they were not measured. */
  readonly byMachine?: (machine: Machine) => Finding | undefined;
  /** What the cycles of techniques that have native code say; undefined where some were not timed. */
  readonly byClock?: { readonly techniques: readonly string[]; readonly judge: (clock: Clock) => Finding | undefined };
  /** What is run, in words: programs, techniques, predictors, and why these. */
  readonly method: string;
  readonly experiments: Readonly<Record<Name, Experiment>>;
  readonly expected: Expectation;
  /** The verdict that the authors of the lab expect: `--strict` fails on another. */
  readonly expectedVerdict: Verdict;
  /** What its chart shows; default: the rate of mispredicted dispatches, or the chart that its results were made for. */
  readonly shows?: ChartedRows<NoInfer<Name>>;
  /** What the rows say. Computes everything it says from them. */
  readonly judge: (evidence: RowsByExperiment<Name>) => Finding;
  readonly onOcaml?: OnOcaml;
}

/** Gives a claim its types; returns it unchanged. */
export function defineClaim<const Name extends string>(claim: Claim<Name>): Claim<Name> {
  return claim;
}
