// Modules for tests: made from text by wabt (apt-get install wabt), traced without a file.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Form } from "../../../dist/src/guests/wasm/forms.js";
import { readModule } from "../../../dist/src/guests/wasm/read-module.js";
import { traceModule } from "../../../dist/src/guests/wasm/traced.js";
import type { NamedFolder } from "../../../dist/src/guests/wasm/wasi/folders.js";
import type { World } from "../../../dist/src/guests/wasm/wasi/world.js";
import type { VirtualProgram } from "../../../dist/src/trace/virtual.js";

export const NO_WABT = spawnSync("wat2wasm", ["--version"]).status !== 0;

let folder: string | undefined;
let serial = 0;
export function fileNamed(name: string): string {
  folder ??= mkdtempSync(join(tmpdir(), "bplab-wasm-"));
  return join(folder, name);
}

/** The bytes of a module in text format. */
export function assemble(text: string, ...options: string[]): Buffer {
  const source = fileNamed(`${++serial}.wat`);
  const binary = fileNamed(`${serial}.wasm`);
  writeFileSync(source, text);
  const { status, stderr } = spawnSync("wat2wasm", ["--enable-all", "--debug-names", ...options, source, "-o", binary], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return readFileSync(binary);
}

export interface Traced {
  readonly program: VirtualProgram;
  /** Ids of executed blocks. */
  readonly blocks: readonly number[];
  /** Addresses of executed instructions. */
  readonly addresses: readonly number[];
  /** Their names. */
  readonly names: readonly string[];
  readonly output: string;
  readonly exitCode: number | undefined;
  /** What the run ended with, if it failed. */
  readonly error: Error | undefined;
}

export interface TraceRequest {
  readonly invoke?: string;
  readonly words?: readonly string[];
  readonly form?: Form;
  readonly maxInstructions?: number;
  readonly folders?: readonly NamedFolder[];
  readonly input?: string;
}

/** What a run comes to, on its guest or from a tape. */
export interface Damaged {
  readonly output: string;
  readonly exitCode: number | undefined;
  readonly error: string | undefined;
}

/** A world whose output is text, what went to standard error with a ! before it. */
export function quietWorld(print: (text: string) => void, request: TraceRequest = {}): World {
  let unread = Buffer.from(request.input ?? "");
  return {
    words: ["test.wasm", ...(request.words ?? [])],
    environment: {},
    console: {
      read(into) {
        const count = unread.copy(into);
        unread = unread.subarray(count);
        return count;
      },
      write: (piece) => print(Buffer.from(piece).toString()),
      writeError: (piece) => print(`!${Buffer.from(piece).toString()}`),
    },
    terminal: false,
    folders: request.folders ?? [],
  };
}

export function trace(bytes: Uint8Array, request: TraceRequest = {}): Traced {
  const { invoke, words = [], form = "in-place", maxInstructions = 10_000_000 } = request;
  let output = "";
  const print = (text: string): void => {
    output += text;
  };
  const run = traceModule(readModule("test.wasm", bytes), {
    form,
    maxInstructions,
    world: quietWorld(print, request),
    invocation: { ...(invoke === undefined ? {} : { name: invoke, words }), print: (line) => print(`${line}\n`) },
    say: (what) => print(`!!${what}\n`),
  });
  const { program } = run;
  const blocks: number[] = [];
  let exitCode: number | undefined;
  let error: Error | undefined;
  try {
    exitCode = run.execute((ids, count) => blocks.push(...ids.subarray(0, count)));
  } catch (thrown) {
    error = thrown as Error;
  }
  const addresses = blocks.flatMap((block) => Array.from({ length: program.blockLength(block) }, (_, i) => program.blockStart(block) + i));
  return { program, blocks, addresses, names: addresses.map((at) => program.opcodes[program.opcodeAt(at)].name), output, exitCode, error };
}

/** The same of a module in text format. */
export const traceText = (text: string, request: TraceRequest = {}): Traced => trace(assemble(text), request);
