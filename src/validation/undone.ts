// Whether a compiler left the dispatch branches that a technique's source asks for. Compilers duplicate and merge them: gcc -O1
// and clang 19 make one indirect jump of all computed gotos, and a binary that merged them does not execute its technique.

import type { Binary } from "./binary.ts";
import { REPLICAS } from "./prepare.ts";

/** How many dispatch branches a technique's source has, and of which kind. */
export interface SourceDispatch {
  /** One for all bodies, or one at the end of each. */
  readonly sites: "shared" | "own";
  readonly kind: "jump" | "call";
}

/** What the source of each technique with a form in C asks for. */
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

/** What became of a technique. */
export type Kept =
  /** As the source has it; a few bodies may share a site, or have two. */
  | "kept"
  /** Fewer than half of the sites that the source has. */
  | "merged"
  /** Several sites where the source has one for all bodies. */
  | "duplicated"
  /** Calls where the source has tail calls, or no indirect branch at all. */
  | "replaced";

/**
 * Compares what a compiler left with what the source of a technique asks for.
 * @param technique its id; one without a form in C is taken as kept
 * @param bodies    how many the interpreter has
 * @returns what became of it, and a sentence that says so, for people; "" where it was kept
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

/** The same of a binary: what became of the technique, in a sentence; undefined where the binary has it. */
export function undone(technique: string, { sites, calls }: Pick<Binary, "sites" | "calls">, bodies: number): string | undefined {
  const { kept, what } = keptDispatch(technique, bodies, { jumps: sites.length - calls, calls });
  return kept === "kept" ? undefined : what;
}
