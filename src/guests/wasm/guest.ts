// WebAssembly modules as the lab sees them: a file that runs without a terminal, its output kept and compared. V8 runs the
// module; for a trace it is rewritten first, so that every executed block is reported.

import { accessSync, readFileSync } from "#platform/fs";
import { process } from "#platform/process";
import { RunError, UsageError, unreadable } from "../../errors.ts";
import { unknownName } from "../../parameters.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { createCapturingConsole, createTerminal } from "../console.ts";
import type { Guest, StartOptions } from "../guest.ts";
import { FORMS, type Form } from "./forms.ts";
import type { Invocation } from "./invocation.ts";
import { WASM_FILES } from "./language.ts";
import type { Module } from "./module.ts";
import { readModule } from "./read-module.ts";
import { assembleText, isText } from "./text-format.ts";
import { traceModule } from "./traced.ts";
import { runUntraced } from "./untraced.ts";
import { type NamedFolder, readFolder } from "./wasi/folders.ts";
import type { World } from "./wasi/world.ts";

function read(path: string): Module {
  let bytes: Buffer;
  try {
    if (isText(path)) accessSync(path);
    bytes = isText(path) ? assembleText(path) : readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unreadable(path, WASM_FILES.file, error);
  }
  return readModule(path, bytes);
}

const say = (path: string, what: string): void => void process.stderr.write(`${path}: ${what}\n`);

interface Given {
  readonly form: Form;
  readonly folders: readonly NamedFolder[];
  /** The function to call instead of `_start`. */
  readonly name: string | undefined;
  readonly words: readonly string[];
}

/** @throws UsageError for an option with an invalid value */
function readGiven({ given = {}, words = [] }: StartOptions): Given {
  const { form: forms = [], dir = [], invoke: calls = [] } = given;
  for (const [name, values] of Object.entries({ form: forms, invoke: calls })) {
    if (values.length > 1) throw new UsageError(`${name}: expected once, got ${values.join(" and ")}`);
  }
  const [form = "in-place"] = forms;
  if (!FORMS.some((known) => known === form)) throw unknownName("form", form, FORMS);
  const [name, ...ofCall] = (calls[0] ?? "").split(/\s+/).filter((word) => word !== "");
  return { form: form as Form, folders: dir.map(readFolder), name, words: [...ofCall, ...words] };
}

/** A program, ready to run for the lab. */
function start(path: string, options: StartOptions): VirtualRun {
  const { maxInstructions, expected, surroundings } = options;
  const { form, folders, name, words } = readGiven(options);
  const recorder = createCapturingConsole(options.input);
  const complaints: Buffer[] = [];
  const console = { ...recorder, writeError: (bytes: Uint8Array) => void complaints.push(Buffer.from(bytes)) };
  const world: World = { words: [path, ...words], environment: {}, console, terminal: false, folders, surroundings };
  const print = (line: string): void => recorder.write(Buffer.from(`${line}\n`));
  const program = traceModule(read(path), {
    form,
    maxInstructions,
    world,
    invocation: { name, words, print },
    say: (what) => say(path, what),
  });
  return {
    program: program.program,
    run(sink) {
      const exitCode = program.execute(sink);
      if (exitCode !== 0) {
        const [why = ""] = Buffer.concat(complaints).toString("utf8").trimEnd().split("\n").slice(-1);
        throw new RunError(`${path}: the program ended with exit code ${exitCode}${why === "" ? "" : `: ${why}`}`);
      }
      if (expected !== undefined && recorder.text() !== expected) {
        throw new RunError(`${path}: the output is not what the program must print: its trace cannot be trusted`);
      }
    },
  };
}

/** Imports that read the clock, which advances with executed instructions: such modules are always counted. */
const ASKS_TIME = ["clock_time_get", "poll_oneoff"];

/** A program on a terminal; `words` are its arguments. */
function execute(path: string, ofCommand: readonly string[], options: StartOptions): number {
  const { maxInstructions } = options;
  const { form, folders, name, words } = readGiven({ ...options, words: ofCommand });
  const console = createTerminal(() => {
    throw new RunError(`${path}: the reader of its output has gone`);
  });
  const world: World = {
    words: [path, ...words],
    environment: process.env,
    console,
    terminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
    folders,
  };
  const invocation: Invocation = { name, words, print: (line) => console.write(Buffer.from(`${line}\n`)) };
  const module = read(path);
  const counted = maxInstructions !== Number.POSITIVE_INFINITY || module.imports.some(({ name }) => ASKS_TIME.includes(name));
  if (!counted) return runUntraced(module, world, invocation, (what) => say(path, what));
  return traceModule(module, { form, maxInstructions, world, invocation, say: (what) => say(path, what) }).execute(() => {});
}

export const wasm: Guest = { start, execute };
