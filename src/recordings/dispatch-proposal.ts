// Proposes the branches of a recording that look like an interpreter's dispatch: the busiest indirect branches of one kind in one
// function or near each other, if one of them has many targets. This is a guess; users who know the interpreter name it.
import { INDIRECT, KINDS } from "../branch.ts";
import { unsignedOf } from "./addresses.ts";
import { MANY_TARGETS } from "./connected-sites.ts";
import type { RecordedSiteCount } from "./site-counts.ts";
import type { SymbolTable } from "./symbols.ts";

/** Most bytes between sites of one interpreter if functions have no names. */
const NEAR = 2048n;

export interface DispatchProposal {
  /** As `--dispatch` takes it: "caml_interprete:indirect-jump". */
  readonly text: string;
  readonly sites: number;
  readonly branches: number;
  /** Of all indirect jumps and calls. */
  readonly share: number;
}

interface Placed extends RecordedSiteCount {
  readonly address: bigint;
  /** The function; undefined where it has no name. */
  readonly name: string | undefined;
}

/** Sites of one kind that lie together. */
function groupsOf(sites: readonly Placed[]): Placed[][] {
  const named = new Map<string, Placed[]>();
  const groups: Placed[][] = [];
  let last: Placed | undefined;
  for (const site of sites) {
    const group = site.name === undefined ? undefined : named.get(site.name);
    const near = site.name === undefined && last !== undefined && last.name === undefined && site.address - last.address <= NEAR;
    if (group !== undefined) group.push(site);
    else if (near) groups[groups.length - 1].push(site);
    else groups.push([site]);
    if (site.name !== undefined && group === undefined) named.set(site.name, groups[groups.length - 1]);
    last = site;
  }
  return groups;
}

const sumOf = (sites: readonly RecordedSiteCount[]): number => sites.reduce((sum, { branches }) => sum + branches, 0);

const hex = (address: bigint): string => `0x${address.toString(16)}`;

/** Undefined where no branch looks like one. */
export function proposeDispatch(sites: readonly RecordedSiteCount[], symbols: SymbolTable): DispatchProposal | undefined {
  const indirect = sites
    .filter(({ kind }) => (kind & INDIRECT) !== 0)
    .map((counted): Placed => {
      const address = unsignedOf(counted.pc, counted.pcHigh);
      const found = symbols.find(address);
      return { ...counted, address, name: found === undefined || found.name === found.module ? undefined : found.name };
    })
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const candidates = KINDS.flatMap(([kind, kindName]) =>
    groupsOf(indirect.filter((site) => site.kind === kind)).map((group) => ({ group, kindName, branches: sumOf(group) })),
  );
  const [busiest] = candidates
    .filter(({ group }) => group.some(({ targets }) => targets >= MANY_TARGETS))
    .sort((a, b) => b.branches - a.branches);
  if (busiest === undefined) return undefined;
  const { group, kindName, branches } = busiest;
  const [first] = group;
  const place =
    first.name ?? (group.length === 1 ? hex(first.address) : `${hex(first.address)}-${hex(group[group.length - 1].address + 1n)}`);
  return { text: `${place}:${kindName}`, sites: group.length, branches, share: branches / sumOf(indirect) };
}
