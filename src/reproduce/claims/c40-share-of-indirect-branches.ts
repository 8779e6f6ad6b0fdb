// C40: how many of an interpreter's instructions are indirect branches.
import { fixed, inBand, PUBLISHED_INDIRECT, percent, rangeText, spread } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

export default defineClaim({
  title: "3.2 to 13 % of an efficient interpreter's instructions are indirect branches",
  quote: "3.2%–13% of all executed instructions in our benchmarks",
  source: "literature",
  place: "M. A. Ertl and D. Gregg, JILP 5, 2003, abstract",
  evidence: "simulation",
  method:
    "All virtual machines' programs, switch and direct threading: executed indirect branches per native instruction. Bodies are " +
    "Gforth's, compiled by gcc for x86-64, and a median body where a machine is not Forth; indirect branches inside bodies are not " +
    "replayed. Theirs ran on other processors' instruction sets.",
  experiments: { all: SHARED_OR_OWN },
  expected: { what: "3.2 to 13 %", from: "the abstract", confidence: "primary" },
  shows: { measure: "share", kind: "indirect", published: [{ low: 3.2, high: 13, what: "the abstract" }] },
  expectedVerdict: "reproduced in part",
  judge({ all }) {
    const found = ["switch", "direct-threading"].map((technique) => {
      const { rows, branches, nativeInstructions, virtualInstructions } = all
        .except(NO_VIRTUAL_MACHINES)
        .where({ technique, predictor: "btb", kind: "indirect" });
      const shares = rows.map((row) => row.branches / row.nativeInstructions);
      const programs = spread(
        rows.map(({ program }, i) => [program, shares[i]]),
        PUBLISHED_INDIRECT,
      );
      const range = `${rangeText(Math.min(...shares), Math.max(...shares), percent)}`;
      const body = `${fixed(nativeInstructions / virtualInstructions, 1)} native instructions a virtual one`;
      const text = `${technique} ${percent(branches / nativeInstructions)} (${body}), ${range} by program, ${programs.text}`;
      return { all: programs.all, fits: inBand(branches / nativeInstructions, PUBLISHED_INDIRECT), text };
    });
    const fits = found.every((each) => each.fits);
    return {
      verdict: !fits ? "not reproduced" : found.every((each) => each.all) ? "reproduced" : "reproduced in part",
      measured:
        `published 3.2 to 13 %: ${found.map(({ text }) => text).join("; ")}. What is above has short bodies, and a ` +
        "dispatch of three instructions",
    };
  },
});
