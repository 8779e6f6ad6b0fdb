// One level of a branch target buffer: a set-associative table of whole branch addresses and their targets. The ways of a set are
// in order of use, the most recent first, as in associative-table.ts; empty ways come last. What a full set loses is told, so that
// another level can take it.

import { NONE } from "../branch.ts";
import { afresh, fixedArray } from "./afresh.ts";
import { inspectSet, pushBack } from "./associative-table.ts";
import type { InspectedEntries } from "./inspection.ts";
import { renewalOf } from "./renewal.ts";

export interface BufferLevel {
  /** Place of a branch's entry, or -1. */
  find(pc: number): number;
  target(place: number): number;
  /** Whether the most recent entry of its set is this branch's, with this target. */
  leads(pc: number, target: number): boolean;
  /** Makes the entry at `place` the most recent of its set, and gives it a target. */
  renew(place: number, target: number): void;
  /** Adds an entry for a branch that has none, as the most recent of its set. Returns whether another one had to go: `lost`. */
  insert(pc: number, target: number): boolean;
  /** Address and target of the entry that the last `insert` removed. */
  readonly lost: Int32Array;
  /** Empties the entry of a branch, if there is one. */
  remove(pc: number): void;
  inspect(pc: number): InspectedEntries;
  renewal(): () => void;
}

export function createBufferLevel(sets: number, ways: number): BufferLevel {
  return afresh(create)(sets, ways, NONE, { fixedArray, inspectSet, pushBack, renewalOf });
}

interface Helpers {
  readonly fixedArray: typeof fixedArray;
  readonly inspectSet: typeof inspectSet;
  readonly pushBack: typeof pushBack;
  readonly renewalOf: typeof renewalOf;
}

function create(sets: number, ways: number, none: number, { fixedArray, inspectSet, pushBack, renewalOf }: Helpers): BufferLevel {
  const addresses = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(none);
  const lost = fixedArray([0, none]);

  const firstOf = (pc: number): number => (pc & (sets - 1)) * ways;
  function find(pc: number): number {
    const first = firstOf(pc);
    for (let place = first; place < first + ways; place++) if (addresses[place] === pc && targets[place] !== none) return place;
    return -1;
  }
  /** Moves the entry at `place` to the front of its set, overwritten. */
  function putFirst(place: number, pc: number, target: number): void {
    const first = firstOf(pc);
    pushBack(addresses, first, place);
    pushBack(targets, first, place);
    addresses[first] = pc;
    targets[first] = target;
  }
  return {
    find,
    target: (place) => targets[place],
    leads(pc, target) {
      const first = firstOf(pc);
      return addresses[first] === pc && targets[first] === target;
    },
    renew: (place, target) => putFirst(place, addresses[place], target),
    insert(pc, target) {
      const last = firstOf(pc) + ways - 1;
      lost[0] = addresses[last];
      lost[1] = targets[last];
      putFirst(last, pc, target);
      return lost[1] !== none;
    },
    lost,
    remove(pc) {
      const place = find(pc);
      if (place < 0) return;
      const last = firstOf(pc) + ways - 1;
      addresses.copyWithin(place, place + 1, last + 1);
      targets.copyWithin(place, place + 1, last + 1);
      targets[last] = none;
    },
    renewal: () => renewalOf(addresses, targets, lost),
    inspect: (pc) => inspectSet({ tags: addresses, targets, first: firstOf(pc), ways, tag: pc }),
  };
}
