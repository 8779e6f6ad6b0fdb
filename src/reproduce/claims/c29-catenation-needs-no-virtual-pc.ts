// C29: catenation turns virtual branches into native ones and has no virtual program counter.
import { percent } from "../bands.ts";
import { defineClaim, onEach } from "../claim.ts";
import { everyProgram, instructionsPerVirtual, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const ACROSS = "across-basic-blocks:relocatable=all";
const TESTED = "direct-threading:conditional=branch";
const LOG = "quickening";

export default defineClaim({
  title: "catenation makes virtual branches native and needs no virtual program counter",
  quote: "converts virtual branches to native branches, thereby eliminating the virtual program counter",
  source: "zaleski",
  place: "section 6.2, Selective Inlining",
  evidence: "law",
  method:
    "Programs on virtual machines, an unbounded branch target buffer. Native conditionals against the virtual conditionals that direct threading executes " +
    "(with a native branch in their bodies): as many, or up to 1 % more, because a THROW may leave as well; but for quickening, a log, which does not show " +
    "conditionals that are never taken. Dispatches that are left, in programs with and without virtual calls; native instructions against copies " +
    "that still advance a virtual program counter (across basic blocks).",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: `catenation,${ACROSS},${TESTED},direct-threading`, predictor: "btb:unbounded" } },
  expected: {
    what: "a native conditional for each virtual one; dispatches only at virtual returns and indirect calls, none where there are no such",
    from: "the sentence itself; Vitale and Abdelrahman, IVME 2004, from memory",
    confidence: "primary",
  },
  shows: { measure: "branches" },
  expectedVerdict: "reproduced in part",
  judge({ vm }) {
    const catenation = vm.where({ technique: "catenation" });
    const conditionals = (program: string, technique: string): number => vm.where({ program, technique, kind: "conditional" }).branches;
    const more = vm.programs
      .filter((program) => program !== LOG)
      .map((program) => conditionals(program, "catenation") / conditionals(program, TESTED) - 1);
    const native = more.every((share) => share >= 0 && share <= 0.01);
    const fewer = everyProgram(vm, (program) =>
      [catenation, vm.where({ technique: ACROSS })]
        .map((rows) => instructionsPerVirtual(rows.where({ program })))
        .every((instructions, i, [first]) => i === 0 || first < instructions),
    );
    const none = catenation.programs.filter((program) => catenation.where({ program }).branches <= 1);
    const saved = (rows: Selection): number => 1 - rows.mispredictions / vm.where({ technique: "direct-threading" }).mispredictions;
    return {
      verdict: !native || !fewer ? "not reproduced" : none.length === vm.programs.length ? "by construction" : "reproduced in part",
      measured:
        `a native conditional for each virtual one, exactly in ${more.filter((share) => share === 0).length} of ${more.length} programs (at most ` +
        `${percent(Math.max(...more))} more in the others); ${instructionsPerVirtual(catenation).toFixed(1)} native instructions per virtual one ` +
        `(${instructionsPerVirtual(vm.where({ technique: ACROSS })).toFixed(1)} where a virtual program counter advances); nothing but the entry is dispatched in ` +
        `${none.length} programs without virtual calls, ${catenation.branchesPerVirtual.toFixed(3)} per virtual instruction in all, at virtual returns and indirect calls, ` +
        `where a virtual address is left; ${percent(saved(catenation), 0)} of direct threading's mispredicted dispatches are gone`,
    };
  },
  on: onEach({
    experiment: { technique: `catenation,${ACROSS},${TESTED},direct-threading`, predictor: "btb:unbounded" },
    verdict(others) {
      const of = (program: string, technique: string): Selection => others.where({ program, technique });
      const native = everyProgram(others, (program) => {
        const [made, tested] = ["catenation", TESTED].map(
          (technique) => others.where({ program, technique, kind: "conditional" }).branches,
        );
        return made >= tested && made <= 1.01 * tested;
      });
      const fewer = everyProgram(
        others,
        (program) => instructionsPerVirtual(of(program, "catenation")) < instructionsPerVirtual(of(program, ACROSS)),
      );
      const none = everyProgram(others, (program) => of(program, "catenation").branches <= 1);
      return !native || !fewer ? "not reproduced" : none ? "by construction" : "reproduced in part";
    },
    measured(others) {
      const [catenation, across, direct] = ["catenation", ACROSS, "direct-threading"].map((technique) => others.where({ technique }));
      return (
        `${catenation.branchesPerVirtual.toFixed(3)} dispatches per virtual instruction, at returns, applications and exceptions; ` +
        `${instructionsPerVirtual(catenation).toFixed(1)} native instructions per virtual one (${instructionsPerVirtual(across).toFixed(1)} where a virtual program ` +
        `counter advances); ${percent(1 - catenation.mispredictions / direct.mispredictions, 0)} of direct threading's mispredicted dispatches are gone`
      );
    },
  }),
});
