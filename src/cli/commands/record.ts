// bplab record: the branches of a real program, into a file.
import { basename } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { whole } from "../../numbers.ts";
import { recordProgram } from "../../recordings/recorder/record-program.ts";
import { readSiteSelection } from "../../recordings/site-selection.ts";
import { shellWords } from "../../sweep/shell-words.ts";
import { parseCount } from "../options.ts";
import { writeRecording } from "../write-recording.ts";

export function recordCommand() {
  return new Command("record")
    .argument("<command...>", "the program and its arguments, after --")
    .option("-o, --output <file>", "the file to write; its name says the format (default: the program's name with .bpt)")
    .addOption(
      new Option("--max-branches <n>", "record no more than n branches; the program goes on to its end").argParser(
        parseCount("max-branches"),
      ),
    )
    .addOption(
      new Option("--skip-instructions <n>", "let n instructions pass before the recording begins").argParser(
        parseCount("skip-instructions"),
      ),
    )
    .option("--in <list>", "only branches in functions, files or addresses: main, libc.so.6, 0x401000-0x402000")
    .option("--date <text>", "stored in the file; without this option no date is, so that the same run gives the same file")
    .passThroughOptions()
    .action(async (command, { output: path = `${basename(command[0])}.bpt`, maxBranches, skipInstructions, in: places, date }) => {
      const only = places === undefined ? undefined : readSiteSelection("--in", places);
      const options = { in: places, skipInstructions, maxBranches };
      const given = Object.entries(options).filter(([, value]) => value !== undefined);
      const provenance = {
        command: shellWords(command),
        ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
        ...(date === undefined ? {} : { date }),
      };
      const { made, losses } = await writeRecording(path, [], (createWriter) =>
        recordProgram({ command, createWriter, provenance, only, skipInstructions, maxBranches }),
      );
      const { branches, instructions, threads, exitCode, notes } = made;
      const count = (value: number, what: string): string => `${whole(value)} ${what}`;
      const shared = threads > 1 ? ` of ${threads} threads` : "";
      process.stderr.write(`${path}: ${count(branches, "branches")}${shared}, ${count(instructions, "instructions")}\n`);
      for (const note of [...notes, ...losses]) process.stderr.write(`${path}: ${note}\n`);
      process.exitCode = exitCode;
    });
}
