// A recording about to be replayed or counted: turns the output of a format's reader into a stream of events, and counts each.
import { grown, zeroColumns } from "../files/grown.ts";
import { createEvents, type RecordedEvents } from "./events.ts";
import { createPacketTable } from "./packet-table.ts";
import { createPacker } from "./packets.ts";
import { PACKET_WORDS, type PacketCoding, type RecordingSink } from "./recording.ts";
import { createSymbolTable, type SymbolTable } from "./symbols.ts";

/** Room at first for a format's own blocks, and for their branches: unused pages take no memory, and each copy touches new ones. */
const BLOCKS = 1 << 17;
const BLOCK_BRANCHES = 1 << 20;

/** Branches of a format's own blocks that are passed on at a time. */
const PIECE = 1 << 14;

/** Longer gaps count as this one: models are told of Int32s. */
const LONGEST_GAP = 2 ** 31 - 1;

export interface EventRunOptions {
  /** Kinds of branches that are streamed; all are counted. */
  readonly wanted: number;
  /** Whether the gap of each event is wanted; only where all kinds are. */
  readonly gaps?: boolean;
  /**
   * Takes wanted events in order, `stream[0] … stream[count - 1]`; the array is reused.
   * @param gaps theirs, where they are wanted: of both halves of a branch that is two events, the branch's
   */
  readonly onEvents: (stream: Int32Array, count: number, gaps: Int32Array) => void;
  /**
   * Feeds the branches `from` up to `to` in pieces of its own choice; default: all at once.
   * @param lengthOf instructions of one branch
   */
  readonly feed?: (from: number, to: number, lengthOf: (at: number) => number, feed: (from: number, to: number) => void) => void;
  /** Called now and then with the branches that were read so far. */
  readonly onProgress?: (branches: number) => void;
}

export interface EventRun {
  readonly events: RecordedEvents;
  /** Names of addresses, as far as they have been read. */
  readonly symbols: SymbolTable;
  /** Receives the output of a format's reader. */
  readonly sink: Required<RecordingSink>;
  /** How often each event executed since the last reset. */
  executions(): Float64Array;
  /** Resets the counts. */
  reset(): void;
}

/** The blocks that a format defines: runs of its own branches. */
interface FormatBlocks {
  /** Start of each block's branches in `branches`; one more entry for the end of the last one. */
  starts: Int32Array;
  branches: Int32Array;
  /** The same for the events that are wanted. */
  eventStarts: Int32Array;
  events: Int32Array;
  count: number;
}

/** Events that are copied at a time. */
const COPIED = 4;

/**
 * The events of the blocks `ids[from] … ids[to - 1]`, which counts how often each block executed. Tables are arguments, for V8. Four
 * are copied at a time, up to three too many: a processor mispredicts fewer ends of such a loop (0.55 to 0.78 of the time of one by
 * one, three runs of 2.6 million blocks of 6 events on average).
 */
function expand(
  ids: Int32Array,
  from: number,
  to: number,
  starts: Int32Array,
  events: Int32Array,
  executed: Float64Array,
  stream: Int32Array,
): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const id = ids[i];
    executed[id]++;
    const stop = starts[id + 1];
    let at = starts[id];
    let into = count;
    count += stop - at;
    for (; at < stop; at += COPIED, into += COPIED) {
      stream[into] = events[at];
      stream[into + 1] = events[at + 1];
      stream[into + 2] = events[at + 2];
      stream[into + 3] = events[at + 3];
    }
  }
  return count;
}

export function createEventRun({ wanted, gaps: gapped = false, onEvents, feed, onProgress }: EventRunOptions): EventRun {
  const events = createEvents();
  const symbols = createSymbolTable();
  const table = createPacketTable(events, wanted);
  let stream = new Int32Array(0);
  let gaps = new Int32Array(0);
  let read = 0;
  function progress(branches: number): void {
    read += branches;
    onProgress?.(read);
  }

  /** Notes the gap of the events `stream[from] … stream[to - 1]`; returns `to`. */
  function noteGap(gap: number, from: number, to: number): number {
    gaps.fill(Math.min(gap, LONGEST_GAP), from, to);
    return to;
  }

  const packer = createPacker();
  const packet = new Int32Array(PACKET_WORDS);
  /** By number of a format's own branch: its event, and its gap. */
  let branchEvents = new Int32Array(1 << 12);
  let branchGaps = new Float64Array(1 << 12);
  let branchCount = 0;
  const blocks: FormatBlocks = {
    ...zeroColumns(["starts", "eventStarts"], BLOCKS),
    ...zeroColumns(["branches", "events"], BLOCK_BRANCHES),
    count: 1,
  };
  let blockExecutions = new Float64Array(BLOCKS);
  /** Executions, by event, of branches of blocks that were cut. */
  let apart = new Float64Array(0);
  const isWanted = (event: number): boolean => (events.columns.kinds[event] & wanted) !== 0;

  /** Appends the wanted events of a branch; returns where they end. */
  function append(event: number, into: Int32Array, end: number): number {
    let at = end;
    const second = events.columns.seconds[event];
    if (isWanted(event)) into[at++] = event;
    if (second !== 0 && isWanted(second)) into[at++] = second;
    return at;
  }
  function define(run: ArrayLike<number>, length: number): number {
    const id = blocks.count++;
    blocks.starts = grown(blocks.starts, blocks.count + 1);
    blocks.eventStarts = grown(blocks.eventStarts, blocks.count + 1);
    blockExecutions = grown(blockExecutions, blocks.count);
    let end = blocks.starts[id];
    let eventEnd = blocks.eventStarts[id];
    blocks.branches = grown(blocks.branches, end + length);
    blocks.events = grown(blocks.events, eventEnd + 2 * length + COPIED);
    for (let i = 0; i < length; i++) {
      blocks.branches[end++] = run[i];
      eventEnd = append(branchEvents[run[i]], blocks.events, eventEnd);
    }
    blocks.starts[id + 1] = end;
    blocks.eventStarts[id + 1] = eventEnd;
    return id;
  }
  /** Passes on whole blocks, several at a time. */
  function takeBlocks(ids: Int32Array, count: number): void {
    const { starts, eventStarts } = blocks;
    let from = 0;
    while (from < count) {
      let to = from;
      let length = 0;
      let room = 0;
      while (to < count && length < PIECE) {
        const id = ids[to++];
        length += starts[id + 1] - starts[id];
        room += eventStarts[id + 1] - eventStarts[id];
      }
      stream = grown(stream, room + COPIED);
      onEvents(stream, expand(ids, from, to, eventStarts, blocks.events, blockExecutions, stream), gaps);
      progress(length);
      from = to;
    }
  }
  let branches = new Int32Array(0);
  /** Passes on blocks that are cut, branch by branch. */
  function takeApart(ids: Int32Array, count: number, cut: NonNullable<typeof feed>): void {
    apart = grown(apart, events.count);
    branches = grown(branches, PIECE);
    stream = grown(stream, 2 * PIECE);
    if (gapped) gaps = grown(gaps, 2 * PIECE);
    let length = 0;
    const hand = (): void => {
      cut(
        0,
        length,
        (at) => branchGaps[branches[at]],
        (from, to) => {
          let end = 0;
          for (let at = from; at < to; at++) {
            const event = branchEvents[branches[at]];
            apart[event]++;
            const second = events.columns.seconds[event];
            if (second !== 0) apart[second]++;
            const start = end;
            end = append(event, stream, start);
            if (gapped) noteGap(branchGaps[branches[at]], start, end);
          }
          onEvents(stream, end, gaps);
        },
      );
      progress(length);
      length = 0;
    };
    for (let i = 0; i < count; i++) {
      for (let at = blocks.starts[ids[i]]; at < blocks.starts[ids[i] + 1]; at++) {
        branches[length++] = blocks.branches[at];
        if (length === PIECE) hand();
      }
    }
    hand();
  }
  return {
    events,
    symbols,
    sink: {
      buffer: table.packets,
      packets(words, count, coding: PacketCoding) {
        if (gapped) gaps = grown(gaps, 2 * table.most);
        const identifyPiece = (from: number, to: number): void => {
          const written = table.identify(words, from, to, coding);
          if (gapped) {
            const { seconds } = events.columns;
            for (let i = from, at = 0; i < to; i++) {
              at = noteGap(coding.gapOf(words, i * PACKET_WORDS), at, at + (seconds[table.stream[at]] === 0 ? 1 : 2));
            }
          }
          onEvents(table.stream, written, gaps);
        };
        const identify = (from: number, to: number): void => {
          for (let start = from; start < to; start += table.most) identifyPiece(start, Math.min(start + table.most, to));
        };
        if (feed === undefined) identify(0, count);
        else feed(0, count, (at) => coding.gapOf(words, at * PACKET_WORDS), identify);
        progress(count);
      },
      branch(branch) {
        packer.packWithoutGap(branch, packet, 0);
        branchEvents = grown(branchEvents, branchCount + 1);
        branchGaps = grown(branchGaps, branchCount + 1);
        branchEvents[branchCount] = table.eventOf(packet, 0, packer.coding);
        branchGaps[branchCount] = branch.gap;
        return branchCount++;
      },
      block: define,
      blocks(ids, count) {
        if (feed !== undefined) takeApart(ids, count, feed);
        else if (gapped) takeApart(ids, count, (from, to, _lengthOf, hand) => hand(from, to));
        else takeBlocks(ids, count);
      },
      symbols: symbols.add,
    },
    executions() {
      const all = table.executions();
      for (let event = 0; event < apart.length; event++) all[event] += apart[event];
      for (let id = 1; id < blocks.count; id++) {
        const times = blockExecutions[id];
        if (times === 0) continue;
        for (let at = blocks.starts[id]; at < blocks.starts[id + 1]; at++) {
          const event = branchEvents[blocks.branches[at]];
          all[event] += times;
          all[events.columns.seconds[event]] += times;
        }
      }
      all[0] = 0;
      return all;
    },
    reset() {
      table.reset();
      apart.fill(0);
      blockExecutions.fill(0);
    },
  };
}
