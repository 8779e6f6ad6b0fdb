// C36: inlined small bodies and native branches improve subroutine threading.
import { defineClaim, type OnOthers, onEach, type Verdict } from "../claim.ts";
import { cyclesPerVirtual, everyProgram, instructionsPerVirtual, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const PLAIN = "subroutine-threading";
const TINY = "subroutine-threading:tiny=16";
const BRANCHES = "subroutine-threading:tiny=16:branches";
const LADDER = [PLAIN, TINY, BRANCHES];

/** Calls, native instructions and cycles on each step of the ladder, per virtual instruction. */
const costsOf = (rows: Selection): readonly [calls: number[], instructions: number[], cycles: number[]] => [
  LADDER.map((technique) => rows.where({ technique }).total(({ calls }) => calls) / rows.where({ technique }).virtualInstructions),
  LADDER.map((technique) => instructionsPerVirtual(rows.where({ technique }))),
  LADDER.map((technique) => cyclesPerVirtual(rows.where({ technique }))),
];
/** Mispredictions of all branches on each step. */
const missesOf = (rows: Selection): number[] => LADDER.map((technique) => rows.where({ technique, kind: "all" }).perVirtual);
const per = (values: readonly number[], digits: number): string => values.map((value) => value.toFixed(digits)).join(", ");

function verdictOf(rows: Selection): Verdict {
  const falls = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value < values[i - 1]);
  const misses = (technique: string, program: string): number => rows.where({ program, technique, kind: "all" }).mispredictions;
  const sameMisses = everyProgram(rows, (program) => misses(PLAIN, program) === misses(TINY, program));
  const [, tiny, branches] = missesOf(rows);
  return !costsOf(rows).every(falls) ? "not reproduced" : sameMisses && branches < tiny ? "reproduced" : "reproduced in part";
}

/** @param bodies of a measured interpreter, where the language's own have one length */
const onOthers = (bodies?: string): OnOthers => ({
  experiment: { technique: LADDER.join(","), predictor: "btb:unbounded", ...(bodies === undefined ? {} : { bodies }) },
  measured(others) {
    const [calls, , cycles] = costsOf(others);
    return (
      `plain, small bodies inlined, native branches too${bodies === undefined ? "" : `, bodies of ${bodies}`}: calls per virtual instruction ` +
      `${per(calls, 2)}; cycles ${per(cycles, 1)}; mispredictions ${per(missesOf(others), 4)}`
    );
  },
  verdict: verdictOf,
});

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
    const [calls, instructions, cycles] = costsOf(vm);
    return {
      verdict: verdictOf(vm),
      measured:
        `plain, small bodies inlined, native branches too: calls per virtual instruction ${per(calls, 2)}; native instructions ${per(instructions, 1)}; cycles ` +
        `${per(cycles, 1)}; mispredictions ${per(missesOf(vm), 4)}`,
    };
  },
  on: {
    ...onEach(onOthers()),
    wasm: {
      ...onOthers(),
      verdict: undefined,
      unjudged: "small bodies: none of the lab's for WebAssembly has 16 bytes or less, so that the first step inlines nothing",
    },
    java: { ...onOthers("zero-17-gcc12") },
  },
});
