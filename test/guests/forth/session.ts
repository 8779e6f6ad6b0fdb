// Runs Forth text in process: what it prints, leaves on the stack, throws, and which instructions its words executed.
import { createCapturingConsole } from "../../../dist/src/guests/forth/console.js";
import { ForthException, Halt } from "../../../dist/src/guests/forth/exceptions.js";
import { describeException } from "../../../dist/src/guests/forth/guest.js";
import { runSession } from "../../../dist/src/guests/forth/session.js";
import { createForth } from "../../../dist/src/guests/forth/system.js";

export interface Session {
  readonly output: string;
  /** The data stack, top last. */
  readonly stack: readonly number[];
  /** How an uncaught exception reads. */
  readonly error: string | undefined;
  /** What ended the run before the text did. */
  readonly halted: string | undefined;
  /** The names of the executed instructions, in order. */
  readonly trace: readonly string[];
  /** Lengths of the executed blocks. */
  readonly blocks: readonly number[];
}

/** Interprets a text, as the words after a file on the command line. */
export function session(text: string, maxInstructions = Number.POSITIVE_INFINITY, cellBits: 32 | 64 = 32): Session {
  const recorder = createCapturingConsole();
  const forth = createForth(recorder, { cellBits });
  const { machine } = forth;
  machine.blocks.limit = maxInstructions;
  const trace: string[] = [];
  const blocks: number[] = [];
  machine.blocks.sink = (ids, count) => {
    for (const block of ids.subarray(0, count)) {
      blocks.push(machine.blockLength(block));
      for (let i = 0; i < machine.blockLength(block); i++)
        trace.push(machine.opcodes[machine.opcodeAt(machine.blockStart(block) + i)].name);
    }
  };
  let error: string | undefined;
  let halted: string | undefined;
  try {
    runSession(forth, () => forth.interpreter.evaluateText(text, "test"));
  } catch (thrown) {
    if (thrown instanceof ForthException) error = describeException(thrown);
    else if (thrown instanceof Halt) halted = thrown.reason;
    else throw thrown;
  }
  if (halted === undefined) machine.blocks.finish();
  const stack = Array.from({ length: machine.depth }, (_, i) => Number(machine.peek(machine.depth - 1 - i)));
  return { output: recorder.text(), stack, error, halted, trace, blocks };
}

/** What a text without errors leaves on the stack. */
export function leaves(text: string): readonly number[] {
  const { error, stack } = session(text);
  if (error !== undefined) throw new Error(error);
  return stack;
}

/** What a text without errors prints. */
export function prints(text: string): string {
  const { error, output } = session(text);
  if (error !== undefined) throw new Error(error);
  return output;
}

/** One Forth for many texts, each on an empty stack: making a Forth takes longer than most tests. */
export function calculator(): (text: string) => readonly number[] {
  const forth = createForth(createCapturingConsole());
  return (text) => {
    forth.machine.clearStack();
    forth.interpreter.evaluateText(text, "test");
    return Array.from({ length: forth.machine.depth }, (_, i) => Number(forth.machine.peek(forth.machine.depth - 1 - i)));
  };
}
