// The distinct events of a recording: a branch at one address going one way. Each gets a small number when it first occurs,
// by which everything behind it counts. Addresses become the low 32 bits that predictors see. Two addresses that have these
// in common must not become one: the one that comes later, mostly the rarer, moves to free bits.
import { CALL, CONDITIONAL, JUMP, NONE } from "../branch.ts";
import { UsageError } from "../errors.ts";
import type { BranchBatch } from "./recording.ts";

/** Where a branch stands, and of which kind it is. */
export interface EventSite {
  /** The low 32 bits of its byte address, or what stands for them. */
  readonly address: number;
  readonly kind: number;
  /** The address as it was recorded, all 64 bits, hexadecimal. */
  name(): string;
}

export interface RecordedEvent {
  /** Index into `sites`. */
  readonly site: number;
  /** Where it goes. For a conditional that falls through: the address behind it, or its own where that is not known. */
  readonly target: number;
  readonly taken: 0 | 1;
  /** Where a direct branch goes when taken; NONE for others, and for a conditional as long as no event has told. */
  readonly staticTarget: number;
}

export interface Events {
  /** Ids are 1 to this minus 1; 0 is no event. */
  readonly count: number;
  readonly sites: readonly EventSite[];
  event(id: number): RecordedEvent;
  /**
   * Writes the ids of a batch's rows from `from` up to `to`, and returns how many they are: two for the conditional form of
   * another kind where it is taken, as a direction and a target are predicted for it.
   * @throws UsageError when there are more distinct events than can be held
   */
  identify(batch: BranchBatch, from: number, to: number, ids: Int32Array): number;
}

/** The most events that are held: they take about a gigabyte. */
export const MAX_EVENTS = 1 << 20;

/** Instructions are at most this long, on every machine that is traced. */
export const MAX_INSTRUCTION_BYTES = 15;

/** Columns of the table of events: branch and target, kind and outcome, id. */
const ROW = 6;

export function createEvents(): Events {
  const sites: EventSite[] = [];
  const siteIds = new Map<number, number>();
  /** Facts of each event, by id. */
  const siteOf = [NONE];
  const targetOf = [NONE];
  const takenOf = [0];
  const staticOf = [NONE];
  /** The static targets of sites that are known, and of those that are not the targets of events that wait for them. */
  const statics: number[] = [];
  const waiting = new Map<number, (readonly [target: number, targetHigh: number])[]>();
  /** Open addressing, at most half full. */
  let rows = new Int32Array(ROW << 12);
  let mask = (1 << 12) - 1;
  let used = 0;

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
    const whole = wholeOf(low, high);
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

  /** The row of an event, or the free one where it belongs. */
  function find(pc: number, pcHigh: number, target: number, targetHigh: number, what: number): number {
    const from = pc ^ Math.imul(pcHigh, 0x85ebca6b);
    const to = target ^ Math.imul(targetHigh, 0xc2b2ae35);
    let slot = scramble(Math.imul(from, 0x9e3779b1) + Math.imul(to, 0x27d4eb2f) + what) & mask;
    for (;;) {
      const row = slot * ROW;
      if (rows[row + 5] === 0) return row;
      if (
        rows[row] === pc &&
        rows[row + 2] === target &&
        rows[row + 4] === what &&
        rows[row + 1] === pcHigh &&
        rows[row + 3] === targetHigh
      ) {
        return row;
      }
      slot = (slot + 1) & mask;
    }
  }

  function grow(): void {
    const old = rows;
    rows = new Int32Array(old.length * 2);
    mask = mask * 2 + 1;
    for (let row = 0; row < old.length; row += ROW) {
      if (old[row + 5] === 0) continue;
      rows.set(old.subarray(row, row + ROW), find(old[row], old[row + 1], old[row + 2], old[row + 3], old[row + 4]));
    }
  }

  function append(site: number, target: number, taken: number, staticTarget: number): number {
    if (siteOf.length === MAX_EVENTS) {
      throw new UsageError(`it has more than ${MAX_EVENTS} distinct branches (by address, target, outcome): simulate a shorter part of it`);
    }
    siteOf.push(site);
    targetOf.push(target);
    takenOf.push(taken);
    staticOf.push(staticTarget);
    return siteOf.length - 1;
  }

  function siteAt(pc: number, pcHigh: number, kind: number): number {
    const address = place(pc, pcHigh);
    const key = address * 64 + kind;
    const known = siteIds.get(key);
    if (known !== undefined) return known;
    const site = sites.push({ address, kind, name: () => `0x${wholeOf(pc, pcHigh).toString(16)}` }) - 1;
    siteIds.set(key, site);
    statics.push(NONE);
    return site;
  }

  /** A new event's id. */
  function admit(pc: number, pcHigh: number, target: number, targetHigh: number, kind: number, taken: number): number {
    const site = siteAt(pc, pcHigh, kind);
    const placed = place(target, targetHigh);
    if (kind !== CONDITIONAL) return append(site, placed, taken, kind & (JUMP | CALL) ? placed : NONE);
    // where it would have gone if taken, say some producers; others, where it went
    const wentOn = taken === 0 && targetHigh === pcHigh && (target - pc - 1) >>> 0 < MAX_INSTRUCTION_BYTES;
    if (statics[site] === NONE) {
      if (wentOn) waiting.set(site, [...(waiting.get(site) ?? []), [target, targetHigh]]);
      else learn(site, placed, pc, pcHigh);
    }
    return append(site, taken || wentOn ? placed : sites[site].address, taken, statics[site]);
  }

  /** A conditional's static target is known now: what has occurred without it is another event from now on. */
  function learn(site: number, staticTarget: number, pc: number, pcHigh: number): void {
    statics[site] = staticTarget;
    for (const [target, targetHigh] of waiting.get(site) ?? []) {
      const row = find(pc, pcHigh, target, targetHigh, CONDITIONAL << 1);
      rows[row + 5] = append(site, targetOf[rows[row + 5]], 0, staticTarget);
    }
    waiting.delete(site);
  }

  function identifyNew(row: number, pc: number, pcHigh: number, target: number, targetHigh: number, what: number): number {
    const id = admit(pc, pcHigh, target, targetHigh, what >> 1, what & 1);
    rows[row] = pc;
    rows[row + 1] = pcHigh;
    rows[row + 2] = target;
    rows[row + 3] = targetHigh;
    rows[row + 4] = what;
    rows[row + 5] = id;
    used++;
    if (used * 2 > mask) grow();
    return id;
  }

  return {
    get count() {
      return siteOf.length;
    },
    sites,
    event: (id) => ({ site: siteOf[id], target: targetOf[id], taken: takenOf[id] === 1 ? 1 : 0, staticTarget: staticOf[id] }),
    identify(batch, from, to, ids) {
      const { pcs, pcHighs, targets, targetHighs, kinds, takens } = batch;
      let count = 0;
      const add = (i: number, what: number): void => {
        const row = find(pcs[i], pcHighs[i], targets[i], targetHighs[i], what);
        ids[count++] = rows[row + 5] || identifyNew(row, pcs[i], pcHighs[i], targets[i], targetHighs[i], what);
      };
      for (let i = from; i < to; i++) {
        const kind = kinds[i];
        if ((kind & CONDITIONAL) === 0 || kind === CONDITIONAL) {
          add(i, (kind << 1) | takens[i]);
        } else {
          add(i, (CONDITIONAL << 1) | takens[i]);
          if (takens[i]) add(i, ((kind ^ CONDITIONAL) << 1) | 1);
        }
      }
      return count;
    },
  };
}

const wholeOf = (low: number, high: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

/** Spreads all bits over all others. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
