// bplab simulate: programs through techniques and front ends, as a table, CSV or JSON.
import { Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { doubtLines } from "../../front-end/machines/machine.ts";
import { openSession } from "../../jobs/session.ts";
import type { OptionValues } from "../../options/request.ts";
import { type Failure, failureLines } from "../../results/failures.ts";
import { RECORDED, type Results } from "../../results/rows.ts";
import type { SimulateRequest } from "../../simulate/request.ts";
import { simulateIn } from "../../simulate/simulate.ts";
import { headerOption, withHeader } from "../header.ts";
import { checkSeeds, underSeeds } from "../layout-seeds.ts";
import { formatOption, jobsOption, noCacheOption, parseCount, parsePerSite } from "../options.ts";
import { asOption, cellOption, memoryOption, stdinOption, withGiven } from "../program-words.ts";
import { createProgress } from "../progress.ts";
import { WIDE } from "../render-simulation.ts";
import { checkSequences, writeSequences } from "../sequences.ts";
import { openSimulationFiles, type SimulationFiles, WORST } from "../simulation-files.ts";
import { addSimulationOptions, optionValuesIn } from "../simulation-options.ts";
import { openOutput } from "../write-output.ts";

/** Simulates, with progress on a terminal. */
async function simulated(request: SimulateRequest, { sites, hashed }: SimulationFiles): Promise<Results> {
  const session = openSession(request);
  const progress = await createProgress(
    "{bar} {percentage} %, {value} of {total} inputs done{eta_formatted}; {program}: {blocks} blocks of code executed",
  );
  let shown = 0;
  try {
    const onProgress: SimulateRequest["onProgress"] = (program, done, total, blocks) => {
      // the loop never yields to timers: draw here, every so many blocks, which is a few times a second
      const draws = blocks - shown > 2_000_000 || blocks < shown;
      if (draws) shown = blocks;
      progress.show(done, total, { program, blocks }, draws);
    };
    return await simulateIn(session, { ...request, sites, onProgress }, { hashed });
  } finally {
    progress.stop();
    await session.close();
  }
}

/** Marks rows that are not to be believed where the output has no room for a line of its own. */
function sayDoubts({ rows, machines }: Results): void {
  for (const machine of machines) {
    const own = rows.filter(({ predictor, technique }) => predictor === machine.id && technique !== RECORDED);
    if (own.length === 0) continue;
    const techniques = own.map(({ technique }) => technique);
    for (const line of doubtLines(machine, techniques)) process.stderr.write(`${line}\n`);
  }
}

/** Reports failures, and sets the exit code. */
function sayFailures(failures: readonly Failure[]): void {
  if (failures.length === 0) return;
  for (const line of failureLines(failures)) process.stderr.write(`${line}\n`);
  const bug = failures.find((failure) => failure.bug !== undefined)?.bug;
  if (bug !== undefined) process.stderr.write(`this is a bug in bplab: ${bug}\n`);
  process.exitCode = bug === undefined ? 1 : 70;
}

/** Refuses --compare for what is plainly one front end, before it runs. */
function checkCompared(compare: true | undefined, { predictor, machine }: OptionValues): void {
  const one = [predictor, machine].filter((given) => given !== undefined);
  if (compare && (one.length === 0 || (one.length === 1 && !/,|\.\.|^all$/.test(one[0]))))
    throw new UsageError(`--compare needs several front ends, got ${one[0] ?? "btb alone"}: --predictor=btb,ittage`);
}

export function simulateCommand() {
  const command = new Command("simulate")
    .argument(
      "[inputs...]",
      "program ids (bplab list programs) and files: Forth, WebAssembly, Java, OCaml bytecode, register assembly, logs of opcodes, recorded branches; all programs if none is given; after --, the words of one program, or, alone, a command line of java or of one of the JDK's tools: -- java -cp classes Main",
    )
    .addOption(asOption)
    .addOption(stdinOption)
    .addOption(memoryOption)
    .addOption(cellOption)
    .addOption(jobsOption)
    .addOption(noCacheOption)
    .addOption(formatOption)
    .addOption(headerOption)
    .option(
      "--wide [column]",
      `a line for each program and technique, a column for each predictor, of one value (${WIDE}), and lines over all programs`,
    )
    .option("--compare", "how many times fewer mispredictions each front end has than the first, over all layout seeds")
    .addOption(
      new Option("--columns <list>", "columns of tables, separated by commas: rate,speedup, and those of csv (docs/columns.md)").argParser(
        (text) => text.split(","),
      ),
    )
    .option("--sort <column>", "sort the lines of each table: --sort=rate, --sort=-speedup for the largest first")
    .addOption(
      new Option("--top <n>", "the first n lines of each table, the best ones unless --sort says otherwise").argParser(parseCount("top")),
    )
    .option("--output <file>", "write there instead of to standard output")
    .option(
      "--chart <file>",
      "draw misprediction rates by technique and predictor: .pdf, .svg, .png, or the Vega-Lite specification as .json (others: bplab report)",
    )
    .option("--report <file>", "write a page with all charts that fit, which works offline: .html")
    .addOption(
      new Option(
        "--per-site [n]",
        `show the n worst sites (${WORST}) with the opcodes that own them; csv and json then hold these`,
      ).argParser(parsePerSite),
    )
    .option("--sequences", "instead of simulating: the superinstructions and replicas that techniques choose by training programs")
    .action(async (operands, flags, self) => {
      const inputs = withGiven(operands, flags);
      const { values, seeds } = optionValuesIn(flags);
      if (flags.sequences) {
        checkSequences(self);
        const request = { inputs, ...values, jobs: flags.jobs, cache: flags.cache };
        await writeSequences(request, flags.format, withHeader(openOutput(flags.output, inputs), flags.format, flags.header));
        return;
      }
      checkSeeds(seeds, {
        "--per-site": flags.perSite,
        "--interval": values.interval,
        "--contexts": values.contexts,
        "--wide": flags.wide,
      });
      checkCompared(flags.compare, values);
      const files = openSimulationFiles({ ...flags, ...values }, inputs, values.predictor);
      const results = await underSeeds(seeds, (layoutSeed) =>
        simulated({ inputs, ...values, layoutSeed, jobs: flags.jobs, cache: flags.cache }, files),
      );
      await files.write(results);
      if (flags.format === "csv" || flags.format === "json" || flags.wide !== undefined || flags.compare) sayDoubts(results);
      sayFailures(results.failures);
    });
  addSimulationOptions(command);
  return command;
}
