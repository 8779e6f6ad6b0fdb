// SAg: branches of one set of addresses share a history, and all of them one table of counters.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import {
  createTwoLevel,
  DIRECTION_PARAMETERS,
  historyKinds,
  type TwoLevelSizes,
  twoLevelBits,
} from "../src/models/two-level-directions.ts";

type Numbers = Record<"histories" | "historySet" | "historyBits" | "initial", number>;
const sizesOf = ({ histories, historySet, historyBits, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories,
  historySet,
  tables: 1,
  tableSet: 1,
  initial,
});

export default definePredictor({
  title: "SAg, conditional two-level, a history per address set",
  source:
    "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993. " +
    "Departures: counters start at 1, weakly not taken, and histories as not taken (theirs: taken). Sizes are ours; " +
    "MBPlib's of 64 KB, which mispredicts exactly as often, is " +
    "historyBits=18:histories=2:historySet=4096:history=all:initial=2.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    histories: {
      default: 64,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "histories",
      description: "history registers",
    },
    historySet: {
      default: 64,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "addresses",
      description: "consecutive addresses that share a history",
    },
    historyBits: {
      default: 16,
      min: 0,
      max: 24,
      unit: "bits",
      description: "outcomes in a history; there is a counter for every history",
    },
    ...DIRECTION_PARAMETERS,
  },
  storageBits: (values) => twoLevelBits(sizesOf(values)),
  create: (values) => createTwoLevel(sizesOf(values)),
});
