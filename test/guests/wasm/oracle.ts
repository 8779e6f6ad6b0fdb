// The instructions that wabt's interpreter executes, beside ours: an oracle that shares nothing with V8 or with us. It runs code
// of its own, so two things are rewritten: structure is gone there (`if` is a br_unless, `else` a br, the end of a function a
// return, `br_if` a br_unless around a br, `br_table` leads to a br, `return_call` is one), and what only moves its stack is left out.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileNamed, type Traced } from "./modules.ts";

const MOVES_STACK = ["alloca", "drop_keep", "catch_drop", "adjust_frame_for_return_call"];
const STRUCTURE = ["block", "loop", "nop"];

interface Executed {
  readonly name: string;
  /** What a br_unless found. */
  readonly condition: string;
}

function executedBy(bytes: Uint8Array): Executed[] {
  const path = fileNamed("oracle.wasm");
  writeFileSync(path, bytes);
  const { stdout } = spawnSync("wasm-interp", [path, "--enable-all", "--run-all-exports", "--trace"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return [...stdout.matchAll(/^#\d+\.\s+\d+: V:\d+\s+\| (\S+)(.*)$/gm)]
    .map(([, name, rest]) => ({ name, condition: /, (\S+)$/.exec(rest)?.[1] ?? "" }))
    .filter(({ name }) => !MOVES_STACK.includes(name));
}

const RENAMED: Readonly<Record<string, string>> = {
  if: "br_unless",
  br_if: "br_unless",
  else: "br",
  return_call: "br",
  select_t: "select",
};

/** The first difference between our trace of a module's one exported function and what wabt's interpreter executes; undefined where there is none. */
export function difference({ names, addresses, program }: Traced, bytes: Uint8Array): string | undefined {
  const theirs = executedBy(bytes);
  let at = 0;
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const isEnd = name === "end";
    if (STRUCTURE.includes(name) || (isEnd && program.flowAt(addresses[i]) !== "return")) continue;
    const expected = isEnd ? "return" : (RENAMED[name] ?? name);
    const found = theirs[at++];
    if (found?.name !== expected) return `instruction ${i} (${name}): wabt executed ${found?.name}, step ${at - 1}`;
    if (name === "br_table" || (name === "br_if" && found.condition !== "0")) {
      const branch = theirs[at++];
      if (branch?.name !== "br" && branch?.name !== "return") return `instruction ${i}: no br where ${name} leads`;
      // a branch to the function's label is its return there
      if (branch.name === "return" && names[i + 1] === "end") i++;
    }
    if (name === "br" && theirs[at - 1].name === "return") i++;
  }
  return at === theirs.length ? undefined : `wabt executed ${theirs.length}, we ${at}`;
}
