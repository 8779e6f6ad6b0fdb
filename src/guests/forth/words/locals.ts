// LOCALS: {: … :}, LOCALS| … |, (LOCAL), and Gforth's { … }.
import type { LocalKind } from "../definition.ts";
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

/** Gforth's marks before a local's name. */
const KINDS = new Map<string, LocalKind>([
  ["W:", { cells: 1, address: false }],
  ["C:", { cells: 1, address: false }],
  ["D:", { cells: 2, address: false }],
  ["W^", { cells: 1, address: true }],
  ["C^", { cells: 1, address: true }],
  ["D^", { cells: 2, address: true }],
  ["F:", { cells: 2, address: false, float: true }],
  ["F^", { cells: 2, address: true, float: true }],
]);

export function defineLocals(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
  const declare = (name: string, kind?: LocalKind): void => {
    if (!forth.compiling) throw new ForthException(-14);
    forth.compiler.locals.declare(name, kind);
  };
  word("(local)", "a u --", () => {
    const name = m.popText();
    if (name !== "") declare(name);
  });
  const braces = (close: string): void => {
    if (!forth.compiling) throw new ForthException(-14);
    const inputs: [name: string, kind?: LocalKind][] = [];
    const fresh: [name: string, kind?: LocalKind][] = [];
    let into: "inputs" | "fresh" | "comment" = "inputs";
    for (let kind: LocalKind | undefined; ; ) {
      const name = forth.parseName();
      if (name === "") {
        if (!forth.input.refill()) throw new ForthException(-39, `${close} is missing after local names`);
      } else if (name === close) break;
      else if (name === "--") into = "comment";
      else if (into === "comment") continue;
      else if (name === "|") into = "fresh";
      else if (name === "\\") forth.input.position = forth.input.current.length;
      else if (name === "(") forth.parseText(")");
      else if (KINDS.has(name.toUpperCase())) {
        kind = KINDS.get(name.toUpperCase());
        if (kind?.float) forth.optional.provide(name);
      } else {
        if (into === "inputs") inputs.push([name, kind]);
        else fresh.push([name, kind]);
        kind = undefined;
      }
    }
    for (const [name, kind] of fresh) {
      for (let i = 0; i < (kind?.float ? 1 : (kind?.cells ?? 1)); i++) forth.compiler.literal(0);
      if (kind?.float) forth.compiler.emit("s>f");
      declare(name, kind);
    }
    for (const [name, kind] of inputs.reverse()) declare(name, kind);
  };
  word("{:", "--", () => braces(":}"), { immediate: true });
  word("{", "--", () => braces("}"), { immediate: true });
  word(
    "locals|",
    "--",
    () => {
      for (;;) {
        const name = forth.nextName();
        if (name === "|") return;
        declare(name);
      }
    },
    { immediate: true },
  );
}
