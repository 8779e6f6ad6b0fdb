// The installed ocamlrun, which runs the bytecode that the OCaml guest runs.
import { realpathSync } from "node:fs";
import { UsageError } from "../errors.ts";
import { findCommand } from "../files/find-command.ts";
import { type InstalledInterpreter, matchAll } from "./installed.ts";
import { INTERPRETER, ocamlrunBodies, readOcamlrun } from "./ocamlrun-binary.ts";
import { runTool } from "./tools.ts";

/** Environment variables that programs and the runtime read; the guest has none. */
const SETTINGS = ["OCAMLRUNPARAM", "CAMLRUNPARAM"];

/**
 * The ocamlrun on the PATH.
 * @throws UsageError when it or binutils is not installed; RunError when it is no ocamlrun that can be read
 */
export function openOcamlrun(): InstalledInterpreter {
  const found = findCommand("ocamlrun");
  if (found === undefined) throw new UsageError("ocamlrun is not installed: apt-get install ocaml-nox");
  const setting = SETTINGS.find((name) => process.env[name]);
  if (setting !== undefined) throw new UsageError(`${setting} is set, which OCaml programs read and the guest does not have: unset it`);
  const path = realpathSync(found);
  const [version] = runTool(path, ["-version"]).match(/\d+\.\d+\.\d+/) ?? [""];
  const ocamlrun = readOcamlrun(path);
  return {
    name: `ocamlrun ${version}`,
    // words of code are offsets of bodies, and every body has its own dispatch
    technique: "direct-threading",
    function: INTERPRETER,
    binary: ocamlrun.binary,
    command: (program, size) => [path, program.path, ...program.words(size)],
    match: (program, size, maxInstructions, recorded) => matchAll(recorded, () => program.start(size, maxInstructions)),
    bodies: () => ocamlrunBodies(ocamlrun, [`OCaml ${version}'s bytecode interpreter`, `Disassembly of ${path} by bplab validate.`]),
  };
}
