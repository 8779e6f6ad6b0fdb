// What bplab sweep and bplab sweep resume share: the options that say how items are done, and the doing.
import { Argument, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../../errors.ts";
import { ENGINES, type EngineName } from "../../../sweep/engines.ts";
import { itemsIn } from "../../../sweep/folder/folder.ts";
import { failedItemLines, survey, surveyLines } from "../../../sweep/survey.ts";
import { parseChoice, parseCount } from "../../options.ts";
import { createProgress } from "../../progress.ts";

export const say = (line: string): void => {
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
export function handedOn({ engine, partition, time, memory }: SweepFlags, passedOn: readonly string[]): string[] {
  const said = Object.entries({ partition, time, memory }).filter(([, value]) => value !== undefined);
  const [first] = [...said.map(([name]) => `--${name}`), ...passedOn];
  if (first !== undefined && engine !== "slurm") throw new UsageError(`${first} is for --engine=slurm, which passes it on to sbatch`);
  return [...said.map(([name, value]) => `--${name === "memory" ? "mem" : name}=${value}`), ...passedOn];
}

/** Paths in a study are relative to its folder, in every process that works on its items. */
export function enter(base: string): void {
  try {
    process.chdir(base);
  } catch {
    throw new UsageError(`the folder that the paths of the study start from is gone: ${base}`);
  }
}

/** Does what is left of a sweep. @param passedOn the arguments after `--` */
export async function run(
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
  for (const line of [...after.doubts, ...failedItemLines(after.failed)]) say(line);
  if (after.failed.length > 0) {
    say(`${after.failed.length} of ${after.items} items failed: mend the causes, then bplab sweep resume --retry ${shown}`);
    process.exitCode = 1;
  } else if (after.pending.length === 0) process.stdout.write(`Merge them: bplab sweep merge ${shown} --output=rows.csv\n`);
}

export const engineOption = new Option("--engine <engine>", `how items are done: ${Object.keys(ENGINES).join(", ")}`)
  .default("local" as EngineName)
  .argParser(parseChoice("engine", Object.keys(ENGINES) as EngineName[]));

export const retryOption = new Option("--retry", "do items again that failed");

export const jobsOption = new Option(
  "--jobs <n>",
  "most worker threads, or simultaneous tasks of a cluster (default: one for every core, or the cluster's limit)",
).argParser(parseCount("jobs"));

const SLURM = "With --engine=slurm:";

export const partitionOption = new Option("--partition <name>", "where tasks run").helpGroup(SLURM);

export const timeOption = new Option("--time <limit>", "how long a task may take (2:00:00)").helpGroup(SLURM);

export const memoryOption = new Option("--memory <size>", "how much memory a task may have (2G)").helpGroup(SLURM);

export const passedOnArgument = new Argument("[arguments...]", "after --: any other options of sbatch").default([], "none");

export const folderArgument = new Argument("<folder>", "the folder of a sweep");
