// bplab advise: which dispatch technique pays for these programs, on machines of today.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { type Advice, advise, DEFAULT_MACHINES } from "../../advise/advise.ts";
import { messageOf, UsageError } from "../../errors.ts";
import { isCommand } from "../../guests/programs.ts";
import { whole } from "../../numbers.ts";
import { recordProgram } from "../../recordings/recorder/record-program.ts";
import { toCsv } from "../../report/csv.ts";
import { advicePage } from "../../report/pages/advice-page.ts";
import { adviceColumns, adviceParts, adviceRows } from "../../report/tables/advice.ts";
import { adviceSummary } from "../../report/tables/advice-summary.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { Terminal } from "../../report/tables/text-table.ts";
import { shellWords } from "../../sweep/shell-words.ts";
import { thisCommand } from "../command-line.ts";
import { headerOption, withHeader } from "../header.ts";
import { type Format, formatOption, jobsOption, noCacheOption, parseCount } from "../options.ts";
import { asOption, cellOption, memoryOption, splitAtDashes, stdinOption, withGiven } from "../program-words.ts";
import { createProgress } from "../progress.ts";
import { simulationOption } from "../simulation-options.ts";
import { checkDistinct, openOutput, openPage } from "../write-output.ts";
import { writeRecording } from "../write-recording.ts";

interface Rendering {
  readonly format: Format;
  readonly verbose: boolean;
  readonly terminal: Terminal | undefined;
}

function render(advice: Advice, { format, verbose, terminal }: Rendering): string {
  if (format === "json") return `${JSON.stringify(advice, null, 2)}\n`;
  if (format === "csv") return toCsv(adviceColumns, adviceRows(advice));
  return toDocument(verbose ? adviceParts(advice) : adviceSummary(advice), format, terminal);
}

/** Makes a folder. @throws UsageError when that cannot be */
function checkFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--keep: cannot make the folder ${folder}: ${messageOf(error)}`);
  }
}

interface Recorded {
  readonly inputs: readonly string[];
  /** Removes the recording. */
  remove(): void;
}

/** Records a command, whose output goes to standard error: standard output is the advice's. */
async function recorded(command: readonly string[]): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), "bplab-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, `${basename(command[0])}.bpt`);
  try {
    const { made } = await writeRecording(path, [], (createWriter) =>
      recordProgram({ command, createWriter, provenance: { command: shellWords(command) }, stdout: process.stderr.fd }),
    );
    const { branches, exitCode, notes } = made;
    const ended = exitCode === 0 ? "" : `; it ended with exit code ${exitCode}`;
    process.stderr.write(`recorded ${shellWords(command)}: ${whole(branches)} branches${ended}\n`);
    for (const note of notes) process.stderr.write(`${note}\n`);
    return { inputs: [path], remove };
  } catch (error) {
    remove();
    throw error;
  }
}

export function adviseCommand() {
  return new Command("advise")
    .argument(
      "[inputs...]",
      "of one interpreter: programs (ids and files), logs of opcodes or recordings; after --, the words of one program, or, alone, a command that is recorded first",
    )
    .option("--now <technique>", "how the interpreter dispatches today (default: switch; of a recording what it shows)")
    .option("--technique <list>", "techniques to choose from, separated by commas (default: all that the inputs say enough of)")
    .option(
      "--machine <ids>",
      `processors, as in --machine=zen-4,./host.json (default: ${DEFAULT_MACHINES}, and ./host.json if bplab calibrate wrote it here)`,
    )
    .addOption(simulationOption("size"))
    .addOption(simulationOption("bodies"))
    .addOption(simulationOption("dispatch"))
    .addOption(
      new Option("--max-instructions <n>", "advise on the first n virtual instructions (default: 250 million)").argParser(
        parseCount("max-instructions"),
      ),
    )
    .option("--keep <folder>", "of recordings: keep the log of opcodes, the bodies and the dispatch sites there, for bplab simulate")
    .option("--verbose", "all of the advice: what it rests on, ten superinstructions and pairs, and the command that shows the numbers")
    .addOption(asOption)
    .addOption(stdinOption)
    .addOption(memoryOption)
    .addOption(cellOption)
    .addOption(jobsOption)
    .addOption(noCacheOption)
    .addOption(formatOption)
    .addOption(headerOption)
    .option("--output <file>", "write there instead of to standard output")
    .option("--report <file>", "write a page that works offline: .html")
    .action(async (operands, { output: path, report: page, format, header, as, stdin, memory, cell, verbose = false, ...options }) => {
      const { inputs: named, words } = splitAtDashes(operands);
      const command = named.length === 0 && words !== undefined && words.length > 0 && !isCommand(words[0]) ? words : undefined;
      if (command !== undefined && as !== undefined)
        throw new UsageError("--as says what kind of file an input is, and a command is recorded: leave it out");
      if (command !== undefined && stdin !== undefined)
        throw new UsageError("--stdin: a command reads bplab's own standard input: bplab advise -- COMMAND < INPUT");
      const idle = Object.entries({ memory, cell }).find(([, value]) => value !== undefined);
      if (command !== undefined && idle !== undefined)
        throw new UsageError(`--${idle[0]} is for a Forth program, and a command is recorded: leave it out`);
      const files = command === undefined ? withGiven(operands, { as, stdin, memory, cell }) : [];
      if (verbose && (format === "csv" || format === "json"))
        throw new UsageError(`--verbose: ${format} has all of the advice: leave it out`);
      const output = withHeader(openOutput(path, files), format, header);
      const report = openPage(page, files);
      checkDistinct({ "--output": path, "--report": page });
      if (options.keep !== undefined) checkFolder(options.keep);
      const { inputs, remove } = command === undefined ? { inputs: files, remove() {} } : await recorded(command);
      const progress = await createProgress("{bar} {percentage} %{eta_formatted}, {value} of {total} parts");
      try {
        const given = await advise({ inputs, ...options, onProgress: (done, all) => progress.show(done, all, {}, true) });
        progress.stop();
        const advice = command === undefined ? given : { ...given, programs: [shellWords(command)] };
        report?.write(advicePage(advice, thisCommand()));
        output.write(render(advice, { format, verbose, terminal: output.terminal }));
      } finally {
        progress.stop();
        remove();
      }
    });
}
