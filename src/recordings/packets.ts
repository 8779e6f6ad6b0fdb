// Packs branches of formats that do not fit into four words: long and rare values are replaced by numbers.
//
//   word 0   the lower half of the address
//        1   the lower half of the target
//        2   31 to 7: a number for the two upper halves   6 to 1: kind   0: taken
//        3   the gap; from 2^31 on, -1 less a number for it
import { UsageError } from "../errors.ts";
import { conditionalForm, isUntaken } from "./coding/untaken.ts";
import { MAX_EVENTS, tooManyBranches } from "./events.ts";
import { PACKET_WORDS, type PacketCoding, type RecordedBranch, type RecordingSink } from "./recording.ts";

/** Packets that are passed on at a time. */
const MOST_PACKETS = 1 << 12;

export interface Packets {
  /**
   * Takes the next branch; one that was not taken becomes the conditional form of its kind.
   * @throws UsageError when there are more different addresses or gaps than there may be branches, or instructions than can be counted
   */
  add(branch: RecordedBranch): void;
  /** Passes on the remaining packets. */
  flush(): void;
  /** Branches so far. */
  readonly branches: number;
  /** Those that were not taken although their kind has no condition. */
  readonly untaken: number;
  /** Instructions so far: gaps, added up. */
  readonly instructions: number;
}

/** Numbers things in order of appearance. */
function createNumbers(): { readonly list: number[]; number(thing: number): number } {
  const numbers = new Map<number, number>();
  const list: number[] = [];
  return {
    list,
    number(thing) {
      const known = numbers.get(thing);
      if (known !== undefined) return known;
      if (list.length === MAX_EVENTS) throw tooManyBranches();
      numbers.set(thing, list.length);
      return list.push(thing) - 1;
    },
  };
}

export interface Packer {
  /** Writes a branch as the packet at `words[at]`. */
  pack(branch: RecordedBranch, words: Int32Array, at: number): void;
  /** The same with a gap of 0. */
  packWithoutGap(branch: RecordedBranch, words: Int32Array, at: number): void;
  readonly coding: PacketCoding;
}

export function createPacker(): Packer {
  const halves = createNumbers();
  /** Pairs of upper halves, by number: that of the address times MAX_EVENTS + that of the target. */
  const pairs = createNumbers();
  const longGaps = createNumbers();
  let lastPcHigh = 0;
  let lastTargetHigh = 0;
  let lastPair = -1;

  function pairOf(pcHigh: number, targetHigh: number): number {
    if (lastPair < 0 || pcHigh !== lastPcHigh || targetHigh !== lastTargetHigh) {
      lastPair = pairs.number(halves.number(pcHigh) * MAX_EVENTS + halves.number(targetHigh));
      lastPcHigh = pcHigh;
      lastTargetHigh = targetHigh;
    }
    return lastPair;
  }
  function gapOf(words: Int32Array, at: number): number {
    const gap = words[at + 3];
    return gap >= 0 ? gap : longGaps.list[-1 - gap];
  }
  function packWithoutGap({ pc, pcHigh, target, targetHigh, kind, taken }: RecordedBranch, words: Int32Array, at: number): void {
    words[at] = pc;
    words[at + 1] = target;
    words[at + 2] = (pairOf(pcHigh, targetHigh) << 7) | (kind << 1) | taken;
    words[at + 3] = 0;
  }
  return {
    pack(branch, words, at) {
      packWithoutGap(branch, words, at);
      const { gap } = branch;
      words[at + 3] = gap < 2 ** 31 ? gap : -1 - longGaps.number(gap);
    },
    packWithoutGap,
    coding: {
      gapBits: [0, -1],
      gapOf,
      decode(words, at) {
        const pair = pairs.list[words[at + 2] >>> 7];
        return {
          pc: words[at],
          pcHigh: halves.list[Math.floor(pair / MAX_EVENTS)],
          target: words[at + 1],
          targetHigh: halves.list[pair % MAX_EVENTS],
          kind: (words[at + 2] >>> 1) & 63,
          taken: words[at + 2] & 1 ? 1 : 0,
          gap: gapOf(words, at),
        };
      },
    },
  };
}

export function createPackets(sink: RecordingSink): Packets {
  const words = new Int32Array(MOST_PACKETS * PACKET_WORDS);
  const packer = createPacker();
  let count = 0;
  let branches = 0;
  let instructions = 0;
  let untaken = 0;

  function flush(): void {
    if (count > 0) sink.packets(words, count, packer.coding);
    count = 0;
  }
  return {
    add(given) {
      let branch = given;
      if (isUntaken(given.kind, given.taken)) {
        untaken++;
        branch = { ...given, kind: conditionalForm(given.kind) };
      }
      packer.pack(branch, words, count * PACKET_WORDS);
      branches++;
      instructions += branch.gap;
      if (instructions > Number.MAX_SAFE_INTEGER)
        throw new UsageError(`it is damaged: it has more than ${Number.MAX_SAFE_INTEGER} instructions`);
      count++;
      if (count === MOST_PACKETS) flush();
    },
    flush,
    get branches() {
      return branches;
    },
    get untaken() {
      return untaken;
    },
    get instructions() {
      return instructions;
    },
  };
}
