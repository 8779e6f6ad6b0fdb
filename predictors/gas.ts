// GAs: one global history, and a pattern table for every set of addresses.
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

type Numbers = Record<"historyBits" | "tables" | "tableSet" | "initial", number>;
const sizesOf = ({ historyBits, tables, tableSet, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories: 1,
  historySet: 1,
  tables,
  tableSet,
  initial,
});

export default definePredictor({
  title: "GAs, conditional two-level, global history, a table per address set",
  source:
    "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993, " +
    "its GAs(13, 32) (from memory). Departures: counters start at 1, weakly not taken, and the history as not taken " +
    "(theirs: taken); the lowest address bits select the table, since instructions may begin at any byte. MBPlib's of 64 KB " +
    "is historyBits=15:tables=8:tableSet=8:history=all:initial=2.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    historyBits: {
      default: 13,
      min: 0,
      max: 20,
      unit: "bits",
      description: "outcomes in the history; a table has a counter for every history",
    },
    tables: {
      default: 32,
      min: 1,
      max: 1024,
      powerOfTwo: true,
      unit: "tables",
      description: "pattern tables",
    },
    tableSet: {
      default: 1,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "addresses",
      description: "consecutive addresses that share a table",
    },
    ...DIRECTION_PARAMETERS,
  },
  check: ({ tables, historyBits }) => tooManyCounters("tables", tables, historyBits),
  storageBits: (values) => twoLevelBits(sizesOf(values)),
  create: (values) => createTwoLevel(sizesOf(values)),
});
