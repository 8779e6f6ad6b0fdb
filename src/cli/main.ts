// The command line: reads arguments, runs a command, turns errors into messages and exit codes.
import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { messageOf, RunError, UsageError } from "../errors.ts";
import { Halt } from "../guests/forth/exceptions.ts";
import { loadCommands } from "./commands.ts";
import { thisVersion } from "./version.ts";

/** The message of a wrong command line. Commander compares an unknown option with its value; here its name is compared. */
async function wrongUsage(error: CommanderError, command: CommandUnknownOpts | undefined): Promise<string> {
  const message = error.message.replace(/^error: /, "");
  const [, flag] = /^unknown option '(--[^=']+)=/.exec(message) ?? [];
  if (flag === undefined || command === undefined) return messageOf(message);
  const { nearest } = await import("../parameters.ts");
  const near = nearest(
    flag,
    command.options.flatMap(({ long }) => long ?? []),
  );
  return `unknown option '${flag}'${near === undefined ? "" : `; did you mean ${near}?`} (known: bplab ${command.name()} --help)`;
}

/** Runs a command line; returns the exit code. Results go to stdout, everything else to stderr. */
export async function main(args: readonly string[]): Promise<number> {
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const program = new Command("bplab")
    .description("What does this way of dispatching virtual instructions cost on that branch predictor?")
    .version(thisVersion())
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .helpCommand(true);
  // usages would leave the descriptions too little room on 80 columns
  program.configureHelp({ subcommandTerm: (command) => command.name() });
  try {
    for (const command of await loadCommands(args)) program.addCommand(command);
    const prepare = (command: CommandUnknownOpts): void => {
      command.exitOverride().configureOutput({ outputError: () => {} });
      command.commands.forEach(prepare);
    };
    prepare(program);
    await program.parseAsync([...args], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      if (error.code === "commander.help") return 2;
      say(
        await wrongUsage(
          error,
          program.commands.find((command) => command.name() === args[0]),
        ),
      );
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
