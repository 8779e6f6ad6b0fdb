// C35: some techniques reduce contexts, others dispatches, possibly to zero.
import { fixed } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { CONTEXTS, INSTANCES, LOOP_WARMUP, VM_PROGRAMS } from "../experiments.ts";
import type { ProgramRow, Selection } from "../selection.ts";

/** Techniques with ever fewer contexts per dispatch. */
const REFINED = ["switch", "direct-threading", "static-replication", INSTANCES];
/** Techniques with ever fewer dispatches. */
const DISPATCHES = ["direct-threading", "static-superinstructions", "dynamic-superinstructions", "across-basic-blocks", "catenation"];
const LOOPS = ["A B A GOTO", "A A B B", "iload iload iconst iadd iadd istore goto"];

const targets = ({ contexts }: ProgramRow): number | undefined => contexts?.targetsPerSite;
const falls = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value < values[i - 1]);

export default defineClaim({
  title: "some techniques reduce contexts, others dispatches, possibly to zero",
  quote: "reducing the number of contexts in which a body is executed. Others reduce the number of dispatches, possibly to zero",
  source: "zaleski",
  place: "section 7, Chapter Summary",
  evidence: "simulation",
  method:
    "Contexts of a body are counted as the places to which its dispatch leads: targets per site, the mean over sites, then over programs on virtual machines. " +
    "With switch the whole program shares one site, with direct threading every use of an opcode, with replicas fewer, with a body for each instruction none. " +
    "Dispatches per virtual instruction for the others. Loops of words in their steady state, where nothing branches both ways.",
  experiments: {
    vm: CONTEXTS,
    dispatches: { inputs: VM_PROGRAMS, technique: DISPATCHES.join(","), predictor: "btb:unbounded" },
    loops: {
      inputs: LOOPS,
      technique: `direct-threading,${INSTANCES},catenation`,
      predictor: "btb:unbounded",
      contexts: true,
      warmup: LOOP_WARMUP,
    },
  },
  expected: {
    what:
      "fewer targets per site with each of the first four, at one dispatch per virtual instruction; one target with a body for each " +
      "instruction, apart from virtual control flow; dispatches fall to zero in loops with catenation",
    from: "the two sentences themselves",
    confidence: "primary",
  },
  shows: { measure: "targets", experiment: "vm" },
  expectedVerdict: "reproduced",
  judge({ vm, dispatches, loops }) {
    const of = (technique: string, program?: string): Selection => vm.where({ technique, ...(program && { program }) });
    const counts = REFINED.map((technique) => of(technique).mean(targets));
    const inOrder = vm.programs.filter((program) => falls(REFINED.map((technique) => of(technique, program).mean(targets))));
    const oneSite = of("switch").rows.every(({ contexts }) => contexts?.sites === 1);
    const oneEach = REFINED.every((technique) => of(technique).branches === of(technique).virtualInstructions);
    const inLoops = (technique: string): number[] =>
      LOOPS.map((program) => loops.where({ program, technique, kind: "dispatch" }).mean(targets));
    const oneContext = inLoops(INSTANCES).every((count) => count === 1) && inLoops("direct-threading").every((count) => count > 1);
    const zero = loops.where({ technique: "catenation" }).branches;
    const per = DISPATCHES.map((technique) => dispatches.where({ technique }).branchesPerVirtual);
    const contexts = falls(counts) && oneSite && oneEach && oneContext;
    const others = falls(per) && zero === 0;
    return {
      verdict: contexts && others ? "reproduced" : contexts || others ? "reproduced in part" : "not reproduced",
      measured:
        `targets per site: ${REFINED.map((technique, i) => `${technique} ${fixed(counts[i], 2)}`).join(", ")}, in this order on ` +
        `${inOrder.length} of ${vm.programs.length} programs; in loops with duplicates ${inLoops("direct-threading")
          .map((count) => fixed(count, 2))
          .join(", ")} with shared bodies and ` +
        `${inLoops(INSTANCES).join(", ")} with one for each instruction (in programs, virtual branches and returns have more); dispatches per virtual instruction: ` +
        `${DISPATCHES.map((technique, i) => `${technique} ${per[i].toFixed(3)}`).join(", ")}; in the loops ${zero} with catenation`,
    };
  },
});
