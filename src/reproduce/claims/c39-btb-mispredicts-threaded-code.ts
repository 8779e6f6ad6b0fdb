// C39: how often branch target buffers mispredict switch and threaded code.
import { inBand, PUBLISHED_SWITCH, PUBLISHED_THREADED, percent, spread } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

export default defineClaim({
  title: "branch target buffers mispredict 50 to 63 % of threaded code's dispatches, and 81 to 98 % of switch's",
  quote: "50%-63%, 81%-98%",
  source: "literature",
  place:
    "M. A. Ertl and D. Gregg, The Structure and Performance of Efficient Interpreters, JILP 5, 2003; figures as a summary gives them, " +
    "not read in the paper",
  evidence: "simulation",
  method:
    "All virtual machines' programs, switch and direct threading, a branch target buffer of 512 sets of 4: the mean of the programs' " +
    "rates, and how many programs lie in the published range. Theirs were four interpreters and large programs; some of ours are small " +
    "kernels.",
  experiments: { all: SHARED_OR_OWN },
  expected: {
    what: "50 to 63 % and 81 to 98 %",
    from: "M. A. Ertl and D. Gregg, JILP 5, 2003, as summaries quote it",
    confidence: "secondary",
  },
  shows: {
    measure: "rate",
    published: [
      { low: 50, high: 63, what: "threaded code" },
      { low: 81, high: 98, what: "switch" },
    ],
  },
  expectedVerdict: "reproduced in part",
  judge({ all }) {
    const bands = { "direct-threading": PUBLISHED_THREADED, switch: PUBLISHED_SWITCH };
    const found = Object.entries(bands).map(([technique, band]) => {
      const { meanRate, rates, rows, where } = all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor: "btb" });
      const programs = spread(
        rows.map(({ program }) => [program, where({ program }).rate]),
        band,
      );
      const range = `${percent(rates[0])} to ${percent(rates[1])}`;
      const published = `${percent(band.low, 0)} to ${percent(band.high, 0)}`;
      const text = `${technique} ${percent(meanRate)} on average, ${range} by program, published ${published}, ${programs.text}`;
      return { fits: inBand(meanRate, band), all: programs.all, text };
    });
    const fits = found.every((each) => each.fits);
    return {
      verdict: !fits ? "not reproduced" : found.every((each) => each.all) ? "reproduced" : "reproduced in part",
      measured: found.map(({ text }) => text).join("; "),
    };
  },
});
