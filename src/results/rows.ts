// Results as tidy rows: counts first, with the program, technique and front end that they belong to.
import type { Machine } from "../front-end/machines/machine.ts";
import type { Size } from "../guests/programs.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { CodeFootprint } from "../replay/code-footprint.ts";
import type { Contexts } from "../replay/contexts.ts";
import type { RowKind } from "../replay/statistics.ts";
import type { Charges, Costs } from "./cost.ts";
import type { Failure } from "./failures.ts";

/** Whose numbers a row holds. */
export interface Origin {
  readonly program: string;
  /** Undefined for a recording: it is as long as it is. */
  readonly size: Size | undefined;
  /** For a recording: RECORDED. */
  readonly technique: string;
  /** Whose native bodies the opcodes have: a measured interpreter's id, or "own". */
  readonly bodies: string;
  readonly programSha256: string;
}

/** One line of results: one program, technique, front end and class of branches. */
export interface Row extends Origin {
  readonly predictor: string;
  readonly kind: RowKind;
  /** Undefined for a recording, like all that only an interpreter has. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  /** Executed branches of the class. */
  readonly branches: number;
  /** Undefined where the front end leaves some branches of the class without prediction. */
  readonly mispredictions: number | undefined;
  /** Taken branches of the class that were predicted right and fetched late; undefined where that is not modelled. */
  readonly bubbles: number | undefined;
  /** Taken branches of the class that were predicted right, but not by the quick first level; undefined where there is none. */
  readonly overrides: number | undefined;
  /** Like all that follow, of all branches, whatever the row's class. */
  readonly takenBranches: number;
  readonly calls: number;
  readonly returns: number;
  /** Undefined where the cache is not modelled. */
  readonly icacheMisses: number | undefined;
  readonly dcacheMisses: number | undefined;
  readonly footprint: CodeFootprint | undefined;
  /** Bytes of native stack that the run needs; undefined where it does not grow with the run. */
  readonly stackBytes: number | undefined;
  /** Where dispatches lead, whatever the row's class; undefined unless asked for. */
  readonly contexts: Omit<Contexts, "pairs"> | undefined;
  /** Mispredictions of all modelled kinds × penalty, and stalls; undefined where dispatch is not modelled. */
  readonly cyclesLost: number | undefined;
  readonly estimatedCycles: number | undefined;
  /** Estimated cycles of switch under the same front end over these; filled in when all techniques of a program are done. */
  readonly estimatedSpeedupOverSwitch: number | undefined;
  /** The least and the most that it can be while the figures stay within what is assumed or was measured of each. */
  readonly speedupRange: readonly [least: number, most: number] | undefined;
  /** Whether some other technique is faster at an IPC of 1 and slower at 4, or the other way round; undefined where IPC is not assumed. */
  readonly rankFlips: boolean | undefined;
  /** The front end with everything that completes it. */
  readonly frontEnd: string;
  readonly notModelled: readonly string[];
  readonly storageBits: number;
  /** Programs that chose superinstructions and replicas; none where the technique does not choose. */
  readonly training: readonly string[];
  /** The format of a recording; undefined for a program. */
  readonly format: string | undefined;
  /** What the estimates of this front end assume. */
  readonly cost: CostParameters;
  /** The same, with what each figure rests on and how far off it may be. */
  readonly costs: Costs;
  /** How often each thing happened that a figure is charged for; undefined where dispatch is not modelled. */
  readonly charges: Charges | undefined;
  readonly settings: Settings;
  /** The limit on instructions, where the run reached it: the row is of its first ones. Undefined where it ended before. */
  readonly window: number | undefined;
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
  readonly frontEnd: string;
}

/** How often a dispatch branch led to one place. The same under every front end. */
export interface TargetRow extends Origin {
  /** Byte addresses of the branch and of where it led, and whose code stands there. */
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
  /** Undefined for a recording of which nobody has said it. */
  readonly dispatch: boolean | undefined;
  readonly branches: number;
  /** Undefined where no model of the front end covers the branch's kind. */
  readonly mispredictions: number | undefined;
  /** Undefined where the front end does not model them. */
  readonly bubbles: number | undefined;
  readonly overrides: number | undefined;
  readonly frontEnd: string;
}

/** What is known of a recording besides its rows. */
export interface RecordingNotes {
  readonly program: string;
  /** In sentences. */
  readonly notes: readonly string[];
}

/** All rows of a simulation, with what holds for every one of them. */
export interface Results extends InputResults {
  /** Those that stand for real processors. */
  readonly machines: readonly Machine[];
  /** What to know of each recording. */
  readonly recordings: readonly RecordingNotes[];
}

/** What becomes of one input. */
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

/** What stands for the technique of recorded branches, which have one already. */
export const RECORDED = "recorded";

/** Whose bodies opcodes have that have their own. */
export const OWN_BODIES = "own";

/** What speedups compare with. */
export const BASELINE = "switch";
