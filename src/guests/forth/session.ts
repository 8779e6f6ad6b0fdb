// A session of a Forth: a program, what QUIT does after it, and how both end.
import { asForthException, ForthException, Halt } from "./exceptions.ts";
import type { Forth } from "./forth.ts";
import { DICTIONARY_START } from "./memory-map.ts";

/** The exception code of QUIT. */
const QUIT = -56;

/** QUIT: empties the return stack and reads the terminal until it ends. */
function quit(forth: Forth): void {
  while (forth.input.stack.length > 1) forth.input.leave();
  forth.machine.clearReturnStack();
  forth.output = 1;
  forth.dp = DICTIONARY_START;
  forth.compiling = false;
  forth.compiler.abandon();
  while (forth.input.refill()) forth.interpreter.interpret();
}

/** An exception that nothing catches, with all that is known of it. */
function explained(forth: Forth, exception: ForthException): ForthException {
  forth.interpreter.locate(exception);
  const text = forth.exceptionTexts.get(exception.code);
  if (exception.detail !== undefined || text === undefined) return exception;
  return Object.assign(new ForthException(exception.code, text), { place: exception.place, word: exception.word });
}

/**
 * Runs `program` with a Forth until it ends or says BYE. QUIT continues on the terminal.
 * @returns the exit code that BYE gave
 * @throws ForthException what the program did not catch, with its place
 */
export function runSession(forth: Forth, program: () => void): number {
  try {
    for (let step = program; ; step = () => quit(forth)) {
      try {
        step();
        return 0;
      } catch (thrown) {
        const exception = asForthException(thrown);
        if (exception.code !== QUIT) throw explained(forth, exception);
      }
    }
  } catch (thrown) {
    if (thrown instanceof Halt && thrown.reason === "bye") return thrown.exitCode;
    throw thrown;
  } finally {
    forth.files.closeAll();
  }
}
