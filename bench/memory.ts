// Memory: a million blocks, then 4 and 16 times as many, through the whole pipeline. A trace that were held anywhere would
// show: the ids of the longest take 64 MB.
import { readTechniques } from "../src/dispatch/techniques.ts";
import { readFrontEnds } from "../src/front-end.ts";
import { measure } from "../src/lab.ts";
import type { VirtualRun } from "../src/trace/run.ts";
import type { Recording } from "./recording.ts";
import type { Result } from "./result.ts";

const BUFFER = 32768;
const SHORTEST = 1_000_000;

/** Hands on the blocks of a recording again and again. */
function repeated({ program, ids }: Recording, times: number): VirtualRun {
  return {
    program,
    run(sink) {
      const buffer = new Int32Array(BUFFER + 1);
      const blocks = ids.length - 1;
      for (let time = 0; time < times; time++) {
        for (let from = 0; from < blocks; from += BUFFER) {
          const to = Math.min(from + BUFFER, blocks);
          buffer.set(ids.subarray(from, to));
          const last = to === blocks;
          sink(buffer, to - from, last ? (time === times - 1 ? -1 : ids[0]) : ids[to]);
        }
      }
    },
  };
}

/** Megabytes: the most that were resident, and the most that the heap and its buffers took. */
async function peak(recording: Recording, times: number): Promise<{ readonly resident: number; readonly heap: number }> {
  const techniques = await readTechniques("direct-threading,switch");
  const frontEnds = await readFrontEnds("btb,two-level");
  let resident = 0;
  let heap = 0;
  const onProgress = (): void => {
    const { rss, heapUsed, external } = process.memoryUsage();
    resident = Math.max(resident, rss);
    heap = Math.max(heap, heapUsed + external);
  };
  await measure(repeated(recording, times), { techniques, frontEnds, warmup: 0, onProgress });
  return { resident: resident / 2 ** 20, heap: heap / 2 ** 20 };
}

export async function benchMemory(recording: Recording): Promise<Result[]> {
  const unit = Math.ceil(SHORTEST / (recording.ids.length - 1));
  await peak(recording, unit); // V8 compiles what it needs
  const once = await peak(recording, unit);
  const results: Result[] = [];
  for (const times of [4, 16]) {
    const longer = await peak(recording, times * unit);
    const comparedWith = "a million blocks";
    results.push(
      {
        subject: `resident, ${times} times as long`,
        value: longer.resident,
        unit: "MB",
        comparedWith,
        comparedValue: once.resident,
        bound: { atMost: 1.1 },
      },
      { subject: `heap and buffers, ${times} times as long`, value: longer.heap, unit: "MB", comparedWith, comparedValue: once.heap },
    );
  }
  return results;
}
