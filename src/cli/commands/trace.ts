// bplab trace: what a program executes, as a file for other simulators.
import { existsSync, renameSync, rmSync } from "node:fs";
import { Command, Option } from "@commander-js/extra-typings";
import { readMeasuredBodies } from "../../bodies/measured-bodies.ts";
import { readTechnique } from "../../dispatch/techniques.ts";
import { RunError, UsageError } from "../../errors.ts";
import { partPath } from "../../files/whole-file.ts";
import { filesNamed } from "../../guests/program-reference.ts";
import { findProgram, refuseIdleSize } from "../../guests/programs.ts";
import { FORMS, type Form } from "../../guests/wasm/forms.ts";
import { MOST_INSTRUCTIONS } from "../../lab/lab.ts";
import { whole } from "../../numbers.ts";
import { readSettings } from "../../options/request.ts";
import { readTraining } from "../../simulate/checks.ts";
import { endOfTape, isWhole } from "../../trace/tape.ts";
import { openTape } from "../../trace/tape-file.ts";
import { traceLoaded } from "../../workbench/trace-loaded.ts";
import { traceNative, traceVirtual } from "../../workbench/trace-program.ts";
import { thisCommand } from "../command-line.ts";
import { cellOption, memoryOption, splitAtDashes, stdinOption, withGiven } from "../program-words.ts";
import { programLimitOption, simulationOption } from "../simulation-options.ts";
import { openOutput, openOutputFile } from "../write-output.ts";
import { writeRecording } from "../write-recording.ts";

/** Runs a JavaScript program and writes the tape of its modules. */
async function writeLoadedTape(path: string, command: readonly string[], form: Form, maxInstructions: number | undefined): Promise<void> {
  if (!path.endsWith(".tape")) throw new UsageError(`--output must be a file that ends in .tape, got ${path}`);
  // checks the path before anything runs; an incomplete tape never appears there
  openOutput(path);
  const part = partPath(path);
  const output = openOutputFile(part, []);
  try {
    process.exitCode = await traceLoaded({ command, form, maxInstructions }, output.write);
    output.commit();
    const tape = openTape(part);
    const end = isWhole(tape) ? endOfTape(tape) : undefined;
    tape.close?.();
    const ran = command.join(" ");
    if (end === undefined) throw new RunError(`${ran}: it wrote no tape: expected a program that Node.js runs, and that ends by itself`);
    const { modules } = JSON.parse(end.about);
    if (end.executedBlocks === 0)
      throw new RunError(`${ran}: it executed no WebAssembly in its main thread (modules compiled: ${modules})`);
    renameSync(part, path);
    process.stderr.write(`${path}: ${whole(end.virtualInstructions)} virtual instructions, modules: ${modules}\n`);
  } finally {
    output.close();
    rmSync(part, { force: true });
  }
}

export function traceCommand() {
  return new Command("trace")
    .argument("<program>", "a program's file, or the id of one of ours; with --wasm, the command to run: -- node app.js")
    .argument("[words...]", "after --, the program's arguments; with --wasm, the rest of the command")
    .requiredOption("-o, --output <file>", "the file to write; its name says the format (with --virtual: CSV)")
    .option("--technique <id>", "one dispatch technique (default: switch)")
    .option("--virtual", "write the virtual instructions, one per line: virtual_address,opcode")
    .option("--wasm", "run a JavaScript program, and write a tape of what the WebAssembly modules that it loads execute")
    .addOption(new Option("--form <form>", "with --wasm: what counts as an instruction (default: in-place)").choices(FORMS))
    .addOption(stdinOption)
    .addOption(memoryOption)
    .addOption(cellOption)
    .addOption(simulationOption("train"))
    .addOption(simulationOption("bodies"))
    .addOption(simulationOption("layoutSeed"))
    .addOption(simulationOption("size"))
    .addOption(programLimitOption())
    .action(async (name, words, { output: path, virtual, wasm, form, technique, size, stdin, memory, cell, ...options }) => {
      const { train, bodies, layoutSeed } = options;
      if (wasm) {
        const idle = Object.entries({ virtual, technique, size, stdin, memory, cell, train, bodies, "layout-seed": layoutSeed }).find(
          ([, value]) => value !== undefined,
        );
        if (idle !== undefined) throw new UsageError(`--${idle[0]}: it changes nothing in a tape, leave it or --wasm out`);
        await writeLoadedTape(path, [name, ...words], form ?? "in-place", options.maxInstructions);
        return;
      }
      if (form !== undefined)
        throw new UsageError(`--form: expected --wasm, or a module named together with its form: "${name} --form=${form}"`);
      const { inputs: programs } = splitAtDashes([name, ...words]);
      if (programs.length > 1) throw new UsageError(`${programs[1]}: expected one program, got more (its words go after --)`);
      const [given] = withGiven([name, ...words], { stdin, memory, cell });
      const settings = readSettings(options);
      const { maxInstructions = MOST_INSTRUCTIONS } = settings;
      const program = await findProgram(given);
      refuseIdleSize(size, [program]);
      const native = { technique, train, bodies, "layout-seed": layoutSeed };
      const idle = Object.entries(native).find(([, value]) => value !== undefined);
      if (virtual && idle !== undefined)
        throw new UsageError(`--${idle[0]}: it changes nothing in the virtual trace, leave it or --virtual out`);
      const say = (what: string): void => void process.stderr.write(`${path}: ${what}\n`);
      const inputs = filesNamed(given).filter((file) => existsSync(file));
      const count = (value: number, unit: string): string => `${whole(value)} ${unit}`;
      if (virtual) {
        const output = openOutputFile(path, inputs);
        try {
          const instructions = traceVirtual(program, size ?? "test", maxInstructions, output.write);
          output.commit();
          say(count(instructions, "virtual instructions"));
        } finally {
          output.close();
        }
        return;
      }
      const found = await readTechnique(technique ?? "switch");
      const request = {
        program,
        size: size ?? "test",
        maxInstructions,
        layoutSeed: settings.layoutSeed,
        technique: found,
        train: await readTraining(train, [found]),
        bodies: bodies === undefined ? undefined : readMeasuredBodies(bodies),
        provenance: { command: thisCommand() },
      };
      const { made, losses } = await writeRecording(path, inputs, (createWriter) => traceNative({ ...request, createWriter }));
      say(`${count(made.branches, "branches")}, ${count(made.instructions, "native instructions")}`);
      for (const loss of losses) say(loss);
    });
}
