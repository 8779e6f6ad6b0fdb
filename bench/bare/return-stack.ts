// A return stack of 16 addresses: calls push, returns pop and compare; an empty stack predicts nothing.
import { RETURN } from "../../src/branch.ts";
import type { CreateBareLoop } from "./bare-loop.ts";

const create: CreateBareLoop = ({ targets, kinds, afters, records, recordCount }) => {
  const stack = new Int32Array(16).fill(-1);
  const misses = new Int32Array(recordCount);
  const state = new Int32Array(2); // place of the top; how many are on the stack
  return {
    misses,
    run(from, to) {
      for (let i = from; i < to; i++) {
        const top = state[0];
        const held = state[1];
        if (kinds[i] !== RETURN) {
          const above = (top + 1) & 15;
          stack[above] = afters[i];
          state[0] = above;
          if (held < 16) state[1] = held + 1;
        } else if (held > 0) {
          if (stack[top] !== targets[i]) misses[records[i]]++;
          state[0] = (top - 1) & 15;
          state[1] = held - 1;
        } else misses[records[i]]++;
      }
    },
  };
};
export default create;
