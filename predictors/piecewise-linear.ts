// Piecewise linear: a perceptron whose weights depend on the path. For every outcome in the history there is a weight for each
// address that the branch at that place had: one line through the histories for every path, together a piecewise linear border.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

export default definePredictor({
  title: "Piecewise linear",
  source:
    "D. A. Jiménez, Piecewise linear branch prediction, ISCA 2005: its definition, threshold floor(2.14 (h + 1) + 20.58), without the " +
    "pipelining of its practical form. The sizes are ours.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    addresses: {
      default: 256,
      min: 1,
      max: 4096,
      powerOfTwo: true,
      unit: "addresses",
      description: "sets of weights for the branch to be predicted; the low bits of its address select one",
    },
    pathAddresses: {
      default: 8,
      min: 1,
      max: 256,
      powerOfTwo: true,
      unit: "addresses",
      description: "weights for each place in the history; the low bits of the address of the branch there select one",
    },
    historyBits: { default: 31, min: 1, max: 64, unit: "outcomes", description: "outcomes, and addresses, in the history" },
    history: DIRECTION_PARAMETERS.history,
  },
  check: ({ addresses, pathAddresses, historyBits }) =>
    addresses * (pathAddresses * historyBits + 1) > 2 ** 26
      ? `addresses=${addresses} with pathAddresses=${pathAddresses} and historyBits=${historyBits} needs more than 2^26 weights`
      : undefined,
  storageBits: ({ addresses, pathAddresses, historyBits }) =>
    8 * addresses * (pathAddresses * historyBits + 1) + historyBits * (1 + Math.log2(pathAddresses)),
  create({ addresses, pathAddresses, historyBits }) {
    const perAddress = pathAddresses * historyBits + 1; // the last is the bias
    const weights = new Int8Array(addresses * perAddress);
    const threshold = Math.floor(2.14 * (historyBits + 1) + 20.58);
    const last = 2 ** Math.ceil(Math.log2(historyBits)) - 1;
    // A ring, the newest at `newest`: | address, so many bits as select a weight | outcome |; the low bit is 0 before the start.
    const past = new Int32Array(last + 1);
    const state = new Int32Array(1);

    function sumOf(pc: number): number {
      const start = (pc & (addresses - 1)) * perAddress;
      let sum = weights[start + perAddress - 1];
      for (let age = 0; age < historyBits; age++) {
        const event = past[(state[0] - age) & last];
        const weight = weights[start + age * pathAddresses + (event >> 1)];
        sum += event & 1 ? weight : -weight;
      }
      return sum;
    }
    function move(place: number, up: boolean): void {
      const weight = weights[place];
      if (up) {
        if (weight < 127) weights[place] = weight + 1;
      } else if (weight > -128) weights[place] = weight - 1;
    }

    return {
      predict: (pc) => (sumOf(pc) >= 0 ? 1 : 0),
      train(pc, _target, taken) {
        const sum = sumOf(pc);
        if (sum >= 0 === (taken !== 0) && Math.abs(sum) >= threshold) return;
        const start = (pc & (addresses - 1)) * perAddress;
        move(start + perAddress - 1, taken !== 0);
        for (let age = 0; age < historyBits; age++) {
          const event = past[(state[0] - age) & last];
          move(start + age * pathAddresses + (event >> 1), (event & 1) === taken);
        }
      },
      track(pc, _target, taken) {
        state[0] = (state[0] + 1) & last;
        past[state[0]] = ((pc & (pathAddresses - 1)) << 1) | taken;
      },
      histories: [past, state],
    };
  },
});
