// bplab sweep: studies as thousands of work items, on one machine or many. Each subcommand loads only the modules that it needs:
// doing an item must not wait for the modules that read studies.
import { dirname, resolve } from "node:path";
import { Argument, Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { openSession } from "../../jobs/session.ts";
import { ENGINES, type EngineName } from "../../sweep/engines.ts";
import { itemsIn, manifestIn, readManifest, studyIn } from "../../sweep/folder/folder.ts";
import { slurmLines } from "../../sweep/slurm/status.ts";
import { failedItemLines, survey, surveyLines } from "../../sweep/survey.ts";
import { noCacheOption, parseChoice, parseCount, parseNumber } from "../options.ts";
import { createProgress } from "../progress.ts";

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

interface SweepFlags {
  readonly engine: EngineName;
  readonly jobs?: number;
  readonly cache: boolean;
  readonly retry?: true;
  readonly partition?: string;
  readonly time?: string;
  readonly memory?: string;
}

/** Arguments that the engine passes on to the scheduler. @throws UsageError if the engine starts no scheduler */
function handedOn({ engine, partition, time, memory }: SweepFlags, passedOn: readonly string[]): string[] {
  const said = Object.entries({ partition, time, memory }).filter(([, value]) => value !== undefined);
  const [first] = [...said.map(([name]) => `--${name}`), ...passedOn];
  if (first !== undefined && engine !== "slurm") throw new UsageError(`${first} is for --engine=slurm, which passes it on to sbatch`);
  return [...said.map(([name, value]) => `--${name === "memory" ? "mem" : name}=${value}`), ...passedOn];
}

/** Paths in a study are relative to its folder, in every process that works on its items. */
function enter(base: string): void {
  try {
    process.chdir(base);
  } catch {
    throw new UsageError(`the folder that the paths of the study start from is gone: ${base}`);
  }
}

/** Does what is left of a sweep. @param passedOn the arguments after `--` */
async function run(
  folder: string,
  shown: string,
  { engine: name, jobs, cache, retry }: SweepFlags,
  passedOn: readonly string[],
): Promise<void> {
  const before = survey(folder);
  const engine = await ENGINES[name]();
  const again = retry === true ? before.failed.map(({ index }) => index) : [];
  const pending = [...before.pending, ...again].sort((a, b) => a - b);
  if (pending.length > 0) {
    const progress = await createProgress("{bar} {percentage} %, {words}");
    const interrupt = (): void => {
      progress.stop();
      say(`interrupted: finished items stay; continue with bplab sweep resume ${shown}`);
      process.exit(130);
    };
    process.once("SIGINT", interrupt);
    try {
      const onProgress = (done: number, total: number, words: string): void => progress.show(done, total, { words }, true);
      await engine.run({ folder, file: itemsIn(folder), pending, jobs, cache, onProgress, passedOn });
    } finally {
      progress.stop();
      process.off("SIGINT", interrupt);
    }
  }
  if (!engine.waits) {
    if (pending.length === 0) say(`nothing to do: ${before.done} of ${before.items} items are done, ${before.failed.length} failed`);
    return;
  }
  const after = survey(folder);
  const [first, second] = surveyLines(shown, after);
  process.stdout.write(`${first}\n${second}\n`);
  for (const line of failedItemLines(after.failed)) say(line);
  if (after.failed.length > 0) {
    say(`${after.failed.length} of ${after.items} items failed: mend the causes, then bplab sweep resume --retry ${shown}`);
    process.exitCode = 1;
  } else if (after.pending.length === 0) process.stdout.write(`Merge them: bplab sweep merge ${shown} --output=rows.csv\n`);
}

const engineOption = new Option("--engine <engine>", `how items are done: ${Object.keys(ENGINES).join(", ")}`)
  .default("local" as EngineName)
  .argParser(parseChoice("engine", Object.keys(ENGINES) as EngineName[]));
const retryOption = new Option("--retry", "do items again that failed");
const jobsOption = new Option(
  "--jobs <n>",
  "most worker threads, or simultaneous tasks of a cluster (default: one for every core, or the cluster's limit)",
).argParser(parseCount("jobs"));
const partitionOption = new Option("--partition <name>", "Slurm's: where tasks run");
const timeOption = new Option("--time <limit>", "Slurm's: how long a task may take (2:00:00)");
const memoryOption = new Option("--memory <size>", "Slurm's: how much memory a task may have (2G)");
const passedOnArgument = new Argument("[arguments...]", "after --: any other options of sbatch").default([]);
const folderArgument = new Argument("<folder>", "the folder of a sweep");

function resumeCommand() {
  return new Command("resume")
    .description("continue a sweep after any interruption: nothing is done twice")
    .addArgument(folderArgument)
    .addArgument(passedOnArgument)
    .addOption(engineOption)
    .addOption(retryOption)
    .addOption(jobsOption)
    .addOption(partitionOption)
    .addOption(timeOption)
    .addOption(memoryOption)
    .addOption(noCacheOption)
    .action(async (shown, passedOn, options) => {
      const handed = handedOn(options, passedOn);
      const folder = resolve(shown);
      const manifest = readManifest(shown);
      const { bplabVersion } = await import("../../sweep/code-digest.ts");
      const now = bplabVersion();
      if (manifest.bplab !== now) {
        throw new UsageError(
          `${shown} was planned by bplab ${manifest.bplab}, this is ${now}, which would compute everything again: to do that, run the study with --out=${shown}`,
        );
      }
      const [{ readStudy }, { readPlan, writePlan }] = await Promise.all([
        import("../../sweep/study/study.ts"),
        import("../../sweep/plan.ts"),
      ]);
      const study = readStudy(studyIn(folder, manifest), manifest.study);
      enter(manifest.base);
      const session = openSession(options);
      try {
        // the number of points was confirmed when the sweep was planned
        writePlan(folder, manifest.base, study, await readPlan(study, session, true));
      } finally {
        await session.close();
      }
      await run(folder, shown, options, handed);
    });
}

function statusCommand() {
  return new Command("status")
    .description("show the progress of a sweep, and what failed")
    .addArgument(folderArgument)
    .action((shown) => {
      const found = survey(shown);
      process.stdout.write(`${[...surveyLines(shown, found), ...slurmLines(resolve(shown), found.pending)].join("\n")}\n`);
    });
}

function mergeCommand() {
  return new Command("merge")
    .description("write the rows of a sweep as one table, in the order of its study")
    .addArgument(folderArgument)
    .addOption(
      new Option("--format <format>", "csv or parquet")
        .default("csv" as const)
        .argParser(parseChoice("format", ["csv", "parquet"] as const)),
    )
    .option("-o, --output <file>", "write there instead of to standard output")
    .option("--partial", "merge although results are missing, and name the missing ones")
    .action(async (shown, { format, output: path, partial }) => {
      const { mergedTable, missingLines } = await import("../../sweep/merge.ts");
      if (format === "parquet" && path === undefined) throw new UsageError("--format=parquet needs a file: --output=rows.parquet");
      const found = survey(shown);
      const table = mergedTable(shown, found, partial === true);
      const { openOutputFile } = await import("../write-output.ts");
      const output =
        path === undefined ? undefined : openOutputFile(path, [itemsIn(shown), manifestIn(shown), studyIn(shown, found.manifest)]);
      try {
        const write = (bytes: Uint8Array): void => {
          if (output === undefined) process.stdout.write(bytes);
          else output.write(bytes);
        };
        if (format === "parquet") (await import("../../sweep/parquet.ts")).writeParquet(table, write);
        else {
          const { csvLines } = await import("../../report/csv.ts");
          write(Buffer.from(csvLines([table.columns])));
          for (const rows of table.rows()) write(Buffer.from(csvLines(rows)));
        }
        output?.commit();
      } finally {
        output?.close();
      }
      for (const line of [...missingLines(shown, found), ...slurmLines(resolve(shown), found.pending)]) say(line);
    });
}

function runItemCommand() {
  return new Command("run-item")
    .description("do one item in this process, and write its result beside the items file (engines call this)")
    .argument("<file>", "an items file in the folder of a sweep")
    .argument("<index>", "the item's line in the file, from 0", parseNumber("index"))
    .option("--log <file>", "the file that this process's output goes to, for a failure to name")
    .addOption(noCacheOption)
    .action(async (shown, index, { log, cache }) => {
      const file = resolve(shown);
      const folder = dirname(file);
      const { base } = readManifest(folder);
      const [{ openItems }, { runItem }, { readResult }] = await Promise.all([
        import("../../sweep/folder/items-file.ts"),
        import("../../sweep/folder/run-item.ts"),
        import("../../sweep/folder/result-files.ts"),
      ]);
      const items = openItems(file);
      const item = items.item(index);
      items.close();
      if (typeof readResult(folder, item.key) === "object") return;
      enter(base);
      const session = openSession({ jobs: 1, cache });
      try {
        const error = await runItem(folder, item, session, { log: log === undefined ? undefined : resolve(log) });
        if (error !== undefined) throw error;
      } finally {
        await session.close();
      }
    });
}

export function sweepCommand() {
  const command = new Command("sweep")
    // without this, commander takes options after `resume` for those of `sweep`
    .enablePositionalOptions()
    .argument("<study>", "a study as YAML or JSON: inputs, techniques, front ends, and what to leave out (docs/sweeps.md)")
    .addArgument(passedOnArgument)
    .addOption(engineOption)
    .option("--out <folder>", "the folder of the sweep (default: the study's name with the ending .sweep)")
    .option("--dry-run", "print the number of points and items, and an estimate of time and disk")
    .option("--yes", "confirm a million points or more")
    .addOption(retryOption)
    .addOption(jobsOption)
    .addOption(partitionOption)
    .addOption(timeOption)
    .addOption(memoryOption)
    .addOption(noCacheOption)
    .action(async (file, passedOn, options) => {
      const handed = handedOn(options, passedOn);
      const [{ readStudy }, { checkFolder, folderOf, readPlan, writePlan }] = await Promise.all([
        import("../../sweep/study/study.ts"),
        import("../../sweep/plan.ts"),
      ]);
      const study = readStudy(file);
      const shown = options.out ?? folderOf(file);
      const folder = resolve(shown);
      const base = dirname(resolve(file));
      checkFolder(shown, file);
      enter(base);
      const session = openSession(options);
      try {
        const plan = await readPlan(study, session, options.yes === true);
        if (options.dryRun === true) {
          const { estimate, estimateLines } = await import("../../sweep/estimate.ts");
          process.stdout.write(`${estimateLines(await estimate(plan, session), session.jobs).join("\n")}\n`);
          return;
        }
        writePlan(folder, base, study, plan);
      } finally {
        await session.close();
      }
      await run(folder, shown, options, handed);
    });
  for (const sub of [statusCommand(), resumeCommand(), mergeCommand(), runItemCommand()]) command.addCommand(sub);
  return command;
}
