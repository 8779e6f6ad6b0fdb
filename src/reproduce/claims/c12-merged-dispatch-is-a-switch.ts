// C12: LLVM merges duplicated dispatches into one.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { EXACT } from "../experiments.ts";
import { agree } from "../selection.ts";

export default defineClaim({
  title: "dispatches that the compiler merges again are mispredicted like a plain switch's",
  quote: "figured out the continue expression was duplicated N times, and *un-inlined it*",
  source: "zig",
  place: "Can LLVM Do the Optimization?",
  evidence: "law",
  wouldDecide: "compiler",
  method:
    "That LLVM does it is what the assembly there shows; here is what follows. All programs, a replicated switch with all its " +
    "dispatches merged (merge=all) against a plain switch and against the same without merging, on two predictors without bounds.",
  experiments: {
    all: { technique: "switch,replicated-switch,replicated-switch:merge=all", predictor: EXACT },
  },
  expected: {
    what: "the mispredictions of a plain switch",
    from: "the assembly quoted there: one indirect jump, to which every prong jumps",
    confidence: "primary",
  },
  expectedVerdict: "by construction",
  byCompilers({ rows }) {
    const found = rows.filter(
      ({ compiler, source }) =>
        /clang|zig/.test(compiler) && ["lab, direct-threading", "lab, token-threading", "zig-labeled-switch"].includes(source),
    );
    if (found.length === 0) return undefined;
    const merged = found.filter(({ what }) => what.includes("merged"));
    return {
      verdict: merged.length === 0 ? "not reproduced" : merged.length < found.length ? "reproduced in part" : "reproduced",
      measured: `what installed LLVM compilers left of dispatches that the source repeats: ${found.map(({ version, options, source, left }) => `${version} ${options}, ${source}: ${left.jumps}`).join("; ")}`,
    };
  },
  judge({ all }) {
    const found = all.predictors.map((predictor) => {
      const [plain, own, merged] = all.techniques.map((technique) => all.where({ technique, predictor }));
      const text =
        `${predictor} ${percent(own.rate)} as written, ${percent(merged.rate)} when merged, ${percent(plain.rate)} ` +
        "with a plain switch";
      return { same: agree(plain, merged), undone: merged.rate > own.rate, text };
    });
    const same = found.every((each) => each.same);
    const undone = found.every((each) => each.undone);
    return {
      verdict: same && undone ? "by construction" : undone ? "reproduced in part" : "not reproduced",
      measured:
        `mispredicted, all programs as one: ${found.map(({ text }) => text).join("; ")}; ` +
        `${same ? "the same counts" : "other counts"} as a plain switch in the programs`,
    };
  },
});
