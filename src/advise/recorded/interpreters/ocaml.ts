// OCaml's bytecode interpreter: caml_interprete dispatches through jumptable, the labels of its opcodes in the order of caml/instruct.h.
import { EFFECT_INSTRUCTIONS, instructions } from "../../../guests/ocaml/instructions.ts";
import type { KnownInterpreter } from "../known-interpreter.ts";

const NAMES = instructions.map(({ name }) => name);
const TRANSFERS = new Set(instructions.filter(({ flow }) => flow !== "next").map(({ name }) => name));

export const OCAML_BYTECODE: KnownInterpreter = {
  name: "ocamlrun",
  recognises: ({ interpreter }) => interpreter === "caml_interprete",
  technique: "direct-threading",
  entries: [NAMES.length, NAMES.length - EFFECT_INSTRUCTIONS],
  names: ({ entries }) => NAMES.slice(0, entries),
  transfers: { test: (name) => TRANSFERS.has(name) },
};
