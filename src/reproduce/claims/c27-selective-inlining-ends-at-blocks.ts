// C27: selective inlining works within basic blocks, and leaves out bodies that cannot be moved.
import { fixed, percent } from "../bands.ts";
import { defineClaim, onEach } from "../claim.ts";
import { speedups } from "../estimates.ts";
import { cyclesPerVirtual, everyProgram, LOOP_WARMUP, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const ALL = "selective-inlining:relocatable=all";
const MEASURED = "selective-inlining";
const ACROSS = "across-basic-blocks:relocatable=all";
const DIRECT = "direct-threading";
const LOOP = "a b c d e f";

export default defineClaim({
  title: "selective inlining ends at basic blocks and at bodies that cannot be moved",
  quote: "the superinstruction starts at a virtual basic block, and ends at or before the end of the block",
  source: "zaleski",
  place: "section 6.2, Selective Inlining",
  evidence: "law",
  method:
    "Dispatches that are left. A loop is one basic block. Programs on virtual machines, all bodies movable: a dispatch for every virtual branch, call and " +
    "return that executes, taken or not (counted as the jumps of subroutine threading), and more where control runs into a block, but at most one per " +
    "instruction; and fewer where only taken ones end a superinstruction (across basic blocks). Then with bodies that cannot be moved, as measured.",
  experiments: {
    vm: {
      inputs: VM_PROGRAMS,
      technique: [MEASURED, ALL, ACROSS, "subroutine-threading", "direct-threading"].join(","),
      predictor: "btb:unbounded",
    },
    loop: { inputs: [LOOP], technique: MEASURED, predictor: "btb:unbounded", warmup: LOOP_WARMUP },
  },
  expected: {
    what: "one dispatch per iteration of the loop; the order above on every program; more with bodies that cannot be moved",
    from: "the sentence itself",
    confidence: "primary",
  },
  shows: { measure: "branches", experiment: "vm" },
  expectedVerdict: "by construction",
  judge({ vm, loop }) {
    const of = (program: string, technique: string): Selection => vm.where({ program, technique });
    const transfers = (program: string): number => vm.where({ program, technique: "subroutine-threading", kind: "indirect" }).branches;
    const once = Math.round(loop.where({}).branchesPerVirtual * LOOP.split(" ").length * 100) / 100;
    const ends = everyProgram(vm, (p) => of(p, ALL).branches >= transfers(p) && of(p, ALL).branches < of(p, "direct-threading").branches);
    const within = everyProgram(vm, (p) => of(p, ACROSS).branches < of(p, ALL).branches);
    const leftOut = vm.where({ technique: MEASURED }).branches > vm.where({ technique: ALL }).branches;
    const per = (technique: string): string => vm.where({ technique }).branchesPerVirtual.toFixed(3);
    const perTransfer = vm.where({ technique: ALL }).branches / vm.where({ technique: "subroutine-threading", kind: "indirect" }).branches;
    return {
      verdict: once !== 1 || !ends ? "not reproduced" : within && leftOut ? "by construction" : "reproduced in part",
      measured:
        `${once} dispatch per iteration of a loop; in programs ${perTransfer.toFixed(2)} for each virtual branch, call and return; per virtual instruction ` +
        `${per(ALL)} (across basic blocks ${per(ACROSS)}), and ${per(MEASURED)} with the bodies that cannot be moved`,
    };
  },
  on: onEach(
    {
      experiment: { technique: [MEASURED, ALL, DIRECT].join(","), predictor: "btb:unbounded" },
      measured(others) {
        const [direct, inlined, movable] = [DIRECT, MEASURED, ALL].map((technique) => others.where({ technique }));
        const times = speedups(others, MEASURED, DIRECT).map(([, ratio]) => ratio);
        return (
          `dispatches per virtual instruction ${inlined.branchesPerVirtual.toFixed(3)} with its own bodies, ${movable.branchesPerVirtual.toFixed(3)} if all could ` +
          `be moved; ${percent(1 - inlined.mispredictions / direct.mispredictions)} fewer mispredicted dispatches than direct threading, and ` +
          `${percent(1 - cyclesPerVirtual(inlined) / cyclesPerVirtual(direct), 0)} less time by estimate (${fixed(Math.min(...times), 2)} to ` +
          `${fixed(Math.max(...times), 2)} times as fast)`
        );
      },
      verdict(others) {
        const dispatches = (program: string) => [DIRECT, MEASURED, ALL].map((technique) => others.where({ program, technique }).branches);
        const fewer = everyProgram(others, (program) => {
          const [direct, inlined, movable] = dispatches(program);
          return movable <= inlined && inlined < direct;
        });
        return fewer ? "by construction" : "not reproduced";
      },
    },
    {
      java: {
        published: {
          what: "inlined blocks with preparation sequences make SableVM 1.15 to 2.14 times as fast as direct threading does, and 1.20 to 2.41 times as a switch",
          from: "Gagnon and Hendren, CC 2003, abstract",
          confidence: "primary",
        },
        unjudged:
          "their time, which has native methods and the garbage collector in it; ours is dispatch in bodies of median length, of programs whose operands are resolved",
      },
      ocaml: {
        published: {
          what: "with selective inlining OCaml reaches up to 70 % of the performance of optimized C on numeric code, which stands beside nothing here",
          from: "Piumarta and Riccardi, PLDI 1998, abstract",
          confidence: "primary",
        },
      },
    },
  ),
});
