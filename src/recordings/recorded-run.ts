// A recording about to be written: its distinct branches, and the executed blocks of them. The output of a format's reader
// becomes ids of executed blocks, like those of a guest.
import { createEvents } from "./events.ts";
import { createPhrases } from "./phrases.ts";
import type { PacketCoding, RecordedBranch, RecordingSink, WritableBlocks } from "./recording.ts";
import { createSymbolTable, type SymbolTable } from "./symbols.ts";

/** Grows while the recording is read. Blocks are numbered from 1. */
export interface RecordedBlocks extends WritableBlocks {
  /** Names of addresses, as far as they have been read. */
  readonly symbols: SymbolTable;
}

export interface RecordedRun {
  readonly blocks: RecordedBlocks;
  /** Receives the output of a format's reader. */
  readonly sink: Required<Omit<RecordingSink, "buffer">>;
  /** Passes on the rest at the end of the recording. */
  finish(): void;
}

/** Takes executed blocks, `ids[0] … ids[count - 1]`, of so many branches. The array is reused. */
export type RecordedBlockSink = (ids: Int32Array, count: number, branches: number) => void;

export function createRecordedRun(blockSink: RecordedBlockSink): RecordedRun {
  const events = createEvents();
  const symbols = createSymbolTable();
  /** By event, as recorded. */
  const kept: RecordedBranch[] = [];
  function admit(branch: RecordedBranch, replaced: (old: number, now: number) => void): number {
    const event = events.admit(branch, (old, now) => {
      kept[now] = kept[old];
      replaced(old, now);
    });
    kept[event] = branch;
    return event;
  }
  const blocks: (readonly number[])[] = [[]];
  /** Branches of each block. */
  const lengths = [0];
  const define = (run: readonly number[]): number => {
    lengths.push(run.length);
    return blocks.push(run) - 1;
  };
  let coding: PacketCoding | undefined;
  const phrases = createPhrases({
    admit(words, at) {
      if (coding === undefined) throw new Error("a packet before its coding");
      const branch = coding.decode(words, at);
      const id = admit(branch, (old, now) => phrases.replace(old, now));
      return { id, branch, waits: events.waits(id) };
    },
    end: define,
  });
  let buffer = new Int32Array(0);
  return {
    blocks: {
      get count() {
        return blocks.length;
      },
      branchesOf: (block) => blocks[block],
      branch: (number) => kept[number],
      symbols,
    },
    sink: {
      packets(words, count, meaning) {
        coding = meaning;
        // a run may end before a packet and with it
        if (buffer.length < 2 * count) buffer = new Int32Array(2 * count);
        blockSink(buffer, phrases.identify(words, count, buffer), count);
      },
      branch: (branch) => admit(branch, () => {}),
      block: (branches, count) => define(Array.from({ length: count }, (_, i) => branches[i])),
      blocks(ids, count) {
        let executed = 0;
        for (let i = 0; i < count; i++) executed += lengths[ids[i]];
        blockSink(ids, count, executed);
      },
      symbols: symbols.add,
    },
    finish() {
      const block = phrases.finish();
      if (block !== 0) blockSink(Int32Array.of(block), 1, 0);
    },
  };
}
