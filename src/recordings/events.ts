// The events of a recording: a branch at an address going one way, as predictors see it, in columns. Each gets a number when it
// first occurs. Addresses are reduced to the 32 bits that predictors see (placed-addresses.ts).
import { CALL, CONDITIONAL, JUMP, NONE } from "../branch.ts";
import { UsageError } from "../errors.ts";
import { reserve, zeroColumns } from "../files/grown.ts";
import { createPlacedAddresses } from "./placed-addresses.ts";
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
  /** The columns are replaced by longer arrays as events are added. */
  readonly columns: EventColumns;
  /** Rows in use. */
  readonly count: number;
  /** Whether some event has a second one. */
  readonly paired: boolean;
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
  const columns: EventColumns = zeroColumns(["sites", "pcs", "kinds", "targets", "takens", "statics", "seconds"], ROWS);
  /** By event: the one after it of those that wait for the same site's static target; 0 for none. */
  const waiting = zeroColumns(["following"], ROWS);
  let count = 1;
  let paired = false;
  const siteColumns = zeroColumns(["addresses", "kinds", "pcs", "pcHighs"], ROWS);
  /** By site: its static target, if that is known; the first event that waits for it, or 0; the site before it at its address, or NONE. */
  const siteFacts = zeroColumns(["statics", "waiting", "earlier"], ROWS);
  let siteCount = 0;
  const addresses = createPlacedAddresses();

  function siteAt(pc: number, pcHigh: number, kind: number): number {
    const row = addresses.rowOf(pc, pcHigh);
    const newest = addresses.siteOf(row);
    for (let site = newest; site !== NONE; site = siteFacts.earlier[site]) if (siteColumns.kinds[site] === kind) return site;
    const site = siteCount++;
    if (siteCount > siteFacts.statics.length) {
      reserve<keyof typeof siteFacts>(siteFacts, siteCount);
      reserve(siteColumns, siteFacts.statics.length);
    }
    siteColumns.addresses[site] = addresses.addressOf(row);
    siteColumns.kinds[site] = kind;
    siteColumns.pcs[site] = pc;
    siteColumns.pcHighs[site] = pcHigh;
    siteFacts.statics[site] = NONE;
    siteFacts.earlier[site] = newest;
    addresses.setSite(row, site);
    return site;
  }
  function append(site: number, target: number, taken: number, staticTarget: number): number {
    if (count > MAX_EVENTS) throw tooManyBranches();
    const event = count++;
    if (count > columns.sites.length) {
      reserve<keyof EventColumns>(columns, count);
      reserve(waiting, count);
    }
    columns.sites[event] = site;
    columns.pcs[event] = siteColumns.addresses[site];
    columns.kinds[event] = siteColumns.kinds[site];
    columns.targets[event] = target;
    columns.takens[event] = taken;
    columns.statics[event] = staticTarget;
    return event;
  }
  const waits = (event: number): boolean => columns.kinds[event] === CONDITIONAL && siteFacts.statics[columns.sites[event]] === NONE;
  /** Gives new numbers to the events that waited for a site's static target, which is now known. */
  function replaceWaiting(site: number, replaced: (old: number, now: number) => void): void {
    for (let old = siteFacts.waiting[site]; old !== 0; old = waiting.following[old]) {
      const now = append(site, columns.targets[old], columns.takens[old], siteFacts.statics[site]);
      columns.seconds[now] = columns.seconds[old];
      replaced(old, now);
    }
  }
  function addWaiting(site: number, event: number): void {
    let last = siteFacts.waiting[site];
    if (last === 0) siteFacts.waiting[site] = event;
    else {
      while (waiting.following[last] !== 0) last = waiting.following[last];
      waiting.following[last] = event;
    }
  }
  /** Adds the event for a conditional's direction; the branch's other event, if any, comes second. */
  function admitDirection(branch: RecordedBranch, replaced: (old: number, now: number) => void): number {
    const { pc, pcHigh, target, targetHigh, taken } = branch;
    const site = siteAt(pc, pcHigh, CONDITIONAL);
    const placed = addresses.addressOf(addresses.rowOf(target, targetHigh));
    // some producers write the static target, others the address of the next instruction
    const wentOn = taken === 0 && targetHigh === pcHigh && (target - pc - 1) >>> 0 < MAX_INSTRUCTION_BYTES;
    const learned = siteFacts.statics[site] === NONE && !wentOn;
    if (learned) siteFacts.statics[site] = placed;
    const event = append(site, taken || wentOn ? placed : siteColumns.addresses[site], taken, siteFacts.statics[site]);
    const second = admitTarget(branch);
    if (second !== 0) {
      columns.seconds[event] = second;
      paired = true;
    }
    if (learned) replaceWaiting(site, replaced);
    else if (waits(event)) addWaiting(site, event);
    return event;
  }
  /** Adds the event for the target of a taken branch, if its kind is not just a conditional; else 0. */
  function admitTarget({ pc, pcHigh, target, targetHigh, kind, taken }: RecordedBranch): number {
    const other = kind & ~CONDITIONAL;
    if (other === 0 || (taken === 0 && other !== kind)) return 0;
    if (taken === 0) throw new Error("a branch that is neither conditional nor taken");
    const site = siteAt(pc, pcHigh, other);
    const placed = addresses.addressOf(addresses.rowOf(target, targetHigh));
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
    waits,
    admit: (branch, replaced) => (branch.kind & CONDITIONAL ? admitDirection(branch, replaced) : admitTarget(branch)),
  };
}
