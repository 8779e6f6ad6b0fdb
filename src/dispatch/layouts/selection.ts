// Which superinstructions and replicas an interpreter is built with, chosen by a profile of training programs, and how a
// program is parsed into them. Opcodes are identified by name, so that a choice made by one program can be used for another.
import type { Profile } from "../profile.ts";

/** A sequence of opcodes as one word, for maps. No opcode's name contains a blank. */
export const unitOf = (opcodes: readonly string[]): string => opcodes.join(" ");

/**
 * Dispatches that each sequence of 2 to `longest` opcodes within a basic block would save, considered alone: executions × (length - 1).
 * @param fits whether an opcode may be part of one
 */
export function savingsAlone({ runs }: Profile, longest: number, fits: (opcode: string) => boolean = () => true): Map<string, number> {
  const saved = new Map<string, number>();
  for (const { opcodes, count: executions } of runs) {
    for (let start = 0; start < opcodes.length; start++) {
      if (!fits(opcodes[start])) continue;
      for (let length = 2; length <= longest && start + length <= opcodes.length && fits(opcodes[start + length - 1]); length++) {
        const unit = unitOf(opcodes.slice(start, start + length));
        saved.set(unit, (saved.get(unit) ?? 0) + executions * (length - 1));
      }
    }
  }
  return saved;
}

/** The sequences of opcodes that would save most dispatches, each considered alone, as above. */
export const chooseSuperinstructions = (
  profile: Profile,
  count: number,
  longest: number,
  fits?: (opcode: string) => boolean,
): Set<string> => new Set(heaviest(savingsAlone(profile, longest, fits), count));

/** The keys with the largest weights, in descending order; ties in alphabetical order. */
export function heaviest(weights: ReadonlyMap<string, number>, count: number): string[] {
  return [...weights]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([key]) => key);
}

/** Cuts a run into units: lengths that add up to the run's. Single opcodes are units too. */
export type Parse = (opcodes: readonly string[]) => number[];

/** Always the longest superinstruction that fits. */
export function parseGreedily(superinstructions: ReadonlySet<string>, longest: number): Parse {
  return (opcodes) => {
    const lengths: number[] = [];
    for (let at = 0; at < opcodes.length; at += lengths[lengths.length - 1]) {
      let length = Math.min(longest, opcodes.length - at);
      while (length > 1 && !superinstructions.has(unitOf(opcodes.slice(at, at + length)))) length--;
      lengths.push(length);
    }
    return lengths;
  };
}

/** As few units as possible: the shortest path through the run; ties go to the one with the longest units first. */
export function parseOptimally(superinstructions: ReadonlySet<string>, longest: number): Parse {
  return (opcodes) => {
    /** Fewest units from each position to the end, and the length of the first of them. */
    const fewest = new Array<number>(opcodes.length + 1).fill(0);
    const first = new Array<number>(opcodes.length).fill(1);
    for (let at = opcodes.length - 1; at >= 0; at--) {
      fewest[at] = fewest[at + 1] + 1;
      for (let length = 2; length <= longest && at + length <= opcodes.length; length++) {
        if (fewest[at + length] + 1 > fewest[at] || !superinstructions.has(unitOf(opcodes.slice(at, at + length)))) continue;
        fewest[at] = fewest[at + length] + 1;
        first[at] = length;
      }
    }
    const lengths: number[] = [];
    for (let at = 0; at < opcodes.length; at += first[at]) lengths.push(first[at]);
    return lengths;
  };
}

/**
 * How many copies each unit gets, the original included, if `count` replicas go one by one to the unit whose copies execute
 * most often. Units that are not in the profile have one.
 */
export function chooseReplicas({ runs }: Profile, parse: Parse, count: number): Map<string, number> {
  const executions = new Map<string, number>();
  for (const { opcodes, count: times } of runs) {
    let at = 0;
    for (const length of parse(opcodes)) {
      const unit = unitOf(opcodes.slice(at, at + length));
      executions.set(unit, (executions.get(unit) ?? 0) + times);
      at += length;
    }
  }
  const units = heaviest(executions, executions.size);
  const copies = new Map(units.map((unit) => [unit, 1]));
  /** Executions of each copy; a heap with the largest on top; the first one wins a tie. */
  const share = (unit: number): number => (executions.get(units[unit]) ?? 0) / (copies.get(units[unit]) ?? 1);
  const before = (a: number, b: number): boolean => share(a) > share(b) || (share(a) === share(b) && a < b);
  const heap = units.map((_, unit) => unit);
  for (let i = 0; i < count && units.length > 0; i++) {
    const most = heap[0];
    copies.set(units[most], (copies.get(units[most]) ?? 1) + 1);
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (child >= heap.length || !before(heap[child], heap[at])) break;
      [heap[at], heap[child]] = [heap[child], heap[at]];
      at = child;
    }
  }
  return copies;
}
