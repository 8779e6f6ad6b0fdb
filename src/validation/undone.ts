// Detects compilers that undo a technique. Compilers duplicate and merge dispatch branches: gcc -O1 and clang 19 make one indirect
// jump from all computed gotos, and such a binary does not execute its technique.

import type { Binary } from "./binary.ts";
import { REPLICAS } from "./prepare.ts";

/** Number and kind of the dispatch branches in a technique's source. */
export interface SourceDispatch {
  /** One for all bodies, or one at the end of each. */
  readonly sites: "shared" | "own";
  readonly kind: "jump" | "call";
}

/** The source dispatch of each technique with a form in C. */
const SOURCES: Readonly<Record<string, SourceDispatch>> = {
  switch: { sites: "shared", kind: "jump" },
  "call-threading": { sites: "shared", kind: "call" },
  "direct-threading": { sites: "own", kind: "jump" },
  "indirect-threading": { sites: "own", kind: "jump" },
  "token-threading": { sites: "own", kind: "jump" },
  "token-threading-shared-next": { sites: "shared", kind: "jump" },
  "tail-call-threading": { sites: "own", kind: "jump" },
  "tail-call-dispatcher": { sites: "shared", kind: "jump" },
  "tail-call-no-elimination": { sites: "own", kind: "call" },
  "replicated-switch": { sites: "own", kind: "jump" },
};

/** Indirect branches in the functions of a compiled interpreter. */
export interface LeftDispatch {
  readonly jumps: number;
  readonly calls: number;
}

/** How a compiler changed a technique. */
export type Kept =
  /** Kept; a few bodies may share a site, or have two. */
  | "kept"
  /** Fewer than half of the sites that the source has. */
  | "merged"
  /** Several sites where the source has one for all bodies. */
  | "duplicated"
  /** Calls where the source has tail calls, or no indirect branch at all. */
  | "replaced";

/**
 * Compares the compiled dispatch with that of a technique's source.
 * @param technique its id; one without a form in C counts as kept
 * @param bodies    number of the interpreter's bodies
 * @returns the result, and a sentence for people; "" if the dispatch was kept
 */
export function keptDispatch(
  technique: string,
  bodies: number,
  { jumps, calls }: LeftDispatch,
): { readonly kept: Kept; readonly what: string } {
  const source = SOURCES[technique];
  if (source === undefined) return { kept: "kept", what: "" };
  const [left, other] = source.kind === "jump" ? [jumps, calls] : [calls, jumps];
  const [name, otherName] = source.kind === "jump" ? ["indirect jumps", "indirect calls"] : ["indirect calls", "indirect jumps"];
  const wanted = source.sites === "shared" ? 1 : technique === "replicated-switch" ? REPLICAS : bodies;
  if (left < Math.min(wanted, 1 + wanted / 2) && other > left)
    return { kept: "replaced", what: `the compiler left ${other} ${otherName} where the source has ${wanted} ${name}` };
  if (left === 0) return { kept: "replaced", what: `the compiler left no ${name}, where the source has ${wanted}: it compares instead` };
  if (left < wanted / 2)
    return {
      kept: "merged",
      what: `the compiler merged ${wanted} dispatches into ${left}: what runs predicts like a switch, not like ${technique}`,
    };
  if (source.sites === "shared" && left > 1)
    return {
      kept: "duplicated",
      what: `the compiler made ${left} ${name} of the one in the source: what runs predicts like threaded code`,
    };
  return { kept: "kept", what: "" };
}

/** The same for a binary: a sentence, or undefined if the dispatch was kept. */
export function undone(technique: string, { sites, calls }: Pick<Binary, "sites" | "calls">, bodies: number): string | undefined {
  const { kept, what } = keptDispatch(technique, bodies, { jumps: sites.length - calls, calls });
  return kept === "kept" ? undefined : what;
}
