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
  word("literal", "x --", () => compiler.literal(m.popCell()), I);
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
  forth.compileOnly("if", () => compiler.control.forward("?branch"));
  forth.compileOnly("ahead", () => compiler.control.forward("branch"));
  forth.compileOnly("then", () => compiler.control.resolve());
  forth.compileOnly("endif", () => compiler.control.resolve());
  forth.compileOnly("else", () => compiler.control.else());
  forth.compileOnly("begin", () => compiler.control.dest());
  forth.compileOnly("again", () => compiler.control.back("branch"));
  forth.compileOnly("until", () => compiler.control.back("?branch"));
  forth.compileOnly("while", () => compiler.control.while());
  forth.compileOnly("repeat", () => compiler.control.repeat());
  forth.compileOnly("?dup-if", () => {
    compiler.emit("?dup");
    compiler.control.forward("?branch");
  });
  forth.compileOnly("?dup-0=-if", () => {
    compiler.emit("?dup");
    compiler.emit("0=");
    compiler.control.forward("?branch");
  });
  for (const name of ["do", "?do", "+do", "u+do", "-do", "u-do", "for"])
    forth.compileOnly(name, () => compiler.control.loopStart(`(${name})`));
  for (const name of ["loop", "+loop", "-loop", "s+loop", "next"]) forth.compileOnly(name, () => compiler.control.loopEnd(`(${name})`));
  forth.compileOnly("leave", () => compiler.control.leave("branch"));
  forth.compileOnly("?leave", () => compiler.control.leave("?branch"));
  forth.compileOnly("case", () => compiler.control.case());
  forth.compileOnly("of", () => compiler.control.of());
  forth.compileOnly("endof", () => compiler.control.endof());
  forth.compileOnly("endcase", () => compiler.control.endcase());
  forth.compileOnly("?of", () => compiler.control.forward("?branch"));
  word("cs-pick", "u --", () => compiler.control.pick(m.pop()));
  word("cs-roll", "u --", () => compiler.control.roll(m.pop()));
}
