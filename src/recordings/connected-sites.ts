// Indirect branches that go to common targets. Only dispatches go to the body of a virtual instruction: calls of libraries and switches
// in functions go elsewhere. So those that are connected and execute most often are the dispatches of an interpreter.

/** An indirect branch that went to one place. */
export interface ExecutedIndirect<Address> {
  readonly site: Address;
  readonly target: Address;
  readonly executed: number;
}

export interface ConnectedSites<Address> {
  readonly sites: ReadonlySet<Address>;
  readonly executed: number;
}

/**
 * Least number of targets by which a site begins a group: stubs of a dynamic linker go to one function and, the first time, to the
 * linker, which would connect them all.
 */
export const MANY_TARGETS = 4;

/**
 * The sites with many targets, connected by common ones, that execute most often, all together; and those with fewer targets that are
 * connected to them.
 * @param branches of one kind; undefined if none of them goes to many places
 */
export function busiestConnected<Address extends bigint | number>(
  branches: readonly ExecutedIndirect<Address>[],
): ConnectedSites<Address> | undefined {
  const executed = new Map<Address, number>();
  const targets = new Map<Address, Set<Address>>();
  const sources = new Map<Address, Set<Address>>();
  const add = (to: Map<Address, Set<Address>>, key: Address, one: Address) => to.set(key, (to.get(key) ?? new Set()).add(one));
  for (const { site, target, executed: times } of branches) {
    executed.set(site, (executed.get(site) ?? 0) + times);
    add(targets, site, target);
    add(sources, target, site);
  }
  const isMany = (site: Address): boolean => (targets.get(site)?.size ?? 0) >= MANY_TARGETS;
  /** Adds the sites that go where one of these goes, and so on, of those that may be added. */
  const connected = (from: Iterable<Address>, mayBe: (site: Address) => boolean): Set<Address> => {
    const sites = new Set(from);
    const reached = new Set<Address>();
    for (const site of sites)
      for (const target of targets.get(site) ?? []) {
        if (reached.has(target)) continue;
        reached.add(target);
        for (const source of sources.get(target) ?? []) if (mayBe(source)) sites.add(source);
      }
    return sites;
  };
  const sum = (sites: Iterable<Address>): number => [...sites].reduce((all, site) => all + (executed.get(site) ?? 0), 0);
  const seen = new Set<Address>();
  let busiest: ConnectedSites<Address> | undefined;
  for (const first of executed.keys()) {
    if (seen.has(first) || !isMany(first)) continue;
    const sites = connected([first], isMany);
    for (const site of sites) seen.add(site);
    const all = sum(sites);
    if (all > (busiest?.executed ?? 0)) busiest = { sites, executed: all };
  }
  if (busiest === undefined) return undefined;
  const sites = connected(busiest.sites, () => true);
  return { sites, executed: sum(sites) };
}
