// C25: superinstructions reduce the number of dispatches.
import { defineClaim, onEach, type Verdict } from "../claim.ts";
import { greatestText, speedups } from "../estimates.ts";
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

function verdictOf(rows: Selection): Verdict {
  const direct = rows.where({ technique: "direct-threading" });
  const fewer = everyProgram(rows, (program) =>
    SUPERINSTRUCTIONS.every((technique) => rows.where({ program, technique }).branches < direct.where({ program }).branches),
  );
  const evenMore = sharesOf(rows).every(({ dispatches, mispredictions }) => mispredictions < dispatches);
  return !fewer ? "not reproduced" : evenMore ? "reproduced" : "reproduced in part";
}

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
  judge: ({ vm }) => ({ verdict: verdictOf(vm), measured: shareText(sharesOf(vm)) }),
  on: onEach(
    {
      experiment: { technique: TECHNIQUES, predictor: "btb:unbounded" },
      measured(others) {
        const [fixed, made] = SUPERINSTRUCTIONS.map((technique) => speedups(others, technique, "direct-threading"));
        return `${shareText(sharesOf(others))}; by estimate up to ${greatestText(fixed)} times as fast and ${greatestText(made)} times`;
      },
      verdict: verdictOf,
    },
    {
      java: {
        published: {
          what: "superinstructions and replicas chosen in advance make a Java virtual machine at most 1.83 times as fast as threaded code (mpegaudio)",
          from: "Casey, Ertl and Gregg, TOPLAS 29(6), 2007, as notes quote it",
          confidence: "secondary",
        },
        unjudged:
          "the time of that virtual machine, which is not at hand: native methods and the garbage collector are part of it, and no dispatch",
      },
    },
  ),
});
