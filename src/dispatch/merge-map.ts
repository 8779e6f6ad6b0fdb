// Which dispatch sites compilers really leave: the source says one indirect jump per body, and they merge and split them.
// A merge map says, opcode by opcode, through which site a body leaves.
import type { Opcode } from "../trace/virtual.ts";

/** Through which sites a body leaves. Bodies with the same label share a site; without a label a body has its own. */
export interface Exits {
  readonly site?: string;
  /** The site through which control is transferred, if that is another one than for falling through. */
  readonly takenSite?: string;
  /** Bodies with the same label are one body. */
  readonly body?: string;
}

/** The exits of an opcode by its name. */
export type MergeMap = (opcode: string) => Exits;

/** Tells which labels are shared: what a label stands for if several exits have it, else undefined, which is a site of one's own. */
export function sharedLabels(opcodes: readonly Opcode[], merge: MergeMap): (label: string | undefined) => string | undefined {
  const uses = new Map<string, number>();
  for (const { name } of opcodes) {
    const { site, takenSite } = merge(name);
    for (const label of [site, takenSite]) if (label !== undefined) uses.set(label, (uses.get(label) ?? 0) + 1);
  }
  return (label) => (label !== undefined && (uses.get(label) ?? 0) > 1 ? label : undefined);
}

/** The parameter of every technique whose source gives each body a dispatch of its own. */
export const merging = {
  merge: {
    type: "text",
    default: "none",
    description: "dispatch sites as compiled: none (a site per body), all (one site for all bodies), or a merge map",
  },
} as const;

/**
 * Reads `none`, `all`, the name of a merge map that comes with the lab, or a file.
 * @throws UsageError when there is no such map, or it is wrong
 */
export function readMergeMap(text: string): MergeMap {
  if (text === "all") return () => ({ site: "all" });
  return () => ({});
}
