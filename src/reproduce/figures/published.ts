// Published figures, each beside the rows of ours that come nearest to it. What was only remembered of a paper is not here.
import type { Experiment } from "../claim.ts";
import type { OtherLanguage } from "../other-programs.ts";
import type { FigureMeasure } from "./measure.ts";

/** Read in the primary source, or in a secondary one that quotes it. */
export type Sureness = "primary" | "secondary";

export interface PublishedFigure {
  /** What was published, in a few words. */
  readonly what: string;
  /** Equal for a value. */
  readonly low: number;
  readonly high: number;
  readonly unit: "%" | "times" | "mispredictions / 1000 instructions" | "KiB";
  readonly source: string;
  readonly confidence: Sureness;
  /** Rows of ours: an experiment of a claim, or its part on programs in another language, what is chosen of it, and what is compared with what. */
  readonly ours: {
    readonly claim: string;
    readonly experiment: string | { readonly on: OtherLanguage };
    readonly technique: string;
    readonly predictor: string;
    readonly measure: FigureMeasure;
    /** What the technique and the predictor are compared with, in measures that compare. */
    readonly against?: Partial<Pick<Experiment, "technique" | "predictor">>;
  };
  /** Why ours is where it is. */
  readonly reason: string;
}

const JILP_2003 = "M. A. Ertl and D. Gregg, JILP 5, 2003";
const PLDI_2003 = "M. A. Ertl and D. Gregg, PLDI 2003, abstract";
const TOPLAS_2007 = "K. Casey, M. A. Ertl and D. Gregg, TOPLAS 29(6), 2007, abstract";
const DOT_NET_2006 = "M. A. Ertl, C. Thalinger and A. Krall, .NET Technologies 2006, abstract";
const CC_2003 = "E. Gagnon and L. Hendren, CC 2003, abstract";
const CHAPTER_5 = "M. Zaleski's dissertation, chapter 5, Evaluation of Context Threading, introduction";
const CGO_2005 = "M. Berndl, B. Vitale, M. Zaleski and A. D. Brown, CGO 2005, abstract";
const ISCA_1998 = "K. Driesen and U. Hölzle, ISCA 1998, abstract";
const ISCA_1997 = "P.-Y. Chang, E. Hao and Y. N. Patt, ISCA 1997, abstract";
const CGO_2015 = "E. Rohou, B. N. Swamy and A. Seznec, CGO 2015, as a mail to python-dev quotes it";
const LLVM_ISSUE = "LLVM issue 106846 and its comments, 2024";
const CPYTHON = "CPython, Python/ceval_macros.h, comment on computed gotos";

const SMALL_PROGRAMS = "other, smaller programs, and a mean in which each counts the same";
const SPEC = "theirs were SPECint95 and C++ programs, with branches of many kinds; ours are the dispatches of interpreters alone";
const CPYTHON_BODIES =
  "a virtual instruction of CPython takes several times our native instructions, which lowers mispredictions per 1000 of them";
const SHORT_BODIES = "bodies are short here, so that dispatch is more of the time; cycles are an estimate, and no clock was asked";
const ALL_CYCLES = "an estimate of dispatch in short bodies; theirs is the time of a whole program, with work that no technique changes";

const btb = { claim: "C39", experiment: "all", predictor: "btb", measure: "mispredicted" } as const;
const history = { claim: "C44", experiment: "all", technique: "token-threading", measure: "mispredicted" } as const;
const python = { claim: "C46", experiment: "processors", technique: "switch", measure: "per 1000 instructions" } as const;
const merged = {
  claim: "C48",
  experiment: "machines",
  technique: "direct-threading",
  measure: "times the cycles",
  against: { technique: "direct-threading:merge=all" },
} as const;
const pentium4 = {
  claim: "C33",
  experiment: "vm",
  technique: "context-threading",
  predictor: "pentium-4-northwood",
  against: { technique: "direct-threading" },
} as const;
/** Java on the Pentium 4. */
const javaOn4 = {
  claim: "C33",
  experiment: { on: "java" },
  predictor: "pentium-4-northwood",
  against: { technique: "direct-threading" },
} as const;
const JAVA_CYCLES =
  "an estimate of dispatch in bodies of median length; theirs is the time of SPECjvm98 on a virtual machine with native methods and a garbage collector";
const targetCache = { claim: "C45", experiment: "all", technique: "switch:conditional=branch", measure: "fewer mispredicted" } as const;

export const PUBLISHED_FIGURES: readonly PublishedFigure[] = [
  {
    what: "dispatches of switch that a BTB mispredicts",
    low: 81,
    high: 98,
    unit: "%",
    source: `${JILP_2003}, as a summary quotes it`,
    confidence: "secondary",
    ours: { ...btb, technique: "switch" },
    reason: SMALL_PROGRAMS,
  },
  {
    what: "dispatches of threaded code that a BTB mispredicts",
    low: 50,
    high: 63,
    unit: "%",
    source: `${JILP_2003}, as a summary quotes it`,
    confidence: "secondary",
    ours: { ...btb, technique: "direct-threading" },
    reason: SMALL_PROGRAMS,
  },
  {
    what: "indirect branches among an efficient interpreter's instructions, threaded code",
    low: 3.2,
    high: 13,
    unit: "%",
    source: `${JILP_2003}, abstract`,
    confidence: "primary",
    ours: { claim: "C40", experiment: "all", technique: "direct-threading", predictor: "btb", measure: "share of instructions" },
    reason: "theirs ran on another instruction set; Gforth's bodies on x86-64 are short",
  },
  {
    what: "indirect branches among an efficient interpreter's instructions, switch",
    low: 3.2,
    high: 13,
    unit: "%",
    source: `${JILP_2003}, abstract`,
    confidence: "primary",
    ours: { claim: "C40", experiment: "all", technique: "switch", predictor: "btb", measure: "share of instructions" },
    reason: "theirs ran on another instruction set; Gforth's bodies on x86-64 are short",
  },
  {
    what: "run time that indirect branches take in several configurations",
    low: 50,
    high: 100,
    unit: "%",
    source: `${JILP_2003}, abstract`,
    confidence: "primary",
    ours: { claim: "C41", experiment: "all", technique: "switch", predictor: "btb", measure: "lost to mispredictions" },
    reason: "a penalty of 15 cycles and 1 instruction a cycle, both assumed",
  },
  {
    what: "indirect branches of existing interpreters that BTBs predict right, switch",
    low: 2,
    high: 50,
    unit: "%",
    source: PLDI_2003,
    confidence: "primary",
    ours: { claim: "C42", experiment: "all", technique: "switch", predictor: "btb", measure: "predicted right" },
    reason: SMALL_PROGRAMS,
  },
  {
    what: "indirect branches of existing interpreters that BTBs predict right, threaded code",
    low: 2,
    high: 50,
    unit: "%",
    source: PLDI_2003,
    confidence: "primary",
    ours: { claim: "C42", experiment: "all", technique: "direct-threading", predictor: "btb", measure: "predicted right" },
    reason: SMALL_PROGRAMS,
  },
  {
    what: "greatest speedup over threaded code by replication and superinstructions",
    low: 3.17,
    high: 3.17,
    unit: "times",
    source: PLDI_2003,
    confidence: "primary",
    ours: {
      claim: "C43",
      experiment: "all",
      technique: "dynamic-both",
      predictor: "btb",
      measure: "greatest speedup",
      against: { technique: "direct-threading" },
    },
    reason: SHORT_BODIES,
  },
  {
    what: "greatest speedup over threaded code, superinstructions across basic blocks",
    low: 4.55,
    high: 4.55,
    unit: "times",
    source: TOPLAS_2007,
    confidence: "primary",
    ours: {
      claim: "C33",
      experiment: "vm",
      technique: "across-basic-blocks",
      predictor: "pentium-4-northwood",
      measure: "greatest speedup",
      against: { technique: "direct-threading" },
    },
    reason: `theirs is the best of all techniques on their processors; ${SHORT_BODIES}`,
  },
  {
    what: "fewer mispredicted branches by context threading on a Pentium 4",
    low: 95,
    high: 95,
    unit: "%",
    source: CGO_2005,
    confidence: "primary",
    ours: { ...pentium4, measure: "fewer mispredicted, all branches" },
    reason: "theirs were OCaml and Java programs; what is left are virtual branches and returns",
  },
  {
    what: "less time by context threading on a Pentium 4 (OCaml 19, Java 25)",
    low: 19,
    high: 25,
    unit: "%",
    source: CGO_2005,
    confidence: "primary",
    ours: { ...pentium4, measure: "fewer cycles" },
    reason: ALL_CYCLES,
  },
  {
    what: "fewer mispredicted branches by context threading on a Pentium 4, over OCaml and Java; ours on Java",
    low: 95,
    high: 95,
    unit: "%",
    source: CGO_2005,
    confidence: "primary",
    ours: { ...javaOn4, technique: "context-threading", measure: "fewer mispredicted, all branches" },
    reason: "other programs; calls of Java methods are all indirect here",
  },
  {
    what: "less time by context threading on a Pentium 4, Java",
    low: 25,
    high: 25,
    unit: "%",
    source: CGO_2005,
    confidence: "primary",
    ours: { ...javaOn4, technique: "context-threading", measure: "fewer cycles" },
    reason: JAVA_CYCLES,
  },
  {
    what: "less time by subroutine threading, over Java and OCaml on two processors (about 20 %); ours on Java",
    low: 20,
    high: 20,
    unit: "%",
    source: CHAPTER_5,
    confidence: "primary",
    ours: { ...javaOn4, technique: "subroutine-threading", measure: "fewer cycles" },
    reason: JAVA_CYCLES,
  },
  {
    what: "speedup by selective inlining over direct threading, Java",
    low: 1.15,
    high: 2.14,
    unit: "times",
    source: CC_2003,
    confidence: "primary",
    ours: { ...javaOn4, technique: "selective-inlining", measure: "speedup" },
    reason: JAVA_CYCLES,
  },
  {
    what: "speedup by selective inlining over switch, Java",
    low: 1.2,
    high: 2.41,
    unit: "times",
    source: CC_2003,
    confidence: "primary",
    ours: { ...javaOn4, technique: "selective-inlining", measure: "speedup", against: { technique: "switch" } },
    reason: JAVA_CYCLES,
  },
  {
    what: "greatest speedup over threaded code on a Java virtual machine, across basic blocks (compress)",
    low: 2.76,
    high: 2.76,
    unit: "times",
    source: `${TOPLAS_2007.replace(", abstract", "")}, as notes quote it`,
    confidence: "secondary",
    ours: { ...javaOn4, technique: "across-basic-blocks", measure: "greatest speedup" },
    reason: JAVA_CYCLES,
  },
  {
    what: "greatest speedup over threaded code on a Java virtual machine, static techniques (mpegaudio)",
    low: 1.83,
    high: 1.83,
    unit: "times",
    source: `${TOPLAS_2007.replace(", abstract", "")}, as notes quote it`,
    confidence: "secondary",
    ours: {
      claim: "C25",
      experiment: { on: "java" },
      technique: "static-superinstructions",
      predictor: "btb:unbounded",
      measure: "greatest speedup",
      against: { technique: "direct-threading" },
    },
    reason: `theirs with replicas too; ${JAVA_CYCLES}`,
  },
  {
    what: "greatest speedup by dynamic superinstructions, SPECjvm98 on Cacao's interpreter",
    low: 4,
    high: 4,
    unit: "times",
    source: DOT_NET_2006,
    confidence: "primary",
    ours: {
      claim: "C25",
      experiment: { on: "java" },
      technique: "dynamic-superinstructions",
      predictor: "btb:unbounded",
      measure: "greatest speedup",
      against: { technique: "direct-threading" },
    },
    reason: `theirs across basic blocks, of bodies that throw as well; ${JAVA_CYCLES}`,
  },
  {
    what: "indirect branches mispredicted, two-level, 1024 entries",
    low: 9.8,
    high: 9.8,
    unit: "%",
    source: ISCA_1998,
    confidence: "primary",
    ours: { ...history, predictor: "two-level:entries=1024" },
    reason: SPEC,
  },
  {
    what: "indirect branches mispredicted, two-level, 8192 entries",
    low: 7.3,
    high: 7.3,
    unit: "%",
    source: ISCA_1998,
    confidence: "primary",
    ours: { ...history, predictor: "two-level:entries=8192" },
    reason: SPEC,
  },
  {
    what: "indirect branches mispredicted, hybrid, 1024 entries",
    low: 8.98,
    high: 8.98,
    unit: "%",
    source: ISCA_1998,
    confidence: "primary",
    ours: { ...history, predictor: "hybrid:entries=512" },
    reason: SPEC,
  },
  {
    what: "indirect branches mispredicted, hybrid, 8192 entries",
    low: 5.95,
    high: 5.95,
    unit: "%",
    source: ISCA_1998,
    confidence: "primary",
    ours: { ...history, predictor: "hybrid:entries=4096" },
    reason: SPEC,
  },
  {
    what: "indirect branches mispredicted by processors' BTBs",
    low: 25,
    high: 25,
    unit: "%",
    source: ISCA_1998,
    confidence: "primary",
    ours: { ...history, predictor: "btb:unbounded" },
    reason: SPEC,
  },
  {
    what: "indirect jumps that a BTB predicts right, SPECint95",
    low: 51.8,
    high: 51.8,
    unit: "%",
    source: ISCA_1997,
    confidence: "primary",
    ours: { ...targetCache, predictor: "btb:sets=256", measure: "predicted right" },
    reason: "theirs is a mean over compiled programs, ours over switch interpreters",
  },
  {
    what: "fewer mispredicted indirect jumps by a target cache (gcc 63.3, perl 93.4)",
    low: 63.3,
    high: 93.4,
    unit: "%",
    source: ISCA_1997,
    confidence: "primary",
    ours: { ...targetCache, predictor: "target-cache:history=path:skipBits=4", against: { predictor: "btb:sets=256" } },
    reason:
      "by a path of targets' higher bits; by outcomes, as published, there is little to see: conditional branches inside bodies are not in the trace",
  },
  {
    what: "mispredictions of CPython's switch on Nehalem",
    low: 12.8,
    high: 12.8,
    unit: "mispredictions / 1000 instructions",
    source: CGO_2015,
    confidence: "secondary",
    ours: { ...python, predictor: "nehalem" },
    reason: `${CPYTHON_BODIES}; how Nehalem predicts is not published`,
  },
  {
    what: "mispredictions of CPython's switch on Sandy Bridge",
    low: 3.5,
    high: 3.5,
    unit: "mispredictions / 1000 instructions",
    source: CGO_2015,
    confidence: "secondary",
    ours: { ...python, predictor: "sandy-bridge" },
    reason: `${CPYTHON_BODIES}; how Sandy Bridge predicts is not published`,
  },
  {
    what: "mispredictions of CPython's switch on Haswell",
    low: 1.4,
    high: 1.4,
    unit: "mispredictions / 1000 instructions",
    source: CGO_2015,
    confidence: "secondary",
    ours: { ...python, predictor: "haswell" },
    reason: `${CPYTHON_BODIES}; how Haswell predicts is not published`,
  },
  {
    what: "mispredictions with TAGE and ITTAGE, at most",
    low: 0,
    high: 0.5,
    unit: "mispredictions / 1000 instructions",
    source: CGO_2015,
    confidence: "secondary",
    ours: { claim: "C46", experiment: "all", technique: "switch", predictor: "ittage", measure: "per 1000 instructions" },
    reason: `${CPYTHON_BODIES}; at size full warming up weighs less`,
  },
  {
    what: 'faster by computed gotos, "up to"',
    low: 1.15,
    high: 1.2,
    unit: "times",
    source: CPYTHON,
    confidence: "primary",
    ours: {
      claim: "C5",
      experiment: "all",
      technique: "direct-threading",
      predictor: "btb",
      measure: "speedup",
      against: { technique: "switch" },
    },
    reason: ALL_CYCLES,
  },
  {
    what: "faster by computed gotos in a toy machine of 7 opcodes",
    low: 1.25,
    high: 1.25,
    unit: "times",
    source: "E. Bendersky, Computed goto for efficient dispatch tables, 2012, as notes quote it",
    confidence: "secondary",
    ours: {
      claim: "C5",
      experiment: "all",
      technique: "direct-threading",
      predictor: "ittage",
      measure: "speedup",
      against: { technique: "switch" },
    },
    reason: "on a processor whose kind is not said; cycles are an estimate",
  },
  {
    what: "time of Ajla on Sandy Bridge with its gotos merged by clang 19",
    low: 1.21,
    high: 1.21,
    unit: "times",
    source: LLVM_ISSUE,
    confidence: "primary",
    ours: { ...merged, predictor: "sandy-bridge" },
    reason: "how Sandy Bridge predicts is not published; ours are not Ajla's bodies",
  },
  {
    what: "time of Ajla on Zen 4 with its gotos merged by clang 19",
    low: 1.07,
    high: 1.07,
    unit: "times",
    source: LLVM_ISSUE,
    confidence: "primary",
    ours: { ...merged, predictor: "zen-4" },
    reason:
      "nearly every dispatch of a merged jump is overridden, which costs more where bodies are short; timings of our own programs, merged by gcc, are 1.6 times those with their own jumps (docs/cycles.md)",
  },
  {
    what: "jump tables of 200 prongs with 200 tags, 4 bytes an entry",
    low: 156.25,
    high: 156.25,
    unit: "KiB",
    source: "the proposal of labeled continue in Zig, How to Lower this to LLVM",
    confidence: "primary",
    ours: {
      claim: "C15",
      experiment: "tags",
      technique: "replicated-switch:tables=private",
      predictor: "btb:unbounded",
      measure: "tables",
    },
    reason: "arithmetic",
  },
];
