// Lowering: expanding the blocks of programs under a technique and admitting them to a replay, beside a loop that copies as
// many records, column by column. It happens once per block, so it may be slow, but must not be noticeable.
import { createLowering } from "../src/dispatch/lowering.ts";
import { readTechniques, techniqueIds } from "../src/dispatch/techniques.ts";
import { readFrontEnds } from "../src/front-end/front-end.ts";
import { createReplay, type Replay } from "../src/replay/replay.ts";
import { race } from "./race.ts";
import type { Recording } from "./recording.ts";
import type { Result } from "./result.ts";

const ROUNDS = 15;
/** Int32s that the replay keeps of one branch. */
const COLUMNS = 8;

export async function benchLowering(recordings: readonly Recording[]): Promise<Result[]> {
  const results: Result[] = [];
  const [btb] = await readFrontEnds("btb");
  for (const technique of await readTechniques(techniqueIds().join(","))) {
    let blocks = 0;
    let seconds = 0;
    let bareSeconds = 0;
    for (const { program } of recordings) {
      const count = countRecords(program, createLowering(program, technique.layout(program)));
      // a replay can admit blocks only once: one for every round
      const replays: Replay[] = [];
      for (let i = 0; i < ROUNDS; i++) replays.push(await createReplay(program, createLowering(program, technique.layout(program)), btb));
      const from = new Int32Array(count * COLUMNS).fill(1);
      const to = new Int32Array(count * COLUMNS);
      const nothing = new Int32Array(1);
      const [lowered, copied] = race([() => replays.pop()?.run(nothing, 0, 0), () => copy(from, to)], 1, ROUNDS);
      blocks += program.blockCount;
      seconds += lowered;
      bareSeconds += copied;
    }
    results.push({
      subject: technique.name,
      value: blocks / seconds / 1e3,
      unit: "k blocks/s",
      comparedWith: "bare copy of their records",
      comparedValue: blocks / bareSeconds / 1e3,
    });
  }
  return results;
}

/** Branches of all blocks, in both variants. */
function countRecords(program: Recording["program"], lowering: ReturnType<typeof createLowering>): number {
  let count = 0;
  for (let id = 0; id < program.blockCount; id++) {
    const { interior, tails } = lowering.block(id);
    count += 2 * interior.length + tails[0].length + tails[1].length;
  }
  return count;
}

function copy(from: Int32Array, to: Int32Array): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i];
}
