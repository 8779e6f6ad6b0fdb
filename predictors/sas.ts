// SAs: branches of one set of addresses share a history, and those of one set a table of counters; the sets may differ.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "SAs, conditional two-level, a history and a table per address set",
  "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993. " +
    "Departures: counters start at 1, weakly not taken, and histories as not taken (theirs: taken). Sizes are ours; " +
    "MBPlib's of 64 KB, which mispredicts exactly as often, is " +
    "historyBits=12:histories=2:historySet=4096:tables=16:tableSet=32:history=all:initial=2.",
  { histories: 64, historySet: 64, historyBits: 12, tables: 64, tableSet: 64 },
);
