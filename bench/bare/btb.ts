// A BTB of 512 sets and 4 ways in LRU order with whole tags, predict and train in one: load address, target and record;
// compare the tag of the set's first way, then of the others; count a miss if the target differs; move the way to the
// front; store the target.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, targets, records, recordCount }) => {
  const tags = new Int32Array(2048);
  const lastTargets = new Int32Array(2048).fill(-1);
  const misses = new Int32Array(recordCount);
  return {
    misses,
    run(from, to) {
      for (let i = from; i < to; i++) {
        const pc = pcs[i];
        const target = targets[i];
        const first = (pc & 511) << 2;
        const tag = pc >>> 9;
        if (tags[first] === tag) {
          if (lastTargets[first] !== target) {
            misses[records[i]]++;
            lastTargets[first] = target;
          }
          continue;
        }
        let way = first + 1;
        while (way < first + 3 && tags[way] !== tag) way++;
        if (tags[way] !== tag || lastTargets[way] !== target) misses[records[i]]++;
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
