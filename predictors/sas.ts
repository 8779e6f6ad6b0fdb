// SAs: branches of one set of addresses share a history, and those of one set a table of counters; the sets may differ.
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

type Numbers = Record<"histories" | "historySet" | "historyBits" | "tables" | "tableSet" | "initial", number>;
const sizesOf = ({ histories, historySet, historyBits, tables, tableSet, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories,
  historySet,
  tables,
  tableSet,
  initial,
});

export default definePredictor({
  title: "SAs, conditional two-level, a history and a table per address set",
  source:
    "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993. " +
    "Departures: counters start at 1, weakly not taken, and histories as not taken (theirs: taken). Sizes are ours; " +
    "MBPlib's of 64 KB, which mispredicts exactly as often, is " +
    "historyBits=12:histories=2:historySet=4096:tables=16:tableSet=32:history=all:initial=2.",
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
      default: 64,
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
