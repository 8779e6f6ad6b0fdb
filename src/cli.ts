// The command line: thin. Reads arguments, calls the lab, writes what comes back.
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { checkCommand } from "./cli/check.ts";
import { convertCommand } from "./cli/convert.ts";
import { diffCommand } from "./cli/diff.ts";
import { explainCommand } from "./cli/explain.ts";
import { infoCommand } from "./cli/info.ts";
import { listCommand } from "./cli/list.ts";
import { newCommand } from "./cli/new.ts";
import { recordCommand } from "./cli/record.ts";
import { reportCommand } from "./cli/report.ts";
import { reproduceCommand } from "./cli/reproduce.ts";
import { runCommand } from "./cli/run.ts";
import { simulateCommand } from "./cli/simulate.ts";
import { traceCommand } from "./cli/trace.ts";
import { messageOf, RunError, UsageError } from "./errors.ts";
import { Halt } from "./guests/forth/exceptions.ts";

function version(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}

/** Runs a command line; returns the exit code. Results go to stdout, everything else to stderr. */
export async function main(args: readonly string[]): Promise<number> {
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const program = new Command("bplab")
    .description("What does this way of dispatching virtual instructions cost on that branch predictor?")
    .version(version())
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .helpCommand(true);
  for (const command of [
    simulateCommand(),
    reproduceCommand(),
    reportCommand(),
    diffCommand(),
    recordCommand(),
    traceCommand(),
    infoCommand(),
    convertCommand(),
    runCommand(),
    listCommand(),
    explainCommand(),
    newCommand(),
    checkCommand(),
  ])
    program.addCommand(command);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (error.code === "commander.help") return 2;
      say(messageOf(error).replace(/^error: /, ""));
      return 2;
    }
    if (error instanceof UsageError || error instanceof RunError) {
      say(messageOf(error));
      return error.exitCode;
    }
    if (error instanceof Halt && error.reason === "output closed") return 0;
    if (error instanceof Error && "syscall" in error && error.syscall === "write") {
      say(`cannot write: ${error.message}`);
      return 2;
    }
    say(`this is a bug in bplab: ${error instanceof Error ? error.stack : String(error)}`);
    return 70;
  }
}
