// How help looks: options under headings, examples at the end.
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { examplesText } from "./examples.ts";

const HEADINGS: Readonly<Record<string, readonly string[]>> = {
  "Output:": [
    ...["format", "header", "output", "report", "chart", "sequences", "wide", "compare", "columns", "sort", "top", "per-site", "budgets"],
    ...["rows", "figures", "summary", "write-map", "write-bodies", "keep", "virtual", "verbose"],
  ],
  "The program:": ["as", "stdin", "memory", "cell", "dir", "invoke", "form", "in", "date"],
  "How the work is done:": ["jobs", "cache", "engine", "out", "dry-run", "yes", "retry", "strict", "compile-limit"],
};

const headingOf = (name: string): string | undefined => Object.entries(HEADINGS).find(([, names]) => names.includes(name))?.[0];

/** A command in a list of commands: its usage would leave the description too little room on 80 columns. */
const subcommandTerm = (command: { name(): string }): string => command.name();

/** Groups a command's options, and those of its commands, and shows its examples. */
export function groupOptions(command: CommandUnknownOpts): void {
  for (const option of command.options) {
    const heading = option.helpGroupHeading ?? headingOf(option.long?.replace(/^--(no-)?/, "") ?? "");
    if (heading !== undefined) option.helpGroup(heading);
  }
  command.configureHelp({ subcommandTerm });
  command.addHelpText("after", examplesText(command.name()));
  command.commands.forEach(groupOptions);
}
