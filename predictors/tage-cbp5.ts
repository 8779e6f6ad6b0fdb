// The TAGE within TAGE-SC-L of 64 KB, alone: what the winner of the fifth Championship Branch Prediction owes to its TAGE, and
// the TAGE that others of this size are measured by.
import { ALL_KINDS, CONDITIONAL, INDIRECT, RETURN } from "../src/branch.ts";
import { createBankedTage } from "../src/models/banked-tage.ts";
import { FOUND } from "../src/models/banked-tage-contract.ts";
import { bankedTageBits } from "../src/models/banked-tage-sizes.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { TAGE_SC_L_SIZES } from "../src/models/tage-sc-l-sizes.ts";

const SIZES = TAGE_SC_L_SIZES[64].tage;

export default definePredictor({
  title: "TAGE of the 2016 championship, 57 KB",
  source:
    "A. Seznec, TAGE-SC-L branch predictors again, CBP-5, 2016, its TAGE of 64 KB without loop predictor and statistical corrector; " +
    "departures as in tage-sc-l. Measured beside the author's code compiled that way: on twelve recordings of interpreters and a compiler " +
    "from 3 % fewer to 1.2 % more mispredictions, on a thirteenth (recursive fib) 62 for 37.",
  covers: CONDITIONAL,
  tracks: ALL_KINDS,
  parameters: {},
  storageBits: () => bankedTageBits(SIZES),
  create() {
    const tage = createBankedTage(SIZES);
    const { found } = tage;
    // The branch that `found` is about, as long as nothing has changed since.
    const state = new Int32Array(2);
    const FRESH = 0;
    const PC = 1;

    function look(pc: number): void {
      if (state[FRESH] !== 0 && state[PC] === pc) return;
      tage.look(pc);
      state[FRESH] = 1;
      state[PC] = pc;
    }

    return {
      predict(pc) {
        look(pc);
        return found[FOUND.ANSWER];
      },
      train(pc, _target, taken) {
        look(pc);
        state[FRESH] = 0;
        tage.train(pc, taken, found[FOUND.ANSWER]);
      },
      track(pc, _target, taken, kind) {
        state[FRESH] = 0;
        tage.push(pc, taken, kind & (INDIRECT | RETURN) ? 3 : 2);
      },
      histories: tage.histories,
      inspect(pc) {
        state[FRESH] = 0;
        return tage.inspect(pc);
      },
    };
  },
});
