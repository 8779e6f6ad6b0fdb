// The loop of btb.ts with the trick that makes the replay's loop fast (src/replay/replay-loop.ts): everything it uses is copied from
// the closure into locals before the loop. We know no faster loop over a stream in TypeScript.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = (stream) => {
  const $tags = new Int32Array(2048);
  const $lastTargets = new Int32Array(2048).fill(-1);
  const $misses = new Int32Array(stream.recordCount);
  const { pcs: $pcs, targets: $targets, records: $records } = stream;
  return {
    misses: $misses,
    run(from, to) {
      const tags = $tags;
      const lastTargets = $lastTargets;
      const misses = $misses;
      const pcs = $pcs;
      const targets = $targets;
      const records = $records;
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
