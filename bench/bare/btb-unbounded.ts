// Last targets in a hash table that is large enough: a multiplied address selects a slot, the next ones are searched.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, targets, records, recordCount }) => {
  const keys = new Int32Array(4096).fill(-1);
  const lastTargets = new Int32Array(4096).fill(-1);
  const misses = new Int32Array(recordCount);
  return {
    misses,
    run(from, to) {
      for (let i = from; i < to; i++) {
        const pc = pcs[i];
        const target = targets[i];
        let slot = Math.imul(pc, 0x9e3779b1) >>> 20;
        while (keys[slot] !== pc && keys[slot] !== -1) slot = (slot + 1) & 4095;
        if (lastTargets[slot] === target) continue;
        misses[records[i]]++;
        keys[slot] = pc;
        lastTargets[slot] = target;
      }
    },
  };
};
export default create;
