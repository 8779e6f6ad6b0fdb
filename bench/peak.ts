// A process of memory.ts: does one piece of work, and prints its peak resident memory. `all` is what `bplab simulate` does; a number
// is a number of branches: those of queens, repeated, through one technique and one front end.
import { readFileSync } from "node:fs";
import { readTechniques } from "../src/dispatch/techniques.ts";
import { readFrontEnds } from "../src/front-end/front-end.ts";
import { measure } from "../src/lab/lab.ts";
import { simulate } from "../src/simulate/simulate.ts";
import type { VirtualRun } from "../src/trace/run.ts";
import { type Recording, record } from "./recording.ts";

const BUFFER = 32768;
const BLOCKS = 200_000;

/** A run that passes on the blocks of a recording several times. */
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

/** Replays a recording; returns the number of branches. */
async function replayed(recording: Recording, times: number): Promise<number> {
  const techniques = await readTechniques("direct-threading");
  const frontEnds = await readFrontEnds("btb");
  const [{ counts }] = await measure(repeated(recording, times), { techniques, frontEnds, warmup: 0 });
  return counts.byKind.all.branches;
}

const [, , what] = process.argv;
if (what === "all") await simulate({ sites: false });
else {
  const recording = await record("queens", BLOCKS);
  await replayed(recording, Math.ceil(Number(what) / (await replayed(recording, 1))));
}
// not process.resourceUsage, in which a process inherits the peak of its parent
const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
process.stdout.write(String(Number(kilobytes) / 1024));
