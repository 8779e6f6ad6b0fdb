// `convert` as a function: recorded branches from one format into another.
import { UsageError } from "../errors.ts";
import { createGzipWriter } from "../files/gzip-writer.ts";
import type { Recording, WritableFile } from "../recordings/find-recording.ts";
import { createRecordedRun } from "../recordings/recorded-run.ts";
import type { Provenance, RecordingSurvey, RecordingTotals, RecordingWriter, WritableBlocks } from "../recordings/recording.ts";
import { createRecordingWindow, type WindowSize } from "./recording-window.ts";

export interface ConvertOptions {
  /** Takes the bytes of the file, in order. */
  readonly write: (bytes: Uint8Array) => void;
  /** Provenance to store in the file, if its format can. */
  readonly provenance: Provenance;
  /** The part that is written; default: all. */
  readonly window?: WindowSize;
  /** Called now and then with the branches that were read so far, of each pass. */
  readonly onProgress?: (branches: number) => void;
}

type ReadTotals = Awaited<ReturnType<Recording["read"]>>;

/**
 * Reads a recording once, or twice if the beginning of the output depends on the rest; nothing holds the whole recording.
 * @returns totals of the input, and losses in sentences
 * @throws UsageError when the recording is damaged, or cannot be written in this format
 */
export async function convert(
  recording: Recording,
  { format, gzip }: WritableFile,
  { write, provenance, window: size = {}, onProgress }: ConvertOptions,
): Promise<RecordingTotals & { readonly losses: readonly string[] }> {
  const packer = gzip ? createGzipWriter(write) : undefined;

  /** One pass over the recording, into a writer or a survey. */
  async function pass<Taker extends RecordingWriter | RecordingSurvey>(
    start: (blocks: WritableBlocks) => Taker,
  ): Promise<{ readonly taker: Taker; readonly totals: ReadTotals }> {
    let branches = 0;
    const run = createRecordedRun((ids, count, executed) => {
      window.blocks(ids, count);
      branches += executed;
      onProgress?.(branches);
    });
    const taker = start(run.blocks);
    const window = createRecordingWindow(run, size, (ids, count) => taker.blocks(ids, count));
    const totals = await recording.read({
      ...run.sink,
      symbols(module) {
        run.sink.symbols(module);
        taker.symbols?.(module);
      },
    });
    run.finish();
    if (size.skip !== undefined && window.isEmpty())
      throw new UsageError(`${recording.id}: no branch comes after the first ${size.skip} of its ${totals.instructions} instructions`);
    const instructions = window.instructions(totals.instructions);
    return { taker, totals: { ...totals, instructions } };
  }
  const first = await pass((blocks) => format.createWriter(packer?.write ?? write, blocks, provenance));
  const { taker: surveyOrWriter, totals } = first;
  let writer: RecordingWriter;
  if ("finish" in surveyOrWriter) writer = surveyOrWriter;
  else {
    const second = await pass((blocks) => surveyOrWriter.writer(blocks, totals.instructions));
    if (second.totals.sha256 !== totals.sha256) throw new UsageError(`${recording.id}: it changed while it was read: convert it again`);
    writer = second.taker;
  }
  const losses = writer.finish(totals.instructions);
  packer?.finish();
  return { ...totals, losses };
}
