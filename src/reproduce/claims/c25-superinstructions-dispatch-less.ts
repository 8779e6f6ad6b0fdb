// C25: superinstructions reduce the number of dispatches.
import { defineClaim, onEach } from "../claim.ts";
import { everyProgram, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const SUPERINSTRUCTIONS = ["static-superinstructions", "dynamic-superinstructions"];
const TECHNIQUES = ["direct-threading", ...SUPERINSTRUCTIONS].join(",");

/** Dispatches and mispredictions of each, over those of direct threading. */
function sharesOf(rows: Selection) {
  const direct = rows.where({ technique: "direct-threading" });
  return SUPERINSTRUCTIONS.map((technique) => {
    const { branches, mispredictions } = rows.where({ technique });
    return { technique, dispatches: branches / direct.branches, mispredictions: mispredictions / direct.mispredictions };
  });
}

const shareText = (shares: ReturnType<typeof sharesOf>): string =>
  `of those of direct threading: ${shares
    .map((s) => `${s.technique} ${s.dispatches.toFixed(2)} of the dispatches, ${s.mispredictions.toFixed(2)} of the mispredictions`)
    .join("; ")}`;

export default defineClaim({
  title: "superinstructions reduce the number of dispatches",
  quote: "Superinstructions reduce the number of dispatches",
  source: "zaleski",
  place: "section 6.1, Superinstructions",
  evidence: "simulation",
  method:
    "Programs on virtual machines, an unbounded branch target buffer: direct threading, 400 superinstructions that the other programs chose, and one " +
    "for each basic block; dispatches and mispredictions per virtual instruction.",
  experiments: {
    vm: { inputs: VM_PROGRAMS, technique: TECHNIQUES, predictor: "btb:unbounded" },
  },
  expected: {
    what: "fewer dispatches on every program, and mispredictions that fall even more, because bodies are split by context",
    from: "the sentence itself; the second half from memory of Ertl and Gregg, PLDI 2003",
    confidence: "primary",
  },
  shows: { measure: "branches" },
  expectedVerdict: "reproduced",
  judge({ vm }) {
    const direct = vm.where({ technique: "direct-threading" });
    const fewer = everyProgram(vm, (program) =>
      SUPERINSTRUCTIONS.every((technique) => vm.where({ program, technique }).branches < direct.where({ program }).branches),
    );
    const shares = sharesOf(vm);
    const evenMore = shares.every(({ dispatches, mispredictions }) => mispredictions < dispatches);
    return {
      verdict: !fewer ? "not reproduced" : evenMore ? "reproduced" : "reproduced in part",
      measured: shareText(shares),
    };
  },
  on: onEach({
    experiment: { technique: TECHNIQUES, predictor: "btb:unbounded" },
    measured: (others) => shareText(sharesOf(others)),
  }),
});
