// Recorded branches as if they came from a virtual program, so that replay and census take them as they take all others:
// every distinct event is a block of its own with one branch. Block 0 has none: it follows the last one.
import { JUMP, NONE } from "../branch.ts";
import type { EventSite, Events } from "../trace/events.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { BranchRecord, ExpandedBlock, Lowering, NumberedSite } from "./lowering.ts";
import type { Site } from "./native-code.ts";

/** It never executes. */
const ENTRY: Site = { address: 0, kind: JUMP, target: NONE, after: 0, dispatch: false, when: "always", owner: "" };

const NOTHING: readonly BranchRecord[] = [];

function numbered(site: EventSite, id: number): NumberedSite {
  const { address, kind } = site;
  return {
    id,
    address,
    kind,
    target: NONE,
    after: address,
    dispatch: false,
    when: "always",
    // spelled out only for those that are shown
    get owner() {
      return site.name();
    },
  };
}

/** A program without code; its blocks are the events. */
export function programOf(events: Events): VirtualProgram {
  return {
    opcodes: [],
    opcodeAt: () => NONE,
    flowAt: () => "jump",
    addressCount: 0,
    targetAt: () => NONE,
    enteredAt: () => true,
    get blockCount() {
      return events.count;
    },
    blockStart: () => 0,
    blockLength: () => 1,
    leftByHost: () => false,
  };
}

export function lowerEvents(events: Events): Lowering {
  const entry: NumberedSite = { ...ENTRY, id: 0 };
  const sites = [entry];
  /** The site behind an index of the events', one later: the entry comes first. */
  const siteOf = (index: number): NumberedSite => {
    for (let id = sites.length; id <= index + 1; id++) sites.push(numbered(events.sites[id - 1], id));
    return sites[index + 1];
  };
  const blockOf = (tail: readonly BranchRecord[]): ExpandedBlock => ({
    start: 0,
    end: 1,
    entry: NONE,
    nativeInstructions: 0,
    transferExtra: 0,
    code: [],
    interior: NOTHING,
    tails: [tail, tail],
  });
  return {
    code: {
      entry,
      at() {
        throw new Error("recorded branches have no code");
      },
      pieces: () => [],
    },
    sites,
    entry,
    lengthsUnknown: true,
    // not kept: there are many, and each is asked for once by every replay and census
    block(id) {
      if (id === 0) return blockOf(NOTHING);
      const { site, target, taken, staticTarget } = events.event(id);
      return blockOf([{ site: siteOf(site), virtualAddress: NONE, target, taken, staticTarget }]);
    },
  };
}
