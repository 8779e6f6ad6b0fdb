// C45: the target cache.
import { percent } from "./bands.ts";
import { defineClaim } from "./claim.ts";
import { NO_VIRTUAL_MACHINES } from "./experiments.ts";

const BUFFER = "btb:sets=256";
const PATTERN = "target-cache";
const PATH = "target-cache:history=path:skipBits=4";

export default defineClaim({
  title: "a target cache removes most mispredictions of indirect jumps",
  quote: "reduces the indirect jump misprediction rate by 93.4% and 63.3%",
  source: "literature",
  place: "P.-Y. Chang, E. Hao and Y. N. Patt, Target Prediction for Indirect Jumps, ISCA 1997, abstract (perl and gcc)",
  method:
    "All virtual machines' programs, switch and direct threading whose virtual conditionals are native branches: a branch target " +
    "buffer of 1024 entries against target caches of 512 without tags, by the outcomes of conditional branches and by a path of " +
    "targets (without their lowest four bits, which are 0 in aligned bodies). Theirs were compiled programs of SPECint95, perl an " +
    "interpreter among them.",
  experiments: {
    all: { technique: "switch:conditional=branch,direct-threading:conditional=branch", predictor: [BUFFER, PATTERN, PATH].join(",") },
  },
  expected: {
    what: "93.4 % fewer mispredictions in perl, 63.3 % fewer in gcc",
    from: "the abstract; sizes from memory",
    confidence: "primary",
  },
  expectedVerdict: "reproduced in part",
  judge({ all }) {
    const fewer = (predictor: string): number[] =>
      all.techniques.map((technique) => {
        const [before, after] = [BUFFER, predictor].map(
          (each) => all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor: each }).meanRate,
        );
        return 1 - after / before;
      });
    const [pattern, path] = [PATTERN, PATH].map(fewer);
    const most = (parts: readonly number[]): boolean => parts.every((part) => part > 0.5);
    const outcomes = all.except(NO_VIRTUAL_MACHINES).where({ predictor: BUFFER, kind: "conditional" });
    const text = (parts: readonly number[]): string =>
      parts.map((part) => `${percent(Math.abs(part))} ${part < 0 ? "more" : "fewer"}`).join(" and ");
    return {
      verdict: most(pattern) && most(path) ? "reproduced" : most(pattern) || most(path) ? "reproduced in part" : "not reproduced",
      measured:
        `mispredictions with switch and with direct threading: by outcomes ${text(pattern)}, by path ${text(path)}. Outcomes say ` +
        "little here: the conditional branches inside bodies are not in the trace, so only " +
        `${percent(outcomes.branches / outcomes.virtualInstructions)} of the virtual instructions leave one`,
    };
  },
});
