// Branches of a block that are replayed as one. A model that keeps for each branch an entry of its own, with nothing in it but
// the last target, needs to be asked once for a site that a block executes several times: from the second time on, the block
// itself says whether the prediction is right, and of all targets only the last is remembered.
//
// Embench's huffbench as WebAssembly, 314 million virtual instructions, btb, million a CPU second (tracing included, three runs in
// turns, medians): switch 325 → 482, token threading 180 → 301, direct threading 185 → 295.
import type { LoweredBranch } from "../dispatch/lowering.ts";
import { NEXT } from "../dispatch/native-code.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Predictor } from "../models/predictor.ts";

/** Branches that may be replayed as one. */
export interface Merging {
  /** Their kinds. */
  readonly kinds: number;
  /** Kinds of all branches that their model predicts. */
  readonly owned: number;
  /** Whether branches at these addresses do not disturb each other. */
  separates(addresses: readonly number[]): boolean;
}

/** One or several executions of a site within a block. */
export interface MergedBranch {
  /** The first execution, whose prediction is not known in advance. */
  readonly first: LoweredBranch;
  /** The target of the last execution, or NEXT. */
  learned: number;
  /** Mispredictions of all executions but the first. */
  repeatedMisses: number;
}

/** What a front end lets be merged: the branches of one model that no other model is told of. Undefined if there are none. */
export function mergingOf(frontEnd: FrontEnd, models: readonly Predictor[]): Merging | undefined {
  const { ownerOf, spareOf, fetches, answersFirst } = frontEnd;
  if (fetches !== 0 || answersFirst !== 0 || spareOf.size > 0) return undefined;
  const owner = models.findIndex(({ separates }, i) => separates !== undefined && !frontEnd.models[i].foreign);
  if (owner < 0 || frontEnd.models[owner].declares.length > 0 || frontEnd.models[owner].tracks !== 0) return undefined;
  const tracked = frontEnd.models.reduce((kinds, { tracks }) => kinds | tracks, 0);
  let owned = 0;
  for (const [kind, index] of ownerOf) if (index === owner) owned |= kind;
  return { kinds: owned & ~tracked, owned, separates: (addresses) => models[owner].separates?.(addresses) ?? false };
}

/** A block's branches, those of these kinds merged by site, in the order of last executions: that in which entries age. */
export function mergeBranches(branches: readonly LoweredBranch[], kinds: number): MergedBranch[] {
  // to delete a key and set it again takes time in proportion to how often that was done: with a map alone, a straight run of
  // 240,000 virtual instructions took 22 s, its square
  const lastOf = new Map<number, number>();
  const merged: (MergedBranch | undefined)[] = [];
  for (const branch of branches) {
    const { site, target } = branch;
    const own = (site.kind & kinds) === 0 || target === NEXT;
    const last = own ? undefined : lastOf.get(site.id);
    const before = last === undefined ? undefined : merged[last];
    if (!own) lastOf.set(site.id, merged.length);
    if (last === undefined || before === undefined) {
      merged.push({ first: branch, learned: target, repeatedMisses: 0 });
      continue;
    }
    if (before.learned !== target) before.repeatedMisses++;
    before.learned = target;
    merged[last] = undefined;
    merged.push(before);
  }
  return merged.filter((one) => one !== undefined);
}
