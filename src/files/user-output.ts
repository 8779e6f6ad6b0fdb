// Output of users' code. Standard output is for results only, and a worker's streams are messages to the main thread, which are
// lost when the worker ends: so this output is written to standard error at once.

import { writeSync } from "#platform/fs";
import { process } from "#platform/process";

const STANDARD_ERROR = 2;
/** Milliseconds until a full pipe is tried again. */
const RETRY_MILLISECONDS = 1;

type Take = (bytes: Uint8Array) => void;

/** Writes all bytes before it returns. */
function writeToStderr(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(STANDARD_ERROR, bytes, at);
    } catch (error) {
      // the reader of the output has gone
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS);
    }
  }
}

/** Output goes to the last of these. They end in any order, because files are loaded concurrently. */
const takers: Take[] = [];

/** Redirects this thread's streams; returns a function that restores them. */
function takeOver(own: Take): () => void {
  // a separate entry, even if the same function is used twice
  const taker: Take = (bytes) => own(bytes);
  if (takers.push(taker) === 1) replaceStreams();
  return () => {
    takers.splice(takers.indexOf(taker), 1);
    if (takers.length === 0) restoreStreams();
  };
}

let restoreStreams = (): void => {};

function replaceStreams(): void {
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    takers.at(-1)?.(
      typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8") : chunk,
    );
    const done = typeof encoding === "function" ? encoding : callback;
    if (typeof done === "function") process.nextTick(done);
    return true;
  };
  for (const { stream } of streams) stream.write = write as typeof stream.write;
  restoreStreams = () => {
    for (const { stream, write: own } of streams) stream.write = own;
  };
}

/** From now on everything that this thread prints goes to standard error: for workers, whose results are messages. */
export function printToStderr(): void {
  takeOver(writeToStderr);
}

/** Runs an action that may run users' code, whose output goes to standard error. */
export function printingToStderr<T>(action: () => T): T {
  const giveBack = takeOver(writeToStderr);
  try {
    return action();
  } finally {
    giveBack();
  }
}

/** The same for an asynchronous action. */
export async function printingToStderrMeanwhile<T>(action: () => Promise<T>): Promise<T> {
  const giveBack = takeOver(writeToStderr);
  try {
    return await action();
  } finally {
    giveBack();
  }
}

/** Tries a user's code before it is used: its output is shown only if it throws. */
export function quietly<T>(action: () => T): T {
  const printed: Uint8Array[] = [];
  const giveBack = takeOver((bytes) => void printed.push(Buffer.from(bytes)));
  try {
    return action();
  } catch (error) {
    for (const bytes of printed) writeToStderr(bytes);
    throw error;
  } finally {
    giveBack();
  }
}
