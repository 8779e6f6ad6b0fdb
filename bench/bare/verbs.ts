// The model's own verbs over the flat stream, for models that are too large to be written again: what is left between this
// and the replay is what lowering costs.
import { NONE } from "../../src/branch.ts";
import type { Predictor } from "../../src/predictor.ts";
import type { CreateBareLoop } from "./bare-loop.ts";

export default function verbs(model: Predictor): CreateBareLoop {
  return ({ pcs, targets, takens, kinds, afters, records, recordCount }) => {
    const misses = new Int32Array(recordCount);
    return {
      misses,
      run(from, to) {
        for (let i = from; i < to; i++) {
          const pc = pcs[i];
          const target = targets[i];
          if (model.predict(pc, NONE) !== target) misses[records[i]]++;
          model.train(pc, target, takens[i]);
          model.track?.(pc, target, takens[i], kinds[i], afters[i]);
        }
      },
    };
  };
}
