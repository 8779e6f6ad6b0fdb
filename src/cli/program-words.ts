// Words, standard input, memory and cells of one program on the command line: FILE --stdin=INPUT --memory=SIZE --cell=64 -- WORDS.
// They become part of the program's name.

import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { AS, extendReference, STDIN } from "../guests/program-reference.ts";
import { isCommand } from "../guests/programs.ts";

export const stdinOption = new Option(`--${STDIN} <file>`, "file that the program reads as its standard input (default: nothing)");

export const asOption = new Option(
  `--${AS} <kind>`,
  "what kind of files the programs are, whatever their names: opcodes, fs, wasm, … (default: by name or content)",
);

export const MEMORY = "memory";
export const memoryOption = new Option(`--${MEMORY} <size>`, "Forth: data memory, a multiple of 4M from 4M to 1G (default: 64M)");

export const CELL = "cell";
export const cellOption = new Option(`--${CELL} <bits>`, "Forth: bits of a cell, 32 or 64 (default: 32)");

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

/** What is after --, where nothing is before it: a command that the lab runs as a program. */
function splitCommand(operands: readonly string[]): ReturnType<typeof splitAtDashes> {
  const split = splitAtDashes(operands);
  const [first, ...rest] = split.words ?? [];
  return split.inputs.length === 0 && first !== undefined && isCommand(first) ? { inputs: [first], words: rest } : split;
}

/** What a program is given by options of its own, and of what kind all of them are. */
interface Given {
  readonly as?: string | undefined;
  readonly stdin?: string | undefined;
  readonly memory?: string | undefined;
  readonly cell?: string | undefined;
}

/** The programs' names, with what one of them is given. @throws UsageError if it is not clear to which program that belongs */
export function withGiven(operands: readonly string[], { as, stdin, memory, cell }: Given): readonly string[] {
  const { inputs: named, words } = splitCommand(operands);
  if (as !== undefined && named.length === 0) throw new UsageError(`--${AS} says what kind of file an input is: expected one, got none`);
  const inputs = named.map((name) => ofKind(name, as));
  const options = Object.entries({ [STDIN]: stdin, [MEMORY]: memory, [CELL]: cell }).flatMap(([name, value]) =>
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

/** An input with what its kind is. */
export const ofKind = (name: string, as: string | undefined): string =>
  as === undefined ? name : extendReference(name, { options: { [AS]: [as] }, words: undefined });
