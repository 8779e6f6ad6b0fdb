// SAp: branches of one set of addresses share a history, and every branch has a table of counters of its own.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "SAp, conditional two-level, a history per address set, a table per address",
  "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993. " +
    "Departures: tables are untagged and selected by the low bits of the address; counters start at 1, weakly not taken, " +
    "and histories as not taken (theirs: taken). Sizes are ours; MBPlib's of 64 KB, which mispredicts exactly as often, is " +
    "historyBits=13:histories=2:historySet=4096:tables=16:history=all:initial=2.",
  { histories: 64, historySet: 64, historyBits: 12, tables: 64 },
);
