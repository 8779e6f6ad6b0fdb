// The bare loop for replay: a BTB of 512 sets × 4 ways with LRU written out by hand over the same expanded blocks that
// the lab replays, with the same per-branch counts of mispredictions. One function, typed arrays, no plug-in, no kinds.
import type { Lowering } from "../src/dispatch/lowering.ts";
import { NEXT } from "../src/dispatch/native-code.ts";
import type { VirtualProgram } from "../src/trace/virtual.ts";

const SETS = 512;
const WAYS = 4;

/** A loop that replays block ids through a fresh BTB; `misses()` says how many branches it mispredicted. */
export function bareBtb(
  program: VirtualProgram,
  lowering: Lowering,
  kinds: number,
): { run(ids: Int32Array, count: number): void; misses(): number } {
  const blocks = program.blockCount;
  const firsts = new Int32Array(blocks);
  const ends = new Int32Array(blocks);
  const entries = new Int32Array(blocks);
  const starts = new Int32Array(2 * blocks);
  const stops = new Int32Array(2 * blocks);
  const patches = new Int32Array(2 * blocks);
  const pcList = [0];
  const targetList = [0];
  for (let b = 0; b < blocks; b++) {
    const block = lowering.block(b);
    firsts[b] = block.start;
    ends[b] = block.end;
    entries[b] = block.entry;
    for (const side of [0, 1] as const) {
      starts[2 * b + side] = pcList.length;
      for (const { site, target } of [...block.interior, ...block.tails[side]]) {
        if ((site.kind & kinds) === 0) continue;
        if (target === NEXT) patches[2 * b + side] = pcList.length;
        pcList.push(site.address);
        targetList.push(target);
      }
      stops[2 * b + side] = pcList.length;
    }
  }
  const tables = { firsts, ends, entries, starts, stops, patches, pcs: Int32Array.from(pcList), targets: Int32Array.from(targetList) };
  const counts = new Int32Array(pcList.length);
  const ways = { sites: new Int32Array(SETS * WAYS).fill(-1), last: new Int32Array(SETS * WAYS).fill(-1) };
  return {
    run(ids, count) {
      // locals: V8 reads what a closure captured anew in every round, which halves the rate
      const { firsts, ends, entries, starts, stops, patches, pcs, targets } = tables;
      const { sites, last } = ways;
      const misses = counts;
      for (let i = 0; i < count; i++) {
        const block = ids[i];
        const next = ids[i + 1];
        const variant = (block << 1) | (firsts[next] !== ends[block] ? 1 : 0);
        targets[patches[variant]] = entries[next];
        const stop = stops[variant];
        for (let k = starts[variant]; k < stop; k++) {
          const pc = pcs[k];
          const target = targets[k];
          const set = (pc & (SETS - 1)) * WAYS;
          if (sites[set] === pc) {
            if (last[set] !== target) {
              misses[k]++;
              last[set] = target;
            }
            continue;
          }
          let way = 1;
          while (way < WAYS && sites[set + way] !== pc) way++;
          if (way === WAYS) {
            misses[k]++;
            way = WAYS - 1;
          } else if (last[set + way] !== target) misses[k]++;
          for (let w = set + way; w > set; w--) {
            sites[w] = sites[w - 1];
            last[w] = last[w - 1];
          }
          sites[set] = pc;
          last[set] = target;
        }
      }
    },
    misses: () => counts.reduce((sum, count) => sum + count, 0),
  };
}
