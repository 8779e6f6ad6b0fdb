// The events of a recording: a branch at an address going one way, as predictors see it, in columns. Each gets a number when it
// first occurs. Addresses are reduced to the low 32 bits that predictors see. Two addresses with equal low bits must stay
// distinct: the one that occurs later, usually the rarer one, gets other, free bits.
import { CALL, CONDITIONAL, JUMP, NONE } from "../branch.ts";
import { UsageError } from "../errors.ts";
import { grown, reserve } from "../files/grown.ts";
import { createPairMap } from "../files/pair-map.ts";
import type { RecordedBranch } from "./recording.ts";

/** Sites of branches, a row for each address and kind. */
export interface EventSites {
  readonly count: number;
  /**
   * The low 32 bits of the byte address, or their replacement; one of the flags of branch.ts; the recorded address, low and high
   * 32 bits.
   */
  readonly columns: Record<"addresses" | "kinds" | "pcs" | "pcHighs", Int32Array>;
}

/** A row for each event; row 0 is none. */
export interface EventColumns {
  /** The row of its site. */
  sites: Int32Array;
  /** The address and kind of its site. */
  pcs: Int32Array;
  kinds: Int32Array;
  /** Its target. For a conditional that falls through: the address after it, or its own if that is not known. */
  targets: Int32Array;
  takens: Int32Array;
  /** Static target of a direct branch; NONE for others, and for a conditional as long as no event has revealed it. */
  statics: Int32Array;
  /** The event that follows it as a part of the same branch; 0 for none. */
  seconds: Int32Array;
}

export interface RecordedEvents {
  readonly sites: EventSites;
  /** The columns are replaced by longer arrays as events are added; read them after `reserve`. */
  readonly columns: EventColumns;
  /** Rows in use. */
  readonly count: number;
  /** Whether some event has a second one. */
  readonly paired: boolean;
  /** Makes room for so many more branches than there are now. */
  reserve(branches: number): void;
  /** Whether an event's static target may still become known: the branch then gets another number. */
  waits(event: number): boolean;
  /**
   * Adds a branch that has not occurred before; returns the number of its event. A taken branch of a conditional form is two
   * events, because a direction and a target are predicted for it.
   * @param replaced called for every branch that gets another number because of this one
   * @throws UsageError when there are more distinct ones than can be held
   */
  admit(branch: RecordedBranch, replaced: (old: number, now: number) => void): number;
}

/** The most distinct branches that are held. */
export const MAX_EVENTS = 1 << 20;

export const tooManyBranches = (): UsageError =>
  new UsageError(
    `it has more than ${MAX_EVENTS} distinct branches (by address, target, outcome, instructions before): simulate a shorter part of it`,
  );

/** Longest instruction of all machines that are traced. */
export const MAX_INSTRUCTION_BYTES = 15;

/** Initial rows: unused pages of a column take no memory. */
const ROWS = 1 << 16;

export function createEvents(): RecordedEvents {
  const column = (): Int32Array => new Int32Array(ROWS);
  const columns: EventColumns = {
    sites: column(),
    pcs: column(),
    kinds: column(),
    targets: column(),
    takens: column(),
    statics: column(),
    seconds: column(),
  };
  let count = 1;
  let paired = false;
  const siteColumns = { addresses: column(), kinds: column(), pcs: column(), pcHighs: column() };
  /** The static targets of sites that are known. */
  let siteStatics = column();
  let siteCount = 0;
  /** Sites by address and kind. */
  const siteIds = createPairMap();
  /** Events that wait for their site's static target, and by site which these are. */
  const waitingEvents = new Set<number>();
  const waiting = new Map<number, number[]>();

  /** The address that stands for a recorded one, by its low and high 32 bits; and 1 for each such address. */
  const places = createPairMap();
  const taken = createPairMap();

  function place(low: number, high: number): number {
    const known = places.get(low, high);
    if (known !== undefined) return known;
    // tables are indexed by low bits, so keep them if possible
    let free = low;
    for (let attempt = 1; free === NONE || taken.get(free, 0) !== undefined; attempt++) {
      const noise = scramble(high + Math.imul(attempt, 0x9e3779b1));
      free = low ^ (attempt <= 8 ? noise << 16 : noise);
    }
    taken.add(free, 0, 1);
    places.add(low, high, free);
    return free;
  }

  function siteAt(pc: number, pcHigh: number, kind: number): number {
    const address = place(pc, pcHigh);
    const known = siteIds.get(address, kind);
    if (known !== undefined) return known;
    const site = siteCount++;
    if (siteCount > siteStatics.length) {
      siteStatics = grown(siteStatics, siteCount);
      reserve(siteColumns, siteStatics.length);
    }
    siteColumns.addresses[site] = address;
    siteColumns.kinds[site] = kind;
    siteColumns.pcs[site] = pc;
    siteColumns.pcHighs[site] = pcHigh;
    siteStatics[site] = NONE;
    siteIds.add(address, kind, site);
    return site;
  }
  function reserveRows(rows: number): void {
    reserve<keyof EventColumns>(columns, rows);
  }
  function append(site: number, target: number, taken: number, staticTarget: number): number {
    if (count > MAX_EVENTS) throw tooManyBranches();
    const event = count++;
    reserveRows(count);
    columns.sites[event] = site;
    columns.pcs[event] = siteColumns.addresses[site];
    columns.kinds[event] = siteColumns.kinds[site];
    columns.targets[event] = target;
    columns.takens[event] = taken;
    columns.statics[event] = staticTarget;
    return event;
  }
  /** Gives new numbers to the events that waited for a site's static target, which is now known. */
  function replaceWaiting(site: number, replaced: (old: number, now: number) => void): void {
    for (const old of waiting.get(site) ?? []) {
      waitingEvents.delete(old);
      const now = append(site, columns.targets[old], columns.takens[old], siteStatics[site]);
      columns.seconds[now] = columns.seconds[old];
      replaced(old, now);
    }
    waiting.delete(site);
  }
  /** Adds the event for a conditional's direction; the branch's other event, if any, comes second. */
  function admitDirection(branch: RecordedBranch, replaced: (old: number, now: number) => void): number {
    const { pc, pcHigh, target, targetHigh, taken } = branch;
    const site = siteAt(pc, pcHigh, CONDITIONAL);
    const placed = place(target, targetHigh);
    // some producers write the static target, others the address of the next instruction
    const wentOn = taken === 0 && targetHigh === pcHigh && (target - pc - 1) >>> 0 < MAX_INSTRUCTION_BYTES;
    const learned = siteStatics[site] === NONE && !wentOn;
    if (learned) siteStatics[site] = placed;
    const event = append(site, taken || wentOn ? placed : siteColumns.addresses[site], taken, siteStatics[site]);
    const second = admitTarget(branch);
    if (second !== 0) {
      columns.seconds[event] = second;
      paired = true;
    }
    if (learned) replaceWaiting(site, replaced);
    if (siteStatics[site] === NONE) {
      const those = waiting.get(site);
      if (those === undefined) waiting.set(site, [event]);
      else those.push(event);
      waitingEvents.add(event);
    }
    return event;
  }
  /** Adds the event for the target of a taken branch, if its kind is not just a conditional; else 0. */
  function admitTarget({ pc, pcHigh, target, targetHigh, kind, taken }: RecordedBranch): number {
    const other = kind & ~CONDITIONAL;
    if (other === 0 || (taken === 0 && other !== kind)) return 0;
    if (taken === 0) throw new Error("a branch that is neither conditional nor taken");
    const site = siteAt(pc, pcHigh, other);
    const placed = place(target, targetHigh);
    return append(site, placed, taken, other & (JUMP | CALL) ? placed : NONE);
  }
  return {
    sites: {
      get count() {
        return siteCount;
      },
      columns: siteColumns,
    },
    columns,
    get count() {
      return count;
    },
    get paired() {
      return paired;
    },
    // two events for each branch, and a new number for each waiting event
    reserve: (branches) => reserveRows(count + 2 * branches + waitingEvents.size),
    waits: (event) => waitingEvents.has(event),
    admit: (branch, replaced) => (branch.kind & CONDITIONAL ? admitDirection(branch, replaced) : admitTarget(branch)),
  };
}

/** Spreads all bits over all others. */
export function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
