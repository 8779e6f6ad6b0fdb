// C19: direct threading has one indirect jump per virtual instruction, fewer instructions, and is faster than the loops.
import { defineClaim } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { cyclesPerVirtual, everyProgram, instructionsPerVirtual, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const LOOPS = ["call-threading", "switch"];

export default defineClaim({
  title: "direct threading needs fewer instructions and is faster than call threading and switch",
  quote: "Direct threading requires fewer instructions and is faster than direct call threading or switch dispatch",
  source: "zaleski",
  place: "section 3, Direct Threading",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "Programs on virtual machines; native branches and instructions per virtual instruction, and estimated cycles with an unbounded branch target buffer. Branches and instructions are a law of how the techniques are built; that it is faster is the estimate's, and has to hold over the range of its costs, for all programs together.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: ["direct-threading", ...LOOPS].join(","), predictor: "btb:unbounded" } },
  expected: {
    what: "one branch per virtual instruction, an indirect jump; fewer instructions and cycles on every program",
    from: "the sentence itself",
    confidence: "primary",
  },
  shows: { measure: "cycles" },
  expectedVerdict: "reproduced",
  byClock: {
    techniques: ["direct-threading", ...LOOPS],
    judge(clock) {
      const times = LOOPS.flatMap((technique) => clock.times(technique, "direct-threading") ?? []);
      if (times.length < LOOPS.length) return undefined;
      const everywhere = times.every(({ least }) => least > 1);
      return {
        verdict: everywhere ? "reproduced" : times.every(({ mean }) => mean > 1) ? "reproduced in part" : "not reproduced",
        measured: `${clock.by}, of direct threading's cycles ${LOOPS.map((technique, i) => `${technique} takes ${ratioText(times[i])}`).join(", ")}`,
      };
    },
  },
  judge({ vm }) {
    const of = (technique: string): Selection => vm.where({ technique });
    const direct = of("direct-threading");
    const oneJump = everyProgram(vm, (program) =>
      (["all", "indirect"] as const).every((kind) => vm.where({ program, technique: "direct-threading", kind }).branchesPerVirtual === 1),
    );
    const ahead = (measure: (rows: Selection) => number): boolean =>
      everyProgram(vm, (program) =>
        LOOPS.every((technique) => measure(direct.where({ program })) < measure(of(technique).where({ program }))),
      );
    const numbers = ["direct-threading", ...LOOPS].map(
      (technique) =>
        `${technique} ${instructionsPerVirtual(of(technique)).toFixed(1)} instructions, ` +
        `${vm.where({ technique, kind: "all" }).branchesPerVirtual.toFixed(1)} branches, ${cyclesPerVirtual(of(technique)).toFixed(1)} cycles`,
    );
    const times = LOOPS.map((technique) => timesTheCycles(of(technique), direct));
    const first = ahead(instructionsPerVirtual) && ahead(cyclesPerVirtual);
    const whatever = times.every(({ low }) => low > 1);
    return {
      verdict: !first ? "not reproduced" : oneJump && whatever ? "reproduced" : "reproduced in part",
      measured: `per virtual instruction: ${numbers.join("; ")}; direct threading first on ${first ? "every program" : "some programs only"}; ${LOOPS.map((technique, i) => `${technique} takes ${timesText(times[i])}`).join(", ")} its cycles`,
    };
  },
});
