// GAs: one global history, and a pattern table for every set of addresses.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "GAs, conditional two-level, global history, a table per address set",
  "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993, " +
    "its GAs(13, 32) (from memory). Departures: counters start at 1, weakly not taken, and the history as not taken " +
    "(theirs: taken); the lowest address bits select the table, since instructions may begin at any byte. MBPlib's of 64 KB " +
    "is historyBits=15:tables=8:tableSet=8:history=all:initial=2.",
  { historyBits: 13, tables: 32, tableSet: 1 },
);
