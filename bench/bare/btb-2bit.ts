// The BTB of btb.ts with a mark in each entry: a wrong target is replaced the second time in a row.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, targets, records, recordCount }) => {
  const tags = new Int32Array(2048);
  const lastTargets = new Int32Array(2048).fill(-1);
  const marks = new Int32Array(2048);
  const misses = new Int32Array(recordCount);
  return {
    misses,
    run(from, to) {
      for (let i = from; i < to; i++) {
        const pc = pcs[i];
        const target = targets[i];
        const first = (pc & 511) << 2;
        const tag = pc >>> 9;
        if (tags[first] !== tag) {
          let way = first + 1;
          while (way < first + 3 && tags[way] !== tag) way++;
          const known = tags[way] === tag;
          const lastTarget = known ? lastTargets[way] : -1;
          const mark = known ? marks[way] : 1;
          for (; way > first; way--) {
            tags[way] = tags[way - 1];
            lastTargets[way] = lastTargets[way - 1];
            marks[way] = marks[way - 1];
          }
          tags[first] = tag;
          lastTargets[first] = lastTarget;
          marks[first] = mark;
        }
        if (lastTargets[first] === target) {
          marks[first] = 0;
          continue;
        }
        misses[records[i]]++;
        if (marks[first] === 0) marks[first] = 1;
        else {
          lastTargets[first] = target;
          marks[first] = 0;
        }
      }
    },
  };
};
export default create;
