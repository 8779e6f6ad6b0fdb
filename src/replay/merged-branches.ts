// Branches of a block that are replayed as one. A model that keeps for each branch an entry of its own, with nothing in it but
// the last target, needs to be asked once for a site that a block executes several times: from the second time on, the block
// itself says whether the prediction is right, and of all targets only the last is remembered.
//
// A return stack absorbs a call and the return to it: what is left of the pair is the address above the top, which the next
// call overwrites, and the return is always predicted correctly. So of several pairs in a row the last says all, and one before
// a call says nothing. A generated call for each virtual instruction, as in subroutine threading, is such a pair.
//
// Embench's huffbench as WebAssembly, 314 million virtual instructions, btb, million a CPU second (tracing included, three runs in
// turns, medians): switch 325 → 482, token threading 180 → 301, direct threading 185 → 295.
// Pairs: wasm/chess at size full, 29 million virtual instructions, subroutine threading, btb, from its tape, CPU seconds of whole
// processes in turns: 0.94, 0.95, 0.94 → 0.81, 0.81, 0.84.
import { CALLS, INDIRECT_CALL, RETURN } from "../branch.ts";
import { FIELD, type Lowering, ROW_LENGTH, type Rows } from "../dispatch/lowering.ts";
import { NEXT } from "../dispatch/native-code.ts";
import { grown } from "../files/grown.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Predictor } from "../models/predictor.ts";

/** Branches that may be replayed as one. */
export interface Merging {
  /** Their kinds. */
  readonly kinds: number;
  /** Kinds of all branches that their model predicts. */
  readonly owned: number;
  /** Whether calls with the returns to them may be left out where another call follows. */
  readonly pairs: boolean;
  /** Whether branches at these addresses do not disturb each other. */
  separates(addresses: readonly number[]): boolean;
}

/** Whether the model that predicts returns absorbs pairs, and no other is told of calls and returns. */
function absorbsPairs({ ownerOf, models: declared }: FrontEnd, models: readonly Predictor[]): boolean {
  const stack = ownerOf.get(RETURN);
  if (stack === undefined || declared[stack].foreign || !models[stack].absorbsPairs) return false;
  return declared.every(({ tracks }, i) => i === stack || (tracks & (CALLS | RETURN)) === 0);
}

/** What a front end lets be merged: the branches of one model that no other model is told of, and pairs of calls and returns. Undefined if nothing. */
export function mergingOf(frontEnd: FrontEnd, models: readonly Predictor[]): Merging | undefined {
  const { ownerOf, spareOf, fetches, answersFirst } = frontEnd;
  if (fetches !== 0 || answersFirst !== 0 || spareOf.size > 0) return undefined;
  const pairs = absorbsPairs(frontEnd, models);
  const owner = models.findIndex(({ separates }, i) => separates !== undefined && !frontEnd.models[i].foreign);
  if (owner < 0 || frontEnd.models[owner].declares.length > 0 || frontEnd.models[owner].tracks !== 0)
    return pairs ? { kinds: 0, owned: 0, pairs, separates: () => true } : undefined;
  const tracked = frontEnd.models.reduce((kinds, { tracks }) => kinds | tracks, 0);
  let owned = 0;
  for (const [kind, index] of ownerOf) if (index === owner) owned |= kind;
  const kinds = (owned & ~tracked) | (pairs ? owned & INDIRECT_CALL : 0);
  return { kinds, owned, pairs, separates: (addresses) => models[owner].separates?.(addresses) ?? false };
}

/** Rows of a block's branches, some of which stand for several executions. The columns are written again for each block. */
export interface MergedRows {
  /** How many there are. */
  count: number;
  /** The row of the first execution, whose prediction is not known in advance. */
  rows: Int32Array;
  /** The target of the last execution, or NEXT. */
  learned: Int32Array;
  /** Mispredictions of all executions but the first. */
  repeatedMisses: Int32Array;
}

/** A row that was merged into a later one. */
const GONE = -1;
const NOWHERE = -1;

/** Merges the branches of one block after another. */
export interface Merger {
  /**
   * A block's branches of the wanted kinds, those of kinds that may be merged in the order of last executions: that in which
   * entries age.
   */
  merge(interior: Rows, tail: Rows): MergedRows;
}

/** @param wanted kinds of branches that are kept */
export function createMerger(lowering: Lowering, wanted: number, { kinds, pairs }: Pick<Merging, "kinds" | "pairs">): Merger {
  const merged: MergedRows = { count: 0, rows: new Int32Array(0), learned: new Int32Array(0), repeatedMisses: new Int32Array(0) };
  /** By site: one more than its last place in the list; 0 if it is not there. Cleared after each block. */
  let lastOf = new Int32Array(0);
  /** What the return stack was told last: the place of a call, or of a call and the return to it. */
  let call = NOWHERE;
  let pairCall = NOWHERE;
  let pairReturn = NOWHERE;

  function push(row: number, target: number): number {
    const at = merged.count++;
    merged.rows[at] = row;
    merged.learned[at] = target;
    merged.repeatedMisses[at] = 0;
    return at;
  }
  /** The branch at a place has executed before, at an earlier place. */
  function replace(earlier: number, at: number): void {
    const { rows, learned, repeatedMisses } = merged;
    repeatedMisses[at] = repeatedMisses[earlier] + (learned[earlier] === learned[at] ? 0 : 1);
    rows[at] = rows[earlier];
    rows[earlier] = GONE;
  }
  /** A call overwrites what the pair before it has left. */
  function pushCall(at: number, kind: number): void {
    if (pairCall !== NOWHERE) {
      const site = lowering.rows[ROW_LENGTH * merged.rows[pairCall] + FIELD.site];
      const before = lowering.sites[site].kind;
      const again = site === lowering.rows[ROW_LENGTH * merged.rows[at] + FIELD.site];
      // the target buffer has to learn where indirect calls went
      const same = before === kind && again && (kinds & kind) !== 0 && merged.learned[at] !== NEXT;
      if (before !== INDIRECT_CALL || same) {
        if (same) replace(pairCall, at);
        else merged.rows[pairCall] = GONE;
        merged.rows[pairReturn] = GONE;
      }
    }
    pairCall = NOWHERE;
    call = at;
  }
  function popReturn(at: number, target: number): void {
    pairCall = NOWHERE;
    if (call !== NOWHERE && lowering.sites[lowering.rows[ROW_LENGTH * merged.rows[call] + FIELD.site]].after === target) {
      pairCall = call;
      pairReturn = at;
    }
    call = NOWHERE;
  }
  function add({ from, to }: Rows): void {
    const { rows, sites } = lowering;
    for (let row = from; row < to; row++) {
      const site = rows[ROW_LENGTH * row + FIELD.site];
      const { kind } = sites[site];
      if ((kind & wanted) === 0) continue;
      const target = rows[ROW_LENGTH * row + FIELD.target];
      const at = push(row, target);
      if (pairs && (kind & CALLS) !== 0) pushCall(at, kind);
      else if (pairs && kind === RETURN) popReturn(at, target);
      else if ((kind & kinds) !== 0 && target !== NEXT) {
        if (lastOf[site] !== 0) replace(lastOf[site] - 1, at);
        lastOf[site] = at + 1;
      }
    }
  }
  return {
    merge(interior, tail) {
      const most = interior.to - interior.from + tail.to - tail.from;
      merged.rows = grown(merged.rows, most);
      merged.learned = grown(merged.learned, merged.rows.length);
      merged.repeatedMisses = grown(merged.repeatedMisses, merged.rows.length);
      lastOf = grown(lastOf, lowering.sites.length);
      merged.count = 0;
      call = NOWHERE;
      pairCall = NOWHERE;
      add(interior);
      add(tail);
      const { rows, learned, repeatedMisses } = merged;
      let kept = 0;
      for (let at = 0; at < merged.count; at++) {
        const row = rows[at];
        if (row === GONE) continue;
        lastOf[lowering.rows[ROW_LENGTH * row + FIELD.site]] = 0;
        rows[kept] = row;
        learned[kept] = learned[at];
        repeatedMisses[kept++] = repeatedMisses[at];
      }
      merged.count = kept;
      return merged;
    },
  };
}
