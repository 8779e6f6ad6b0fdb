// PAs: every branch has a history of its own, and branches of one set of addresses share a table of counters.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "PAs, conditional two-level, local histories, a table per address set",
  "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993. " +
    "Departures: histories and tables are untagged; counters start at 1, weakly not taken, and histories as not taken " +
    "(theirs: taken). Sizes are ours; MBPlib's of 64 KB, which mispredicts exactly as often, is " +
    "historyBits=13:histories=2:tables=16:tableSet=8:history=all:initial=2.",
  { histories: 1024, historyBits: 12, tables: 64, tableSet: 8 },
);
