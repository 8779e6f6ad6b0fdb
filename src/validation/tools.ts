// Runs programs that validation needs and that may be missing: compilers, the emulator, binutils.
import { spawnSync } from "node:child_process";
import { RunError, UsageError } from "../errors.ts";
import { findCommand } from "../files/find-command.ts";

/** Limit of a program's output. */
const MOST_OUTPUT = 1 << 28;

export interface ToolOptions {
  /** Seconds after which it is stopped. */
  readonly limit?: number;
  /** Advice if the program is not installed. */
  readonly install?: string;
  /** Whether it starts other programs, as compilers do: these outlive it when it is stopped, but get no processor time beyond the limit. */
  readonly hasChildren?: boolean;
}

/** A program's standard output and standard error. */
export interface Printed {
  readonly output: string;
  readonly errors: string;
}

/**
 * Runs a program.
 * @throws UsageError when it is not installed, RunError when it fails
 */
export function runProgram(command: string, args: readonly string[], options: ToolOptions = {}): Printed {
  const { limit = 600, install, hasChildren = false } = options;
  const limited = hasChildren && findCommand(command) !== undefined && findCommand("sh") !== undefined;
  const words = limited ? ["sh", "-c", 'ulimit -t "$0"; exec "$@"', `${limit + 1}`, command, ...args] : [command, ...args];
  const { status, signal, stdout, stderr, error } = spawnSync(words[0], words.slice(1), {
    encoding: "latin1",
    timeout: limit * 1000,
    killSignal: "SIGKILL",
    maxBuffer: MOST_OUTPUT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") throw new UsageError(`${command} is not installed${install === undefined ? "" : `: ${install}`}`);
  if (code === "ETIMEDOUT")
    throw new RunError(
      `${command} was stopped after ${limit} seconds${hasChildren ? " (validate and time take --compile-limit=SECONDS)" : ""}`,
    );
  if (error !== undefined) throw new RunError(`${command}: ${error.message}`);
  if (status !== 0) {
    const [line = ""] = stderr.trim().split("\n");
    throw new RunError(`${command} failed (${signal ?? `exit code ${status}`})${line === "" ? "" : `: ${line}`}`);
  }
  return { output: stdout, errors: stderr };
}

/** Runs a program and returns its standard output. @throws as runProgram */
export const runTool = (command: string, args: readonly string[], options: ToolOptions = {}): string =>
  runProgram(command, args, options).output;
