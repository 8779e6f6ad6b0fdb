// `convert` as a function: recorded branches from one format into another.
import type { Recording, WritableFormat } from "./recordings.ts";
import { createRecordedRun } from "./trace/recorded-run.ts";
import type { Provenance, RecordingTotals } from "./trace/recording.ts";

export interface ConvertOptions {
  /** Takes the bytes of the file, in order. */
  readonly write: (bytes: Uint8Array) => void;
  readonly provenance: Provenance;
  /** Called now and then with the branches that were written so far. */
  readonly onProgress?: (branches: number) => void;
}

/**
 * Returns what was read.
 * @throws UsageError when the recording is damaged, or cannot be written in this format
 */
export async function convert(
  recording: Recording,
  format: WritableFormat,
  { write, provenance, onProgress }: ConvertOptions,
): Promise<RecordingTotals> {
  let branches = 0;
  const run = createRecordedRun({ keep: true }, (ids, count, executed) => {
    writer.blocks(ids, count);
    branches += executed;
    onProgress?.(branches);
  });
  const writer = format.createWriter(write, run.blocks, { ...provenance, source: recording.id });
  const totals = await recording.read({
    ...run.sink,
    symbols(module) {
      run.sink.symbols(module);
      writer.symbols?.(module);
    },
  });
  run.finish();
  writer.finish(totals.instructions);
  return totals;
}
