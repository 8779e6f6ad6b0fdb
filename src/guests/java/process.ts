// Java as another process: started by a shell that also passes on its process id and its exit code, read through a pipe while it runs.

import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "#platform/child-process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "#platform/fs";
import { tmpdir } from "#platform/os";
import { join } from "#platform/path";
import { process } from "#platform/process";
import { messageOf, RunError, UsageError } from "../../errors.ts";
import { type Channel, createChannel, MESSAGES } from "./channel.ts";

/** Messages are written as channel.ts describes: in each the kind and the length as bytes, then decimal text of 12 bytes. */
const said = (kind: number, what: string): string => `printf '\\00${kind}\\0\\0\\0\\014\\0\\0\\0%012d' ${what} >&4`;

/**
 * $1 is the pipe. Java has it as file 3 for as long as it lives: if it fails before the agent starts, the shell's messages still come.
 */
const SCRIPT = `exec 4>"$1"; shift
(${said(MESSAGES.process, "$(exec sh -c 'echo $PPID')")}; exec "$@" 3>&4 4>&-)
code=$?
${said(MESSAGES.exit, "$code")}`;

export interface JavaProcess {
  readonly channel: Channel;
  /** Its output and its complaints up to now; empty if they went to the terminal. */
  output(): Buffer;
  errors(): string;
  /** Ends it, if it still runs, and removes what it left. @param id its process id, if known */
  close(id: number | undefined): void;
}

/** Most bytes of output that are kept. */
const LONGEST_OUTPUT = 1 << 26;

/**
 * @param input    standard input; undefined for none
 * @param terminal whether the program has the input and output of this process instead
 */
export function startJava(args: readonly string[], input: Uint8Array | undefined, terminal: boolean): JavaProcess {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), "bplab-java-"));
  } catch (error) {
    throw new UsageError(`cannot write in ${tmpdir()}: ${messageOf(error)}`);
  }
  const [pipe, outputFile, errorFile, inputFile] = ["pipe", "output", "errors", "input"].map((name) => join(folder, name));
  const made = spawnSync("mkfifo", ["-m", "600", pipe], { encoding: "utf8" });
  if (made.status !== 0) throw new RunError(`cannot make a pipe in ${folder}: ${made.error?.message ?? made.stderr.trim()}`);
  let child: ChildProcess;
  const files: number[] = [];
  if (terminal) child = spawn("/bin/sh", ["-c", SCRIPT, "sh", pipe, "java", ...args], { stdio: "inherit" });
  else {
    writeFileSync(inputFile, input ?? new Uint8Array());
    files.push(openSync(inputFile, "r"), openSync(outputFile, "w"), openSync(errorFile, "w"));
    // the same surroundings everywhere
    const env = { PATH: process.env.PATH, LANG: "C.UTF-8", TZ: "UTC" };
    child = spawn("/bin/sh", ["-c", SCRIPT, "sh", pipe, "java", ...args], { stdio: [...files], env });
  }
  if (child.pid === undefined) throw new RunError("cannot start /bin/sh");
  child.unref();
  const reading = openSync(pipe, "r");
  for (const file of files) closeSync(file);
  return {
    channel: createChannel(reading),
    output() {
      if (terminal) return Buffer.alloc(0);
      if (statSync(outputFile).size > LONGEST_OUTPUT) throw new RunError(`the program prints more than ${LONGEST_OUTPUT} bytes`);
      return readFileSync(outputFile);
    },
    errors: () => (terminal ? "" : readFileSync(errorFile, "utf8")),
    close(id) {
      closeSync(reading);
      try {
        if (id !== undefined) process.kill(id, "SIGKILL");
      } catch {
        // it has ended
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
