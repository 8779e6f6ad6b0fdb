// Executions and targets of each branch site of a recording.
import { ALL_KINDS, DIRECT } from "../branch.ts";
import type { RecordedEvents } from "./events.ts";

export interface RecordedSiteCount {
  /** One of the flags of branch.ts. */
  readonly kind: number;
  /** The recorded address, low and high 32 bits. */
  readonly pc: number;
  readonly pcHigh: number;
  readonly branches: number;
  readonly taken: number;
  /** Distinct addresses that it went to when taken. */
  readonly targets: number;
}

/** The distinct targets of each site, one event for each, for kinds that may have several: a direct branch has one. */
function targetsOf({ columns, count, sites }: RecordedEvents, executions: Float64Array, kinds: number): Int32Array {
  const targets = new Int32Array(sites.count);
  const seen = new Map<number, Set<number>>();
  for (let event = 1; event < count; event++) {
    if (executions[event] === 0 || columns.takens[event] === 0 || (columns.kinds[event] & kinds) === 0) continue;
    const site = columns.sites[event];
    if (columns.kinds[event] & DIRECT) {
      targets[site] = 1;
      continue;
    }
    const those = seen.get(site) ?? new Set<number>();
    seen.set(site, those.add(columns.targets[event]));
    targets[site] = those.size;
  }
  return targets;
}

/**
 * Executed sites of some kinds, in order of first execution.
 * @param executions of each event
 */
export function countSites(events: RecordedEvents, executions: Float64Array, kinds = ALL_KINDS): RecordedSiteCount[] {
  const { columns, sites } = events;
  const branches = new Float64Array(sites.count);
  const taken = new Float64Array(sites.count);
  for (let event = 1; event < events.count; event++) {
    if ((columns.kinds[event] & kinds) === 0) continue;
    branches[columns.sites[event]] += executions[event];
    taken[columns.sites[event]] += columns.takens[event] * executions[event];
  }
  const targets = targetsOf(events, executions, kinds);
  const counted: RecordedSiteCount[] = [];
  for (let site = 0; site < sites.count; site++) {
    const kind = sites.columns.kinds[site];
    if ((kind & kinds) === 0 || branches[site] === 0) continue;
    const [pc, pcHigh] = [sites.columns.pcs[site], sites.columns.pcHighs[site]];
    counted.push({ kind, pc, pcHigh, branches: branches[site], taken: taken[site], targets: targets[site] });
  }
  return counted;
}
