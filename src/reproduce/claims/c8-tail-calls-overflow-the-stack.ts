// C8: tail calls that are not eliminated overflow the stack.
import { percent, rangeText } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { EXACT } from "../experiments.ts";
import { agree } from "../selection.ts";

const MEBIBYTE = 2 ** 20;
/** Default stack of a main thread on Linux. */
const STACK_BYTES = 8 * MEBIBYTE;

export default defineClaim({
  title: "tail calls that are not converted to jumps overflow the stack",
  quote: "do not convert the tail calls to jumps resulting in recursion stack overflow",
  source: "rust",
  place: "Threaded dispatch",
  evidence: "law",
  wouldDecide: "compiler",
  method:
    "All programs, tail calls with and without elimination, a branch target buffer without bounds and a return stack: bytes of native " +
    "stack, with the smallest frame that x86-64 allows, and what becomes of dispatches and of the returns at the end. Which builds " +
    "eliminate tail calls is the compiler's and out of reach.",
  experiments: { all: { technique: "tail-call-threading,tail-call-no-elimination", predictor: EXACT } },
  expected: {
    what: "a frame for each virtual instruction; the same mispredicted dispatches; all returns but about 16 mispredicted",
    from: "how calls work",
    confidence: "primary",
  },
  shows: { measure: "stack", kind: "all" },
  expectedVerdict: "by construction",
  byCompilers({ rows }) {
    const tails = rows.filter(({ source }) => source === "tail-calls" || source === "rust-tail-calls");
    if (tails.length === 0) return undefined;
    const calls = tails.filter(({ left }) => left.jumps === 0 && left.calls > 0);
    const text = tails.map(
      ({ version, options, left }) => `${version} ${options} ${left.calls > 0 ? `${left.calls} calls` : `${left.jumps} jumps`}`,
    );
    return {
      verdict: calls.length === 0 ? "not reproduced" : "reproduced",
      measured: `plain tail calls, as installed compilers left them: ${text.join("; ")}: the stack grows where calls are left`,
    };
  },
  judge({ all }) {
    const [predictor] = all.predictors;
    const calls = all.where({ technique: "tail-call-no-elimination", predictor });
    const jumps = all.where({ technique: "tail-call-threading", predictor });
    const frames = calls.rows.map(({ stackBytes = 0, virtualInstructions }) => stackBytes / virtualInstructions);
    const grows = frames.every((bytes) => bytes >= 8) && jumps.rows.every(({ stackBytes }) => stackBytes === undefined);
    const most = Math.max(...calls.rows.map(({ stackBytes = 0 }) => stackBytes)) / MEBIBYTE;
    const until = Math.round(STACK_BYTES / Math.max(...frames));
    const returns = all.where({ technique: "tail-call-no-elimination", predictor, kind: "return" });
    return {
      verdict: !grows ? "not reproduced" : agree(calls, jumps) ? "by construction" : "reproduced in part",
      measured:
        `${rangeText(Math.min(...frames), Math.max(...frames), (bytes) => bytes.toFixed(1))} bytes of stack per virtual instruction (none ` +
        `with jumps), ${most.toFixed(1)} MiB for the ` +
        `longest run here: a stack of 8 MiB is full after ${until} instructions, which ${most * MEBIBYTE > STACK_BYTES ? "the longest reaches" : "none reaches at this size"}. Dispatches mispredicted: ${percent(calls.rate)} ` +
        "with calls, " +
        `${percent(jumps.rate)} with jumps; of the returns at the end, all but ` +
        `${(returns.branches - returns.mispredictions) / returns.rows.length} in a run`,
    };
  },
});
