// A program that is traced while it runs: starts Java, takes the agent's messages, and hands on blocks.

import { RunError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { MESSAGES } from "./channel.ts";
import { ExecutedBlocks } from "./executed-blocks.ts";
import type { RewrittenCode } from "./hotspot/rewritten-code.ts";
import { rewrittenByHotspot } from "./hotspot/rewritten-program.ts";
import { opcodes, quickenedOpcodes } from "./opcodes.ts";
import { Picture } from "./picture.ts";
import { startJava } from "./process.ts";
import { virtualProgram } from "./program.ts";
import { type Quickening, quickFormOf } from "./quickening.ts";

export interface TraceOptions {
  /** The program's name in messages. */
  readonly path: string;
  /** Everything after `java`. */
  readonly args: readonly string[];
  readonly quicken: Quickening;
  readonly maxInstructions: number;
  readonly input: Uint8Array | undefined;
  /** Whether the program has this process's input and output. */
  readonly terminal: boolean;
  /** Takes messages for the user. */
  say(what: string): void;
}

export interface Outcome {
  readonly exitCode: number;
  readonly output: Buffer;
  readonly errors: string;
}

export interface TracedProgram extends Pick<VirtualRun, "program"> {
  readonly picture: Picture;
  /** Runs it to its end. @throws RunError past the limit, or where nothing was traced */
  execute(sink: Parameters<VirtualRun["run"]>[0], rewritten?: (address: number) => void): Outcome;
}

/** Messages about what is not traced, at most: a program may define thousands of odd classes. */
const MOST_NOTES = 10;

/**
 * Why a run failed, from what was printed to standard error: an exception's line; what java says of a main class that it cannot load,
 * which the next line explains; or the first one.
 */
export function reasonOf(errors: string): string {
  const lines = errors.split("\n").filter((line) => line.trim() !== "");
  const thrown = lines.find((line) => line.startsWith("Exception in thread"));
  if (thrown !== undefined) return thrown;
  const at = lines.findIndex((line) => /^(Error|Caused by)/.test(line));
  if (at < 0) return lines[0] ?? "";
  const [, cause] = /^(?:Caused by: |\t)([\w.$]+: .*)/.exec(lines[at + 1] ?? "") ?? [];
  // java goes on after a comma with what to write instead, in lines of its own
  return cause === undefined ? lines[at].replace(/, please [^,]*:$/, "") : `${lines[at]}: ${cause}`;
}

export function traceProgram(options: TraceOptions): TracedProgram {
  const { path, args, quicken, maxInstructions, input, terminal, say } = options;
  const picture = new Picture();
  const blocks = new ExecutedBlocks(picture, path, maxInstructions);
  if (quicken === "sablevm")
    picture.onMethod = (file, _method, code, base) => {
      for (const [i, instruction] of code.entries()) {
        const quick = quickFormOf(file, instruction);
        if (quick >= 0) blocks.quicken(base + i, quick);
      }
    };
  const asInFiles = virtualProgram(picture, blocks, quicken === "sablevm" ? quickenedOpcodes : opcodes);
  let rewritten: RewrittenCode | undefined;
  if (quicken === "hotspot" || quicken === "zero") {
    const { code, learn } = rewrittenByHotspot(picture, asInFiles, quicken);
    rewritten = code;
    picture.onMethod = learn;
  }

  /** Takes blocks; they begin at a word. */
  function take(body: Buffer): void {
    blocks.take(new Int32Array(body.buffer, body.byteOffset, body.length / 4), body.length / 4);
  }
  return {
    program: rewritten?.program ?? asInFiles,
    picture,
    execute(sink, rewriting = () => {}) {
      blocks.sink = rewritten?.take ?? sink;
      (rewritten ?? blocks).rewriting = rewriting;
      if (rewritten !== undefined) rewritten.sink = sink;
      const java = startJava(args, input, terminal);
      let id: number | undefined;
      let exitCode: number | undefined;
      let ended = false;
      const notes: string[] = [];
      try {
        for (let message = java.channel.next(); message !== undefined; message = java.channel.next()) {
          const { kind, body } = message;
          if (kind === MESSAGES.blocks) take(body);
          else if (kind === MESSAGES.class) picture.add(body);
          else if (kind === MESSAGES.note) notes.push(`not traced: ${body.toString("utf8", 4, 4 + body.readInt32LE(0))}`);
          else if (kind === MESSAGES.process) id = Number(body.toString("latin1"));
          else if (kind === MESSAGES.exit) exitCode = Number(body.toString("latin1"));
          else if (kind === MESSAGES.end) {
            ended = true;
            if (body.readInt32LE(0) !== 0) throw new RunError(`${path}: calls were nested so deeply that blocks were lost`);
            const threads = body.readInt32LE(4);
            if (threads > 0)
              notes.push(
                `it started ${threads} more ${threads === 1 ? "thread" : "threads"}, not traced (--thread=NAME traces one of them instead)`,
              );
          }
        }
        if (ended) blocks.finish();
        const outcome = { exitCode: exitCode ?? -1, output: java.output(), errors: java.errors() };
        if (!ended) throw new RunError(`${path}: ${reasonOf(outcome.errors) || "no instruction of it was executed"}`);
        for (const note of notes.slice(0, MOST_NOTES)) say(note);
        if (notes.length > MOST_NOTES) say(`… and ${notes.length - MOST_NOTES} more`);
        return outcome;
      } finally {
        java.close(exitCode === undefined ? id : undefined);
      }
    },
  };
}
