// C45: the target cache.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES } from "../experiments.ts";

const BUFFER = "btb:sets=256";
const PATTERN = "target-cache";
const PATH = "target-cache:history=path";
/** Bodies are aligned to 16 bytes: the lowest four bits of a target are the same everywhere. */
const PATH_OF_HIGHER_BITS = "target-cache:history=path:skipBits=4";
const CACHES = [PATTERN, PATH, PATH_OF_HIGHER_BITS];

export default defineClaim({
  title: "a target cache removes most mispredictions of indirect jumps",
  quote: "reduces the indirect jump misprediction rate by 93.4% and 63.3%",
  source: "literature",
  place: "P.-Y. Chang, E. Hao and Y. N. Patt, Target Prediction for Indirect Jumps, ISCA 1997, abstract (perl and gcc)",
  evidence: "simulation",
  method:
    "All virtual machines' programs, switch and direct threading whose virtual conditionals are native branches: a branch target " +
    "buffer of 1024 entries against target caches of 512 without tags, by the outcomes of conditional branches and by a path of " +
    "targets: their bits from the third one on, as is the default here, and from the fifth one on, because the lower ones say nothing where " +
    "bodies are aligned (chosen after the default had failed). Most: more than half, with both techniques. Theirs were compiled programs " +
    "of SPECint95, perl an interpreter among them.",
  experiments: {
    all: { technique: "switch:conditional=branch,direct-threading:conditional=branch", predictor: [BUFFER, ...CACHES].join(",") },
  },
  expected: {
    what: "93.4 % fewer mispredictions in perl, 63.3 % fewer in gcc",
    from: "the abstract; sizes from memory",
    confidence: "primary",
  },
  shows: { measure: "rate", kind: "indirect" },
  expectedVerdict: "depends on the predictor",
  judge({ all }) {
    const found = CACHES.map((predictor) =>
      all.techniques.map((technique) => {
        const [before, after] = [BUFFER, predictor].map(
          (each) => all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor: each }).meanRate,
        );
        return 1 - after / before;
      }),
    );
    const most = found.map((parts) => parts.every((part) => part > 0.5));
    const outcomes = all.except(NO_VIRTUAL_MACHINES).where({ predictor: BUFFER, kind: "conditional" });
    const [pattern, path, higherBits] = found.map((parts) =>
      parts.map((part) => `${percent(Math.abs(part))} ${part < 0 ? "more" : "fewer"}`).join(" and "),
    );
    return {
      verdict: most.every((yes) => yes) ? "reproduced" : most.some((yes) => yes) ? "depends on the predictor" : "not reproduced",
      measured:
        `mispredictions with switch and with direct threading: by outcomes ${pattern}, by path ${path}, by path of the higher bits ${higherBits}. ` +
        "Outcomes say little here: the conditional branches inside bodies are not in the trace, so only " +
        `${percent(outcomes.branches / outcomes.virtualInstructions)} of the virtual instructions leave one`,
    };
  },
});
