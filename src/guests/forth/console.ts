// The terminal that a Forth program talks to.
import { readSync, writeSync } from "#platform/fs";
import { messageOf, UsageError } from "../../errors.ts";
import { ForthException } from "./exceptions.ts";

export interface Console {
  /** Shows characters, one byte each. */
  write(bytes: Uint8Array): void;
  /** Shows characters apart from the output, where messages go. */
  writeError(bytes: Uint8Array): void;
  /** The next line of input without its end, undefined when there is none. */
  readLine(): Buffer | undefined;
  /** The next character of input, -1 when there is none. */
  readKey(): number;
  /** Shows what has been held back. */
  flush(): void;
}

/** Most characters of output that are kept in memory. */
const LONGEST_RECORD = 1 << 26;

/**
 * Lines and characters of an input that comes in pieces.
 * @param more the next piece, undefined at its end
 */
function createInput(more: () => Uint8Array | undefined): Pick<Console, "readLine" | "readKey"> {
  let input: Buffer = Buffer.alloc(0);
  function extend(): boolean {
    const piece = more();
    if (piece !== undefined) input = Buffer.concat([input, piece]);
    return piece !== undefined;
  }
  return {
    readLine() {
      let end = input.indexOf(10);
      while (end < 0 && extend()) end = input.indexOf(10);
      if (end < 0) {
        if (input.length === 0) return undefined;
        end = input.length;
      }
      const line = input.subarray(0, end);
      input = input.subarray(end + 1);
      return line.at(-1) === 13 ? line.subarray(0, -1) : line;
    },
    readKey() {
      if (input.length === 0 && !extend()) return -1;
      const key = input[0];
      input = input.subarray(1);
      return key;
    },
  };
}

/** A console that keeps the output, for simulated programs. @param input standard input; default: empty */
export function createCapturingConsole(input?: Uint8Array): Console & { text(): string } {
  let rest = input;
  const parts: Buffer[] = [];
  let length = 0;
  return {
    write(bytes) {
      length += bytes.length;
      if (length > LONGEST_RECORD) throw new ForthException(-57, `the program prints more than ${LONGEST_RECORD} characters`);
      parts.push(Buffer.from(bytes));
    },
    writeError: () => {},
    ...createInput(() => {
      const piece = rest;
      rest = undefined;
      return piece;
    }),
    flush: () => {},
    text: () => Buffer.concat(parts).toString("utf8"),
  };
}

const CHUNK = 1 << 16;

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/**
 * Standard input and output. Output is written in chunks, at the latest when input is asked for.
 * @param onClosed called when the reader of the output has closed it
 */
export function createTerminal(onClosed: () => void): Console {
  const pending = Buffer.alloc(CHUNK);
  let held = 0;
  let ended = false;

  function writeOut(bytes: Uint8Array, descriptor = 1): void {
    let done = 0;
    while (done < bytes.length) {
      try {
        done += writeSync(descriptor, bytes, done);
      } catch (error) {
        if (isCode(error, "EAGAIN")) continue;
        if (isCode(error, "EPIPE")) onClosed();
        throw new UsageError(`cannot write the program's output: ${messageOf(error)}`);
      }
    }
  }
  function flush(): void {
    const bytes = pending.subarray(0, held);
    held = 0;
    writeOut(bytes);
  }
  function more(): Uint8Array | undefined {
    if (ended) return undefined;
    flush();
    const chunk = Buffer.alloc(CHUNK);
    for (;;) {
      try {
        const count = readSync(0, chunk, 0, CHUNK, null);
        ended = count === 0;
        return ended ? undefined : chunk.subarray(0, count);
      } catch (error) {
        if (isCode(error, "EAGAIN")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        else if (isCode(error, "EOF")) {
          ended = true;
          return undefined;
        } else throw error;
      }
    }
  }
  return {
    write(bytes) {
      if (held + bytes.length > CHUNK) flush();
      if (bytes.length > CHUNK) writeOut(bytes);
      else {
        pending.set(bytes, held);
        held += bytes.length;
      }
    },
    writeError(bytes) {
      flush();
      writeOut(bytes, 2);
    },
    ...createInput(more),
    flush,
  };
}
