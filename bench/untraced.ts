// A Forth guest that writes no trace: a copy of the built one in which the lines are cut out of the interpreter that write
// block ids, hand them on, and cut the last one short. The guest itself has no such switch, because it counts instructions with them.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const LINES = [
  /^ *if \(n >= \w+\) \{ n = machine\.flush\(n\);.*\n/m,
  /^ *trace\[n\+\+\] = blockAt\[ip\];\n/m,
  /^ *machine\.cut\(n, ip\);\n/m,
];

export async function importUntraced(): Promise<typeof import("../src/guests/forth/system.ts")> {
  const copy = new URL("../untraced/", import.meta.url); // as deep as dist/src/, from where data is looked for
  cpSync(new URL("../src/", import.meta.url), fileURLToPath(copy), { recursive: true });
  const interpreter = new URL("guests/forth/interpreter.js", copy);
  let text = readFileSync(interpreter, "utf8");
  for (const line of LINES) {
    const without = text.replace(line, "");
    if (without === text) throw new Error(`bench/untraced.ts: no line in interpreter.ts matches ${line}`);
    text = without;
  }
  writeFileSync(interpreter, text);
  return import(new URL("guests/forth/system.js", copy).href);
}
