// Java programs as the lab sees them: the installed virtual machine runs them, and an agent in it reports every executed block.

import { spawnSync } from "#platform/child-process";
import { delimiter } from "#platform/path";
import { process } from "#platform/process";
import { RunError, UsageError } from "../../errors.ts";
import { unknownName } from "../../parameters.ts";
import type { VirtualRun } from "../../trace/run.ts";
import type { Guest, StartOptions } from "../guest.ts";
import { NEEDS_JDK, tracingOptions } from "./jdk.ts";
import { findLaunch, type Launch } from "./launch.ts";
import { QUICKENINGS, type Quickening } from "./quickening.ts";
import { reasonOf, type TracedProgram, traceProgram } from "./traced.ts";

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

const say = (path: string, what: string): void => void process.stderr.write(`${path}: ${what}\n`);

function trace(path: string, options: StartOptions, terminal: boolean): TracedProgram & { readonly launch: Launch } {
  const { words = [], input, maxInstructions } = options;
  const { main, classPath, jdk, quicken, thread } = readGiven(options);
  const launch = findLaunch(path, { main, classPath });
  const args = [...tracingOptions(path, { mainClass: launch.main, jdk, thread }), ...launch.args, ...words];
  return { launch, ...traceProgram({ path, args, quicken, maxInstructions, input, terminal, say: (what) => say(path, what) }) };
}

/** A program, ready to run for the lab. */
function start(path: string, options: StartOptions): VirtualRun {
  const { launch, program, execute } = trace(path, options, false);
  return {
    program,
    run(sink, rewritten) {
      for (const part of launch.classPath) options.surroundings?.reads(part);
      // which files a user's program reads or writes nobody tells us: no tape of it is kept
      if (options.expected === undefined) options.surroundings?.changes(path);
      const { exitCode, output, errors } = execute(sink, rewritten);
      if (exitCode !== 0) {
        const why = reasonOf(errors);
        throw new RunError(`${path}: the program ended with exit code ${exitCode}${why === "" ? "" : `: ${why}`}`);
      }
      if (options.expected !== undefined && output.toString("utf8") !== options.expected)
        throw new RunError(`${path}: the output is not what the program must print: its trace cannot be trusted`);
    },
  };
}

/** A program on a terminal; `words` are its arguments. */
function execute(path: string, words: readonly string[], options: StartOptions): number {
  if (options.maxInstructions !== Number.POSITIVE_INFINITY) return trace(path, { ...options, words }, true).execute(() => {}).exitCode;
  const { main, classPath } = readGiven(options);
  const launch = findLaunch(path, { main, classPath });
  const { status, error } = spawnSync("java", [...launch.args, ...words], { stdio: "inherit" });
  if (error !== undefined) throw new UsageError(`${path}: ${NEEDS_JDK}`);
  return status ?? 1;
}

export const java: Guest = { start, execute };
