// 65536 two-bit counters, selected by the address.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, takens, records, recordCount }) => {
  const counters = new Int8Array(65536).fill(1);
  const misses = new Int32Array(recordCount);
  return {
    misses,
    run(from, to) {
      for (let i = from; i < to; i++) {
        const taken = takens[i];
        const index = pcs[i] & 0xffff;
        const counter = counters[index];
        if (counter >> 1 !== taken) misses[records[i]]++;
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
      }
    },
  };
};
export default create;
