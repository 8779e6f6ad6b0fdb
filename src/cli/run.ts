// bplab run: a Forth program on our virtual machine, its console on standard input and output.

import { Command, Option } from "@commander-js/extra-typings";
import { createTerminal } from "../guests/forth/console.ts";
import { Halt } from "../guests/forth/exceptions.ts";
import { checkSource, createProgramForth, runForth } from "../guests/forth/guest.ts";
import { findProgram, programIds, SIZES } from "../programs.ts";
import { parseChoice, parseCount } from "./options.ts";

const readLimit = parseCount("max-instructions");

export function runCommand() {
  return new Command("run")
    .description("run a Forth program on the virtual machine, console on stdin and stdout")
    .argument("<file>", "a Forth source file, or the id of one of our programs")
    .argument("[words...]", "Forth words to evaluate afterwards")
    .addOption(new Option("--max-instructions <n>", "stop after this many virtual instructions").argParser(readLimit))
    .addOption(
      new Option("--size <size>", "what our programs find in full?: test or full")
        .default("test" as const)
        .argParser(parseChoice("size", SIZES)),
    )
    .passThroughOptions()
    .action((file, words, options) => {
      let limit = options.maxInstructions;
      let size: (typeof SIZES)[number] = options.size;
      // words may begin with a minus, so our options are looked for among them by name
      const rest = words.filter((word) => {
        const option = /^--(max-instructions|size)=(.*)$/s.exec(word);
        if (option?.[1] === "size") size = parseChoice("size", SIZES)(option[2]);
        else if (option !== null) limit = readLimit(option[2]);
        return option === null;
      });
      const path = programIds().includes(file) ? findProgram(file).path : file;
      checkSource(path);
      const terminal = createTerminal(() => {
        throw new Halt("output closed");
      });
      const forth = createProgramForth(terminal, size === "full", limit ?? Number.POSITIVE_INFINITY);
      process.exitCode = runForth(forth, () => {
        forth.included(path);
        if (rest.length > 0) forth.evaluateText(rest.join(" "), "command line");
      });
    });
}
