// Return stack: a call pushes the address after it, a return is predicted to go to the top one. Circular: a call beyond the
// depth overwrites the oldest address, and the return that needs it finds the stack empty, or a stale entry.

import { CALLS, NONE, RETURN } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { MOST_ROWS } from "../src/models/inspection.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";

export default definePredictor({
  title: "Return stack",
  source:
    "D. R. Kaeli and P. G. Emma, Branch history table prediction of moving target branches due to subroutine returns, ISCA 1991. " +
    "An empty stack predicts nothing and stays empty, unless `underflow` is set otherwise. A trace has no wrong path, so nothing corrupts the stack. " +
    "With callLengths it pushes the call's own address, as ChampSim does. " +
    "Counts agree exactly with two other implementations on recorded traces.",
  covers: RETURN,
  check: ({ callLengths }) =>
    callLengths !== 0 && 2 ** Math.round(Math.log2(callLengths)) !== callLengths
      ? `callLengths must be 0 or a power of two, got ${callLengths}`
      : undefined,
  passesOn: ({ underflow }) => (underflow === "indirect" ? RETURN : 0),
  tracks: CALLS | RETURN,
  parameters: {
    depth: { default: 16, min: 1, max: 65536, unit: "addresses", description: "return addresses that it holds" },
    underflow: {
      type: "choice",
      choices: ["none", "stale", "indirect"],
      default: "none",
      description:
        "prediction of a return when the stack is empty: none, the stale entry that the pointer wraps to, or the indirect predictor's",
    },
    callLengths: {
      default: 0,
      min: 0,
      max: 65536,
      unit: "entries",
      description:
        "entries of a table that learns how long calls are (ChampSim's has 1024), selected by the call's address, in the place of " +
        "lengths that are known; 0 or a power of two",
    },
  },
  // Addresses only; the pointer and the fill count, which `stale` does not need, are left out. A length of a call takes 4 bits.
  storageBits: ({ depth, callLengths }) => 32 * depth + 4 * callLengths,
  create({ depth, underflow, callLengths }) {
    const learned = new Int32Array(callLengths).fill(4);
    const learns = callLengths > 0;
    const stale = underflow === "stale";
    const addresses = new Int32Array(depth).fill(NONE);
    const state = fixedArray([0, 0]); // index of the top; number of addresses on the stack
    return {
      predict() {
        if (!stale && state[1] === 0) return NONE;
        const top = addresses[state[0]];
        return learns && top !== NONE ? (top + learned[top & (callLengths - 1)]) | 0 : top;
      },
      train() {},
      track(pc, target, _taken, kind, next) {
        const top = state[0];
        const held = state[1];
        if (kind !== RETURN) {
          const above = top + 1 < depth ? top + 1 : 0;
          addresses[above] = learns ? pc : next;
          state[0] = above;
          if (held < depth) state[1] = held + 1;
        } else if (stale || held > 0) {
          const call = addresses[top];
          // a return that lands near the call's address tells how long the call is
          if (learns && call !== NONE && Math.abs((target - call) | 0) <= 10)
            learned[call & (callLengths - 1)] = Math.abs((target - call) | 0);
          state[0] = top > 0 ? top - 1 : depth - 1;
          if (held > 0) state[1] = held - 1;
        }
      },
      histories: [addresses, state, learned],
      absorbsPairs: !learns,
      renewal: () => renewalOf(addresses, state, learned),
      inspect() {
        const [top, held] = state;
        const shown = Array.from({ length: Math.min(stale ? depth : held, MOST_ROWS) }, (_, i) => addresses[(top - i + depth) % depth]);
        return [{ shape: "stack", title: `return stack: ${held} of ${depth} addresses`, addresses: shown }];
      },
    };
  },
});
