// Programs that validation needs and that may be missing: compilers, the emulator, what reads symbols.
import { spawnSync } from "node:child_process";
import { RunError, UsageError } from "../errors.ts";

/** The most that a program may print. */
const MOST_OUTPUT = 1 << 28;

export interface RunOptions {
  /** Seconds after which it is stopped. */
  readonly limit?: number;
  /** What to do where the program is not installed. */
  readonly install?: string;
}

/**
 * Runs a program and returns what it printed.
 * @throws UsageError when it is not installed, RunError when it fails
 */
export function runTool(command: string, args: readonly string[], { limit = 600, install }: RunOptions = {}): string {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "latin1",
    timeout: limit * 1000,
    killSignal: "SIGKILL",
    maxBuffer: MOST_OUTPUT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOENT") throw new UsageError(`${command} is not installed${install === undefined ? "" : `: ${install}`}`);
  if (code === "ETIMEDOUT") throw new RunError(`${command} was stopped after ${limit} seconds`);
  if (error !== undefined) throw new RunError(`${command}: ${error.message}`);
  if (status !== 0) {
    const [line = ""] = stderr.trim().split("\n");
    throw new RunError(`${command} failed (${signal ?? `exit code ${status}`})${line === "" ? "" : `: ${line}`}`);
  }
  return stdout;
}
