// SAg: branches of one set of addresses share a history, and all of them one table of counters.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "SAg, conditional two-level, a history per address set",
  "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993. " +
    "Departures: counters start at 1, weakly not taken, and histories as not taken (theirs: taken). Sizes are ours; " +
    "MBPlib's of 64 KB, which mispredicts exactly as often, is " +
    "historyBits=18:histories=2:historySet=4096:history=all:initial=2.",
  { histories: 64, historySet: 64, historyBits: 16 },
);
