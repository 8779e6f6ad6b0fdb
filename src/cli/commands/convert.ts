// bplab convert: recorded branches from one format into another.
import { Command, Option } from "@commander-js/extra-typings";
import { whole } from "../../numbers.ts";
import { findWritableFormat, readRecording } from "../../recordings/find-recording.ts";
import { convert } from "../../workbench/convert.ts";
import { thisCommand } from "../command-line.ts";
import { parseCount } from "../options.ts";
import { createProgress } from "../progress.ts";
import { openOutputFile } from "../write-output.ts";

export function convertCommand() {
  return new Command("convert")
    .argument("<in>", "a file of recorded branches")
    .argument("<out>", "the file to write; its name says the format")
    .addOption(new Option("--skip <n>", "leave out the first n native instructions, to the next branch").argParser(parseCount("skip")))
    .addOption(
      new Option("--max <n>", "write n native instructions only, to the next branch, counted after those left out").argParser(
        parseCount("max"),
      ),
    )
    .action(async (input, path, window) => {
      const format = await findWritableFormat(path);
      const recording = await readRecording(input);
      const output = openOutputFile(path, [input]);
      const progress = await createProgress("{branches} million branches");
      try {
        const provenance = { command: thisCommand(), source: input };
        const { notes, losses, instructions } = await convert(recording, format, {
          write: output.write,
          provenance,
          window,
          onProgress: (done) => progress.show(0, 0, { branches: (done / 1e6).toFixed(0) }, true),
        });
        output.commit();
        progress.stop();
        if (Object.keys(window).length > 0) process.stderr.write(`${path}: ${whole(instructions)} native instructions\n`);
        for (const note of notes) process.stderr.write(`${input}: ${note}\n`);
        for (const loss of losses) process.stderr.write(`${path}: ${loss}\n`);
      } finally {
        progress.stop();
        output.close();
      }
    });
}
