// Every command: its line in `bplab --help`, and its module. Only the module of the command that was given is loaded:
// `bplab --help` took 190 ms of CPU more than an empty Node program, now 20.
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";

interface Entry {
  readonly name: string;
  readonly description: string;
  load(): Promise<CommandUnknownOpts>;
}

export const COMMANDS: readonly Entry[] = [
  {
    name: "simulate",
    description: "run programs and replay their dispatch branches through predictors",
    load: async () => (await import("./commands/simulate.ts")).simulateCommand(),
  },
  {
    name: "advise",
    description: "say what dispatch costs an interpreter on machines of today, and which technique and superinstructions pay",
    load: async () => (await import("./commands/advise.ts")).adviseCommand(),
  },
  {
    name: "reproduce",
    description: "run the experiments on published claims, and give a verdict on each",
    load: async () => (await import("./commands/reproduce.ts")).reproduceCommand(),
  },
  {
    name: "validate",
    description: "compile interpreters for Forth programs, record their branches, and compare them with the model's",
    load: async () => (await import("./commands/validate.ts")).validateCommand(),
  },
  {
    name: "calibrate",
    description: "measure this processor by the clock, and write a machine that --machine=./host.json takes; needs gcc or clang",
    load: async () => (await import("./commands/calibrate.ts")).calibrateCommand(),
  },
  {
    name: "time",
    description: "run Forth programs natively in compiled interpreters and generated code: compare real and estimated cycles",
    load: async () => (await import("./commands/time.ts")).timeCommand(),
  },
  {
    name: "compilers",
    description:
      "show what each installed gcc, clang, rustc, zig and go makes of dispatch code, in small examples and the lab's interpreters",
    load: async () => (await import("./commands/compilers.ts")).compilersCommand(),
  },
  {
    name: "sweep",
    description: "simulate a grid: thousands of points as work items, on every core or a cluster, resumed after any interruption",
    load: async () => (await import("./commands/sweep.ts")).sweepCommand(),
  },
  {
    name: "report",
    description: "make charts of results that simulate wrote (CSV, JSON, Parquet): a page for browsers, or pictures",
    load: async () => (await import("./commands/report.ts")).reportCommand(),
  },
  {
    name: "diff",
    description: "show what changed between two results that simulate wrote",
    load: async () => (await import("./commands/diff.ts")).diffCommand(),
  },
  {
    name: "compare",
    description: "say how many times fewer mispredictions the second of two results has, program by program and in all",
    load: async () => (await import("./commands/compare.ts")).compareCommand(),
  },
  {
    name: "record",
    description: "run a program (x86-64, Linux) and write its branches: bplab record -- ocamlrun kb.byte; needs qemu-user and gcc",
    load: async () => (await import("./commands/record.ts")).recordCommand(),
  },
  {
    name: "trace",
    description: "write what a program executes: its native branches under a technique, or its virtual instructions",
    load: async () => (await import("./commands/trace.ts")).traceCommand(),
  },
  {
    name: "info",
    description: "summarise a file of recorded branches: kinds, sites, targets, instructions, names",
    load: async () => (await import("./commands/info.ts")).infoCommand(),
  },
  {
    name: "convert",
    description: "write recorded branches in another format",
    load: async () => (await import("./commands/convert.ts")).convertCommand(),
  },
  {
    name: "run",
    description: "run a program on its virtual machine, with its console on stdin and stdout",
    load: async () => (await import("./commands/run.ts")).runCommand(),
  },
  {
    name: "list",
    description: "list programs, techniques, predictors, machines, bodies, merge maps, charts, claims; parameters with their ranges",
    load: async () => (await import("./commands/list.ts")).listCommand(),
  },
  {
    name: "explain",
    description: "show a loop of virtual instructions dispatch by dispatch, until the pattern repeats, or a stretch of a program",
    load: async () => (await import("./commands/explain.ts")).explainCommand(),
  },
  {
    name: "explore",
    description: "open the lab in a browser, as one page that works offline: programs, techniques and machines side by side",
    load: async () => (await import("./commands/explore.ts")).exploreCommand(),
  },
  {
    name: "new",
    description: "write a small predictor with examples, as a starting point",
    load: async () => (await import("./commands/new.ts")).newCommand(),
  },
  {
    name: "check",
    description: "run the conformance suite on a predictor, and its own examples: a line for each check; exit code 1 if one fails",
    load: async () => (await import("./commands/check.ts")).checkCommand(),
  },
  {
    name: "cache",
    description: "list the tapes (recorded runs of programs) that simulate and reproduce play again; clear deletes them",
    load: async () => (await import("./commands/cache.ts")).cacheCommand(),
  },
  {
    name: "completion",
    description: "print what bash, zsh or fish needs to complete commands, options and ids",
    load: async () => (await import("./commands/completion.ts")).completionCommand(allCommands),
  },
];

/** All commands, complete. */
export const allCommands = (): Promise<CommandUnknownOpts[]> => Promise.all(COMMANDS.map(complete));

async function complete({ description, load }: Entry): Promise<CommandUnknownOpts> {
  const [command, { groupOptions }] = await Promise.all([load(), import("./help.ts")]);
  groupOptions(command.description(description));
  return command;
}

/** All commands; the one that a command line runs, or asks help on, is complete, the others hold only what the list shows. */
export async function loadCommands(args: readonly string[]): Promise<CommandUnknownOpts[]> {
  const words = args.filter((word) => !word.startsWith("-"));
  const asked = words[0] === "help" ? words[1] : words[0];
  return Promise.all(
    COMMANDS.map(async (entry) => (entry.name === asked ? complete(entry) : new Command(entry.name).description(entry.description))),
  );
}
