// How often each branch site of a recording executed, and where it went.
import { ALL_KINDS, DIRECT } from "../branch.ts";
import type { EventSite } from "./distinct-branches.ts";
import type { RecordedBlocks } from "./recorded-run.ts";

export interface CountedSite {
  readonly site: EventSite;
  readonly branches: number;
  readonly taken: number;
  /** Distinct addresses that it went to when taken. */
  readonly targets: number;
}

/** Calls back with blocks that executed, and how often. */
export type Executions = (visit: (block: number, times: number) => void) => void;

/** Sites of some kinds that executed, in the order in which they came up. */
export function countSites(blocks: RecordedBlocks, executions: Executions, kinds = ALL_KINDS): CountedSite[] {
  const times = new Float64Array(blocks.branchCount);
  executions((block, count) => {
    for (const branch of blocks.branchesOf(block)) times[branch] += count;
  });
  /** A direct branch has one target. */
  const several = ({ kind }: EventSite): boolean => (kind & DIRECT) === 0;
  const sites = blocks.sites.map((site) =>
    site.kind & kinds ? { site, branches: 0, taken: 0, targets: several(site) ? new Set<number>() : undefined } : undefined,
  );
  for (const branch of times.keys()) {
    const count = times[branch];
    if (count === 0) continue;
    for (const { site, target, taken } of blocks.eventsOf(branch)) {
      const counted = sites[site];
      if (counted === undefined) continue;
      counted.branches += count;
      counted.taken += taken * count;
      if (taken) counted.targets?.add(target);
    }
  }
  return sites.flatMap((counted) => {
    if (counted === undefined || counted.branches === 0) return [];
    const { site, branches, taken, targets } = counted;
    return [{ site, branches, taken, targets: targets?.size ?? (taken > 0 ? 1 : 0) }];
  });
}
