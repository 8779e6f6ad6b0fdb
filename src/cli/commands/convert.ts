// bplab convert: recorded branches from one format into another.
import { Command } from "@commander-js/extra-typings";
import { findWritableFormat, readRecording } from "../../recordings/find-recording.ts";
import { convert } from "../../workbench/convert.ts";
import { thisCommand } from "../command-line.ts";
import { createProgress } from "../progress.ts";
import { openOutputFile } from "../write-output.ts";

export function convertCommand() {
  return new Command("convert")
    .argument("<in>", "a file of recorded branches")
    .argument("<out>", "the file to write; its name says the format")
    .action(async (input, path) => {
      const format = await findWritableFormat(path);
      const recording = await readRecording(input);
      const output = openOutputFile(path, [input]);
      const progress = await createProgress("{branches} million branches");
      try {
        const provenance = { command: thisCommand(), source: input };
        const { notes, losses } = await convert(recording, format, {
          write: output.write,
          provenance,
          onProgress: (done) => progress.show(0, 0, { branches: (done / 1e6).toFixed(0) }, true),
        });
        output.commit();
        progress.stop();
        for (const note of notes) process.stderr.write(`${input}: ${note}\n`);
        for (const loss of losses) process.stderr.write(`${path}: ${loss}\n`);
      } finally {
        progress.stop();
        output.close();
      }
    });
}
