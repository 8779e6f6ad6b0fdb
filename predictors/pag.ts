// PAg: every branch has its own history, and all share one table of counters: a pattern predicts the same outcome for all
// branches.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import {
  createTwoLevel,
  DIRECTION_PARAMETERS,
  historyKinds,
  type TwoLevelSizes,
  twoLevelBits,
} from "../src/models/two-level-directions.ts";

type Numbers = Record<"histories" | "historyBits" | "initial", number>;
const sizesOf = ({ histories, historyBits, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories,
  historySet: 1,
  tables: 1,
  tableSet: 1,
  initial,
});

export default definePredictor({
  title: "PAg, conditional two-level, local histories",
  source:
    "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its PAg(12) " +
    "(from memory). Departures: histories are untagged and selected by the low bits of the address (theirs: 512 entries, " +
    "four ways, tagged); counters start at 1, weakly not taken, and histories as not taken (theirs: taken).",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    histories: {
      default: 512,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "histories",
      description: "history registers; the low bits of the address select one",
    },
    historyBits: {
      default: 12,
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
