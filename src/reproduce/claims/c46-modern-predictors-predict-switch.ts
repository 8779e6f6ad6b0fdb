// C46: with ITTAGE, a switch is predicted as well as threaded code.
import { BY_HISTORY, fixed, inBand, NO_GAP, percent, points } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

/** "Insignificant", in mispredictions per 1000 native instructions, as quoted from the paper's body. */
const INSIGNIFICANT = 0.5;
/** The paper's processors, in order of age, with CPython's mispredictions per 1000 instructions. */
const PUBLISHED = { nehalem: 12.8, "sandy-bridge": 3.5, haswell: 1.4 };
const PROCESSORS = Object.keys(PUBLISHED);
/** A size agrees with the published one within this factor: our own limit. */
const SAME_SIZE = 2;

const perThousand = (rows: Selection): number => (rows.mispredictions / rows.nativeInstructions) * 1000;

export default defineClaim({
  title: "on modern predictors, switch dispatch is no longer mispredicted",
  quote: "the accuracy of indirect branch prediction is no longer critical for interpreters",
  source: "literature",
  place: "E. Rohou, B. N. Swamy and A. Seznec, Branch Prediction and the Performance of Interpreters, CGO 2015, abstract",
  evidence: "simulation",
  method:
    "All virtual machines' programs, switch and direct threading, a branch target buffer and ITTAGE of 64 KB: rates, the gap between " +
    "the two, and mispredictions per 1000 native instructions. Switch on models of the paper's three processors (approximations: how " +
    "they predict indirect branches is not published). Theirs was CPython, whose virtual instructions take 54 to 71 native " +
    "ones (3.11, measured); ours take a fifth of that, which raises mispredictions per 1000 as much. Reproduced if sizes agree as well: each processor within a factor of 2 (a limit of ours) of the published figure, and ITTAGE under 0.5.",
  experiments: {
    all: SHARED_OR_OWN,
    processors: { inputs: VM_PROGRAMS, technique: "switch", machine: PROCESSORS.join(",") },
  },
  expected: {
    what:
      "a gap near 0; less than 0.5 mispredictions per 1000 instructions with ITTAGE; CPython's switch on Nehalem 12.8, on Sandy Bridge 3.5, " +
      "on Haswell 1.4",
    from: "the paper, as a mail to python-dev quotes it",
    confidence: "secondary",
  },
  shows: { measure: "mpki", experiment: "processors", published: [{ low: 0, high: 0.5, what: "ITTAGE, less than 0.5" }] },
  expectedVerdict: "reproduced in part",
  judge({ all, processors }) {
    const of = (technique: string, predictor: string): Selection => all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor });
    const [old, modern] = ["btb", "ittage"].map((predictor) => {
      const [shared, own] = ["switch", "direct-threading"].map((technique) => of(technique, predictor));
      const text =
        `${predictor} ${percent(shared.meanRate)} through a shared jump, ${points(shared.meanRate - own.meanRate)} ` +
        `more than with own ones, ${perThousand(shared).toFixed(2)} per 1000 native instructions`;
      return {
        rate: shared.meanRate,
        gap: Math.abs(shared.meanRate - own.meanRate),
        perThousand: perThousand(shared),
        per: shared.nativeInstructions / shared.virtualInstructions,
        text,
      };
    });
    const solved = old.gap > NO_GAP && modern.gap < NO_GAP && inBand(modern.rate, BY_HISTORY);
    const generations = PROCESSORS.map((predictor) => perThousand(processors.where({ predictor })));
    const sizes = Object.values(PUBLISHED).map((published, i) => generations[i] / published);
    const sameSize = sizes.every((ratio) => ratio < SAME_SIZE && ratio > 1 / SAME_SIZE);
    const falls = generations.every((missed, i) => i === 0 || missed < generations[i - 1]);
    return {
      verdict: !solved ? "not reproduced" : falls && sameSize && modern.perThousand < INSIGNIFICANT ? "reproduced" : "reproduced in part",
      measured:
        `${old.text}; ${modern.text}; switch on ${PROCESSORS.join(", ")}: ${generations.map((missed) => fixed(missed, 1)).join(", ")} per 1000, ` +
        `${falls ? "falling as published" : "not falling"}, ${sizes.map((ratio) => fixed(ratio, 1)).join(", ")} times what was published. 0.5 were published, for an interpreter with several times the ` +
        `${fixed(modern.per, 1)} native instructions that a virtual one takes here`,
    };
  },
});
