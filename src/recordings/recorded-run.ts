// A recording about to be read: its distinct branches, and the blocks of them that execute. What a format hands on becomes
// the ids of executed blocks, as a guest's are.
import { createDistinctBranches, type EventSite, type RecordedEvent } from "./distinct-branches.ts";
import { createPhrases } from "./phrases.ts";
import type { DecodePacket, RecordedBranch, RecordingSink, WritableBlocks } from "./recording.ts";
import { createSymbolTable, type SymbolTable } from "./symbols.ts";

/** Grows while the recording is read. Blocks are numbered from 1; block 0 has no branches, and follows the last one. */
export interface RecordedBlocks extends WritableBlocks {
  readonly sites: readonly EventSite[];
  /** Distinct branches, by whose numbers the others go: 0 to this minus 1. */
  readonly branchCount: number;
  /** What is predicted of a branch. */
  eventsOf(branch: number): readonly RecordedEvent[];
  /** Instructions that one execution takes. */
  instructionsOf(block: number): number;
  /** Names of addresses, as far as they have been read. */
  readonly symbols: SymbolTable;
}

export interface RecordedRun {
  readonly blocks: RecordedBlocks;
  /** Where a format's reader puts what it reads. */
  readonly sink: Required<RecordingSink>;
  /** Hands on what has been read and waits for what follows it: the end of the recording. */
  finish(): void;
}

/** Takes executed blocks, `ids[0] … ids[count - 1]`, of so many branches. The array has room for one more id, and is reused. */
export type RecordedBlockSink = (ids: Int32Array, count: number, branches: number) => void;

/** Branches that are handed on at a time where each is a block. */
const SINGLES = 1 << 16;

export interface RecordedRunOptions {
  /** Whether every branch is to be a block of its own, so that a run may be cut anywhere. */
  readonly singly?: boolean;
  /** Whether to keep what was recorded of each branch, for a writer. */
  readonly keep?: boolean;
}

export function createRecordedRun({ singly = false, keep = false }: RecordedRunOptions, blockSink: RecordedBlockSink): RecordedRun {
  const branches = createDistinctBranches();
  const symbols = createSymbolTable();
  const kept: RecordedBranch[] = [];
  function admit(branch: RecordedBranch, replaced: (old: number, now: number) => void): number {
    const id = branches.admit(branch, (old, now) => {
      if (keep) kept[now] = kept[old];
      replaced(old, now);
    });
    if (keep) kept[id] = branch;
    return id;
  }
  const blocks: (readonly number[])[] = [[]];
  /** Of each block. */
  const lengths = [0];
  const instructions = [0];
  const define = (run: readonly number[]): number => {
    lengths.push(run.length);
    instructions.push(run.reduce((sum, id) => sum + branches.gaps[id], 0));
    return blocks.push(run) - 1;
  };
  let decoder: DecodePacket | undefined;
  const phrases = createPhrases(
    {
      admit(words, at) {
        if (decoder === undefined) throw new Error("a packet before its decoder");
        const branch = decoder(words, at);
        const id = admit(branch, (old, now) => phrases.replace(old, now));
        return { id, branch, waits: branches.waits(id) };
      },
      end: define,
    },
    singly ? 1 : undefined,
  );
  let buffer = new Int32Array(0);
  const reserve = (ids: number): Int32Array => {
    if (buffer.length <= ids) buffer = new Int32Array(ids + 1);
    return buffer;
  };
  /** Blocks of one branch each, by branch, where a format's own blocks are taken apart. */
  const single: number[] = [];
  const singleOf = (branch: number): number => {
    single[branch] ??= define([branch]);
    return single[branch];
  };
  /** The blocks of one branch each that a format's own blocks are, by their numbers, where they are taken apart. */
  const parts: (readonly number[])[] = [[]];
  return {
    blocks: {
      sites: branches.sites,
      get count() {
        return blocks.length;
      },
      branchesOf: (block) => blocks[block],
      get branchCount() {
        return branches.events.length;
      },
      branch: (number) => kept[number],
      eventsOf: (branch) => branches.events[branch],
      instructionsOf: (block) => instructions[block],
      symbols,
    },
    sink: {
      packets(words, count, decode) {
        decoder = decode;
        // a run may end before a packet and with it
        const ids = reserve(2 * count);
        const found = phrases.identify(words, count, ids);
        blockSink(ids, found, count);
      },
      branch: (branch) => admit(branch, () => {}),
      block: (run) => (singly ? parts.push(run.map(singleOf)) - 1 : define(run)),
      blocks(ids, count) {
        let executed = 0;
        if (!singly) {
          for (let i = 0; i < count; i++) executed += lengths[ids[i]];
          let roomy = ids;
          if (ids.length === count) {
            roomy = reserve(count);
            roomy.set(ids);
          }
          blockSink(roomy, count, executed);
          return;
        }
        // piece by piece: runs may be long
        const all = reserve(SINGLES);
        for (let i = 0; i < count; i++) {
          for (const id of parts[ids[i]]) {
            all[executed++] = id;
            if (executed < SINGLES) continue;
            blockSink(all, executed, executed);
            executed = 0;
          }
        }
        blockSink(all, executed, executed);
      },
      symbols: symbols.add,
    },
    finish() {
      const block = phrases.finish();
      const ids = reserve(1);
      ids[0] = block;
      if (block !== 0) blockSink(ids, 1, 0);
    },
  };
}
