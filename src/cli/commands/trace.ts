// bplab trace: what a program executes, as a file for other simulators.
import { existsSync } from "node:fs";
import { Command } from "@commander-js/extra-typings";
import { readMeasuredBodies } from "../../bodies/measured-bodies.ts";
import { readTechnique } from "../../dispatch/techniques.ts";
import { UsageError } from "../../errors.ts";
import { findProgram } from "../../guests/programs.ts";
import { whole } from "../../numbers.ts";
import { readSettings } from "../../options/request.ts";
import { readTraining } from "../../simulate/checks.ts";
import { traceNative, traceVirtual } from "../../workbench/trace-program.ts";
import { thisCommand } from "../command-line.ts";
import { simulationOption } from "../simulation-options.ts";
import { openOutputFile } from "../write-output.ts";
import { writeRecording } from "../write-recording.ts";

export function traceCommand() {
  return new Command("trace")
    .argument("<program>", "a program's file, or the id of one of ours")
    .requiredOption("-o, --output <file>", "the file to write; its name says the format (with --virtual: CSV)")
    .option("--technique <id>", "one dispatch technique (default: switch)")
    .option("--virtual", "write the virtual instructions: virtual_address,opcode, a line each")
    .addOption(simulationOption("train"))
    .addOption(simulationOption("bodies"))
    .addOption(simulationOption("layoutSeed"))
    .addOption(simulationOption("size"))
    .addOption(simulationOption("maxInstructions"))
    .action(async (name, { output: path, virtual, technique, size = "test", ...options }) => {
      const { train, bodies, layoutSeed } = options;
      const settings = readSettings(options);
      const program = await findProgram(name);
      const native = { technique, train, bodies, "layout-seed": layoutSeed };
      const given = Object.entries(native).find(([, value]) => value !== undefined);
      if (virtual && given !== undefined)
        throw new UsageError(`--${given[0]}: it changes nothing in the virtual trace, leave it or --virtual out`);
      const say = (what: string): void => void process.stderr.write(`${path}: ${what}\n`);
      const inputs = existsSync(name) ? [name] : [];
      const count = (value: number, unit: string): string => `${whole(value)} ${unit}`;
      if (virtual) {
        const output = openOutputFile(path, inputs);
        try {
          const instructions = traceVirtual(program, size, settings.maxInstructions, output.write);
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
        size,
        maxInstructions: settings.maxInstructions,
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
