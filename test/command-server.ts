// A process that runs bplab's command lines for tests, one after the other (scripts/command-server.ts). Asking it blocks, as
// spawnSync does, so it is asked through named pipes.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../dist/scripts/command-server.js", import.meta.url));

/** Modules of replays are never freed: after so many commands a new process begins. */
const MOST_COMMANDS = 50;

export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandServer {
  /** Undefined if the process has ended instead. */
  run(args: readonly string[], cwd: string): Printed | undefined;
  readonly commands: number;
  close(): void;
}

function startServer(folder: string, number: number): CommandServer | undefined {
  const [asked, answered, out, err] = ["asked", "answered", "out", "err"].map((name) => join(folder, `${number}-${name}`));
  if (spawnSync("mkfifo", [asked, answered]).status !== 0) return undefined;
  // appended to, so that what is printed after the files were emptied is at their beginnings
  const printed = [openSync(out, "a+"), openSync(err, "a+")];
  // the shell opens the pipes: should Node.js not start, they are closed
  const child = spawn("sh", ["-c", 'exec 3<"$1" 4>"$2"; exec "$0" "$3"', process.execPath, asked, answered, SERVER], {
    stdio: ["ignore", ...printed],
  });
  child.on("error", () => {});
  child.unref();
  const asks = openSync(asked, "w");
  const answers = openSync(answered, "r");
  const answer = Buffer.alloc(16);
  let commands = 0;
  return {
    get commands() {
      return commands;
    },
    run(args, cwd) {
      commands++;
      for (const file of printed) ftruncateSync(file);
      try {
        writeSync(asks, `${JSON.stringify({ args, cwd, env: process.env })}\n`);
        const length = readSync(answers, answer);
        if (length === 0) return undefined;
        return { code: Number(answer.toString("latin1", 0, length)), stdout: readFileSync(out, "utf8"), stderr: readFileSync(err, "utf8") };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EPIPE") return undefined;
        throw error;
      }
    },
    close() {
      for (const file of [asks, answers, ...printed]) closeSync(file);
    },
  };
}

/** Commands that stay processes of their own: they read standard input, answer signals, or run processes that do. */
const APART = ["run", "record", "explore", "advise", "validate", "time", "calibrate", "compilers"];
const APART_OPTIONS = ["-", "--time", "--compilers"];

/** Whether a command does the same in a process that has run others. */
export const runsInServer = (args: readonly string[]): boolean =>
  process.platform !== "win32" && !APART.includes(args[0]) && !args.some((word) => APART_OPTIONS.includes(word.split("=")[0]));

let server: CommandServer | undefined;
let started = 0;

/**
 * @param folder for the pipes
 * @returns undefined if there is no such process, or it ended
 */
export function runInServer(args: readonly string[], cwd: string, folder: () => string): Printed | undefined {
  server ??= startServer(folder(), started++);
  const printed = server?.run(args, cwd);
  if (printed === undefined || (server !== undefined && server.commands >= MOST_COMMANDS)) {
    server?.close();
    server = undefined;
  }
  return printed;
}
