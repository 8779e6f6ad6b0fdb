// The distinct branches of a recording: one at an address, going one way, so many instructions behind the one before. Each
// gets a small number when it first occurs. Addresses become the low 32 bits that predictors see. Two addresses that have
// these in common must not become one: the one that comes later, mostly the rarer, moves to free bits.
import { CALL, CONDITIONAL, JUMP, NONE } from "../branch.ts";
import { UsageError } from "../errors.ts";
import { unsignedOf } from "./addresses.ts";
import type { RecordedBranch } from "./recording.ts";

/** Where a branch stands, and of which kind it is. */
export interface EventSite {
  /** The low 32 bits of its byte address, or what stands for them. */
  readonly address: number;
  readonly kind: number;
  /** The address as it was recorded, its low 32 bits and its high ones. */
  readonly pc: number;
  readonly pcHigh: number;
}

/** What is predicted of a branch. */
export interface RecordedEvent {
  /** Index into `sites`. */
  readonly site: number;
  /** Where it goes. For a conditional that falls through: the address behind it, or its own where that is not known. */
  readonly target: number;
  readonly taken: 0 | 1;
  /** Where a direct branch goes when taken; NONE for others, and for a conditional as long as no event has told. */
  readonly staticTarget: number;
}

export interface DistinctBranches {
  readonly sites: readonly EventSite[];
  /**
   * What is predicted of each branch, by number; 0 is none. One event, or two where the conditional form of another kind is
   * taken, as a direction and a target are predicted for it.
   */
  readonly events: readonly (readonly RecordedEvent[])[];
  /** Instructions up to each branch from the one before. */
  readonly gaps: readonly number[];
  /** Whether a branch's static target may become known yet: it then gets another number. */
  waits(branch: number): boolean;
  /**
   * A branch that has not occurred so far; returns its number.
   * @param replaced told of every branch that gets another number because of this one
   * @throws UsageError when there are more distinct ones than can be held
   */
  admit(branch: RecordedBranch, replaced: (old: number, now: number) => void): number;
}

/** The most distinct branches that are held: they take about a gigabyte. */
export const MAX_EVENTS = 1 << 20;

export const tooManyBranches = (): UsageError =>
  new UsageError(
    `it has more than ${MAX_EVENTS} distinct branches (by address, target, outcome, instructions before): simulate a shorter part of it`,
  );

/** Instructions are at most this long, on every machine that is traced. */
export const MAX_INSTRUCTION_BYTES = 15;

export function createDistinctBranches(): DistinctBranches {
  const sites: EventSite[] = [];
  const siteIds = new Map<number, number>();
  const events: (readonly RecordedEvent[])[] = [[]];
  const gaps = [0];
  const waitingBranches = new Set<number>();
  /** The static targets of sites that are known, and of those that are not the branches that wait for them. */
  const statics: number[] = [];
  const waiting = new Map<number, number[]>();

  /** The high bits of whoever has the low ones; NaN, which equals nobody's, where an address has moved to. */
  const owners = new Map<number, number>();
  const moved = new Map<bigint, number>();

  function place(low: number, high: number): number {
    if (low !== NONE) {
      const owner = owners.get(low);
      if (owner === high) return low;
      if (owner === undefined) {
        owners.set(low, high);
        return low;
      }
    }
    const whole = unsignedOf(low, high);
    const known = moved.get(whole);
    if (known !== undefined) return known;
    // tables are indexed by low bits: keep these for as long as there is room
    let free = low;
    for (let attempt = 1; free === NONE || owners.has(free); attempt++) {
      const noise = scramble(high + Math.imul(attempt, 0x9e3779b1));
      free = low ^ (attempt <= 8 ? noise << 16 : noise);
    }
    owners.set(free, Number.NaN);
    moved.set(whole, free);
    return free;
  }

  function append(list: readonly RecordedEvent[], gap: number): number {
    if (gaps.length === MAX_EVENTS) throw tooManyBranches();
    events.push(list);
    return gaps.push(gap) - 1;
  }

  function siteAt(pc: number, pcHigh: number, kind: number): number {
    const address = place(pc, pcHigh);
    const key = address * 64 + kind;
    const known = siteIds.get(key);
    if (known !== undefined) return known;
    const site = sites.push({ address, kind, pc, pcHigh }) - 1;
    siteIds.set(key, site);
    statics.push(NONE);
    return site;
  }

  /** What a conditional does. */
  function direction({ pc, pcHigh, target, targetHigh, taken }: RecordedBranch, learned: (site: number) => void): RecordedEvent {
    const site = siteAt(pc, pcHigh, CONDITIONAL);
    const placed = place(target, targetHigh);
    // where it would have gone if taken, say some producers; others, where it went
    const wentOn = taken === 0 && targetHigh === pcHigh && (target - pc - 1) >>> 0 < MAX_INSTRUCTION_BYTES;
    if (statics[site] === NONE && !wentOn) {
      statics[site] = placed;
      learned(site);
    }
    return { site, target: taken || wentOn ? placed : sites[site].address, taken, staticTarget: statics[site] };
  }

  return {
    sites,
    events,
    gaps,
    waits: (branch) => waitingBranches.has(branch),
    admit(branch, replaced) {
      const { pc, pcHigh, target, targetHigh, kind, taken, gap } = branch;
      const list: RecordedEvent[] = [];
      let learned = -1;
      if (kind & CONDITIONAL) {
        const event = direction(branch, (site) => {
          learned = site;
        });
        list.push(event);
      }
      const other = kind & ~CONDITIONAL;
      if (other !== 0 && taken === 1) {
        const site = siteAt(pc, pcHigh, other);
        const placed = place(target, targetHigh);
        list.push({ site, target: placed, taken, staticTarget: other & (JUMP | CALL) ? placed : NONE });
      }
      const id = append(list, gap);
      for (const old of waiting.get(learned) ?? []) {
        const [event, ...others] = events[old];
        waitingBranches.delete(old);
        replaced(old, append([{ ...event, staticTarget: statics[learned] }, ...others], gaps[old]));
      }
      waiting.delete(learned);
      if (kind & CONDITIONAL && list[0].staticTarget === NONE) {
        const { site } = list[0];
        waiting.set(site, [...(waiting.get(site) ?? []), id]);
        waitingBranches.add(id);
      }
      return id;
    },
  };
}

/** Spreads all bits over all others. */
export function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
