// PAg: every branch has its own history, and all share one table of counters: a pattern predicts the same outcome for all
// branches.
import { defineTwoLevel } from "../src/models/two-level-definition.ts";

export default defineTwoLevel(
  "PAg, conditional two-level, local histories",
  "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its PAg(12) " +
    "(from memory). Departures: histories are untagged and selected by the low bits of the address (theirs: 512 entries, " +
    "four ways, tagged); counters start at 1, weakly not taken, and histories as not taken (theirs: taken).",
  { histories: 512, historyBits: 12 },
);
