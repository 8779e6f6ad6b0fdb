// A return stack of 16 addresses: calls push, returns pop and compare; an empty stack predicts nothing.
import { RETURN } from "../../src/branch.ts";
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ targets, kinds, afters, records, recordCount }) => {
  const stack = new Int32Array(16).fill(-1);
  const misses = new Int32Array(recordCount);
  const state = new Int32Array(2);
  return {
    misses,
    run(from, to) {
      let top = state[0];
      let held = state[1];
      for (let i = from; i < to; i++) {
        if (kinds[i] !== RETURN) {
          top = (top + 1) & 15;
          stack[top] = afters[i];
          if (held < 16) held++;
        } else if (held > 0) {
          if (stack[top] !== targets[i]) misses[records[i]]++;
          top = (top - 1) & 15;
          held--;
        } else misses[records[i]]++;
      }
      state[0] = top;
      state[1] = held;
    },
  };
};
export default create;
