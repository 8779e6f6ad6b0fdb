// The loop of btb.ts that counts for every site how often it ran and how often it was mispredicted.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, targets, sites, siteCount }) => {
  const tags = new Int32Array(2048);
  const lastTargets = new Int32Array(2048).fill(-1);
  const counts = new Int32Array(2 * siteCount);
  return {
    get misses() {
      return counts.filter((_, i) => i & 1);
    },
    run(from, to) {
      for (let i = from; i < to; i++) {
        const pc = pcs[i];
        const target = targets[i];
        const first = (pc & 511) << 2;
        const tag = pc >>> 9;
        let way = first;
        while (way < first + 3 && tags[way] !== tag) way++;
        counts[(sites[i] << 1) | (tags[way] !== tag || lastTargets[way] !== target ? 1 : 0)]++;
        for (; way > first; way--) {
          tags[way] = tags[way - 1];
          lastTargets[way] = lastTargets[way - 1];
        }
        tags[first] = tag;
        lastTargets[first] = target;
      }
    },
  };
};
export default create;
