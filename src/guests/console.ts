// Standard input, output and error of a program whose guest reads and writes bytes: those of the process, or kept in memory.
import { fstatSync, readSync, writeSync } from "#platform/fs";
import { messageOf, RunError, UsageError } from "../errors.ts";

export interface Console {
  /** Reads what there is of standard input, at least a byte; 0 at its end. */
  read(into: Uint8Array): number;
  /** Bytes of standard input, if it is a file. */
  inputBytes?(): number | undefined;
  write(bytes: Uint8Array): void;
  writeError(bytes: Uint8Array): void;
}

/** Most characters of output that are kept in memory. */
const LONGEST_RECORD = 1 << 26;

/** A console that keeps the output, for simulated programs. @param input standard input; default: empty */
export function createCapturingConsole(input: Uint8Array = new Uint8Array()): Console & { text(): string } {
  const parts: Buffer[] = [];
  let length = 0;
  let done = 0;
  return {
    read(into) {
      const piece = input.subarray(done, done + into.length);
      into.set(piece);
      done += piece.length;
      return piece.length;
    },
    inputBytes: () => input.length,
    write(bytes) {
      length += bytes.length;
      if (length > LONGEST_RECORD) throw new RunError(`the program prints more than ${LONGEST_RECORD} characters`);
      parts.push(Buffer.from(bytes));
    },
    writeError: () => {},
    text: () => Buffer.concat(parts).toString("utf8"),
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** Milliseconds between attempts to read a terminal without input. */
const POLL_MS = 10;

function wait(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
}

/**
 * Standard input and output, unbuffered: programs have buffers of their own.
 * @param onClosed called when the reader of the output has closed it
 */
export function createTerminal(onClosed: () => void): Console {
  function writeTo(descriptor: number, bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      try {
        done += writeSync(descriptor, bytes, done);
      } catch (error) {
        if (codeOf(error) === "EAGAIN") {
          wait();
          continue;
        }
        if (codeOf(error) === "EPIPE") onClosed();
        throw new UsageError(`cannot write the program's output: ${messageOf(error)}`);
      }
    }
  }
  return {
    read(into) {
      for (;;) {
        try {
          return readSync(0, into, 0, into.length, null);
        } catch (error) {
          if (codeOf(error) === "EOF") return 0;
          if (codeOf(error) !== "EAGAIN") throw error;
          wait();
        }
      }
    },
    inputBytes() {
      const status = fstatSync(0);
      return status.isFile() ? status.size : undefined;
    },
    write: (bytes) => writeTo(1, bytes),
    writeError: (bytes) => writeTo(2, bytes),
  };
}
