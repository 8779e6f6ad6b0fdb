// Branch sites of a recording for counts and rows: their names, and which are an interpreter's dispatch.
import { INDIRECT } from "../branch.ts";
import { unsignedOf } from "../recordings/addresses.ts";
import type { RecordedEvents } from "../recordings/events.ts";
import type { SiteSelection } from "../recordings/site-selection.ts";
import { namedAddress, type SymbolTable } from "../recordings/symbols.ts";
import type { ExecutedCounts, SiteTable } from "../replay/statistics.ts";

/** @param dispatch which indirect branches are an interpreter's dispatch; undefined if unknown */
export function recordedSites({ sites }: RecordedEvents, symbols: SymbolTable, dispatch: SiteSelection | undefined): SiteTable {
  const { columns, count } = sites;
  const whole = (site: number): bigint => unsignedOf(columns.pcs[site], columns.pcHighs[site]);
  const isDispatch = (site: number): boolean =>
    dispatch !== undefined && (columns.kinds[site] & INDIRECT) !== 0 && dispatch.matches(whole(site), columns.kinds[site], symbols);
  return {
    count,
    kindOf: (site) => columns.kinds[site],
    isDispatch,
    siteAt(site) {
      const address = whole(site);
      const found = symbols.find(address);
      return {
        address: columns.addresses[site],
        kind: columns.kinds[site],
        dispatch: isDispatch(site),
        owner: found === undefined ? `0x${address.toString(16)}` : namedAddress(found),
      };
    },
  };
}

/** Executed branches of a recording. @param executions of each event */
export function executedEvents(
  { columns, sites, count }: RecordedEvents,
  executions: Float64Array,
  nativeInstructions: number,
): ExecutedCounts {
  const branches = new Float64Array(sites.count);
  let takenBranches = 0;
  for (let event = 1; event < count; event++) {
    branches[columns.sites[event]] += executions[event];
    takenBranches += columns.takens[event] * executions[event];
  }
  return { virtualInstructions: undefined, nativeInstructions, takenBranches, branches };
}
