// CORE: compiling, and control structures.
import type { Forth } from "../forth.ts";

const I = { immediate: true } as const;

export function defineCompiling(forth: Forth): void {
  const { machine: m, compiler } = forth;
  const word = forth.word.bind(forth);
  word(
    "[",
    "--",
    () => {
      forth.compiling = false;
    },
    I,
  );
  word("]", "--", () => {
    forth.compiling = true;
  });
  word("literal", "x --", () => compiler.literal(m.pop()), I);
  word("compile,", "xt --", () => compiler.compile(m.pop()));
  forth.compileOnly("[']", () => compiler.literal(forth.tick().xt));
  word("'", "-- xt", () => m.push(forth.tick().xt));
  forth.compileOnly("postpone", () => {
    compiler.postpone(forth.tick());
  });
  forth.compileOnly("[compile]", () => compiler.compile(forth.tick().xt));
  forth.compileOnly("recurse", () => compiler.recurse());
  forth.compileOnly("exit", () => compiler.exit());

  // control structures
  forth.compileOnly("if", () => compiler.forward("?branch"));
  forth.compileOnly("ahead", () => compiler.forward("branch"));
  forth.compileOnly("then", () => compiler.resolve());
  forth.compileOnly("endif", () => compiler.resolve());
  forth.compileOnly("else", () => compiler.else());
  forth.compileOnly("begin", () => compiler.dest());
  forth.compileOnly("again", () => compiler.back("branch"));
  forth.compileOnly("until", () => compiler.back("?branch"));
  forth.compileOnly("while", () => compiler.while());
  forth.compileOnly("repeat", () => compiler.repeat());
  forth.compileOnly("?dup-if", () => {
    compiler.emit("?dup");
    compiler.forward("?branch");
  });
  forth.compileOnly("?dup-0=-if", () => {
    compiler.emit("?dup");
    compiler.emit("0=");
    compiler.forward("?branch");
  });
  for (const name of ["do", "?do", "+do", "u+do", "-do", "u-do", "for"]) forth.compileOnly(name, () => compiler.loopStart(`(${name})`));
  for (const name of ["loop", "+loop", "-loop", "s+loop", "next"]) forth.compileOnly(name, () => compiler.loopEnd(`(${name})`));
  forth.compileOnly("leave", () => compiler.leave("branch"));
  forth.compileOnly("?leave", () => compiler.leave("?branch"));
  forth.compileOnly("case", () => compiler.case());
  forth.compileOnly("of", () => compiler.of());
  forth.compileOnly("endof", () => compiler.endof());
  forth.compileOnly("endcase", () => compiler.endcase());
  forth.compileOnly("?of", () => compiler.forward("?branch"));
  word("cs-pick", "u --", () => compiler.pick(m.pop()));
  word("cs-roll", "u --", () => compiler.roll(m.pop()));
}
