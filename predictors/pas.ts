// PAs: every branch has a history of its own, and branches of one set of addresses share a table of counters.
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

type Numbers = Record<"histories" | "historyBits" | "tables" | "tableSet" | "initial", number>;
const sizesOf = ({ histories, historyBits, tables, tableSet, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories,
  historySet: 1,
  tables,
  tableSet,
  initial,
});

export default definePredictor({
  title: "PAs, conditional two-level, local histories, a table per address set",
  source:
    "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993. " +
    "Departures: histories and tables are untagged; counters start at 1, weakly not taken, and histories as not taken " +
    "(theirs: taken). Sizes are ours; MBPlib's of 64 KB, which mispredicts exactly as often, is " +
    "historyBits=13:histories=2:tables=16:tableSet=8:history=all:initial=2.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    histories: {
      default: 1024,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "histories",
      description: "history registers; the low bits of the address select one",
    },
    historyBits: {
      default: 12,
      min: 0,
      max: 20,
      unit: "bits",
      description: "outcomes in a history; a table has a counter for every history",
    },
    tables: {
      default: 64,
      min: 1,
      max: 1024,
      powerOfTwo: true,
      unit: "tables",
      description: "pattern tables",
    },
    tableSet: {
      default: 8,
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
