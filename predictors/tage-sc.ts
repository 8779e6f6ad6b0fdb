// TAGE-SC of 192 KB, A. Seznec's entry in the championship of 2025: a TAGE whose longest match answers without a vote on weak entries,
// and a statistical corrector three times as large that decides on those. It has no loop predictor: its corrector counts
// rounds itself.
import { ALL_KINDS, CONDITIONAL, INDIRECT, RETURN } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { cookbookCorrectorBits, createCookbookCorrector, VOTES } from "../src/models/cookbook-corrector.ts";
import { createCookbookTage, MATCH } from "../src/models/cookbook-tage.ts";
import { cookbookTageBits } from "../src/models/cookbook-tage-sizes.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "TAGE-SC of the 2025 championship, 192 KB",
  source:
    "A. Seznec, TAGE: an engineering cookbook, 2024, and his TAGE-SC of 192 KB for CBP 2025, after its code: with this model's pseudo-random numbers in " +
    "place of its own, the code mispredicts exactly as often on recorded traces. Three lengths of the corrector's histories are those that " +
    "the code has on x86, where it shifts an int by 53, 39 and 45 bits. The code is made for instructions of four bytes and leaves out the low two bits of " +
    "a branch's address, here too. Every branch trains before the next is predicted, unless --update-delay is set.",
  covers: CONDITIONAL,
  tracks: ALL_KINDS,
  parameters: {},
  storageBits: () => cookbookTageBits() + cookbookCorrectorBits(),

  create() {
    const tage = createCookbookTage();
    const corrector = createCookbookCorrector();
    const { found } = tage;
    // The branch that `found` is about, as long as nothing has changed since, and its prediction.
    const state = fixedArray([0, 0, 0]);
    const FRESH = 0;
    const PC = 1;
    const ANSWER = 2;

    function look(pc: number): void {
      if (state[FRESH] !== 0 && state[PC] === pc) return;
      tage.look(pc >>> 2);
      state[FRESH] = 1;
      state[PC] = pc;
      state[ANSWER] = corrector.look(pc >>> 2, found);
    }

    return {
      predict(pc) {
        look(pc);
        return state[ANSWER];
      },
      train(pc, _target, taken) {
        look(pc);
        state[FRESH] = 0;
        corrector.train(pc >>> 2, taken);
        const isRight = (sum: number): boolean => sum >= 0 === (taken !== 0);
        tage.train(pc >>> 2, taken, isRight(corrector.sums[VOTES.EARLY]), isRight(corrector.sums[VOTES.ALL]));
      },
      track(pc, target, taken, kind) {
        state[FRESH] = 0;
        corrector.push(pc, target, taken, kind === CONDITIONAL, (kind & (INDIRECT | RETURN)) !== 0);
        tage.push(pc >>> 2, target, taken);
      },
      histories: [...tage.histories, ...corrector.histories],
      inspect(pc) {
        state[FRESH] = 0;
        const parts = tage.inspect(pc >>> 2);
        look(pc);
        state[FRESH] = 0;
        const says = (answer: number): string => (answer !== 0 ? "taken" : "not taken");
        return [
          ...parts,
          corrector.inspect(),
          {
            shape: "entries",
            title: "TAGE, and what the corrector makes of its prediction",
            columns: [{ title: "after" }, { title: "says" }],
            rows: [
              ["TAGE", says(found[MATCH.LONGEST])],
              ["corrector", says(state[ANSWER])],
            ],
            used: 1,
          },
        ];
      },
    };
  },
});
