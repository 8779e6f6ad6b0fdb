// Replays executed virtual blocks, lowered by one technique, through one front end: lays the branches of every block out
// in flat tables as it first appears, and lets the generated loop (replay-loop.ts) run over them.
//
// Only what a model covers or tracks enters the loop; everything else is counted from how often each block ran.
import { NONE } from "../branch.ts";
import type { BranchRecord, Lowering } from "../dispatch/lowering.ts";
import { NEXT, type Site } from "../dispatch/native-code.ts";
import { messageOf, RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { LoadedPredictor } from "../front-end/load-predictor.ts";
import type { Predictor } from "../models/predictor.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { compileLoop, type Loop, type LoopTables, type Observer } from "./replay-loop.ts";

export interface Replay {
  readonly lowering: Lowering;
  readonly frontEnd: FrontEnd;
  /** Replays `ids[from] … ids[to - 1]`; `ids[to]` is what follows them. */
  run(ids: Int32Array, from: number, to: number): void;
  /** Replays the dispatch of the first instruction of the trace. */
  enter(block: number): void;
  /** Replays the last block of the trace: nothing follows its last instruction. */
  finish(block: number): void;
  /** Forgets all counts, keeping what the models have learned: the end of a warm-up. */
  reset(): void;
  /** Mispredictions of each site, by its id. */
  missesBySite(): Float64Array;
  /** Front-end bubbles of each site, by its id. */
  bubblesBySite(): Float64Array;
  /** Overrides of the first level of each site, by its id. */
  overridesBySite(): Float64Array;
  /** What a user's predictor did wrong; the replay then stands still, and its counts mean nothing. */
  failure(): RunError | undefined;
  /** The branch behind a record's index, for observers. */
  record(index: number): BranchRecord;
  /** What the front end would say now of a branch: an address, NONE, or 1 or 0 for a conditional. Undefined where nobody is asked. */
  answer(site: Pick<Site, "address" | "kind">): number | undefined;
}

/** Rows to begin with. Growth compiles the loop anew, so most programs should never need it. */
const BLOCKS = 4096;
const RECORDS = 32768;

/**
 * Blocks that one call of the loop replays. V8 swaps a function's code between calls, so short ones get the best code soon,
 * and get it back after something unexpected: 1.04 to 1.13 over calls of 32768 blocks.
 */
const BLOCKS_PER_CALL = 1024;

/** Blocks after which counts are taken out of the records. A call brings far fewer than are left to 2 ** 31. */
const MOST_UNDRAINED = 2 ** 30;

/** The virtual address of whoever dispatches the first instruction. */
const BEFORE_ALL = 0x7fff_ffff;

const column = (rows: number): Int32Array => new Int32Array(rows);

function createTables(): LoopTables {
  return {
    blocks: { firsts: column(BLOCKS), ends: column(BLOCKS), entries: column(BLOCKS) },
    variants: { starts: column(2 * BLOCKS), stops: column(2 * BLOCKS), patches: column(2 * BLOCKS) },
    records: {
      pcs: column(RECORDS),
      targets: column(RECORDS),
      kinds: column(RECORDS),
      afters: column(RECORDS),
      takens: column(RECORDS),
      statics: column(RECORDS),
      misses: column(RECORDS),
      bubbles: column(RECORDS),
      overrides: column(RECORDS),
    },
  };
}

/** Makes room for `rows` rows; says whether the columns had to be replaced by longer ones. */
function reserve<Name extends string>(columns: Record<Name, Int32Array>, rows: number): boolean {
  const names = Object.keys(columns) as Name[];
  const { length } = columns[names[0]];
  if (rows <= length) return false;
  for (const name of names) {
    const longer = column(Math.max(rows, 2 * length));
    longer.set(columns[name]);
    columns[name] = longer;
  }
  return true;
}

/** Whether the same branches execute and go to the same targets. */
function alike(some: readonly BranchRecord[], others: readonly BranchRecord[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ site, target, taken }, i) => site === others[i].site && target === others[i].target && taken === others[i].taken)
  );
}

/** Kinds of branches whose owner is an oracle that sees something. */
function kindsSeen({ ownerOf, spareOf, models }: FrontEnd, what: NonNullable<LoadedPredictor["sees"]>): number {
  return [...ownerOf, ...spareOf].reduce((kinds, [kind, owner]) => (models[owner].sees === what ? kinds | kind : kinds), 0);
}

export interface ReplayOptions {
  /** Native branches of any kind after which the models forget everything, to the end of a block; default: never. */
  readonly flushEvery?: number;
  readonly observer?: Observer;
  /** Called behind every stretch of blocks: whoever waits for the replay knows that it goes on. */
  readonly onStretch?: () => void;
}

export async function createReplay(
  program: VirtualProgram,
  lowering: Lowering,
  frontEnd: FrontEnd,
  { flushEvery = Number.POSITIVE_INFINITY, observer, onStretch }: ReplayOptions = {},
): Promise<Replay> {
  const renewed = flushEvery !== Number.POSITIVE_INFINITY;
  const makers = await Promise.all(frontEnd.models.map((model) => model.load()));
  let failure: RunError | undefined;
  /** Does what may run a user's code. */
  function attempt(action: () => void): void {
    if (failure !== undefined) return;
    try {
      action();
    } catch (error) {
      const names = frontEnd.models.filter(({ foreign }) => foreign).map(({ name }) => name);
      if (names.length === 0) throw error;
      failure = error instanceof RunError ? error : new RunError(`predictor ${names.join("+")} failed: ${messageOf(error)}`);
    }
  }
  const models: Predictor[] = [];
  const renew = (): void =>
    makers.forEach((make, i) => {
      models[i] = make();
    });
  attempt(renew);
  /** Native branches that each variant executes, and until the next flush. */
  let branches = column(2 * BLOCKS);
  let unflushed = flushEvery;
  /** Kinds whose owner sees virtual addresses in the place of native ones. */
  const virtual = kindsSeen(frontEnd, "virtual addresses");
  const asked = frontEnd.covers & ~kindsSeen(frontEnd, "everything");
  const wanted = frontEnd.models.reduce((kinds, { tracks }) => kinds | tracks, asked | frontEnd.fetches | frontEnd.answersFirst);
  const tables = createTables();
  const { blocks, variants, records } = tables;
  const list: BranchRecord[] = [];
  let known = 0;
  let kinds = 0;
  let sided = false;
  let patched = lowering.entry.target === NEXT;
  let loop: Loop | undefined;

  function add(record: BranchRecord): number {
    const { site, virtualAddress, target, taken, staticTarget } = record;
    const index = list.push(record) - 1;
    if (reserve(records, list.length)) loop = undefined;
    records.pcs[index] = site.kind & virtual ? virtualAddress : site.address;
    records.targets[index] = target;
    records.kinds[index] = site.kind;
    records.afters[index] = site.after;
    records.takens[index] = taken;
    records.statics[index] = staticTarget;
    if ((kinds & site.kind) === 0) loop = undefined;
    kinds |= site.kind;
    return index;
  }
  const { entry } = lowering;
  const first = { site: entry, virtualAddress: BEFORE_ALL, target: entry.target, taken: 1, staticTarget: NONE } as const;
  // record 0 takes the targets that no record of a variant wants; record 1 dispatches the first instruction
  add(first);
  add(first);

  function layOut(variant: number, branches: readonly BranchRecord[]): void {
    variants.starts[variant] = list.length;
    for (const record of branches) {
      const index = add(record);
      if (record.target !== NEXT) continue;
      variants.patches[variant] = index;
      if (!patched) loop = undefined;
      patched = true;
    }
    variants.stops[variant] = list.length;
  }
  function admit(): void {
    const count = program.blockCount;
    if (count <= known) return;
    // one row more, for what runs once
    if (reserve(blocks, count + 1)) loop = undefined;
    if (reserve(variants, 2 * count + 2)) loop = undefined;
    if (branches.length < variants.starts.length) {
      const longer = column(variants.starts.length);
      longer.set(branches);
      branches = longer;
    }
    for (; known < count; known++) {
      const block = lowering.block(known);
      blocks.firsts[known] = block.start;
      blocks.ends[known] = block.end;
      blocks.entries[known] = block.entry;
      const { interior, tails } = block;
      tails.forEach((tail, side) => {
        branches[2 * known + side] = interior.length + tail.length;
      });
      const variantOf = (tail: readonly BranchRecord[]): BranchRecord[] => [...interior, ...tail].filter(({ site }) => site.kind & wanted);
      const fallThrough = variantOf(tails[0]);
      const transfer = tails[1] === tails[0] ? fallThrough : variantOf(tails[1]);
      layOut(2 * known, fallThrough);
      if (transfer === fallThrough || alike(fallThrough, transfer)) {
        for (const rows of Object.values(variants)) rows[2 * known + 1] = rows[2 * known];
      } else {
        layOut(2 * known + 1, transfer);
        if (!sided) loop = undefined;
        sided = true;
      }
    }
  }
  function replay(ids: Int32Array, from: number, to: number): void {
    const options = { renewed, lengthsUnknown: lowering.lengthsUnknown, observer };
    const replayed = loop ?? compileLoop(frontEnd, models, tables, kinds & wanted, sided, patched, options);
    loop = replayed;
    attempt(() => {
      for (let start = from; start < to; start += BLOCKS_PER_CALL) {
        replayed(ids, start, Math.min(start + BLOCKS_PER_CALL, to), ids[start]);
        onStretch?.();
      }
    });
  }
  /** The same, with fresh models whenever so many branches have executed. */
  function replayAndFlush(ids: Int32Array, from: number, to: number): void {
    let start = from;
    for (let i = from; i < to; i++) {
      const block = ids[i];
      unflushed -= branches[(block << 1) | (blocks.firsts[ids[i + 1]] !== blocks.ends[block] ? 1 : 0)];
      if (unflushed > 0) continue;
      while (unflushed <= 0) unflushed += flushEvery;
      replay(ids, start, i + 1);
      attempt(renew);
      start = i + 1;
    }
    replay(ids, start, to);
  }
  /** Takes what the records have counted, and adds it up by site. */
  function drain(counts: Int32Array, bySite: Float64Array): Float64Array {
    const sums = new Float64Array(lowering.sites.length);
    sums.set(bySite);
    list.forEach(({ site }, index) => {
      sums[site.id] += counts[index];
    });
    counts.fill(0);
    return sums;
  }
  let misses: Float64Array = new Float64Array(0);
  let bubbles: Float64Array = new Float64Array(0);
  let overrides: Float64Array = new Float64Array(0);
  /** Blocks since the counts were taken out of the records, which hold 31 bits. */
  let undrained = 0;
  function drainAll(): void {
    misses = drain(records.misses, misses);
    bubbles = drain(records.bubbles, bubbles);
    overrides = drain(records.overrides, overrides);
    undrained = 0;
  }
  /** Replays the records from `start` to `stop` once, the one at `patch` going to `next`. */
  function replayOnce(start: number, stop: number, patch: number, next: number): void {
    blocks.ends[known] = blocks.firsts[next];
    variants.starts[known * 2] = start;
    variants.stops[known * 2] = stop;
    variants.patches[known * 2] = patch;
    replay(Int32Array.of(known, next), 0, 1);
  }

  return {
    lowering,
    frontEnd,
    run(ids, from, to) {
      admit();
      undrained += to - from;
      if (undrained > MOST_UNDRAINED) drainAll();
      if (renewed) replayAndFlush(ids, from, to);
      else replay(ids, from, to);
    },
    enter(block) {
      admit();
      unflushed--;
      if (entry.kind & wanted) replayOnce(1, 2, entry.target === NEXT ? 1 : 0, block);
    },
    finish(block) {
      admit();
      const start = variants.starts[block * 2];
      const { length } = lowering.block(block).interior.filter(({ site }) => site.kind & wanted);
      replayOnce(start, start + length, 0, block);
    },
    reset() {
      drainAll();
      misses.fill(0);
      bubbles.fill(0);
      overrides.fill(0);
    },
    missesBySite() {
      drainAll();
      return misses;
    },
    bubblesBySite() {
      drainAll();
      return bubbles;
    },
    overridesBySite() {
      drainAll();
      return overrides;
    },
    failure: () => failure,
    record: (index) => list[index],
    answer({ address, kind }) {
      const owner = asked & kind ? frontEnd.ownerOf.get(kind) : undefined;
      return owner === undefined ? undefined : models[owner].predict(address, NONE);
    },
  };
}
