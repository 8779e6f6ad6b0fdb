// TOOLS: conditional interpretation, looking at stacks and memory, moving cells between the stacks.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";
import type { Cell } from "../machine/cells.ts";
import { cellsOfNumber, readLiteral } from "../numbers.ts";

const I = { immediate: true } as const;

export function defineTools(forth: Forth): void {
  const { machine: m, compiler, dictionary } = forth;
  const word = forth.word.bind(forth);

  /** Skips words up to the [ELSE] or [THEN] of this level. */
  const skip = (stopAtElse: boolean): void => {
    for (let level = 1; ; ) {
      const name = forth.parseName().toLowerCase();
      if (name === "") {
        if (!forth.input.refill()) throw new ForthException(-39, "[THEN] is missing");
      } else if (name === "[if]" || name === "[ifdef]" || name === "[ifundef]") level++;
      else if (name === "[then]" || name === "[endif]") {
        if (--level === 0) return;
      } else if (name === "[else]" && level === 1 && stopAtElse) return;
    }
  };
  word(
    "[if]",
    "f --",
    () => {
      if (m.pop() === 0) skip(true);
    },
    I,
  );
  word("[else]", "--", () => skip(false), I);
  // for debugging: where, and what is on the stack
  word("(~~)", "a u --", () => {
    const length = m.pop();
    const place = m.memory.text(m.pop(), length);
    forth.writeTo(2, Buffer.from(`${place}:${stackText()}\n`, "latin1"));
  });
  word(
    "~~",
    "--",
    () => {
      const { name, line } = forth.input.current;
      const place = `${name}:${line}`;
      if (forth.compiling) {
        compiler.literal(forth.place(place));
        compiler.literal(place.length);
        compiler.emit("(~~)");
      } else forth.writeTo(2, Buffer.from(`${place}:${stackText()}\n`, "latin1"));
    },
    I,
  );
  word("[then]", "--", () => {}, I);
  word("[endif]", "--", () => {}, I);
  const defined = (): boolean => dictionary.find(forth.nextName()) !== undefined;
  word("[defined]", "-- f", () => m.push(defined() ? -1 : 0), I);
  word("[undefined]", "-- f", () => m.push(defined() ? 0 : -1), I);
  word(
    "[ifdef]",
    "--",
    () => {
      if (!defined()) skip(true);
    },
    I,
  );
  word(
    "[ifundef]",
    "--",
    () => {
      if (defined()) skip(true);
    },
    I,
  );

  const show = (x: Cell): string => x.toString(Math.max(2, Math.min(36, m.memory.fetch(forth.at.base)))).toUpperCase();
  const stackText = (): string => {
    const cells = Array.from({ length: m.depth }, (_, i) => show(m.peek(m.depth - 1 - i)));
    return `<${m.depth}> ${cells.map((cell) => `${cell} `).join("")}`;
  };
  word(".s", "--", () => forth.type(stackText()));
  word("?", "a --", () => forth.type(`${show(m.memory.fetchCell(m.pop()))} `));
  word("dump", "a u --", () => {
    const length = m.pop();
    const start = m.pop();
    if (length > 0) m.memory.check(start, length);
    for (let at = start; at < start + length; at += 16) {
      const row = m.bytes.subarray(at, Math.min(at + 16, start + length));
      const hex = [...row].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
      const text = [...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
      forth.type(`\n${(at >>> 0).toString(16).toUpperCase()}: ${hex.padEnd(47)}  ${text}`);
    }
    forth.type("\n");
  });
  word("see", "--", () => {
    const { name, xt } = forth.tick();
    const kind = m.shapes[m.op[xt]].name;
    if (kind !== "(docol)") {
      forth.type(`\n${name} is ${kind.startsWith("(do") ? `a ${kind.slice(3, -1)} word` : "a primitive"} `);
      return;
    }
    forth.type(`\n: ${name}`);
    for (let at = m.arg[xt]; at < m.here; at++) {
      const { name: instruction } = m.shapes[m.op[at]];
      const operand = m.opcodes[m.opcodeAt(at)]?.operands ? ` ${m.literals[at]}` : "";
      forth.type(`\n  ${at} ${instruction}${operand}`);
      if (instruction === ";s" || m.tokens[at + 1] === 1) break;
    }
    forth.type("\n");
  });
  word(
    "n>r",
    "n --",
    () => {
      const count = m.pop();
      if (count < 0 || count > m.depth) throw new ForthException(-4, `stack underflow in "n>r", needs ${count + 1}, has ${m.depth + 1}`);
      m.checkReturnStack(count + 1);
      for (let i = 0; i < count; i++) m.rs[m.rp++] = m.popCell();
      m.rs[m.rp++] = m.cell.from(count);
    },
    { ends: true },
  );
  word(
    "nr>",
    "-- n",
    () => {
      const count = Number(m.rs[m.rp - 1]);
      if (count < 0 || count >= m.rp) throw new ForthException(-6, `"nr>" finds ${count} on the return stack, no count of cells`);
      m.rp--;
      for (let i = 0; i < count; i++) m.push(m.rs[--m.rp]);
      m.push(count);
    },
    { ends: true },
  );
  word(
    "]]",
    "--",
    () => {
      if (!forth.compiling) throw new ForthException(-14);
      for (;;) {
        const name = forth.parseName();
        if (name === "") {
          if (!forth.input.refill()) throw new ForthException(-39, "[[ is missing");
          continue;
        }
        if (name === "[[") return;
        const found = dictionary.find(name);
        if (found !== undefined) compiler.postpone(found);
        else {
          const number = readLiteral(name, m.memory.fetch(forth.at.base), m.cell.bits);
          if (number === undefined) throw new ForthException(-13, `undefined word ${name} between ]] and [[`);
          for (const x of cellsOfNumber(number, m.cell)) {
            compiler.literal(x);
            compiler.emit("literal");
          }
        }
      }
    },
    I,
  );
  word(
    "execute-parsing",
    "a u xt --",
    () => {
      const xt = m.pop();
      const length = m.pop();
      const text = m.memory.text(m.pop(), length);
      forth.interpreter.evaluateParsing(text, xt);
    },
    { ends: true },
  );
}
