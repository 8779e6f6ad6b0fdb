// C33: context threading performs well compared to the techniques of the chapter.
import { FEWER_BY_CONTEXT_THREADING, percent, within } from "./bands.ts";
import { defineClaim } from "./claim.ts";
import { cyclesPerVirtual, VM_PROGRAMS } from "./experiments.ts";

const CONTEXT = "context-threading";
/** Those of the chapter that dispatch, and the one that the paper found about as fast. */
const RIVALS = ["switch", "call-threading", "direct-threading", "subroutine-threading", "static-superinstructions", "dynamic-replication"];
const ALIKE = "selective-inlining";
/** Those that copy bodies across basic blocks: no virtual instruction is called any more. */
const COPYING = ["across-basic-blocks", "catenation"];

export default defineClaim({
  title: "context threading performs well compared to the rest of the chapter",
  quote: "context threading, performs well compared to the interpretation techniques we have described in this chapter",
  source: "zaleski",
  place: "section 7, Chapter Summary",
  method:
    "Programs on virtual machines, an unbounded branch target buffer (a Pentium 4 had about 4096 entries, from memory), a return stack and gshare: " +
    "mispredictions of all kinds, and estimated cycles, against the other techniques of the chapter. Well: at least 85 % fewer mispredictions than direct " +
    "threading, fewer than any other, faster than those that dispatch, and within 5 % of selective inlining.",
  experiments: {
    vm: { inputs: VM_PROGRAMS, technique: [CONTEXT, ALIKE, ...RIVALS, ...COPYING].join(","), predictor: "btb:unbounded" },
  },
  expected: {
    what: "95 % fewer mispredictions than direct threading on a Pentium 4, and about the speed of selective inlining",
    from: "Berndl, Vitale, Zaleski and Brown, Context Threading, CGO 2005, abstract",
    confidence: "primary",
  },
  expectedVerdict: "reproduced",
  judge({ vm }) {
    const misses = (technique: string): number => vm.where({ technique, kind: "all" }).mispredictions;
    const cycles = (technique: string): number => cyclesPerVirtual(vm.where({ technique }));
    const programs = vm.programs.map((program) => {
      const [context, direct] = [CONTEXT, "direct-threading"].map(
        (technique) => vm.where({ program, technique, kind: "all" }).mispredictions,
      );
      return 1 - context / direct;
    });
    const fewer = programs.reduce((sum, share) => sum + share, 0) / programs.length;
    const fewest = [ALIKE, ...RIVALS, ...COPYING].every((technique) => misses(CONTEXT) < misses(technique));
    const faster = RIVALS.every((technique) => cycles(CONTEXT) < cycles(technique)) && cycles(CONTEXT) < cycles(ALIKE) * 1.05;
    const order = vm.techniques
      .toSorted((a, b) => cycles(a) - cycles(b))
      .map((technique) => `${technique} ${cycles(technique).toFixed(1)}`);
    return {
      verdict: !within(fewer, FEWER_BY_CONTEXT_THREADING) ? "not reproduced" : fewest && faster ? "reproduced" : "reproduced in part",
      measured:
        `${percent(fewer)} fewer mispredictions than direct threading on average (${percent(Math.min(...programs))} to ${percent(Math.max(...programs))})` +
        `${fewest ? ", fewer than any other technique" : ""}; estimated cycles per virtual instruction: ${order.join(", ")}`,
    };
  },
});
