// C36: inlined small bodies and native branches improve subroutine threading.
import { defineClaim, onEach } from "../claim.ts";
import { cyclesPerVirtual, everyProgram, instructionsPerVirtual, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const PLAIN = "subroutine-threading";
const TINY = "subroutine-threading:tiny=16";
const BRANCHES = "subroutine-threading:tiny=16:branches";
const LADDER = [PLAIN, TINY, BRANCHES];

export default defineClaim({
  title: "small bodies inlined and native branches improve subroutine threading",
  quote:
    "improves the resulting code by inlining small opcode bodies, and converts virtual branch opcodes to single native branch instructions",
  source: "zaleski",
  place: "section 5, Subroutine Threading",
  evidence: "assumption",
  method:
    "Programs on virtual machines, subroutine threading, then with bodies of up to 16 bytes inlined, then with native branches for virtual ones as well; an " +
    "unbounded branch target buffer and a return stack.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: LADDER.join(","), predictor: "btb:unbounded" } },
  expected: {
    what: "fewer calls and returns with each step; the mispredictions fall only with native branches, because returns are right already",
    from: "the sentence itself; how mispredictions fall is our inference",
    confidence: "primary",
  },
  shows: { measure: "calls", kind: "all" },
  expectedVerdict: "reproduced",
  judge({ vm }) {
    const of = (technique: string): Selection => vm.where({ technique });
    const falls = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value < values[i - 1]);
    const calls = LADDER.map((technique) => of(technique).total((row) => row.calls) / of(technique).virtualInstructions);
    const instructions = LADDER.map((technique) => instructionsPerVirtual(of(technique)));
    const cycles = LADDER.map((technique) => cyclesPerVirtual(of(technique)));
    const misses = (technique: string, program: string): number => vm.where({ program, technique, kind: "all" }).mispredictions;
    const sameMisses = everyProgram(vm, (program) => misses(PLAIN, program) === misses(TINY, program));
    const all = LADDER.map((technique) => vm.where({ technique, kind: "all" }).perVirtual);
    const improves = [calls, instructions, cycles].every(falls);
    const per = (values: readonly number[], digits: number): string => values.map((value) => value.toFixed(digits)).join(", ");
    return {
      verdict: !improves ? "not reproduced" : sameMisses && all[2] < all[1] ? "reproduced" : "reproduced in part",
      measured:
        `plain, small bodies inlined, native branches too: calls per virtual instruction ${per(calls, 2)}; native instructions ${per(instructions, 1)}; cycles ` +
        `${per(cycles, 1)}; mispredictions ${per(all, 4)}`,
    };
  },
  on: onEach({
    experiment: { technique: LADDER.join(","), predictor: "btb:unbounded" },
    measured(others) {
      const per = (of: (rows: Selection) => number, digits: number, kind?: "all"): string =>
        LADDER.map((technique) => of(others.where(kind === undefined ? { technique } : { technique, kind })).toFixed(digits)).join(", ");
      return (
        `plain, small bodies inlined, native branches too: calls per virtual instruction ${per((rows) => rows.total(({ calls }) => calls) / rows.virtualInstructions, 2)}; ` +
        `cycles ${per(cyclesPerVirtual, 1)}; mispredictions ${per((rows) => rows.perVirtual, 4, "all")}`
      );
    },
  }),
});
