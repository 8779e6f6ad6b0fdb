// gshare with 65536 two-bit counters and 16 bits of history.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, takens, records, recordCount }) => {
  const counters = new Int8Array(65536).fill(1);
  const misses = new Int32Array(recordCount);
  const history = new Int32Array(1);
  return {
    misses,
    run(from, to) {
      for (let i = from; i < to; i++) {
        const taken = takens[i];
        const index = (pcs[i] ^ history[0]) & 0xffff;
        const counter = counters[index];
        if (counter >> 1 !== taken) misses[records[i]]++;
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
        history[0] = ((history[0] << 1) | taken) & 0xffff;
      }
    },
  };
};
export default create;
