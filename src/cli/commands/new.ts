// bplab new: writes a predictor as a starting point.
import { existsSync } from "node:fs";
import { Argument, Command } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { predictorIds } from "../../front-end/load-predictor.ts";
import { parseChoice } from "../options.ts";
import { openOutput } from "../write-output.ts";

const template = (
  name: string,
): string => `// ${name}: say here what it is. For now: a table that remembers where each indirect branch went last.
// histories, tables and TAGE's parts are in "bplab/models", too
import { definePredictor, INDIRECT, NONE } from "bplab/models";

export default definePredictor({
  title: "${name}",
  // authors, title, venue, year, and where the model departs from it; replace this text
  source: "Lee and Smith, Branch Prediction Strategies and Branch Target Buffer Design, Computer 1984; without tags",
  // the kinds of branches that it predicts: CONDITIONAL, INDIRECT, RETURN; the other kinds go to default models
  covers: INDIRECT,
  // declares: ["opcode"],   what it is told of a branch beside its address, as last arguments of all three functions; one or
  // several of gap, highAddressBits, virtualAddress, nextVirtualAddress, opcode (docs/own-predictors.md)
  // tracks: CONDITIONAL | INDIRECT,   kinds that \`track\` sees in order, its own or not, once each: for histories
  parameters: {
    entries: { default: 512, min: 1, max: 65536, powerOfTwo: true, unit: "entries", description: "rows of the table" },
  },
  storageBits: ({ entries }) => entries * 32,
  // loops with the mispredictions that they must have, an iteration: \`bplab check\` runs them
  examples: [
    { loop: "A B C GOTO", technique: "direct-threading", missesPerIteration: 0 },
    { loop: "A B A GOTO", technique: "direct-threading", missesPerIteration: 2 },
  ],
  // state lives here, in typed arrays: a fresh one for every replay
  create({ entries }) {
    const targets = new Int32Array(entries).fill(NONE);
    return {
      // the predicted target of the branch at this address, or NONE; for a conditional 1 or 0. Must not change any state
      predict: (pc) => targets[pc & (entries - 1)],
      // learns the target
      train(pc, target) {
        targets[pc & (entries - 1)] = target;
      },
      // figures of its own when the run is over, for --format=json
      // finish: () => ({ known: targets.filter((target) => target !== NONE).length }),
    };
  },
});
`;

export function newCommand() {
  return new Command("new")
    .addArgument(new Argument("<what>", "predictor").argParser(parseChoice("thing to begin", ["predictor"])))
    .argument("<name>", "lower case, words joined by hyphens; the file is NAME.ts")
    .action((_, name) => {
      if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
        throw new UsageError(`the name of a predictor is lower case, words joined by hyphens (my-predictor), got ${JSON.stringify(name)}`);
      }
      const file = `${name}.ts`;
      if (predictorIds().includes(name)) throw new UsageError(`${name} is a predictor of the lab: choose another name`);
      if (existsSync(file)) throw new UsageError(`${file} exists already`);
      openOutput(file).write(template(name));
      process.stdout.write(`Wrote ${file}. Check it: bplab check ./${file}. Use it: bplab simulate queens --predictor=./${file},btb\n`);
    });
}
