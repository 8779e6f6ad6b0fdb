// Results as tidy rows: counts first, with the program, technique and front end that they belong to.
import type { CacheGeometries } from "./cache.ts";
import { type CostParameters, cyclesLost, estimatedCycles } from "./cost.ts";
import type { Footprint } from "./footprint.ts";
import type { FrontEnd } from "./front-end.ts";
import type { Size } from "./programs.ts";
import { type Counts, ROW_KINDS, type RowKind } from "./statistics.ts";

/** One line of results: one program, technique, front end and class of branches. */
export interface Row {
  readonly program: string;
  /** Undefined for a recording: it is as long as it is. */
  readonly size: Size | undefined;
  /** For a recording: RECORDED. */
  readonly technique: string;
  readonly predictor: string;
  readonly kind: RowKind;
  /** Undefined for a recording, like all that only an interpreter has. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  /** Executed branches of the class. */
  readonly branches: number;
  /** Undefined where the front end leaves some branches of the class without prediction. */
  readonly mispredictions: number | undefined;
  /** Like all that follow, of all branches, whatever the row's class. */
  readonly takenBranches: number;
  readonly calls: number;
  readonly returns: number;
  /** Undefined where the cache is not modelled. */
  readonly icacheMisses: number | undefined;
  readonly dcacheMisses: number | undefined;
  readonly footprint: Footprint | undefined;
  /** Bytes of native stack that the run needs; undefined where it does not grow with the run. */
  readonly stackBytes: number | undefined;
  /** Mispredictions of all modelled kinds × penalty, and stalls; undefined where dispatch is not modelled. */
  readonly cyclesLost: number | undefined;
  readonly estimatedCycles: number | undefined;
  /** Estimated cycles of switch under the same front end over these. */
  readonly estimatedSpeedupOverSwitch: number | undefined;
  /** The front end with everything that completes it. */
  readonly frontEnd: string;
  readonly notModelled: readonly string[];
  readonly storageBits: number;
  /** Programs that chose superinstructions and replicas; none where the technique does not choose. */
  readonly training: readonly string[];
  /** Whose native bodies the opcodes have: a measured interpreter's id, or "own". */
  readonly bodies: string;
  readonly programSha256: string;
  /** The format of a recording; undefined for a program. */
  readonly format: string | undefined;
}

/** One branch site: where mispredictions come from. */
export interface SiteRow {
  readonly program: string;
  readonly size: Size | undefined;
  readonly technique: string;
  readonly predictor: string;
  /** Byte address of the branch. */
  readonly site: number;
  readonly kind: number;
  readonly owner: string;
  /** Undefined for a recording: nobody knows. */
  readonly dispatch: boolean | undefined;
  readonly branches: number;
  /** Undefined where no model of the front end covers the branch's kind. */
  readonly mispredictions: number | undefined;
  readonly frontEnd: string;
  /** Whose native bodies the opcodes have: a measured interpreter's id, or "own". */
  readonly bodies: string;
  readonly programSha256: string;
}

/** What is known of a recording besides its rows. */
export interface RecordingNotes {
  readonly program: string;
  /** In sentences. */
  readonly notes: readonly string[];
}

/** All rows of a simulation, with what holds for every one of them. */
export interface Results {
  readonly rows: readonly Row[];
  readonly sites: readonly SiteRow[];
  readonly cost: CostParameters;
  readonly caches: CacheGeometries;
  readonly layoutSeed: number;
  /** Instructions that were replayed before counting started: virtual ones of programs, native ones of recordings. */
  readonly warmup: number;
  /** What to know of each recording. */
  readonly recordings?: readonly RecordingNotes[];
}

/** What a row is about. */
export interface Subject {
  readonly program: string;
  readonly size: Size | undefined;
  readonly technique: string;
  readonly frontEnd: FrontEnd;
  /** Whose native bodies the opcodes have: a measured interpreter's id, or "own". */
  readonly training: readonly string[];
  readonly bodies: string;
  readonly programSha256: string;
  readonly format?: string;
}

/** What stands for the technique of recorded branches, which have one already. */
export const RECORDED = "recorded";

/**
 * One row for each class of branches; of a recording nobody knows which are dispatches.
 * @param switchCounts what the same front end made of switch dispatch, for the speedup
 */
export function rowsOf(subject: Subject, counts: Counts, switchCounts: Counts | undefined, cost: CostParameters): Row[] {
  const { program, size, technique, frontEnd, training, bodies, programSha256, format } = subject;
  const cycles = estimatedCycles(counts, cost);
  const switchCycles = switchCounts && estimatedCycles(switchCounts, cost);
  const kinds = ROW_KINDS.filter((kind) => kind !== "dispatch" || technique !== RECORDED);
  return kinds.map((kind) => ({
    program,
    size,
    technique,
    predictor: frontEnd.name,
    kind,
    virtualInstructions: counts.virtualInstructions,
    nativeInstructions: counts.nativeInstructions,
    branches: counts.byKind[kind].branches,
    mispredictions: counts.byKind[kind].mispredictions,
    takenBranches: counts.takenBranches,
    calls: counts.calls,
    returns: counts.returns,
    icacheMisses: counts.icache?.misses,
    dcacheMisses: counts.dcache?.misses,
    footprint: counts.footprint,
    stackBytes: counts.stackBytes,
    cyclesLost: cyclesLost(counts, cost),
    estimatedCycles: cycles,
    estimatedSpeedupOverSwitch: cycles === undefined || switchCycles === undefined ? undefined : switchCycles / cycles,
    frontEnd: frontEnd.fullName,
    notModelled: counts.notModelled,
    storageBits: frontEnd.storageBits,
    training,
    bodies,
    programSha256,
    format,
  }));
}

/** One row for each site that executed. */
export function siteRowsOf({ program, size, technique, frontEnd, bodies, programSha256 }: Subject, counts: Counts): SiteRow[] {
  return counts.sites.map(({ site, branches, mispredictions }) => ({
    program,
    size,
    technique,
    predictor: frontEnd.name,
    site: site.address,
    kind: site.kind,
    owner: site.owner,
    dispatch: technique === RECORDED ? undefined : site.dispatch,
    branches,
    mispredictions: frontEnd.covers & site.kind ? mispredictions : undefined,
    frontEnd: frontEnd.fullName,
    bodies,
    programSha256,
  }));
}
