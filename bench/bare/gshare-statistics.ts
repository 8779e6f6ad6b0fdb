// The loop of gshare.ts that counts for every site how often it ran and how often it was mispredicted.
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ pcs, takens, sites, siteCount }) => {
  const counters = new Int8Array(65536).fill(1);
  const counts = new Int32Array(2 * siteCount);
  const history = new Int32Array(1);
  return {
    get misses() {
      return counts.filter((_, i) => i & 1);
    },
    run(from, to) {
      for (let i = from; i < to; i++) {
        const taken = takens[i];
        const index = (pcs[i] ^ history[0]) & 0xffff;
        const counter = counters[index];
        counts[(sites[i] << 1) | (counter >> 1 !== taken ? 1 : 0)]++;
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
        history[0] = ((history[0] << 1) | taken) & 0xffff;
      }
    },
  };
};
export default create;
