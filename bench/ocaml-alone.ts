// Runs one OCaml program once in a separate process, as users do: its virtual instructions and seconds, without loading.

import { createCapturingConsole } from "../src/guests/console.ts";
import { readBytecode } from "../src/guests/ocaml/loading/bytecode.ts";
import { Machine } from "../src/guests/ocaml/machine.ts";
import { findProgram } from "../src/guests/programs.ts";

const [, , id, how] = process.argv;
const { path, words } = await findProgram(id);
const traced = how === "traced";
const machine = new Machine(readBytecode(path), {
  path,
  words: [path, ...words("full")],
  host: { console: createCapturingConsole(), environment: {} },
  traced,
  maxInstructions: Number.POSITIVE_INFINITY,
});
let blocks = 0;
machine.blocks.sink = (_ids, count) => {
  blocks += count;
};
const start = process.hrtime.bigint();
const exitCode = machine.main();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
if (exitCode !== 0 || blocks > 0 !== traced) throw new Error(`bench/ocaml-alone.ts: ${id} ended with ${exitCode} after ${blocks} blocks`);
process.stdout.write(JSON.stringify({ seconds, instructions: machine.blocks.executed }));
