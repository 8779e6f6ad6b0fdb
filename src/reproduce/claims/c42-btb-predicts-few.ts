// C42: branch target buffers predict interpreters with an accuracy of 2 to 50 %.
import { inBand, PUBLISHED_ACCURACY, percent, rangeText, spread } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

export default defineClaim({
  title: "branch target buffers predict only 2 to 50 % of existing interpreters' indirect branches",
  quote: "their prediction accuracy for existing interpreters is only 2%–50%",
  source: "literature",
  place: "M. A. Ertl and D. Gregg, PLDI 2003, and K. Casey, M. A. Ertl and D. Gregg, TOPLAS 29(6), 2007, abstracts",
  evidence: "simulation",
  method:
    "All virtual machines' programs, switch and direct threading, a branch target buffer of 512 sets of 4: the part of the dispatches " +
    "that is predicted right, on average and program by program.",
  experiments: { all: SHARED_OR_OWN },
  expected: { what: "2 to 50 %", from: "the abstracts", confidence: "primary" },
  shows: { measure: "rate", kind: "indirect", published: [{ low: 50, high: 98, what: "2 to 50 % right" }] },
  expectedVerdict: "reproduced in part",
  judge({ all }) {
    const found = ["switch", "direct-threading"].map((technique) => {
      const { meanRate, rows, where } = all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor: "btb" });
      const accuracies = rows.map(({ program }) => 1 - where({ program }).rate);
      const programs = spread(
        rows.map(({ program }, i) => [program, accuracies[i]]),
        PUBLISHED_ACCURACY,
      );
      const range = `${rangeText(Math.min(...accuracies), Math.max(...accuracies), percent)}`;
      const text = `${technique} ${percent(1 - meanRate)} on average, ${range} by program, ${programs.text}`;
      return { all: programs.all, fits: inBand(1 - meanRate, PUBLISHED_ACCURACY), text };
    });
    const fits = found.every((each) => each.fits);
    return {
      verdict: !fits ? "not reproduced" : found.every((each) => each.all) ? "reproduced" : "reproduced in part",
      measured: `predicted right, of 2 to 50 % published: ${found.map(({ text }) => text).join("; ")}`,
    };
  },
});
