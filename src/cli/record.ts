// bplab record: the branches of a real program, into a file.
import { basename } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { record } from "../recorder/record.ts";
import { findWritableFormat } from "../recordings.ts";
import { readSiteSelection } from "../trace/site-selection.ts";
import { shellWords } from "./command-line.ts";
import { parseCount } from "./options.ts";
import { openOutputFile } from "./write-output.ts";

export function recordCommand() {
  return new Command("record")
    .description("run a program (x86-64, Linux) and write its branches: bplab record -- ocamlrun kb.byte; needs qemu-user and gcc")
    .argument("<command...>", "the program and its arguments, behind --")
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
    .option("--date <text>", "noted in the file; no date is unless you give one, so that the same run gives the same file")
    .passThroughOptions()
    .action(async (command, { output: path = `${basename(command[0])}.bpt`, maxBranches, skipInstructions, in: places, date }) => {
      const format = await findWritableFormat(path);
      const only = places === undefined ? undefined : readSiteSelection("--in", places);
      const output = openOutputFile(path, []);
      try {
        const options = { in: places, skipInstructions, maxBranches };
        const given = Object.entries(options).filter(([, value]) => value !== undefined);
        const { branches, instructions, threads, exitCode, notes } = await record({
          command,
          createWriter: (blocks, provenance) => format.createWriter(output.write, blocks, provenance),
          provenance: {
            command: shellWords(command),
            ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
            ...(date === undefined ? {} : { date }),
          },
          only,
          skipInstructions,
          maxBranches,
        });
        output.commit();
        const count = (value: number, what: string): string => `${value.toLocaleString("en-US")} ${what}`;
        const shared = threads > 1 ? ` of ${threads} threads` : "";
        process.stderr.write(`${path}: ${count(branches, "branches")}${shared}, ${count(instructions, "instructions")}\n`);
        for (const note of notes) process.stderr.write(`${path}: ${note}\n`);
        process.exitCode = exitCode;
      } finally {
        output.close();
      }
    });
}
