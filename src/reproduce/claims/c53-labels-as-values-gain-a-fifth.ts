// C53: labels as values make WAMR's classic interpreter faster by a fifth.
import { defineClaim } from "../claim.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { WASM_PROGRAMS } from "../experiments.ts";

const SWITCH = "switch";
/** With the dispatch sites that gcc left in it. */
const LABELS = "token-threading:merge=wamr-2.4-classic-gcc12";
/** Processors of 2020 and of the years before: which one was meant is not said. */
const PROCESSORS = ["haswell", "skylake", "zen-3"];
const PUBLISHED = 1.2;

export default defineClaim({
  title: "labels as values make a WebAssembly interpreter a fifth faster than a switch",
  quote: "normally the Lables-as-Values feature improves performance by ~20%, but it depends",
  source: "wasm",
  place: "wenyongh, bytecodealliance/wasm-micro-runtime, issue 378, 9 September 2020",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "The lab's WebAssembly programs, in place; a switch, and token threading with the dispatch sites that gcc 12 left in WAMR's classic interpreter; bodies are the " +
    `median of measured ones. Estimated cycles on models of ${PROCESSORS.join(", ")} (approximations; the processor is not said). Reproduced if threaded code is faster on each, and 1.2 ` +
    "times lies in each range of costs.",
  experiments: { machines: { inputs: WASM_PROGRAMS, technique: `${SWITCH},${LABELS}`, machine: PROCESSORS.join(",") } },
  expected: { what: "about 1.2 times as fast, more or less by compiler", from: "the sentence itself", confidence: "primary" },
  shows: { measure: "cycles" },
  expectedVerdict: "reproduced in part",
  judge({ machines }) {
    const found = machines.predictors.map((predictor) => {
      const [shared, own] = [SWITCH, LABELS].map((technique) => machines.where({ technique, predictor, kind: "all" }));
      const ratio = timesTheCycles(shared, own);
      const missed = (100 * (shared.mispredictions - own.mispredictions)) / own.virtualInstructions;
      return {
        faster: ratio.value > 1,
        asPublished: ratio.low <= PUBLISHED && ratio.high >= PUBLISHED,
        text: `${predictor} ${timesText(ratio)}, ${missed.toFixed(1)} mispredictions in 100 virtual instructions fewer`,
      };
    });
    const faster = found.filter((one) => one.faster).length;
    const verdict =
      faster === found.length
        ? found.every(({ asPublished }) => asPublished)
          ? "reproduced"
          : "reproduced in part"
        : faster > 0
          ? "depends on the predictor"
          : "not reproduced";
    return {
      verdict,
      measured: `the switch takes so many times the estimated cycles: ${found.map(({ text }) => text).join("; ")}`,
    };
  },
});
