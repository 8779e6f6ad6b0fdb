// STRING, what is not an instruction or in the prelude: escapes in strings, substitution of names in texts.
import type { Forth } from "../forth.ts";

export function defineStrings(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
  const replacements = new Map<string, string>();
  word("replaces", "a u b v --", () => {
    const name = m.popText();
    replacements.set(name.toLowerCase(), m.popText());
  });
  word("substitute", "a u b v -- b v n", () => {
    const room = m.pop();
    const to = m.pop();
    const text = m.popText();
    let count = 0;
    let result = "";
    for (let at = 0; at < text.length; at++) {
      if (text[at] !== "%") {
        result += text[at];
        continue;
      }
      const end = text.indexOf("%", at + 1);
      const name = end < 0 ? undefined : text.slice(at + 1, end);
      const replacement = name === undefined ? undefined : replacements.get(name.toLowerCase());
      if (name === undefined) result += "%";
      else {
        if (name === "") result += "%";
        else if (replacement === undefined) result += `%${name}%`;
        else {
          result += replacement;
          count++;
        }
        at = end;
      }
    }
    const fits = result.length <= room;
    m.push(to);
    m.push(fits ? m.memory.setText(to, result) : room);
    m.push(fits ? count : -78);
  });
  word("unescape", "a u b -- b v", () => {
    const to = m.pop();
    const text = m.popText().replaceAll("%", "%%");
    m.push(to);
    m.push(m.memory.setText(to, text));
  });
}
