// Replays the executed blocks of one technique through a cache: the lines of native code that they fetch, or the jump-table
// entries that their branches load. Each is a fixed list of lines per block, except for the load that finds the next block.

import type { ExpandedBlock, LoweredBranch, Lowering } from "../dispatch/lowering.ts";
import { grown } from "../files/grown.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { BlockWatcher } from "./block-watcher.ts";
import { type CacheGeometry, createHardwareCache } from "./hardware-cache.ts";

export interface CacheReplay extends BlockWatcher {
  counts(): CacheCount;
}

export interface CacheCount {
  /** Lines fetched, consecutive ones in a block that are the same counted once; or entries loaded. */
  readonly accesses: number;
  readonly misses: number;
}

/** A block's accesses to a cache. */
interface Accesses {
  /** Numbers of lines, in order. */
  readonly lines: readonly number[];
  /** The table through which its last instruction finds the next one, when control falls through and when it is transferred; or -1. */
  readonly tables: readonly [number, number];
}

/** The native code that blocks fetch, for an instruction cache. */
export function replayFetches(program: VirtualProgram, lowering: Lowering, geometry: CacheGeometry): CacheReplay {
  return createCacheReplay(program, lowering, geometry, -1, ({ instructions }) => {
    const lines: number[] = [];
    for (const { start, end } of instructions.flatMap(({ code }) => code)) {
      for (let line = Math.floor(start / geometry.line); line * geometry.line < end; line++) {
        if (lines[lines.length - 1] !== line) lines.push(line);
      }
    }
    return { lines, tables: [-1, -1] };
  });
}

/** The jump-table entries that branches load, for a data cache without other accesses. */
export function replayTableLoads(program: VirtualProgram, lowering: Lowering, geometry: CacheGeometry): CacheReplay {
  const { tableEntryBytes = 0 } = lowering.code;
  const tableOf = (tail: readonly LoweredBranch[]): number => tail.find(loads)?.site.table ?? -1;
  return createCacheReplay(program, lowering, geometry, lowering.entry.table ?? -1, ({ interior, tails }) => ({
    lines: interior
      .filter(loads)
      .map(({ site: { table = 0 }, virtualAddress }) =>
        Math.floor((table + tableEntryBytes * program.opcodeAt(virtualAddress + 1)) / geometry.line),
      ),
    tables: [tableOf(tails[0]), tableOf(tails[1])],
  }));
}

const loads = ({ site, taken }: LoweredBranch): boolean => taken === 1 && site.table !== undefined;

/** @param entryTable the table through which the first instruction of the trace is found, or -1 */
function createCacheReplay(
  program: VirtualProgram,
  lowering: Lowering,
  geometry: CacheGeometry,
  entryTable: number,
  accessesOf: (block: ExpandedBlock) => Accesses,
): CacheReplay {
  const { tableEntryBytes = 0 } = lowering.code;
  const { access, accessAll, fits } = createHardwareCache(geometry);
  const lineBits = Math.log2(geometry.line);
  const fixed: Int32Array[] = [];
  /** When each block ran last, on a clock that counts blocks; 0 for never. */
  const stamps: number[] = [];
  let clock = 0;
  /** Whether every access must be made, because the order of use matters. */
  let crowded = false;
  let firsts = new Int32Array(0);
  let ends = new Int32Array(0);
  let opcodes = new Int32Array(0);
  let tables = new Int32Array(0);
  let accesses = 0;
  let misses = 0;

  function admit(): void {
    const { blockCount } = program;
    firsts = grown(firsts, blockCount);
    ends = grown(ends, firsts.length);
    opcodes = grown(opcodes, firsts.length);
    tables = grown(tables, 2 * firsts.length);
    while (fixed.length < blockCount) {
      const id = fixed.length;
      const block = lowering.block(id);
      const { lines, tables: both } = accessesOf(block);
      firsts[id] = block.start;
      ends[id] = block.end;
      opcodes[id] = program.opcodeAt(block.start);
      tables.set(both, 2 * id);
      fixed.push(Int32Array.from(lines));
      stamps.push(0);
    }
  }

  // As long as nothing was evicted, a block that ran before finds all its lines: its accesses are skipped, and only its time is
  // stored. With the default size nothing ever is evicted, and 5 ns per virtual instruction become 1.7. Before the first
  // eviction, and the first load of a variable line, the order of use is restored: only the last run of each block matters.
  function makeGood(): void {
    crowded = true;
    const ran = fixed.map((_, id) => id).filter((id) => stamps[id] > 0);
    for (const id of ran.sort((a, b) => stamps[a] - stamps[b])) accessAll(fixed[id]);
  }
  /** The misses of one execution. */
  function execute(block: number): number {
    const lines = fixed[block];
    let missed = 0;
    for (let i = 0; i < lines.length; i++) {
      if (!crowded && !fits(lines[i])) {
        makeGood();
        for (let j = 0; j < i; j++) access(lines[j]);
      }
      if (!access(lines[i])) missed++;
    }
    return missed;
  }
  const lineOf = (table: number, next: number): number => (table + tableEntryBytes * opcodes[next]) >>> lineBits;

  return {
    run(ids, from, to) {
      admit();
      let asked = 0;
      let missed = 0;
      for (let i = from; i < to; i++) {
        const block = ids[i];
        const next = ids[i + 1];
        const lines = fixed[block];
        asked += lines.length;
        if (crowded) {
          missed += accessAll(lines);
        } else {
          if (stamps[block] === 0) missed += execute(block);
          stamps[block] = ++clock;
        }
        const table = tables[2 * block + (firsts[next] !== ends[block] ? 1 : 0)];
        if (table >= 0) {
          if (!crowded) makeGood();
          if (!access(lineOf(table, next))) missed++;
          asked++;
        }
      }
      accesses += asked;
      misses += missed;
    },
    enter(block) {
      admit();
      if (entryTable < 0) return;
      crowded = true;
      if (!access(lineOf(entryTable, block))) misses++;
      accesses++;
    },
    finish(block) {
      admit();
      misses += execute(block);
      stamps[block] = ++clock;
      accesses += fixed[block].length;
    },
    reset() {
      accesses = 0;
      misses = 0;
    },
    counts: () => ({ accesses, misses }),
  };
}
