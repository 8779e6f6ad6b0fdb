// C23: replication helps prediction, and a copy for each instruction ends misprediction.
import { percent } from "../bands.ts";
import { defineClaim, onEach } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { INSTANCES, LOOP_WARMUP, ofLoop, perIteration, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

/** More and more copies. */
const LADDER = ["direct-threading", "static-replication:replicas=100", "static-replication", "static-replication:replicas=1600"];
/** What is timed. */
const BEFORE_COPYING = "direct-threading";
const COPIED = "dynamic-replication";
const BEFORE = "A B A B A GOTO";
/** The same with a second body for A, badly assigned. */
const BAD = "A1 B A2 B A1 GOTO";

export default defineClaim({
  title: "replication helps prediction; a copy for each instruction ends misprediction",
  quote: "one could create a copy for each instruction, eliminating misprediction entirely",
  source: "zaleski",
  place: "section 6.3, Replication",
  evidence: "simulation",
  wouldDecide: "clock",
  method:
    "Programs on virtual machines, an unbounded branch target buffer: direct threading with 0 to 1600 replicas, then a copy of every instruction. " +
    "Subroutine threading's jumps, which follow virtual branches, calls and returns, say how much of the rest is virtual control flow. " +
    "Loops: the same, steady; and a published example of replicas that do harm.",
  experiments: {
    vm: { inputs: VM_PROGRAMS, technique: [...LADDER, INSTANCES, "subroutine-threading"].join(","), predictor: "btb:unbounded" },
    loops: {
      inputs: ["A B A GOTO", BEFORE, BAD],
      technique: `direct-threading,${INSTANCES}`,
      predictor: "btb:unbounded",
      warmup: LOOP_WARMUP,
    },
  },
  expected: {
    what: "fewer mispredictions with more copies; none in loops without virtual branches; elsewhere virtual control flow remains",
    from: "Ertl and Gregg, PLDI 2003, abstract: nearly all; the example of bad replication from memory",
    confidence: "primary",
  },
  expectedVerdict: "reproduced in part",
  byClock: {
    techniques: [BEFORE_COPYING, COPIED],
    judge(clock) {
      const times = clock.times(BEFORE_COPYING, COPIED);
      return (
        times && {
          verdict: times.mean > 1 ? "reproduced in part" : "not reproduced",
          measured: `${clock.by}, direct threading takes ${ratioText(times)} the cycles of a copy for each instruction: it helps; whether misprediction ends no clock can tell`,
        }
      );
    },
  },
  judge({ vm, loops }) {
    const of = (technique: string): Selection => vm.where({ technique });
    const rates = LADDER.map((technique) => of(technique).meanRate);
    const falls = rates.every((rate, i) => i === 0 || rate < rates[i - 1]) && of(INSTANCES).meanRate < rates[0] / 2;
    const loopsEnd = loops.programs.every((program) => perIteration(loops.where({ program, technique: INSTANCES })) === 0);
    const entirely = of(INSTANCES).rates[1] < 0.001;
    const transfers = vm.where({ technique: "subroutine-threading", kind: "indirect" }).mispredictions;
    const control = transfers / of(INSTANCES).mispredictions;
    const direct = (program: string): string => ofLoop(loops.where({ program, technique: "direct-threading" }));
    return {
      verdict: !falls ? "not reproduced" : entirely && loopsEnd ? "reproduced" : "reproduced in part",
      measured:
        `0, 100, 400, 1600 replicas: ${rates.map((rate) => percent(rate)).join(", ")}; a copy for each: ${percent(of(INSTANCES).meanRate)}, of which ` +
        `${percent(control, 0)} are as many as subroutine threading's jumps, virtual control flow alone, mispredict, and by estimate direct threading takes ${timesText(timesTheCycles(of(LADDER[0]), of(INSTANCES)))} its cycles; loops: ${loopsEnd ? "none" : "some"}; ` +
        `and ${BEFORE} goes from ${direct(BEFORE)} to ${direct(BAD)} as ${BAD}`,
    };
  },
  on: onEach({
    experiment: { technique: [...LADDER, INSTANCES].join(","), predictor: "btb:unbounded" },
    measured: (others) =>
      `0, 100, 400, 1600 replicas: ${LADDER.map((technique) => percent(others.where({ technique }).meanRate)).join(", ")}; a copy for each: ` +
      percent(others.where({ technique: INSTANCES }).meanRate),
  }),
});
