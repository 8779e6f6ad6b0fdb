// GAp: one global history, and a table of counters for every address: what follows a situation is learned for each branch.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "GAp, conditional two-level, global history, a table per address",
  "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992. Departures: " +
    "tables are untagged and selected by the low bits of the address; counters start at 1, weakly not taken, and the " +
    "history as not taken (theirs: taken). Sizes are those of MBPlib's 64 KB, which with history=all:initial=2 mispredicts " +
    "exactly as often.",
  { historyBits: 15, tables: 8 },
);
