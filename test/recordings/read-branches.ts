// What a file of recorded branches holds, branch by branch, whatever its format, by way of the blocks that the lab makes of it.
import { findRecording } from "../../dist/src/recordings/find-recording.js";
import { createRecordedRun } from "../../dist/src/recordings/recorded-run.js";
import type { RecordedBranch, RecordingTotals } from "../../dist/src/recordings/recording.js";
import type { WrittenBranch } from "./write-sbbt.ts";

export interface ReadBranches extends RecordingTotals {
  readonly branches: Required<WrittenBranch>[];
}

const whole = (low: number, high: number): bigint => (BigInt(high) << 32n) | BigInt(low >>> 0);

export const written = ({ pc, pcHigh, target, targetHigh, kind, taken, gap }: RecordedBranch): Required<WrittenBranch> => ({
  pc: whole(pc, pcHigh),
  target: whole(target, targetHigh),
  kind,
  taken,
  gap,
});

export async function readBranches(path: string): Promise<ReadBranches> {
  const recording = await findRecording(path);
  if (recording === undefined) throw new Error(`${path} is no recording`);
  const branches: Required<WrittenBranch>[] = [];
  const run = createRecordedRun((ids, count) => {
    for (let i = 0; i < count; i++) for (const branch of run.blocks.branchesOf(ids[i])) branches.push(written(run.blocks.branch(branch)));
  });
  const totals = await recording.read(run.sink);
  run.finish();
  return { ...totals, branches };
}
