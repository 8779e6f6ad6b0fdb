// Which sequences of opcodes to give a body of their own, in the order in which they pay: each saves most dispatches beside those
// chosen before it.
import { heaviest, parseGreedily, savingsAlone } from "../dispatch/layouts/selection.ts";
import type { Profile } from "../dispatch/profile.ts";

export interface Superinstruction {
  readonly opcodes: readonly string[];
  /** Executed dispatches that it saves beside those before it in the list, and their share of all dispatches without any. */
  readonly saved: number;
  readonly share: number;
}

/** Opcodes in a superinstruction, at most. */
export const LONGEST = 4;

/** The sequences that save most alone, among which the list is chosen. */
const CANDIDATES = 64;

/**
 * Programs are parsed greedily: the longest superinstruction that fits, from the start of each basic block.
 * @param count how many, at most: fewer where no further one saves anything
 */
export function superinstructionsFor(profile: Profile, count: number): Superinstruction[] {
  const dispatchesWith = (chosen: ReadonlySet<string>): number => {
    const parse = parseGreedily(chosen, LONGEST);
    return profile.runs.reduce((sum, run) => sum + run.count * parse(run.opcodes).length, 0);
  };
  const alone = savingsAlone(profile, LONGEST);
  const candidates = heaviest(alone, CANDIDATES);
  const all = dispatchesWith(new Set());
  const chosen = new Set<string>();
  const list: Superinstruction[] = [];
  for (let left = all; list.length < count; ) {
    let best = { unit: "", dispatches: left };
    for (const unit of candidates) {
      // none saves more than alone, and those after it save less: 64 parses become about 10
      if ((alone.get(unit) ?? 0) <= left - best.dispatches) break;
      if (chosen.has(unit)) continue;
      const dispatches = dispatchesWith(new Set([...chosen, unit]));
      if (dispatches < best.dispatches) best = { unit, dispatches };
    }
    if (best.unit === "") return list;
    chosen.add(best.unit);
    list.push({ opcodes: best.unit.split(" "), saved: left - best.dispatches, share: (left - best.dispatches) / all });
    left = best.dispatches;
  }
  return list;
}
