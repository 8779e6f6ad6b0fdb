// Words, standard input and memory of one program on the command line: FILE --stdin=INPUT --memory=SIZE -- WORDS. They become part
// of the program's name.

import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { extendReference, STDIN } from "../guests/program-reference.ts";

export const stdinOption = new Option(`--${STDIN} <file>`, "file that the program reads as its standard input (default: nothing)");

export const MEMORY = "memory";
export const memoryOption = new Option(`--${MEMORY} <size>`, "Forth: data memory, a multiple of 4M from 4M to 1G (default: 64M)");

/** The operands before -- and after it; undefined if there is no --. */
export function splitAtDashes(operands: readonly string[]): {
  readonly inputs: readonly string[];
  readonly words: readonly string[] | undefined;
} {
  // commander removes the --
  const at = process.argv.indexOf("--");
  if (at < 0) return { inputs: operands, words: undefined };
  const words = process.argv.slice(at + 1);
  return { inputs: operands.slice(0, operands.length - words.length), words };
}

/** What a program is given by options of its own. */
interface Given {
  readonly stdin?: string | undefined;
  readonly memory?: string | undefined;
}

/** The programs' names, with what one of them is given. @throws UsageError if it is not clear to which program that belongs */
export function withGiven(operands: readonly string[], { stdin, memory }: Given): readonly string[] {
  const { inputs, words } = splitAtDashes(operands);
  const options = Object.entries({ [STDIN]: stdin, [MEMORY]: memory }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value]]],
  );
  if (words === undefined && options.length === 0) return inputs;
  if (inputs.length !== 1) {
    const what = words === undefined ? `--${options[0][0]} is` : "words after -- are";
    const how = 'name each with its own, "FILE --stdin=INPUT -- WORDS"';
    throw new UsageError(`${what} for one program, got ${inputs.length === 0 ? "none" : inputs.join(", ")}: ${how}`);
  }
  return inputs.map((input) => extendReference(input, { options: Object.fromEntries(options), words }));
}
