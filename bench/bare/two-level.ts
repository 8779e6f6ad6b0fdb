// Two-level prediction with the last four targets, 6 bits of each, in 1024 sets of 4 ways: one product selects the set and
// is the tag; the rest is a BTB's, as in btb.ts.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, targets, records, recordCount }) => {
  const tags = new Int32Array(4096);
  const lastTargets = new Int32Array(4096).fill(-1);
  const misses = new Int32Array(recordCount);
  const path = new Int32Array(1);
  return {
    misses,
    run(from, to) {
      for (let i = from; i < to; i++) {
        const target = targets[i];
        const key = Math.imul(path[0] ^ Math.imul(pcs[i], 0x85ebca6b), 0x9e3779b1);
        path[0] = ((path[0] << 6) | (Math.imul(target, 0x9e3779b1) >>> 26)) & 0xffffff;
        const first = (key >>> 22) << 2;
        if (tags[first] === key) {
          if (lastTargets[first] !== target) {
            misses[records[i]]++;
            lastTargets[first] = target;
          }
          continue;
        }
        let way = first + 1;
        while (way < first + 3 && tags[way] !== key) way++;
        if (tags[way] !== key || lastTargets[way] !== target) misses[records[i]]++;
        for (; way > first; way--) {
          tags[way] = tags[way - 1];
          lastTargets[way] = lastTargets[way - 1];
        }
        tags[first] = key;
        lastTargets[first] = target;
      }
    },
  };
};
export default create;
