// Summarises a file of recorded branches: kinds, sites, targets, names.
import { KINDS } from "../branch.ts";
import { unsignedOf } from "./addresses.ts";
import { type DispatchProposal, proposeDispatch } from "./dispatch-proposal.ts";
import { createEventRun } from "./event-run.ts";
import type { Recording } from "./find-recording.ts";
import { whyNoReturns } from "./partial.ts";
import type { RecordingTotals } from "./recording.ts";
import { countSites, type RecordedSiteCount } from "./site-counts.ts";
import { namedAddress, type RecordedModule } from "./symbols.ts";

/** All branches of one kind. */
export interface KindSummary {
  readonly kind: string;
  readonly sites: number;
  readonly branches: number;
  readonly taken: number;
  /** Distinct targets of a site when taken: the mean over sites, over executed branches, and the most of all sites. */
  readonly targetsPerSite: number;
  readonly targetsPerBranch: number;
  readonly mostTargets: number;
}

/** One branch. */
export interface SiteSummary {
  /** The address, hexadecimal. */
  readonly site: string;
  /** The function, else the file, and the offset in it; else the address. */
  readonly owner: string;
  readonly kind: string;
  readonly branches: number;
  readonly taken: number;
  readonly targets: number;
}

export interface RecordingSummary extends RecordingTotals {
  readonly sha256: string;
  /** A conditional form of another kind counts twice, as elsewhere. */
  readonly branches: number;
  /** Kinds that occur. */
  readonly kinds: readonly KindSummary[];
  /** The busiest first. */
  readonly sites: readonly SiteSummary[];
  /** Files with names of addresses. */
  readonly modules: readonly RecordedModule[];
  /** The branches that look like an interpreter's dispatch. */
  readonly proposal: DispatchProposal | undefined;
}

function kindSummary(kind: string, sites: readonly RecordedSiteCount[]): KindSummary {
  const sum = (value: (site: RecordedSiteCount) => number): number => sites.reduce((total, site) => total + value(site), 0);
  const branches = sum((site) => site.branches);
  return {
    kind,
    sites: sites.length,
    branches,
    taken: sum(({ taken }) => taken),
    targetsPerSite: sum(({ targets }) => targets) / sites.length,
    targetsPerBranch: sum((site) => site.targets * site.branches) / branches,
    mostTargets: sites.reduce((most, { targets }) => Math.max(most, targets), 0),
  };
}

export interface SummaryOptions {
  /** Whether to compute the SHA-256 of the file; default: yes. */
  readonly hashed?: boolean;
  /** Called now and then with the branches that were read so far. */
  readonly onProgress?: (branches: number) => void;
}

/** Reads a whole recording. @throws UsageError when it is damaged */
export async function summariseRecording(recording: Recording, { hashed, onProgress }: SummaryOptions = {}): Promise<RecordingSummary> {
  const run = createEventRun({ wanted: 0, onEvents() {}, onProgress });
  const totals = await recording.read(run.sink, hashed);
  const { symbols } = run;
  const executions = run.executions();
  const counted = countSites(run.events, executions);
  const partial = whyNoReturns(run.events, executions, totals);
  const nameOf = ({ kind }: RecordedSiteCount): string => KINDS.find(([flag]) => flag === kind)?.[1] ?? "";
  const kinds = KINDS.map(([kind, name]) =>
    kindSummary(
      name,
      counted.filter((site) => site.kind === kind),
    ),
  );
  const busiest = [...counted].sort((a, b) => b.branches - a.branches || (a.pc >>> 0) - (b.pc >>> 0));
  return {
    ...totals,
    notes: partial === undefined ? totals.notes : [...totals.notes, partial],
    branches: counted.reduce((sum, { branches }) => sum + branches, 0),
    kinds: kinds.filter(({ sites }) => sites > 0),
    sites: busiest.map((site) => {
      const address = unsignedOf(site.pc, site.pcHigh);
      const text = `0x${address.toString(16)}`;
      const found = symbols.find(address);
      const { branches, taken, targets } = site;
      return { site: text, owner: found === undefined ? text : namedAddress(found), kind: nameOf(site), branches, taken, targets };
    }),
    modules: symbols.modules,
    proposal: proposeDispatch(counted, symbols),
  };
}
