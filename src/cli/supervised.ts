// Commands that compile, record or time run many programs, and wait for them without seeing signals. They run in a process group of
// their own, with a temporary folder of their own: a signal ends the whole group (compilers' children, emulators, interpreters), and
// nothing temporary is left, whatever ended it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../errors.ts";

/** The process that supervises; set for the one that works, and for what that one runs. */
const SUPERVISOR = "BPLAB_SUPERVISOR";
const ENDING = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

const COMMANDS: readonly string[] = ["validate", "time", "calibrate", "compilers", "advise"];
/** Options that make another command run compilers, or what they made. */
const OPTIONS: readonly string[] = ["--time", "--compilers"];

/** Whether a command line asks for a group of its own, and is not in it yet. Windows has no process groups. */
export function needsSupervisor([command, ...rest]: readonly string[]): boolean {
  if (process.platform === "win32" || process.env[SUPERVISOR] === String(process.ppid)) return false;
  return COMMANDS.includes(command) || (command === "reproduce" && rest.some((word) => OPTIONS.includes(word.split("=")[0])));
}

/**
 * Runs the same command line again, in a group of its own; returns its exit code, or ends by the signal that ended it.
 * @param program what Node runs
 */
export async function supervise(program: string, args: readonly string[]): Promise<number> {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), "bplab-"));
  } catch (error) {
    process.stderr.write(`cannot write ${tmpdir()}, where temporary files go: ${messageOf(error)}; set TMPDIR\n`);
    return 2;
  }
  // the group's number is that of its first process
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    detached: true,
    stdio: "inherit",
    env: { ...process.env, TMPDIR: folder, [SUPERVISOR]: String(process.pid) },
  });
  const tell = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // nobody is left
    }
  };
  let ended: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    ended = signal;
    tell("SIGKILL");
  };
  // Ctrl-Z reaches the terminal's group alone, which the other one is not in
  const pause = (): void => {
    tell("SIGSTOP");
    process.kill(process.pid, "SIGSTOP");
  };
  const resume = (): void => tell("SIGCONT");
  for (const signal of ENDING) process.on(signal, end);
  process.on("SIGTSTP", pause);
  process.on("SIGCONT", resume);
  try {
    const code = await new Promise<number>((done, failed) => {
      child.once("exit", (status, signal) => done(status ?? 128 + constants.signals[signal ?? "SIGKILL"]));
      child.once("error", failed);
    });
    if (ended === undefined) return code;
  } finally {
    // what a compiler that was stopped has left running
    tell("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    for (const signal of ENDING) process.off(signal, end);
    process.off("SIGTSTP", pause);
    process.off("SIGCONT", resume);
  }
  process.kill(process.pid, ended);
  // the signal is on its way
  return new Promise(() => setTimeout(() => {}, 1000));
}
