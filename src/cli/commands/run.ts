// bplab run: a program on its virtual machine, its console on standard input and output.
import { Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { checkReference, STDIN } from "../../guests/program-reference.ts";
import { findProgram, SIZES } from "../../guests/programs.ts";
import { parseChoice, parseCount } from "../options.ts";
import { MEMORY, memoryOption } from "../program-words.ts";

const readLimit = parseCount("max-instructions");

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function runCommand() {
  return new Command("run")
    .argument("<file>", "a program's file, or the id of one of ours")
    .argument("[words...]", "for Forth, words to evaluate after the file; for OCaml and WebAssembly, the program's arguments")
    .addOption(new Option("--max-instructions <n>", "stop after this many virtual instructions").argParser(readLimit))
    .addOption(
      new Option("--size <size>", "how much work our programs do: test or full")
        .default("test" as const)
        .argParser(parseChoice("size", SIZES)),
    )
    .addOption(
      new Option("--dir <folder>", "WebAssembly: a folder that the program may access, as FOLDER or FOLDER::NAME; repeatable").argParser(
        several,
      ),
    )
    .addOption(new Option("--invoke <function>", "WebAssembly: the exported function to call, with the words as its arguments (numbers)"))
    .addOption(memoryOption)
    .passThroughOptions()
    .action(async (file, words, options) => {
      const { guest, path, language, options: ofFile, words: ofSize } = await findProgram(file);
      let limit = options.maxInstructions;
      let size: (typeof SIZES)[number] = options.size;
      let memory = options.memory;
      // words may begin with a minus, so our options are looked for among them by name
      const rest = words.filter((word) => {
        const option = /^--(max-instructions|size|memory)=(.*)$/s.exec(word);
        if (option?.[1] === MEMORY && language.options?.includes(MEMORY) !== true) return true;
        if (option?.[1] === "size") size = parseChoice("size", SIZES)(option[2]);
        else if (option?.[1] === MEMORY) memory = option[2];
        else if (option !== null) limit = readLimit(option[2]);
        return option === null;
      });
      if (ofFile[STDIN] !== undefined)
        throw new UsageError(`--${STDIN}: run gives a program its own standard input: bplab run FILE < INPUT`);
      const { dir, invoke } = options;
      const given = {
        ...(dir === undefined ? {} : { dir }),
        ...(invoke === undefined ? {} : { invoke: [invoke] }),
        ...(memory === undefined ? {} : { memory: [memory] }),
      };
      checkReference({ options: given, words: undefined }, file, language);
      process.exitCode = guest.execute(path, rest.length > 0 ? rest : ofSize(size), {
        full: size === "full",
        maxInstructions: limit ?? Number.POSITIVE_INFINITY,
        given: { ...ofFile, ...given },
      });
    });
}
