// Tournament, as in the Alpha 21264: one predictor with local histories, one with the global history, and a table that
// learns for each global history which of the two to use.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

/** Where a three-bit counter starts, as sure as the two-bit ones. */
const LOCAL_INITIAL = [0, 3, 4, 7];

export default definePredictor({
  title: "Tournament, Alpha 21264",
  source:
    "R. E. Kessler, The Alpha 21264 microprocessor, IEEE Micro 19(2), 1999 (sizes from secondary sources). " +
    "Ours, where it is silent: counters start weakly not taken (those of three bits as sure as initial says), the chooser weakly local, histories as not taken; both predictors " +
    "always train, the chooser only where they differ. The lowest address bits select a local history (there: above the 4-byte alignment).",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    localHistories: {
      default: 1024,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "histories",
      description: "per-address histories; the low bits of the address select one",
    },
    localBits: { default: 10, min: 0, max: 20, unit: "bits", description: "outcomes in a local history; each has a three-bit counter" },
    globalBits: {
      default: 12,
      min: 0,
      max: 20,
      unit: "bits",
      description: "outcomes in the global history; each has a two-bit counter and a two-bit chooser",
    },
    ...DIRECTION_PARAMETERS,
  },
  storageBits: ({ localHistories, localBits, globalBits }) =>
    localHistories * localBits + 3 * 2 ** localBits + 4 * 2 ** globalBits + globalBits,
  create({ localHistories, localBits, globalBits, initial }) {
    const locals = new Int32Array(localHistories);
    const history = new Int32Array(1);
    const localCounters = new Int8Array(2 ** localBits).fill(LOCAL_INITIAL[initial]);
    const globalCounters = new Int8Array(2 ** globalBits).fill(initial);
    const choosers = new Int8Array(2 ** globalBits).fill(1); // 2 and 3 select the global predictor
    const localMask = 2 ** localBits - 1;
    const globalMask = 2 ** globalBits - 1;
    return {
      predict(pc) {
        const situation = history[0];
        return choosers[situation] > 1 ? globalCounters[situation] >> 1 : localCounters[locals[pc & (localHistories - 1)]] >> 2;
      },
      train(pc, _target, taken) {
        const situation = history[0];
        const pattern = locals[pc & (localHistories - 1)];
        const local = localCounters[pattern];
        const global = globalCounters[situation];
        if (local >> 2 !== global >> 1) choosers[situation] = step(choosers[situation], global >> 1 === taken ? 1 : 0, 3);
        localCounters[pattern] = step(local, taken, 7);
        globalCounters[situation] = step(global, taken, 3);
      },
      track(pc, _target, taken) {
        const row = pc & (localHistories - 1);
        locals[row] = ((locals[row] << 1) | taken) & localMask;
        history[0] = ((history[0] << 1) | taken) & globalMask;
      },
      histories: [history, locals],
      renewal: () => renewalOf(locals, history, localCounters, globalCounters, choosers),
    };
  },
});

/** A counter from 0 to `top`, one step up or down. */
function step(counter: number, up: number, top: number): number {
  if (up !== 0) return counter < top ? counter + 1 : top;
  return counter > 0 ? counter - 1 : 0;
}
