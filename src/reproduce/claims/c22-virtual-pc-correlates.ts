// C22: the context problem: the target of a dispatch depends on the virtual address, and less on the branch's own.
import { fixed, percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { CONTEXTS, everyProgram, INSTANCES, LOOP_WARMUP, VM_PROGRAMS } from "../experiments.ts";
import type { ProgramRow, Selection } from "../selection.ts";

/** Without virtual branches that go both ways, and with duplicates. */
const LOOPS = ["A B A GOTO", "iload iload iconst iadd iadd istore goto"];

/** Entropy of a dispatch's target in bits: without context, given the branch's address, given the virtual address. */
const unknown = ({ contexts }: ProgramRow): number | undefined => contexts?.entropy;
const bySite = ({ contexts }: ProgramRow): number | undefined => contexts?.entropyGivenSite;
const byVirtualAddress = ({ contexts }: ProgramRow): number | undefined => contexts?.entropyGivenVirtualAddress;
/** Sums of the same logarithms in different orders may differ by this. */
const ROUNDING = 1e-9;

export default defineClaim({
  title: "destinations correlate with the virtual program counter, not with the hardware's",
  quote: "not correlated with the hardware pc. Instead, its destination is correlated to the vPC",
  source: "zaleski",
  place: "section 4, The Context Problem",
  evidence: "simulation",
  method:
    "Programs on virtual machines, without any predictor: bits of uncertainty (entropy) about where a dispatch leads, for somebody who knows nothing else, " +
    "the branch's address, or the virtual address of the instruction that dispatches. Not correlated: the branch's address takes no bit away. Correlated: on " +
    "every program the virtual address leaves less than the branch's, nothing in loops of words, and no less than the branch's where every instruction has a " +
    "body of its own. Beside that, the same rule, last target, asked with " +
    "either address (btb:unbounded, oracle).",
  experiments: {
    vm: CONTEXTS,
    lastTarget: { inputs: VM_PROGRAMS, technique: "switch,direct-threading", predictor: "btb:unbounded,oracle" },
    loops: { inputs: LOOPS, technique: "switch,direct-threading", predictor: "btb:unbounded", contexts: true, warmup: LOOP_WARMUP },
  },
  expected: {
    what:
      "with switch the branch's address says nothing; with threaded code it says the opcode, so something; the virtual address all but the outcomes of " +
      "virtual branches and returns",
    from: "the sentence itself; that threaded code's branches know their opcode is our inference",
    confidence: "primary",
  },
  shows: { measure: "entropy", experiment: "vm" },
  expectedVerdict: "reproduced in part",
  judge({ vm, lastTarget, loops }) {
    const of = (technique: string): Selection => vm.where({ technique });
    const missed = (technique: string, predictor: string): string => percent(lastTarget.where({ technique, predictor }).meanRate);
    const both = ["switch", "direct-threading"];
    const less = everyProgram(vm, (program) =>
      both.every((technique) => {
        const [row] = vm.where({ program, technique }).rows;
        return (byVirtualAddress(row) ?? 0) < (bySite(row) ?? 0);
      }),
    );
    const nothingInLoops = loops.where({}).total(byVirtualAddress) === 0 && loops.where({}).total(bySite) > 0;
    const sitesSayNothing = both.map((technique) => of(technique).total(bySite) > of(technique).total(unknown) - ROUNDING);
    const bits = both.map((technique) =>
      [unknown, bySite, byVirtualAddress].map((known) => fixed(of(technique).mean(known), 2)).join(", then "),
    );
    // an instruction that was rewritten had two bodies in turn: then its branch's address says more
    const aligned = of(INSTANCES).rows.every((row) => (bySite(row) ?? 0) < (byVirtualAddress(row) ?? 0) + ROUNDING);
    const correlated = less && nothingInLoops && aligned;
    return {
      verdict: !correlated || !sitesSayNothing[0] ? "not reproduced" : sitesSayNothing[1] ? "reproduced" : "reproduced in part",
      measured:
        `bits of uncertainty knowing nothing, the branch's address, the virtual address: switch ${bits[0]}; direct threading ${bits[1]}` +
        `${sitesSayNothing[1] ? "" : " (its branches are correlated with where they go, though less)"}; with a body for each instruction its branch's address says ` +
        `${aligned ? "as much as the virtual one" : "less than the virtual one"}, ${fixed(of(INSTANCES).mean(bySite), 2)} bits are left (more, because two places of one opcode are two targets then). ` +
        `Last targets by the branch's address miss ${both.map((technique) => missed(technique, "btb:unbounded")).join(" and ")}, ` +
        `by the virtual address ${missed("direct-threading", "oracle")}`,
    };
  },
});
