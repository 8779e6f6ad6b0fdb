// GAg: one global history selects a counter from one table, without the address of the branch. Different
// branches with the same history share a counter.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import {
  createTwoLevel,
  DIRECTION_PARAMETERS,
  historyKinds,
  type TwoLevelSizes,
  twoLevelBits,
} from "../src/models/two-level-directions.ts";

type Numbers = Record<"historyBits" | "initial", number>;
const sizesOf = ({ historyBits, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories: 1,
  historySet: 1,
  tables: 1,
  tableSet: 1,
  initial,
});

export default definePredictor({
  title: "GAg, conditional two-level, global history",
  source:
    "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its GAg(18) " +
    "(from memory). Departures: counters start at 1, weakly not taken, and the history as not taken (theirs: taken).",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    historyBits: {
      default: 18,
      min: 0,
      max: 24,
      unit: "bits",
      description: "outcomes in the history; the table has a counter for every history",
    },
    ...DIRECTION_PARAMETERS,
  },
  storageBits: (values) => twoLevelBits(sizesOf(values)),
  create: (values) => createTwoLevel(sizesOf(values)),
});
