// PAp: every branch has its own history and its own table of counters, so that branches do not interfere. For a given
// length of history it is the most expensive two-level predictor.
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

type Numbers = Record<"histories" | "historyBits" | "initial", number>;
const sizesOf = ({ histories, historyBits, initial }: Numbers): TwoLevelSizes => ({
  historyBits,
  histories,
  historySet: 1,
  tables: histories,
  tableSet: 1,
  initial,
});

export default definePredictor({
  title: "PAp, conditional two-level, local histories, a table per address",
  source:
    "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its PAp(6) " +
    "(from memory). Departures: histories are untagged and selected by the low bits of the address (theirs: 512 entries, " +
    "four ways, tagged), so branches alike in those bits share history and table; counters start at 1, weakly not taken, " +
    "and histories as not taken (theirs: taken).",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    histories: {
      default: 512,
      min: 1,
      max: 65536,
      powerOfTwo: true,
      unit: "histories",
      description: "per-address histories, each with its table of counters; the low bits of the address select one",
    },
    historyBits: {
      default: 6,
      min: 0,
      max: 16,
      unit: "bits",
      description: "outcomes in a history; a table has a counter for every history",
    },
    ...DIRECTION_PARAMETERS,
  },
  check: ({ histories, historyBits }) => tooManyCounters("histories", histories, historyBits),
  storageBits: (values) => twoLevelBits(sizesOf(values)),
  create: (values) => createTwoLevel(sizesOf(values)),
});
