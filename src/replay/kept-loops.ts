// Instances of a front end's models, with a loop that is compiled for them, which stay from one short replay to the next: each replay
// lays its tables into the loop's own, and the models are put back to how they were made. A short replay ends before a loop of its own is
// optimised; one that all front ends with the same models share (sharedBlockLoop) reads its tables and models as variables, and takes
// two to five times as long for the models of recent processors as a loop in which they are constants (queens at size test, ns for a
// virtual instruction: zen-4 446 and 184, golden-cove 433 and 225, ittage 596 and 106).
import { zeroColumns } from "../files/grown.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { BlockTables } from "./block-tables.ts";
import type { BranchCounts, CountColumn, CountColumns } from "./branch-counts.ts";
import { createInstances, type Instances } from "./instances.ts";
import { type BlockColumns, type BlockLoop, compileBlockLoop, PER_CALL } from "./replay-loop.ts";

/** The turn of one replay. All others of the same front end wait until it is over. */
export interface Turn {
  /** Replays `ids[from] … ids[to - 1]` of the replay's tables as they are now. */
  run(ids: Int32Array, from: number, to: number, onStretch: (() => void) | undefined): void;
  /** Adds what was counted to the replay's counts. */
  settle(): void;
  /** Settles, and lets others run. */
  end(): void;
}

export interface KeptFrontEnd {
  /** The models; between the turns of replays they hold what the last one has left. */
  readonly instances: Instances;
  /** Begins the turn of a replay, with models as they were made. */
  begin(tables: BlockTables, counts: BranchCounts): Turn;
}

/** One program at size test needs fewer of each. Memory that no replay writes to is never touched. */
const BLOCKS = 2 ** 13;
const ROWS = 2 ** 15;

interface KeptLoop {
  readonly blocks: number;
  readonly rows: number;
  readonly columns: BlockColumns;
  readonly counts: CountColumns;
  readonly loop: BlockLoop;
}

/** Columns like these, of another length. */
const columnsLike = <Name extends string>(like: Readonly<Record<Name, unknown>>, length: number): Record<Name, Int32Array> =>
  zeroColumns(Object.keys(like) as Name[], length);

function copy<Name extends string>(
  from: Readonly<Record<Name, Int32Array>>,
  to: Readonly<Record<NoInfer<Name>, Int32Array>>,
  start: number,
  end: number,
): void {
  for (const name of Object.keys(from) as Name[]) to[name].set(from[name].subarray(start, end), start);
}

/** Adds the first rows of a column to another one, and clears them. */
function move(from: Int32Array, to: Int32Array, rows: number): void {
  for (let row = 0; row < rows; row++) to[row] += from[row];
  from.fill(0, 0, rows);
}

function createKept(frontEnd: FrontEnd, instances: Instances, renew: () => void): KeptFrontEnd {
  /** By the kinds of branches that are merged. */
  const loops = new Map<number, KeptLoop>();
  let turn: Turn | undefined;

  function loopFor(tables: BlockTables, { columns: counted }: BranchCounts): KeptLoop {
    const before = loops.get(tables.merged);
    const { blocks = BLOCKS, rows = ROWS } = before ?? {};
    const wanted = { blocks: tables.known + 1, rows: tables.rowSites.rows };
    if (before !== undefined && wanted.blocks <= blocks && wanted.rows <= rows) return before;
    const room = { blocks: wanted.blocks > blocks ? 2 * wanted.blocks : blocks, rows: wanted.rows > rows ? 2 * wanted.rows : rows };
    const columns: BlockColumns = {
      blocks: columnsLike(tables.blocks, room.blocks),
      variants: columnsLike(tables.variants, 2 * room.blocks),
      branches: columnsLike(tables.branches, room.rows),
      contexts: columnsLike(tables.contexts, 0),
    };
    const counts: CountColumns = columnsLike(counted as Record<CountColumn, Int32Array>, room.rows);
    const { models, wanted: kinds } = instances;
    const subject = { frontEnd, models, renewed: false, kinds, others: false, merged: tables.merged, counts };
    const made = { ...room, columns, counts, loop: compileBlockLoop(subject, columns, true, true) };
    loops.set(tables.merged, made);
    return made;
  }

  return {
    instances,
    begin(tables, counts) {
      turn?.end();
      renew();
      let kept: KeptLoop | undefined;
      let blocks = 0;
      let rows = 0;
      function settle(): void {
        if (kept === undefined) return;
        if (tables.merged !== 0) move(kept.columns.variants.runs, tables.variants.runs, 2 * blocks);
        counts.drain(kept.counts);
        kept = undefined;
      }
      const own: Turn = {
        run(ids, from, to, onStretch) {
          if (turn !== own) throw new Error(`two replays of ${frontEnd.fullName} at a time`);
          const loop = loopFor(tables, counts);
          if (loop !== kept) {
            settle();
            kept = loop;
            [blocks, rows] = [0, 0];
          }
          const { columns } = kept;
          const [lastBlock, lastRow] = [tables.known + 1, tables.rowSites.rows];
          copy(tables.blocks, columns.blocks, blocks, lastBlock);
          const { runs: _, ...variants } = tables.variants;
          copy(variants, columns.variants, 2 * blocks, 2 * lastBlock);
          copy(tables.branches, columns.branches, rows, lastRow);
          [blocks, rows] = [tables.known, lastRow];
          for (let start = from; start < to; start += PER_CALL) {
            kept.loop(ids, start, Math.min(start + PER_CALL, to), ids[start]);
            onStretch?.();
          }
          // the row after the last block's stands for single instructions, and later for another block
          columns.variants.runs[2 * tables.known] = 0;
        },
        settle,
        end() {
          settle();
          if (turn === own) turn = undefined;
        },
      };
      turn = own;
      return own;
    },
  };
}

/** Front ends that are kept at a time; a machine's takes about a megabyte. Those that were used longest ago go first. */
const MOST_KEPT = 64;

/**
 * Short replays of a front end before it is kept: 25 front ends with one replay each took 1.2 times as long when each had a loop of its
 * own at once. Of more front ends in turn than are kept, none is.
 */
const REPLAYS_BEFORE = 2;

/** By their models: how often a front end has been asked for, and what is kept. */
const known = new Map<string, { asked: number; kept: Promise<KeptFrontEnd | undefined> | undefined }>();

async function makeKept(frontEnd: FrontEnd): Promise<KeptFrontEnd | undefined> {
  if (frontEnd.models.some(({ foreign, declares, seesOutcomes }) => foreign || declares.length > 0 || seesOutcomes)) return undefined;
  const instances = await createInstances(frontEnd);
  const renewals = instances.models.map(({ renewal, finish }) => (finish === undefined ? renewal?.() : undefined));
  if (renewals.some((renew) => renew === undefined)) return undefined;
  return createKept(frontEnd, instances, () => {
    for (const renew of renewals) renew?.();
  });
}

/** The front end with these models, if it is kept; undefined if it is new, or one of them cannot be put back to how it was made. */
export async function keptFrontEnd(frontEnd: FrontEnd): Promise<KeptFrontEnd | undefined> {
  const { fullName } = frontEnd;
  const entry = known.get(fullName) ?? { asked: 0, kept: undefined };
  known.delete(fullName);
  known.set(fullName, entry);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT) known.delete(oldest);
  if (entry.asked++ < REPLAYS_BEFORE) return undefined;
  entry.kept ??= makeKept(frontEnd);
  return entry.kept;
}
