// EXCEPTION beyond CATCH and THROW, which are instructions: Gforth's TRY and its numbers for new exceptions.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

/** Gforth counts down from here. */
const FIRST_OWN_CODE = -2051;

export function defineExceptions(forth: Forth): void {
  const { machine: m, compiler, exceptionTexts } = forth;
  const word = forth.word.bind(forth);
  const control = {
    try: () => compiler.try(),
    iferror: () => compiler.ifError(),
    recover: () => compiler.recover(),
    "endtry-iferror": () => compiler.endTryIfError(),
    endtry: () => compiler.endTry(),
  };
  for (const [name, compile] of Object.entries(control)) forth.compileOnly(name, compile);
  word("exception", "a u -- n", () => {
    const length = m.pop();
    const text = m.text(m.pop(), length);
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
