// GAg: one global history selects a counter from one table, without the address of the branch. Different
// branches with the same history share a counter.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "GAg, conditional two-level, global history",
  "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its GAg(18) " +
    "(from memory). Departures: counters start at 1, weakly not taken, and the history as not taken (theirs: taken).",
  { historyBits: 18 },
);
