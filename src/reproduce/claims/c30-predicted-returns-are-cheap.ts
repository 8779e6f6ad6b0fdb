// C30: subroutine threading takes two branches, but returns are predicted, so they cost little.
import { percent } from "../bands.ts";
import { defineClaim, onEach } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { cyclesPerVirtual, LOOP_WARMUP, ofLoop, perIteration, VM_PROGRAMS } from "../experiments.ts";

/** Returns go to where they went last time, as other branches do. */
const WITHOUT = "btb:unbounded:returns";
const WITH = "btb:unbounded";
const LOOP = "A B A B GOTO";
/** A call and its return are much cheaper than a misprediction up to this part of it. */
const MUCH_LOWER = 0.5;

export default defineClaim({
  title: "two branches instead of one, but a predicted return is cheap",
  quote: "the cost of a return is much lower than the cost of a mispredicted indirect branch",
  source: "zaleski",
  place: "section 5, Subroutine Threading",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "Programs on virtual machines: calls and returns of subroutine threading against the jumps of direct threading; mispredicted returns with a return stack " +
    "of 16 entries, and without one, where the branch target buffer predicts returns. What a return costs is assumed, not measured: estimated cycles take 15 for a " +
    "misprediction and 1 more for each call and return, and how dear these might be is shown, with the range of the estimate over what its costs may be: reproduced if subroutine threading is ahead all over it, as it is at size full by less than half a percent, and not at size test.",
  experiments: {
    direct: { inputs: VM_PROGRAMS, technique: "direct-threading", predictor: WITH },
    called: { inputs: VM_PROGRAMS, technique: "subroutine-threading", predictor: `${WITH},${WITHOUT}` },
    loop: { inputs: [LOOP], technique: "direct-threading,subroutine-threading", predictor: `${WITH},${WITHOUT}`, warmup: LOOP_WARMUP },
  },
  expected: {
    what: "a call and a return per virtual instruction; no return is wrong with a stack; without it more mispredictions than direct threading has",
    from: `the paragraph itself; ${LOOP}, 4 of 5 against 2 of 5 without a stack, worked out by hand`,
    confidence: "primary",
  },
  shows: { measure: "rate", kind: "return", experiment: "called" },
  expectedVerdict: "reproduced in part",
  expectedAtFull: "reproduced",
  byMachine({ penaltyCycles, costs, id }) {
    const [call, back, penalty] = [costs?.callCycles, costs?.returnCycles, costs?.penaltyCycles];
    if (call?.basis !== "measured" || back?.basis !== "measured" || penalty?.basis !== "measured" || penaltyCycles === undefined)
      return undefined;
    const both = call.value + back.value;
    return {
      verdict: both < MUCH_LOWER * penaltyCycles ? "reproduced" : "not reproduced",
      measured: `measured of ${id}: a predicted call and return ${both.toFixed(1)} cycles besides their instructions, a mispredicted indirect branch ${penaltyCycles.toFixed(1)}`,
    };
  },
  byClock: {
    techniques: ["subroutine-threading", "direct-threading"],
    judge(clock) {
      const times = clock.times("subroutine-threading", "direct-threading");
      return (
        times && {
          verdict: times.mean <= 1 ? "reproduced" : "reproduced in part",
          measured: `${clock.by}, subroutine threading takes ${ratioText(times)} the cycles of direct threading, with two branches for one`,
        }
      );
    },
  },
  judge({ direct, called, loop }) {
    const jumps = direct.where({});
    const [stacked, plain] = [WITH, WITHOUT].map((predictor) => called.where({ predictor }));
    const wrongReturns = called.where({ predictor: WITH, kind: "return" }).mispredictions;
    const branches = stacked.total(({ calls, returns }) => calls + returns) / stacked.virtualInstructions;
    const [cycles, withStack, without] = [jumps, stacked, plain].map(cyclesPerVirtual);
    const assumed =
      stacked.total((row) => row.calls * row.cost.callCycles + row.returns * row.cost.returnCycles) / stacked.virtualInstructions;
    const [directLoop, calledLoop] = loop.techniques.map((technique) => loop.where({ technique, predictor: WITHOUT }));
    const byHand = perIteration(calledLoop) === 4 && perIteration(directLoop) === 2;
    const ahead = timesTheCycles(jumps, stacked);
    const mechanism = byHand && wrongReturns === 0 && plain.perVirtual > jumps.perVirtual;
    return {
      verdict: !mechanism
        ? "not reproduced"
        : withStack < cycles && cycles < without && ahead.low > 1
          ? "reproduced"
          : "reproduced in part",
      measured:
        `${branches.toFixed(2)} calls and returns per virtual instruction; ${wrongReturns} returns mispredicted with a return stack: ${withStack.toFixed(1)} cycles ` +
        `against direct threading's ${cycles.toFixed(1)}, ${timesText(ahead)} as many, and even if a call and its return took ${(cycles - withStack + assumed).toFixed(1)} cycles more than other instructions; without a stack ${plain.perVirtual.toFixed(2)} mispredictions against ${jumps.perVirtual.toFixed(2)}, ` +
        `and ${without.toFixed(1)} cycles; ${LOOP}: ${ofLoop(calledLoop)} against ${ofLoop(directLoop)}`,
    };
  },
  on: onEach(
    {
      experiment: { technique: "direct-threading,subroutine-threading", predictor: WITH },
      measured(others) {
        const [direct, called] = ["direct-threading", "subroutine-threading"].map((technique) => others.where({ technique, kind: "all" }));
        const wrongReturns = others.where({ technique: "subroutine-threading", kind: "return" }).mispredictions;
        return (
          `${percent(1 - called.mispredictions / direct.mispredictions)} fewer mispredictions than direct threading, ${wrongReturns} of them returns; ` +
          `${cyclesPerVirtual(called).toFixed(1)} cycles per virtual instruction against ${cyclesPerVirtual(direct).toFixed(1)} by estimate, direct threading ` +
          `${timesText(timesTheCycles(direct, called))} as many over what the costs may be`
        );
      },
      verdict(others) {
        const [direct, called] = ["direct-threading", "subroutine-threading"].map((technique) => others.where({ technique, kind: "all" }));
        const wrongReturns = others.where({ technique: "subroutine-threading", kind: "return" });
        const ahead = timesTheCycles(direct, called);
        return wrongReturns.rate > 0.01 || ahead.value <= 1 ? "not reproduced" : ahead.low > 1 ? "reproduced" : "reproduced in part";
      },
    },
    {
      java: {
        published: {
          what: "subroutine threading outperforms direct threading by about 20 %, on a Pentium 4 and a PowerPC, over Java and OCaml",
          from: "the dissertation, chapter 5, Evaluation of Context Threading, introduction",
          confidence: "primary",
        },
        unjudged: "the 20 %: a clock on those processors, which measured SableVM with its native methods and garbage collector",
      },
    },
  ),
});
