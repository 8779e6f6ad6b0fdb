// Perceptron: every branch has a weight for each of the last outcomes, the correlation with that outcome, and a bias weight.
// The sign of the weighted sum decides. The cost grows linearly with the history, not exponentially, so histories can be long.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

export default definePredictor({
  title: "Perceptron",
  source:
    "D. A. Jiménez and C. Lin, Dynamic branch prediction with perceptrons, HPCA 2001 (from memory): y = w0 + sum of wi * xi, " +
    "threshold floor(1.93 h + 14), the history of its 64 KB predictor. Departures: a power of two of perceptrons, selected by low address bits, " +
    "hence 60 KB; the history starts as not taken.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    perceptrons: {
      default: 1024,
      min: 1,
      max: 65536,
      powerOfTwo: true,
      unit: "perceptrons",
      description: "rows of weights; the low bits of the address select one",
    },
    historyBits: { default: 59, min: 0, max: 128, unit: "bits", description: "outcomes in the history; each has a weight in every row" },
    weightBits: { default: 8, min: 2, max: 8, unit: "bits", description: "a weight, with its sign; it saturates" },
    history: DIRECTION_PARAMETERS.history,
  },
  storageBits: ({ perceptrons, historyBits, weightBits }) => perceptrons * (historyBits + 1) * weightBits + historyBits,
  create({ perceptrons, historyBits, weightBits }) {
    const rowLength = historyBits + 1;
    // A row: | w0, the bias | w1, of the newest outcome | w2 | … |
    const weights = new Int8Array(perceptrons * rowLength);
    const outcomes = new Int8Array(rowLength).fill(-1); // 1 taken, -1 not taken; element 0 is always 1, for the bias w0
    outcomes[0] = 1;
    const threshold = Math.floor((193 * historyBits) / 100) + 14;
    const most = 2 ** (weightBits - 1) - 1;
    const least = -most - 1;

    function sumOf(first: number): number {
      let sum = 0;
      for (let i = 0; i < rowLength; i++) sum += weights[first + i] * outcomes[i];
      return sum;
    }

    return {
      predict: (pc) => (sumOf((pc & (perceptrons - 1)) * rowLength) >= 0 ? 1 : 0),
      train(pc, _target, taken) {
        const first = (pc & (perceptrons - 1)) * rowLength;
        const outcome = taken !== 0 ? 1 : -1;
        const sum = sumOf(first);
        const right = sum >= 0 === outcome > 0;
        if (right && Math.abs(sum) > threshold) return;
        for (let i = 0; i < rowLength; i++) {
          const weight = weights[first + i] + outcome * outcomes[i];
          if (weight <= most && weight >= least) weights[first + i] = weight;
        }
      },
      track(_pc, _target, taken) {
        if (historyBits === 0) return;
        outcomes.copyWithin(2, 1);
        outcomes[1] = taken !== 0 ? 1 : -1;
      },
      histories: [outcomes],
    };
  },
});
