// The model's own functions over the flat stream, for models that are too large to be written again: the difference between this and
// the replay is the cost of lowering.
import { CONDITIONAL } from "../../src/branch.ts";
import type { Predictor } from "../../src/models/predictor.ts";
import type { CreateBareLoop } from "./bare-loop.ts";

/** @param owned kinds that the model predicts; @param tracks kinds that it tracks */
export default function verbs(model: Predictor, owned: number, tracks: number): CreateBareLoop {
  return ({ pcs, targets, takens, kinds, afters, statics, records, recordCount }) => {
    const misses = new Int32Array(recordCount);
    return {
      misses,
      run(from, to) {
        for (let i = from; i < to; i++) {
          const pc = pcs[i];
          const target = targets[i];
          const taken = takens[i];
          const kind = kinds[i];
          if (kind & owned) {
            if (model.predict(pc, statics[i]) !== (kind === CONDITIONAL ? taken : target)) misses[records[i]]++;
            model.train(pc, target, taken);
          }
          if (kind & tracks) model.track?.(pc, target, taken, kind, afters[i]);
        }
      },
    };
  };
}
