// LOCALS: {: … :}, LOCALS| … |, (LOCAL), and Gforth's { … }.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

export function defineLocals(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
  const popText = (): string => {
    const length = m.pop();
    return m.text(m.pop(), length);
  };
  const declare = (names: readonly string[]): void => {
    if (!forth.compiling) throw new ForthException(-14);
    forth.compiler.declareLocals(names);
  };
  word("(local)", "a u --", () => {
    const name = popText();
    if (name !== "") declare([name]);
  });
  const braces = (close: string): void => {
    const inputs: string[] = [];
    const fresh: string[] = [];
    let into: string[] | undefined = inputs;
    for (;;) {
      const name = forth.parseName();
      if (name === "") {
        if (!forth.input.refill()) throw new ForthException(-39, `${close} is missing after local names`);
      } else if (name === close) break;
      else if (name === "--") into = undefined;
      else if (name === "|") into = fresh;
      else if (name === "\\") forth.input.position = forth.input.current.length;
      else if (name !== "W:") into?.push(name);
    }
    for (const name of fresh) {
      forth.compiler.literal(0);
      declare([name]);
    }
    declare(inputs.reverse());
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
        declare([name]);
      }
    },
    { immediate: true },
  );
}
