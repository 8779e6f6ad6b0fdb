// bplab run: a program on its virtual machine, its console on standard input and output.
import { Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { inItsName } from "../../files/kept-inputs.ts";
import { checkReference, extendReference, STDIN } from "../../guests/program-reference.ts";
import { findProgram, refuseIdleSize, SIZES } from "../../guests/programs.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { FORMATS, type Format, formatOption, parseChoice, parseCount } from "../options.ts";
import { asOption, CELL, cellOption, MEMORY, memoryOption, ofKind } from "../program-words.ts";
import { openOutput } from "../write-output.ts";

const readLimit = parseCount("max-instructions");

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

const readFormat = parseChoice("format", FORMATS);

/** What to count instead of showing the program's console. @throws UsageError for both */
function countedBy({ histogram, pairs }: { readonly histogram?: boolean; readonly pairs?: boolean }): "opcodes" | "pairs" | undefined {
  if (histogram === true && pairs === true) throw new UsageError("expected --histogram or --pairs, got both");
  return histogram === true ? "opcodes" : pairs === true ? "pairs" : undefined;
}

/** Loaded only when asked for: a console needs none of it. */
async function writeCounts(run: VirtualRun, what: "opcodes" | "pairs", format: Format): Promise<void> {
  const { countOpcodes } = await import("../../workbench/opcode-counts.ts");
  const { opcodeColumns, opcodeSheet } = await import("../../report/tables/opcode-counts.ts");
  const counts = countOpcodes(run, what);
  const pairs = what === "pairs";
  const output = openOutput(undefined);
  if (format === "csv" || format === "json") {
    const write = format === "csv" ? (await import("../../report/csv.ts")).toCsv : (await import("../../report/json.ts")).toJson;
    output.write(write(opcodeColumns(pairs), counts));
  } else {
    const { toDocument } = await import("../../report/tables/document.ts");
    output.write(toDocument([opcodeSheet(counts, pairs)], format, output.terminal));
  }
}

export function runCommand() {
  return new Command("run")
    .argument("<file>", "a program's file, or the id of one of ours")
    .argument("[words...]", "for Forth, words to evaluate after the file; for OCaml, WebAssembly and Java, the program's arguments")
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
    .addOption(cellOption)
    .addOption(asOption)
    .addOption(new Option("--histogram", "instead of its console: how often each opcode executes"))
    .addOption(new Option("--pairs", "instead of its console: how often each opcode follows each other one"))
    .addOption(formatOption)
    .passThroughOptions()
    .action(async (file, words, options) => {
      const input = ofKind(file, options.as);
      const found = await findProgram(input);
      const { guest, path, language, options: ofFile, words: ofSize } = found;
      let limit = options.maxInstructions;
      let size: (typeof SIZES)[number] = options.size;
      const machine: Record<string, string | undefined> = { [MEMORY]: options.memory, [CELL]: options.cell };
      let counted = countedBy(options);
      let format = options.format;
      // words may begin with a minus, so our options are looked for among them by name, up to a --
      const end = words.includes("--") ? words.indexOf("--") : words.length;
      const before = words.slice(0, end).filter((word) => {
        const count = language.words === true ? null : /^--(histogram|pairs)$|^--format=(.*)$/.exec(word);
        if (count?.[1] !== undefined)
          counted = countedBy({ histogram: counted === "opcodes", pairs: counted === "pairs", [count[1]]: true });
        if (count?.[2] !== undefined) format = readFormat(count[2]);
        if (count !== null) return false;
        const option = /^--(max-instructions|size|memory|cell)=(.*)$/s.exec(word);
        const ofMachine = option !== null && option[1] in machine;
        if (ofMachine && language.options?.includes(option[1]) !== true) return true;
        if (option?.[1] === "size") size = parseChoice("size", SIZES)(option[2]);
        else if (ofMachine) machine[option[1]] = option[2];
        else if (option !== null) limit = readLimit(option[2]);
        return option === null;
      });
      // the first -- separates its words from ours, as simulate's does; one after words of its own is its own
      const rest = [...before, ...words.slice(before.length === 0 ? end + 1 : end)];
      refuseIdleSize(size, [found]);
      if (ofFile[STDIN] !== undefined)
        throw new UsageError(`--${STDIN}: run gives a program its own standard input: bplab run FILE < INPUT`);
      const { dir, invoke } = options;
      const given = {
        ...(dir === undefined ? {} : { dir }),
        ...(invoke === undefined ? {} : { invoke: [invoke] }),
        ...Object.fromEntries(Object.entries(machine).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]]))),
      };
      checkReference({ options: given, words: undefined }, file, language);
      if (counted !== undefined) {
        const reference = extendReference(input, { options: given, words: rest.length > 0 ? rest : undefined });
        const program = await findProgram(reference);
        await writeCounts(program.start(size, limit ?? Number.POSITIVE_INFINITY), counted, format);
        return;
      }
      if (format !== "table") throw new UsageError("--format is that of --histogram and --pairs: expected one of them with it");
      const started = { full: size === "full", maxInstructions: limit ?? Number.POSITIVE_INFINITY, given: { ...ofFile, ...given } };
      process.exitCode = inItsName(path, file, () => guest.execute(path, rest.length > 0 ? rest : ofSize(size), started));
    });
}
