// Executed blocks, lowered to a flat stream of native branches: the input of bare loops. Everything that the replay computes each
// time (which branches a block has, the target of the last one) is done beforehand.
import { createLowering, type LoweredBranch, type Lowering } from "../src/dispatch/lowering.ts";
import { NEXT } from "../src/dispatch/native-code.ts";
import type { Technique } from "../src/dispatch/techniques.ts";
import type { RecordedEvents } from "../src/recordings/events.ts";
import type { Recording } from "./recording.ts";

/** The input of a replay. */
export interface LoweredRecording extends Recording {
  readonly lowering: Lowering;
}

/** A program's recording under one technique. */
export const lowered = ({ program, ids }: Recording, technique: Technique): LoweredRecording => ({
  program,
  ids,
  lowering: createLowering(program, technique.layout(program)),
});

/** One row a branch, in order of execution. */
export interface BranchStream {
  readonly pcs: Int32Array;
  readonly targets: Int32Array;
  readonly takens: Int32Array;
  readonly kinds: Int32Array;
  /** Addresses after the branches. */
  readonly afters: Int32Array;
  /** Targets of direct branches as a decoder knows them, or `NONE`. */
  readonly statics: Int32Array;
  /** Dense numbers of the sites. */
  readonly sites: Int32Array;
  readonly siteCount: number;
  /** Dense numbers of the records for which misses are counted: a branch in a block. */
  readonly records: Int32Array;
  readonly recordCount: number;
  /** The first branch of every block of the recording, and the number of branches at the end. */
  readonly blockStarts: Int32Array;
}

/** @param kinds the kinds of branches that the stream contains */
export function flatten({ ids, lowering }: LoweredRecording, kinds: number): BranchStream {
  const variants: { record: LoweredBranch; number: number }[][] = [];
  let recordCount = 0;
  const variantOf = (id: number, nextId: number): { record: LoweredBranch; number: number }[] => {
    const { end, interior, tails } = lowering.block(id);
    const side = lowering.block(nextId).start === end ? 0 : 1;
    variants[id * 2 + side] ??= [...interior, ...tails[side]]
      .filter(({ site }) => site.kind & kinds)
      .map((record) => ({ record, number: recordCount++ }));
    return variants[id * 2 + side];
  };
  const blocks = ids.length - 1;
  const blockStarts = new Int32Array(blocks + 1);
  for (let i = 0; i < blocks; i++) blockStarts[i + 1] = blockStarts[i] + variantOf(ids[i], ids[i + 1]).length;
  const column = (): Int32Array => new Int32Array(blockStarts[blocks]);
  const [pcs, targets, takens, kindColumn, afters, statics, sites, records] = Array.from({ length: 8 }, column);
  for (let i = 0; i < blocks; i++) {
    let row = blockStarts[i];
    for (const { record, number } of variantOf(ids[i], ids[i + 1])) {
      const { site, target, taken, staticTarget } = record;
      pcs[row] = site.address;
      targets[row] = target === NEXT ? lowering.block(ids[i + 1]).entry : target;
      takens[row] = taken;
      kindColumn[row] = site.kind;
      afters[row] = site.after;
      statics[row] = staticTarget;
      sites[row] = site.id;
      records[row] = number;
      row++;
    }
  }
  const siteCount = lowering.sites.length;
  return { pcs, targets, takens, kinds: kindColumn, afters, statics, sites, siteCount, records, recordCount, blockStarts };
}

/** Recorded branches as a replay takes them: numbers of events. */
export interface EventStream {
  readonly events: RecordedEvents;
  readonly stream: Int32Array;
}

/** The same as a flat stream. */
export function branchesOf({ events, stream }: EventStream): BranchStream {
  const { pcs, targets, takens, kinds, statics, sites } = events.columns;
  const rows = (column: Int32Array): Int32Array => stream.map((event) => column[event]);
  return {
    pcs: rows(pcs),
    targets: rows(targets),
    takens: rows(takens),
    kinds: rows(kinds),
    afters: rows(pcs),
    statics: rows(statics),
    sites: rows(sites),
    siteCount: events.sites.count,
    records: stream,
    recordCount: events.count,
    blockStarts: new Int32Array(0),
  };
}
