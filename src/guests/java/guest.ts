// Java programs as the lab sees them: the installed virtual machine runs them, and an agent in it reports every executed block.

import { spawnSync } from "#platform/child-process";
import { basename, delimiter } from "#platform/path";
import { process } from "#platform/process";
import { RunError, UsageError } from "../../errors.ts";
import { unknownName } from "../../parameters.ts";
import type { VirtualRun } from "../../trace/run.ts";
import type { Guest, StartOptions } from "../guest.ts";
import { type Command, JAVA_COMMANDS, readCommand } from "./command-line.ts";
import { NEEDS_JDK, tracingOptions } from "./jdk.ts";
import { findLaunch, type Launch } from "./launch.ts";
import { QUICKENINGS, type Quickening } from "./quickening.ts";
import { type Outcome, reasonOf, type TracedProgram, traceProgram } from "./traced.ts";

const SWITCH = ["on", "off"] as const;

interface Given {
  readonly main: string | undefined;
  readonly classPath: readonly string[];
  readonly jdk: boolean;
  readonly quicken: Quickening;
  readonly thread: string;
}

/** @throws UsageError for an option with an invalid value */
function readGiven({ given = {} }: StartOptions): Given {
  const one = (name: string): string | undefined => {
    const values = given[name] ?? [];
    if (values.length > 1) throw new UsageError(`${name}: expected once, got ${values.join(" and ")}`);
    if (values[0] === "") throw new UsageError(`${name}: expected a value, got none`);
    return values[0];
  };
  const choice = <T extends string>(name: string, choices: readonly T[], usual: T): T => {
    const value = one(name) ?? usual;
    const known = choices.find((choice) => choice === value);
    if (known === undefined) throw unknownName(name, value, choices);
    return known;
  };
  return {
    main: one("main"),
    classPath: (given["class-path"] ?? []).flatMap((path) => path.split(delimiter)).filter((path) => path !== ""),
    jdk: choice("jdk", SWITCH, "on") === "on",
    quicken: choice("quicken", QUICKENINGS, "none"),
    thread: one("thread") ?? "",
  };
}

/** The name of a command, whose path the user has not written. */
const shown = (path: string): string => (JAVA_COMMANDS.includes(basename(path)) ? basename(path) : path);

const say = (path: string, what: string): void => void process.stderr.write(`${shown(path)}: ${what}\n`);

/** What runs: a file, or one of the JDK's commands with its words. */
/** @throws UsageError for options that do not go with it */
function find(path: string, words: readonly string[], { main, classPath }: Given): Command {
  const name = basename(path);
  if (!JAVA_COMMANDS.includes(name)) return { launch: findLaunch(path, { main, classPath }), words };
  if (main !== undefined || classPath.length > 0)
    throw new UsageError(`${name}: its words name the class and the class path: leave --main and --class-path out`);
  return readCommand(name, words);
}

/** @throws UsageError for options that change what a recording of Zero has */
function refuseOthers(path: string, { jdk, quicken, thread }: Given): void {
  const other = !jdk ? "jdk=off" : thread !== "" ? "thread" : quicken === "none" || quicken === "zero" ? undefined : `quicken=${quicken}`;
  if (other !== undefined)
    throw new UsageError(
      `${path}: --${other} does not act when Zero is recorded: it executes the JDK's classes, and rewrites code its own way`,
    );
}

export interface Traced extends TracedProgram {
  readonly launch: Launch;
  /** Options of java, class and words, those for tracing left out. */
  readonly args: readonly string[];
}

/** @param kept whether it is to be as in class files, of the code that Zero executes */
export function trace(path: string, options: StartOptions, { terminal = false, kept = false } = {}): Traced {
  const { input, maxInstructions } = options;
  const given = readGiven(options);
  const { jdk, thread } = given;
  if (kept) refuseOthers(path, given);
  const asZero = kept || given.quicken === "zero";
  const quicken = kept ? "none" : given.quicken;
  const { launch, words } = find(path, options.words ?? [], given);
  const own = [...launch.args, ...words];
  const args = [...tracingOptions(path, { mainClass: launch.main, jdk, thread, asZero }), ...own];
  const traced = traceProgram({ path, args, quicken, maxInstructions, input, terminal, say: (what) => say(path, what) });
  return { launch, args: own, ...traced };
}

/** @throws RunError for a run that failed */
export function checkOutcome(path: string, { exitCode, output, errors }: Outcome, expected: string | undefined): void {
  if (exitCode !== 0) {
    const why = reasonOf(errors);
    throw new RunError(`${path}: the program ended with exit code ${exitCode}${why === "" ? "" : `: ${why}`}`);
  }
  if (expected !== undefined && output.toString("utf8") !== expected)
    throw new RunError(`${path}: the output is not what the program must print: its trace cannot be trusted`);
}

/** A program, ready to run for the lab. */
function start(path: string, options: StartOptions): VirtualRun {
  const { launch, program, execute } = trace(path, options);
  return {
    program,
    run(sink, rewritten) {
      for (const part of launch.classPath) options.surroundings?.reads(part);
      // which files a user's program reads or writes nobody tells us: no tape of it is kept
      if (options.expected === undefined) options.surroundings?.changes(path);
      checkOutcome(path, execute(sink, rewritten), options.expected);
    },
  };
}

/** A program on a terminal; `words` are its arguments. */
function execute(path: string, words: readonly string[], options: StartOptions): number {
  if (options.maxInstructions !== Number.POSITIVE_INFINITY)
    return trace(path, { ...options, words }, { terminal: true }).execute(() => {}).exitCode;
  const { launch, words: ofProgram } = find(path, words, readGiven(options));
  const { status, error } = spawnSync("java", [...launch.args, ...ofProgram], { stdio: "inherit" });
  if (error !== undefined) throw new UsageError(`${path}: ${NEEDS_JDK}`);
  return status ?? 1;
}

export const java: Guest = { start, execute };
