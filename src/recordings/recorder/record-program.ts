// Records a program: runs it under qemu-user, whose plug-in reports every branch, and writes them as they come. The program keeps
// its input, output and exit code.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { messageOf, RunError, UsageError } from "../../errors.ts";
import { findCommand } from "../../files/find-command.ts";
import { createRecordedRun } from "../recorded-run.ts";
import type { Provenance, RecordingWriter, WritableBlocks } from "../recording.ts";
import type { SiteRange, SiteSelection } from "../site-selection.ts";
import { createChannelReader, SHARED_BYTES } from "./channel.ts";
import { readElf } from "./elf.ts";
import { type Mapping, moduleAt } from "./mapping.ts";
import { findEmulator, findPlugIn } from "./tools.ts";

const X86_64 = 62;
/** The limit of plug-in.c. */
const MOST_THREADS = 256;
/** Signals from outside that bplab passes on to the running program. */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface RecordRequest {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Begins the file. */
  readonly createWriter: (blocks: WritableBlocks, provenance: Provenance) => RecordingWriter;
  /** Provenance besides what is found out here. */
  readonly provenance: Provenance;
  /** Instructions that run before the recording begins; default 0. */
  readonly skipInstructions?: number;
  /** Branches after which it ends, while the program goes on; default: all. */
  readonly maxBranches?: number;
  /** Which branches are recorded; default: all. */
  readonly only?: SiteSelection;
  /** The only thread whose branches are recorded, counted from 0, the one that the program begins with; default: all. */
  readonly thread?: number;
  /** The program's environment; default: bplab's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A file descriptor for the program's output; default: bplab's standard output. */
  readonly stdout?: number;
}

export interface RecordedProgram {
  readonly branches: number;
  readonly instructions: number;
  readonly threads: number;
  /** The program's own, or 128 plus the signal that killed it. */
  readonly exitCode: number;
  /** Notes on the recording, in sentences. */
  readonly notes: readonly string[];
}

/** @throws UsageError when it is no program that can be recorded */
function findProgram(name: string): { readonly path: string; readonly buildId: string } {
  const path = findCommand(name);
  if (path === undefined) throw new UsageError(`no such program: ${name} (it must be on the PATH or a path, and executable)`);
  const elf = readElf(path);
  if (elf === undefined || elf.machine !== X86_64)
    throw new UsageError(`${path}: expected a program for x86-64 (ELF), got something else; of a script, record its interpreter`);
  return { path, buildId: elf.buildId };
}

/** Memory shared with the plug-in: an unnamed file. */
function createShared(): number {
  const folder = mkdtempSync(join(tmpdir(), "bplab-"));
  try {
    const file = openSync(join(folder, "shared"), "wx+", 0o600);
    ftruncateSync(file, SHARED_BYTES);
    return file;
  } catch (error) {
    throw new UsageError(`cannot write in ${tmpdir()}: ${messageOf(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readShared(file: number): Buffer {
  const buffer = Buffer.alloc(SHARED_BYTES);
  for (let at = 0; at < buffer.length; ) {
    const count = readSync(file, buffer, at, buffer.length - at, at);
    if (count === 0) break;
    at += count;
  }
  return buffer;
}

/** How many, and start, end and kinds of each. */
const rangesAsBytes = (ranges: readonly SiteRange[]): Buffer =>
  Buffer.from(
    BigUint64Array.from([
      BigInt(ranges.length),
      ...ranges.flatMap(({ start, end, kinds }) => [start, end, BigInt.asUintN(64, BigInt(kinds))]),
    ]).buffer,
  );

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((done, failed) => {
    child.once("exit", (code, signal) => done({ code, signal }));
    child.once("error", failed);
  });

/**
 * Runs until the program ends, for any reason, and writes everything recorded so far.
 * @throws UsageError when tools or the program are missing, or the file cannot be written
 * @throws RunError when nothing was recorded
 */
export async function recordProgram(request: RecordRequest): Promise<RecordedProgram> {
  const { command, createWriter, only, skipInstructions = 0, maxBranches = Number.POSITIVE_INFINITY } = request;
  const emulator = findEmulator();
  const program = findProgram(command[0]);
  const plugIn = findPlugIn();
  const { path, buildId } = program;
  const notes: string[] = [];
  let branches = 0;
  let instructions = 0;
  /** Why recording has stopped. */
  let stopped: string | undefined;
  let written = 0;
  let failure: { readonly error: unknown } | undefined;

  /** An error of the output file, which then cannot be completed. */
  let unwritten: unknown;
  const run = createRecordedRun((ids, count, executed) => {
    try {
      writer.blocks(ids, count);
    } catch (error) {
      unwritten = error;
      throw error;
    }
    written += executed;
  });
  const provenance = { ...request.provenance, program: path, ...(buildId === "" ? {} : { buildId }), recorder: emulator.version };
  const writer = createWriter(run.blocks, provenance);
  const shared = createShared();
  let channel: Duplex | undefined;
  const stop = (why: string): void => {
    stopped = why;
    channel?.destroy();
  };

  const reader = createChannelReader({
    branches(words, count, coding, thread) {
      if (stopped !== undefined || (request.thread !== undefined && thread !== request.thread)) return;
      const wanted = Math.min(count, maxBranches - branches);
      try {
        run.sink.packets(words, wanted, coding);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        stop(`The recording ends after ${branches} branches: ${messageOf(error)}.`);
        return;
      }
      for (let i = 0; i < wanted; i++) instructions += coding.gapOf(words, 4 * i);
      branches += wanted;
      if (branches === maxBranches) stop("");
    },
    mapped(mapping: Mapping) {
      const module = moduleAt(mapping);
      if (module !== undefined) {
        run.sink.symbols(module);
        writer.symbols?.(module);
      }
      if (only === undefined) return;
      const { start, end } = mapping;
      channel?.write(rangesAsBytes(only.rangesIn(module ?? { path: "", buildId: "", base: 0n, start, size: end - start, symbols: [] })));
    },
  });

  const plugInOptions = [`file=${plugIn.replaceAll(",", ",,")}`, `skip=${skipInstructions}`, ...(only === undefined ? [] : ["filter=on"])];
  const child = spawn(emulator.path, ["-plugin", plugInOptions.join(","), "-0", command[0], path, ...command.slice(1)], {
    stdio: ["inherit", request.stdout ?? "inherit", "inherit", "pipe", shared],
    ...(request.env === undefined ? {} : { env: request.env }),
  });
  const exited = exitOf(child);
  // a terminal has sent the signal to the program as well
  const terminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY === true);
  const passOn = (signal: NodeJS.Signals): void => {
    if (signal !== "SIGINT" || !terminal) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    channel = child.stdio[3] as Duplex;
    // the program may end while the plug-in waits for an answer
    channel.on("error", () => {});
    channel.on("data", (bytes: Buffer) => {
      try {
        reader.take(bytes);
      } catch (error) {
        failure = { error };
        stop("");
      }
    });
    const closed = new Promise((done) => channel?.once("close", done));
    const [{ code, signal }] = await Promise.all([exited, closed]);
    if (failure !== undefined) throw failure.error;
    const { instructions: behind, threads, finished } = reader.rest(readShared(shared));
    if (stopped === undefined) instructions += behind;
    else if (stopped !== "") notes.push(stopped);
    if (signal !== null) notes.push(`The program was killed by ${signal}: the recording ends there.`);
    else if (stopped === undefined && !finished && threads > 0)
      notes.push("The recording ends where the program became another one (exec), or closed files that it had not opened.");
    if (unwritten !== undefined) throw unwritten;
    if (threads >= MOST_THREADS)
      notes.push(`Branches of ${MOST_THREADS} threads at a time are recorded: those of further ones are missing.`);
    run.finish();
    if (branches === 0) throw nothing(request, threads > 0);
    writer.finish(instructions);
    return { branches: written, instructions, threads, exitCode: signal === null ? (code ?? 0) : 128 + constants.signals[signal], notes };
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
    closeSync(shared);
    channel?.destroy();
  }
}

/** The error if nothing was recorded. */
function nothing({ only, skipInstructions = 0 }: RecordRequest, ran: boolean): RunError {
  if (!ran) return new RunError("nothing was recorded: qemu-x86_64 did not run the program with the recorder (qemu 6 to 8 can)");
  const where = only === undefined ? "" : ` in ${only.text}`;
  const when = skipInstructions === 0 ? "" : ` after ${skipInstructions} instructions`;
  return new RunError(`nothing was recorded: the program executed no branch${where}${when}`);
}
