// C9: a compiler uses registers better in one switch than in a function for each opcode.
import { defineClaim } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

export default defineClaim({
  title: "one switch makes better use of registers than a function for each opcode",
  quote: "optimize them as one unit, making much better use of registers",
  source: "rust",
  place: "Threaded dispatch, last paragraph",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "Register allocation is the compiler's: bodies here are the same whatever dispatches them. What can be shown is how much it would " +
    "have to save: cycles per virtual instruction by which direct threading is ahead of switch, in all virtual machines' programs " +
    "(assumed: 15 cycles a misprediction, 1 instruction a cycle).",
  experiments: { all: SHARED_OR_OWN },
  expected: {
    what: "nothing that a trace could show; CPython's tail calls with a calling convention of their own (preserve_none) point the other way",
    from: "CPython pull request 128718, 2025",
    confidence: "primary",
  },
  expectedVerdict: "out of reach",
  byClock: {
    techniques: ["switch", "call-threading", "tail-call-threading"],
    judge(clock) {
      const [called, jumped] = ["call-threading", "tail-call-threading"].map((technique) => clock.times(technique, "switch"));
      if (called === undefined || jumped === undefined) return undefined;
      const ahead = [called, jumped].filter(({ mean }) => mean > 1).length;
      return {
        verdict: ahead === 2 ? "reproduced" : ahead === 1 ? "reproduced in part" : "not reproduced",
        measured:
          `${clock.by}, functions that a loop calls take ${ratioText(called)} the cycles of one switch, functions that jump to each other ` +
          `${ratioText(jumped)}: calls and predictions are in it as well as registers`,
      };
    },
  },
  judge({ all }) {
    const ahead = ["btb", "ittage"].map((predictor) => {
      const [shared, own] = ["switch", "direct-threading"].map((technique) =>
        all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor }),
      );
      return `${((shared.estimatedCycles - own.estimatedCycles) / own.virtualInstructions).toFixed(1)} on ${predictor}`;
    });
    return {
      verdict: "out of reach",
      measured:
        "registers are not simulated; to break even with threaded code, they would have to save switch's bodies so many " +
        `cycles each: ${ahead.join(", ")}`,
    };
  },
});
