// EXCEPTION beyond CATCH and THROW, which are instructions: Gforth's TRY and its numbers for new exceptions.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

/** Gforth counts down from here. */
const FIRST_OWN_CODE = -2051;

export function defineExceptions(forth: Forth): void {
  const { machine: m, compiler, exceptionTexts } = forth;
  const word = forth.word.bind(forth);
  const control = {
    try: () => compiler.control.try(),
    iferror: () => compiler.control.ifError(),
    recover: () => compiler.control.recover(),
    "endtry-iferror": () => compiler.control.endTryIfError(),
    endtry: () => compiler.control.endTry(),
  };
  for (const [name, compile] of Object.entries(control)) forth.compileOnly(name, compile);
  word("exception", "a u -- n", () => {
    const length = m.pop();
    const text = m.memory.text(m.pop(), length);
    const code = FIRST_OWN_CODE - exceptionTexts.size;
    exceptionTexts.set(code, text);
    m.push(code);
  });
  word(".error", "n --", () => {
    const code = m.pop();
    const { what } = m.caught?.code === code ? m.caught : new ForthException(code, exceptionTexts.get(code));
    forth.type(what);
  });
}
