// C34: some techniques refine dispatch, others alter bodies.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { everyProgram, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const REFINING = ["switch", "call-threading", "direct-threading", "subroutine-threading"];
const ALTERING = ["static-superinstructions", "selective-inlining", "static-replication", "dynamic-replication"];

/** Branches to bodies per virtual instruction: indirect jumps and calls, and generated calls. */
function dispatchesPerVirtual(rows: Selection): number {
  const [technique] = rows.techniques;
  return technique === "subroutine-threading" ? rows.total(({ calls }) => calls) / rows.virtualInstructions : rows.branchesPerVirtual;
}
/** Bytes of the work of bodies, and of code generated from them. */
const copies = (rows: Selection): number => rows.total(({ footprint }) => footprint.bytes.body + footprint.bytes.generated);
const bodies = (rows: Selection): number => rows.total(({ footprint }) => footprint.bytes.body);

export default defineClaim({
  title: "switch, direct and subroutine threading refine dispatch; superinstructions and replicas alter bodies",
  quote: "those which refine the dispatch itself, and those which alter the bodies",
  source: "zaleski",
  place: "section 6, Optimizing Dispatch",
  evidence: "law",
  method:
    "Programs on virtual machines, an unbounded branch target buffer: dispatches per virtual instruction (of subroutine threading its generated calls), " +
    "mispredictions per virtual instruction, and bytes of bodies.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: [...REFINING, ...ALTERING].join(","), predictor: "btb:unbounded" } },
  expected: {
    what: "the first class: the same bodies, one dispatch per virtual instruction, and other mispredictions; the second: more bodies, and fewer dispatches or fewer mispredictions",
    from: "the paragraph itself",
    confidence: "primary",
  },
  shows: { measure: "branches" },
  expectedVerdict: "by construction",
  judge({ vm }) {
    const of = (technique: string): Selection => vm.where({ technique });
    const direct = of("direct-threading");
    const oneEach = everyProgram(vm, (program) =>
      REFINING.every((technique) => Math.abs(dispatchesPerVirtual(of(technique).where({ program })) - 1) < 0.001),
    );
    const sameBodies = new Set(REFINING.map((technique) => bodies(of(technique)))).size === 1;
    const differ =
      new Set(REFINING.filter((technique) => technique !== "call-threading").map((technique) => of(technique).mispredictions)).size === 3;
    const altered = ALTERING.every((technique) => copies(of(technique)) > copies(direct) && of(technique).perVirtual < direct.perVirtual);
    const numbers = [...REFINING, ...ALTERING].map(
      (technique) => `${technique} ${dispatchesPerVirtual(of(technique)).toFixed(2)}, ${percent(of(technique).perVirtual)}`,
    );
    return {
      verdict: oneEach && sameBodies && differ ? (altered ? "by construction" : "reproduced in part") : "not reproduced",
      measured: `dispatches and mispredictions per virtual instruction: ${numbers.join("; ")}; bodies are ${sameBodies ? "" : "not "}the same in the first four`,
    };
  },
});
