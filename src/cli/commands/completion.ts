// bplab completion: what a shell needs to complete command lines, with the ids that come with the lab.
import { Argument, Command } from "@commander-js/extra-typings";
import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { SHELLS, vocabularyOf } from "../completion/vocabulary.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { parseChoice } from "../options.ts";

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** @param all loads every command: their list contains this one */
export function completionCommand(all: () => Promise<Parameters<typeof vocabularyOf>[0]>) {
  return new Command("completion")
    .addArgument(new Argument("<shell>", SHELLS.join(", ")).argParser(parseChoice("shell", SHELLS)))
    .action(async (shell) => {
      process.stdout.write(SCRIPTS[shell](vocabularyOf(await all())));
    });
}
