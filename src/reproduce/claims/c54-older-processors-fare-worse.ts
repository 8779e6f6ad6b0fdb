// C54: wasm3's tail calls are predicted worse by older processors.
import { defineClaim } from "../claim.ts";
import { WASM_PROGRAMS } from "../experiments.ts";

const TAIL_CALLS = "tail-call-threading";
/** In the order of their years, one maker: 2002 to 2013, then what was new when the sentence was written, and later. */
const OLDER = ["pentium-4-northwood", "core-2", "nehalem", "sandy-bridge"];
const NEWER = ["haswell", "skylake", "golden-cove"];
/** Worse by this factor counts as not faring well: our own limit. */
const MUCH = 2;

export default defineClaim({
  title: "older processors predict an interpreter of tail calls worse",
  quote: "Older CPUs don't fare as well. I suspect branch predictor differences.",
  source: "wasm",
  place: "wasm3, docs/Interpreter.md",
  evidence: "simulation",
  wouldDecide: "clock",
  method:
    `The lab's WebAssembly programs, in place (wasm3 dispatches half as often: it keeps operands in registers), tail calls; models of Intel's ${[...OLDER, ...NEWER].join(", ")} (approximations: how ` +
    "they predict indirect branches is mostly not published): mispredicted dispatches in 100 virtual instructions. Reproduced if each of the first four " +
    "mispredicts more than each of the last three, and all of them together at least twice as often; in part if only together.",
  experiments: { machines: { inputs: WASM_PROGRAMS, technique: TAIL_CALLS, machine: [...OLDER, ...NEWER].join(",") } },
  expected: { what: "more mispredictions on older processors; no figure, a suspicion", from: "the sentence itself", confidence: "primary" },
  expectedVerdict: "reproduced",
  judge({ machines }) {
    const missed = (predictor: string): number => {
      const { mispredictions, virtualInstructions } = machines.where({ predictor, kind: "dispatch" });
      return (100 * mispredictions) / virtualInstructions;
    };
    const [older, newer] = [OLDER, NEWER].map((names) => names.map(missed));
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const each = Math.min(...older) > Math.max(...newer);
    const together = mean(older) > MUCH * mean(newer);
    return {
      verdict: each && together ? "reproduced" : together ? "reproduced in part" : "not reproduced",
      measured: `mispredicted dispatches in 100 virtual instructions: ${[...OLDER, ...NEWER].map((name, i) => `${name} ${[...older, ...newer][i].toFixed(1)}`).join(", ")}`,
    };
  },
});
