// Results as tidy rows: counts first, with the program, technique and front end that they belong to.
import type { Machine } from "../front-end/machines/machine.ts";
import type { Size } from "../guests/programs.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { CodeFootprint } from "../replay/code-footprint.ts";
import type { Contexts } from "../replay/contexts.ts";
import type { ModelStatistics } from "../replay/instances.ts";
import type { RowKind } from "../replay/statistics.ts";
import type { Charges, Costs } from "./cost.ts";
import type { Failure } from "./failures.ts";

/** The key of a row. */
export interface Origin {
  readonly program: string;
  /** Undefined for a recording. */
  readonly size: Size | undefined;
  /** For a recording: RECORDED. */
  readonly technique: string;
  /** Source of the opcodes' native bodies: a measured interpreter's id, or "own". */
  readonly bodies: string;
  readonly programSha256: string;
}

/** One line of results: one program, technique, front end and class of branches. */
export interface Row extends Origin {
  readonly predictor: string;
  readonly kind: RowKind;
  /** Undefined for a recording, like everything that only an interpreter has. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  /** Executed branches of the class. */
  readonly branches: number;
  /** Undefined if the front end does not predict some branches of the class. */
  readonly mispredictions: number | undefined;
  /** Correctly predicted taken branches of the class that the buffer did not hold; undefined if bubbles are not modelled. */
  readonly bubbles: number | undefined;
  /** Correctly predicted taken branches of the class for which the quick first level gave another target; undefined without such a level. */
  readonly overrides: number | undefined;
  /** Those of them, other than of indirect branches, that a level between the first and the last held; undefined without such a level. */
  readonly middles: number | undefined;
  /** Like all following fields, for branches of all classes. */
  readonly takenBranches: number;
  readonly calls: number;
  readonly returns: number;
  /** Undefined where the cache is not modelled. */
  readonly icacheMisses: number | undefined;
  readonly dcacheMisses: number | undefined;
  readonly footprint: CodeFootprint | undefined;
  /** Bytes of native stack that the run needs; undefined where it does not grow with the run. */
  readonly stackBytes: number | undefined;
  /** Contexts of dispatches, the same in rows of all classes; undefined unless requested. */
  readonly contexts: Omit<Contexts, "pairs"> | undefined;
  /** Mispredictions of all modelled kinds × penalty, and stalls; undefined where dispatch is not modelled. */
  readonly cyclesLost: number | undefined;
  readonly estimatedCycles: number | undefined;
  /** Estimated cycles of switch under the same front end over these; filled in when all techniques of a program are done. */
  readonly estimatedSpeedupOverSwitch: number | undefined;
  /** The least and the greatest speedup while all costs stay within their ranges. */
  readonly speedupRange: readonly [least: number, most: number] | undefined;
  /** Whether some other technique is faster at an IPC of 1 and slower at 4, or the other way round; undefined if IPC is not assumed. */
  readonly rankFlips: boolean | undefined;
  /** The front end with everything that completes it. */
  readonly frontEnd: string;
  readonly notModelled: readonly string[];
  readonly storageBits: number;
  /** Training programs, by which superinstructions and replicas were chosen; empty if the technique chooses none. */
  readonly training: readonly string[];
  /** The format of a recording; undefined for a program. */
  readonly format: string | undefined;
  /** The costs that the estimates of this front end assume. */
  readonly cost: CostParameters;
  /** The same, with what each cost rests on and its range of uncertainty. */
  readonly costs: Costs;
  /** Number of events for each cost; undefined if dispatch is not modelled. */
  readonly charges: Charges | undefined;
  readonly settings: Settings;
  /** The limit on instructions, if the run reached it: then the row covers only the first ones. */
  readonly window: number | undefined;
  /** What its predictors say of themselves, by their names; undefined if none says anything. */
  readonly statistics: ModelStatistics | undefined;
}

/** One class of branches in one interval of a run. */
export interface IntervalRow extends Origin {
  readonly predictor: string;
  readonly kind: RowKind;
  /** Instructions counted before the interval: virtual ones of a program, native ones of a recording. */
  readonly start: number;
  /** Undefined for a recording. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  readonly branches: number;
  readonly mispredictions: number | undefined;
  readonly bubbles: number | undefined;
  readonly overrides: number | undefined;
  readonly middles: number | undefined;
  readonly frontEnd: string;
}

/** How often a dispatch branch went to one target. The same under every front end. */
export interface TargetRow extends Origin {
  /** Byte addresses of the branch and of its target, and the owners of the code there. */
  readonly site: number;
  readonly owner: string;
  readonly target: number;
  readonly targetOwner: string;
  readonly branches: number;
}

/** One branch site: where mispredictions come from. */
export interface SiteRow extends Origin {
  readonly predictor: string;
  /** Byte address of the branch. */
  readonly site: number;
  readonly kind: number;
  readonly owner: string;
  /** Undefined for a recording whose dispatches are not named. */
  readonly dispatch: boolean | undefined;
  readonly branches: number;
  /** Undefined if no model of the front end covers the branch's kind. */
  readonly mispredictions: number | undefined;
  /** Undefined where the front end does not model them. */
  readonly bubbles: number | undefined;
  readonly overrides: number | undefined;
  readonly middles: number | undefined;
  readonly frontEnd: string;
}

/** Notes on a recording besides its rows. */
export interface RecordingNotes {
  readonly program: string;
  /** In sentences. */
  readonly notes: readonly string[];
}

/** All rows of a simulation, with facts about the whole simulation. */
export interface Results extends InputResults {
  /** Front ends that represent real processors. */
  readonly machines: readonly Machine[];
  /** Notes on each recording. */
  readonly recordings: readonly RecordingNotes[];
}

/** The results of one input. */
export interface InputResults {
  readonly rows: Row[];
  readonly sites: SiteRow[];
  /** Empty unless intervals were asked for. */
  readonly intervals: IntervalRow[];
  readonly failures: Failure[];
  /** Empty unless contexts were asked for. */
  readonly targets: TargetRow[];
}

export const noResults = (): InputResults => ({ rows: [], sites: [], intervals: [], failures: [], targets: [] });

/** Adds the results of one input, or of a part of it, to those of others. */
export function joinResults(all: InputResults, { rows, sites, intervals, failures, targets }: InputResults): void {
  all.rows.push(...rows);
  // too many for arguments of one call
  for (const site of sites) all.sites.push(site);
  for (const interval of intervals) all.intervals.push(interval);
  for (const target of targets) all.targets.push(target);
  all.failures.push(...failures);
}

/** Value of `technique` for recorded branches. */
export const RECORDED = "recorded";

/** Value of `bodies` when opcodes keep their own measured bodies. */
export const OWN_BODIES = "own";

/** The baseline of speedups. */
export const BASELINE = "switch";
