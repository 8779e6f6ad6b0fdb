// Words and standard input of one program on the command line: FILE --stdin=INPUT -- WORDS. They become part of the program's name.

import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { extendReference, STDIN } from "../guests/program-reference.ts";

export const stdinOption = new Option(`--${STDIN} <file>`, "file that the program reads as its standard input (default: nothing)");

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

/** The programs' names, with words and standard input. @throws UsageError if it is not clear to which program these belong */
export function withGiven(operands: readonly string[], stdin: string | undefined): readonly string[] {
  const { inputs, words } = splitAtDashes(operands);
  if (words === undefined && stdin === undefined) return inputs;
  if (inputs.length !== 1) {
    const what = words === undefined ? `--${STDIN} is` : "words after -- are";
    const how = 'name each with its own, "FILE --stdin=INPUT -- WORDS"';
    throw new UsageError(`${what} for one program, got ${inputs.length === 0 ? "none" : inputs.join(", ")}: ${how}`);
  }
  return inputs.map((input) => extendReference(input, { options: stdin === undefined ? {} : { [STDIN]: [stdin] }, words }));
}
