// GAp: one global history, and a table of counters for every address: what follows a situation is learned for each branch.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import {
  createTwoLevel,
  DIRECTION_PARAMETERS,
  historyKinds,
  type TwoLevelSizes,
  tooManyCounters,
  twoLevelBits,
} from "../src/models/two-level-directions.ts";

type Numbers = Record<"historyBits" | "tables" | "initial", number>;
const sizesOf = ({ historyBits, tables, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories: 1,
  historySet: 1,
  tables,
  tableSet: 1,
  initial,
});

export default definePredictor({
  title: "GAp, conditional two-level, global history, a table per address",
  source:
    "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992. Departures: " +
    "tables are untagged and selected by the low bits of the address; counters start at 1, weakly not taken, and the " +
    "history as not taken (theirs: taken). Sizes are those of MBPlib's 64 KB, which with history=all:initial=2 mispredicts " +
    "exactly as often.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    historyBits: {
      default: 15,
      min: 0,
      max: 20,
      unit: "bits",
      description: "outcomes in the history; a table has a counter for every history",
    },
    tables: {
      default: 8,
      min: 1,
      max: 1024,
      powerOfTwo: true,
      unit: "tables",
      description: "pattern tables; the low bits of the address select one",
    },
    ...DIRECTION_PARAMETERS,
  },
  check: ({ tables, historyBits }) => tooManyCounters("tables", tables, historyBits),
  storageBits: (values) => twoLevelBits(sizesOf(values)),
  create: (values) => createTwoLevel(sizesOf(values)),
});
