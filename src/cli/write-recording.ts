// Writes branches that can be read only once to a file of any format. If the beginning of a file depends on the rest, they are
// written to a temporary file in our own format first, and converted.
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { writeAll } from "../files/write-all.ts";
import { createBptWriter } from "../recordings/coding/bpt-writer.ts";
import { findWritableFormat, readRecording } from "../recordings/find-recording.ts";
import type { Provenance, RecordingWriter, WritableBlocks } from "../recordings/recording.ts";
import { convert } from "../workbench/convert.ts";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";
import { openOutputFile } from "./write-output.ts";

export type CreateRecordingWriter = (blocks: WritableBlocks, provenance: Provenance) => RecordingWriter;

export interface WrittenRecording<T> {
  readonly made: T;
  /** What the format could not hold, one sentence each. */
  readonly losses: readonly string[];
}

/**
 * @param path   its name says the format
 * @param inputs files that are read
 * @param make   writes the whole recording
 * @throws UsageError when the file cannot be written, or no format has its name
 */
export async function writeRecording<T>(
  path: string,
  inputs: readonly string[],
  make: (createWriter: CreateRecordingWriter) => Promise<T>,
): Promise<WrittenRecording<T>> {
  const { format, gzip } = await findWritableFormat(path);
  const output = openOutputFile(path, inputs);
  let folder: TemporaryFolder | undefined;
  try {
    if (format.createWriter === createBptWriter && !gzip) {
      const made = await make((blocks, provenance) => createBptWriter(output.write, blocks, provenance));
      output.commit();
      return { made, losses: [] };
    }
    folder = createTemporaryFolder("branches are kept until the file can begin");
    const first = join(folder.path, "recorded.bpt");
    const file = openSync(first, "w");
    let source: Provenance = {};
    const made = await make((blocks, provenance) => {
      source = provenance;
      return createBptWriter((bytes) => writeAll(file, bytes), blocks, provenance);
    }).finally(() => closeSync(file));
    const { losses } = await convert(await readRecording(first), { format, gzip }, { write: output.write, provenance: source });
    output.commit();
    return { made, losses };
  } finally {
    output.close();
    folder?.remove();
  }
}
