// Whether the calls and returns of a recording match. If only a part of the execution was recorded, calls without their returns
// corrupt a return stack, and each following return looks mispredicted, which is no property of any predictor.
import { CALLS, RETURN } from "../branch.ts";
import { counted, whole } from "../numbers.ts";
import { MAX_INSTRUCTION_BYTES, type RecordedEvents } from "./events.ts";
import type { RecordingTotals } from "./recording.ts";

/** Up to this many unmatched calls or returns may come from the beginning and the end of a recording. */
const FEW = 8;

interface Pairing {
  readonly calls: number;
  readonly returns: number;
  /** Returns to an address without a recorded call just before it. */
  readonly strays: number;
}

/** @param executions of each event */
function pairingOf({ columns, count }: RecordedEvents, executions: Float64Array): Pairing {
  const callers: number[] = [];
  let calls = 0;
  for (let event = 1; event < count; event++) {
    if (executions[event] === 0 || (columns.kinds[event] & CALLS) === 0) continue;
    calls += executions[event];
    callers.push(columns.pcs[event]);
  }
  const sorted = Uint32Array.from(callers).sort();
  /** Whether a call ends where a return goes, given the longest instruction. */
  function followsCall(target: number): boolean {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle] < target) low = middle + 1;
      else high = middle;
    }
    return low > 0 && target - sorted[low - 1] <= MAX_INSTRUCTION_BYTES;
  }
  let returns = 0;
  let strays = 0;
  for (let event = 1; event < count; event++) {
    if (executions[event] === 0 || columns.kinds[event] !== RETURN) continue;
    returns += executions[event];
    if (!followsCall(columns.targets[event] >>> 0)) strays += executions[event];
  }
  return { calls, returns, strays };
}

/**
 * Why rates of returns would be meaningless, as a sentence; undefined if they are meaningful. They are meaningless for samples,
 * which are cut between any two branches, and if more than half of all returns, or of all calls, have no partner.
 * @param executions of each event
 */
export function whyNoReturns(
  events: RecordedEvents,
  executions: Float64Array,
  { sampled }: Pick<RecordingTotals, "sampled">,
): string | undefined {
  const { calls, returns, strays } = pairingOf(events, executions);
  const alone = Math.abs(calls - returns);
  const partial = (strays > FEW && 2 * strays > returns) || (alone > FEW && 2 * alone > Math.max(calls, returns));
  if (returns === 0 || !(sampled === true || partial)) return undefined;
  const why = sampled
    ? "Its samples begin and end between calls and their returns"
    : `It is a part of what executed: ${counted(calls, "call")}, ${counted(returns, "return")}, ${whole(strays)} of them to where no recorded call was made`;
  return `${why}. Returns are left out of the rates, as a return stack cannot follow them.`;
}
