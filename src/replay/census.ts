// The census: how often each block ran, and whether control continued at the next address or elsewhere.
import { grown } from "../files/grown.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { BlockWatcher } from "./block-watcher.ts";

/** Counts of each block, by how it was left. One census is enough for all techniques and front ends of a run. */
export interface Census extends BlockWatcher {
  /** Virtual instructions counted so far. */
  virtualInstructions(): number;
  /** Calls back with every block that ran: executions that fell through, that transferred control, that ended the trace. */
  forEach(visit: (block: number, fellThrough: number, transferred: number, ended: number) => void): void;
  readonly entries: number;
}

/** Counts blocks by what follows. Tables are arguments: what a closure may exchange, V8 loads again for every block (100 ms in the place of 47 for 17 million). */
function count(ids: Int32Array, from: number, to: number, counts: Float64Array, firsts: Int32Array, ends: Int32Array): void {
  let block = ids[from];
  for (let i = from; i < to; i++) {
    const next = ids[i + 1];
    counts[(block << 1) | (firsts[next] !== ends[block] ? 1 : 0)]++;
    block = next;
  }
}

export function createCensus(program: VirtualProgram): Census {
  let counts = new Float64Array(512);
  let firsts = new Int32Array(256);
  let ends = new Int32Array(256);
  let known = 0;
  const finished: number[] = [];
  let entries = 0;
  function admit(): void {
    const { blockCount } = program;
    firsts = grown(firsts, blockCount);
    ends = grown(ends, blockCount);
    counts = grown(counts, 2 * firsts.length);
    for (; known < blockCount; known++) {
      firsts[known] = program.blockStart(known);
      ends[known] = firsts[known] + program.blockLength(known);
    }
  }
  return {
    run(ids, from, to) {
      if (program.blockCount > known) admit();
      count(ids, from, to, counts, firsts, ends);
    },
    enter() {
      entries = 1;
    },
    finish(block) {
      if (program.blockCount > known) admit();
      finished.push(block);
    },
    reset() {
      counts.fill(0);
      entries = 0;
    },
    virtualInstructions() {
      let sum = 0;
      this.forEach((block, fell, transferred, ended) => {
        sum += (fell + transferred + ended) * program.blockLength(block);
      });
      return sum;
    },
    forEach(visit) {
      const finishedAt = new Map<number, number>();
      for (const block of finished) finishedAt.set(block, (finishedAt.get(block) ?? 0) + 1);
      for (let block = 0; block < known; block++) {
        const fell = counts[block * 2];
        const transferred = counts[block * 2 + 1];
        const ended = finishedAt.get(block) ?? 0;
        if (fell + transferred + ended > 0) visit(block, fell, transferred, ended);
      }
    },
    get entries() {
      return entries;
    },
  };
}
