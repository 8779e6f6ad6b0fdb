// C18: call threading can perform about as well as switch dispatch.
import { defineClaim } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { cyclesPerVirtual, everyProgram, VM_PROGRAMS } from "../experiments.ts";

/** Up to so many times the cycles are about as well. */
const AS_WELL = 1.1;

export default defineClaim({
  title: "call threading can perform about as well as switch",
  quote: "a more complex approach to direct call threading can perform about as well as switch threading",
  source: "zaleski",
  place: "section 2, Direct Call Threading",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "Programs on virtual machines, plain call threading and switch, an unbounded branch target buffer: mispredictions, and estimated cycles " +
    "(15 for a misprediction, 1 more for each call and return). The more complex approach, which the dissertation describes in a later chapter, is not " +
    "simulated, so no verdict is possible. What can be shown: that the plain one mispredicts as switch does, which is a law, and what its call and return come to, with the range over what these costs may be.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: "call-threading,switch", predictor: "btb:unbounded" } },
  expected: {
    what: "equal mispredictions; plain call threading pays for its call, return and loop, which the better one is there to save",
    from: "techniques that take the same path through one branch",
    confidence: "primary",
  },
  shows: { measure: "cycles" },
  expectedVerdict: "out of reach",
  byClock: {
    techniques: ["call-threading", "switch"],
    judge(clock) {
      const times = clock.times("call-threading", "switch");
      return (
        times && {
          verdict: times.mean <= AS_WELL ? "reproduced" : "out of reach",
          measured: `${clock.by}, plain call threading takes ${ratioText(times)} the cycles of switch; up to ${AS_WELL} is about as well, and a better one can only be faster`,
        }
      );
    },
  },
  judge({ vm }) {
    const call = vm.where({ technique: "call-threading" });
    const asSwitch = vm.where({ technique: "switch" });
    const equal = everyProgram(vm, (program) => call.where({ program }).mispredictions === asSwitch.where({ program }).mispredictions);
    const missesMore = call.mispredictions / asSwitch.mispredictions;
    return {
      verdict: "out of reach",
      measured:
        `call threading mispredicts ${missesMore.toFixed(3)} times as many dispatches as switch${equal ? ", the same in every program" : ""}, and takes ${timesText(timesTheCycles(call, asSwitch))} its cycles, for its call, return and loop: ` +
        `${cyclesPerVirtual(call).toFixed(1)} against ${cyclesPerVirtual(asSwitch).toFixed(1)} per virtual instruction`,
    };
  },
});
