// `trace --wasm` as a function: runs a JavaScript program whose WebAssembly modules are rewritten as it compiles them, and reads
// their tape. The program does not notice; its standard input and output are its own.
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { RunError, UsageError } from "../errors.ts";
import type { Form } from "../guests/wasm/forms.ts";

export interface LoadedTraceRequest {
  /** The program and its arguments: node app.js. */
  readonly command: readonly string[];
  readonly form: Form;
  /** Limit of taped virtual instructions; default: none. */
  readonly maxInstructions?: number | undefined;
}

const PRELOAD = new URL("../guests/wasm/loaded/preload.js", import.meta.url);
/** The file descriptor for the tape. */
const DESCRIPTOR = 3;

/**
 * Runs the program.
 * @param write takes the tape piece by piece
 * @returns its exit code
 * @throws UsageError when it cannot be started; RunError when a signal ended it
 */
export async function traceLoaded(
  { command: [file, ...words], form, maxInstructions }: LoadedTraceRequest,
  write: (bytes: Uint8Array) => void,
): Promise<number> {
  const orders = { descriptor: DESCRIPTOR, form, maxInstructions: maxInstructions ?? null };
  const options = [process.env.NODE_OPTIONS, `--import=${PRELOAD.href}`].filter((part) => part !== undefined && part !== "");
  const child = spawn(file, words, {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, NODE_OPTIONS: options.join(" "), BPLAB_TRACE_WASM: JSON.stringify(orders) },
  });
  const tape = child.stdio[DESCRIPTOR] as Readable;
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(new UsageError(`cannot run ${file}: ${error.code === "ENOENT" ? "there is no such program" : error.message}`));
    });
    tape.on("data", (bytes: Buffer) => {
      try {
        write(bytes);
      } catch (error) {
        child.kill();
        reject(error);
      }
    });
    child.on("close", (code, signal) => {
      if (signal !== null) reject(new RunError(`${file}: the program was ended by ${signal} before its tape was whole`));
      else resolve(code ?? 0);
    });
  });
}
