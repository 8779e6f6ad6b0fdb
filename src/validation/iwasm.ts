// The installed iwasm: WAMR's classic interpreter, which dispatches the instructions that the WebAssembly guest executes in the form
// wamr.
import { realpathSync } from "node:fs";
import { RunError, UsageError } from "../errors.ts";
import { findCommand } from "../files/find-command.ts";
import type { RecordedDispatches } from "./dispatches.ts";
import { type InstalledInterpreter, matchAll } from "./installed.ts";
import { runTool } from "./tools.ts";
import { readWamr, wamrBodies } from "./wamr-binary.ts";

/** Names an iwasm that is not on the PATH. */
const VARIABLE = "BPLAB_IWASM";
const BUILD =
  "build WAMR's product-mini/platforms/linux by cmake -DCMAKE_BUILD_TYPE=Release -DWAMR_BUILD_FAST_INTERP=0 -DWAMR_BUILD_SIMD=0 -DWAMR_BUILD_AOT=0, and do not strip it";
/** Calls nested as deeply as V8 takes them; no heap of WAMR's own in the module's memory. */
const SETTINGS = ["--stack-size=8388608", "--heap-size=0"];

/** Each call from C enters through an opcode of WAMR's own, as the first dispatch does. The guest executes none of them. */
function withoutEntries(dispatches: RecordedDispatches): RecordedDispatches {
  const { branches, sequence } = dispatches;
  const isEntry = branches.map(({ target }) => target === branches[sequence[0]]?.target);
  return { ...dispatches, sequence: sequence.filter((branch) => !isEntry[branch]) };
}

/** A guest program's options, converted to iwasm's. @throws UsageError for an option that iwasm does not have */
function optionsOf(id: string, { dir = [], invoke = [], form = [], ...others }: Readonly<Record<string, readonly string[]>>) {
  const [other] = Object.keys(others);
  if (form.some((name) => name !== "wamr")) throw new UsageError(`${id}: iwasm dispatches --form=wamr, got ${form.join(" and ")}`);
  if (other !== undefined) throw new UsageError(`${id}: --${other} is not there when iwasm is recorded: expected --dir and --invoke alone`);
  const [name, ...words] = (invoke[0] ?? "").split(/\s+/).filter((word) => word !== "");
  const folders = dir.map((given) => {
    const [folder, as] = given.split("::");
    return as === undefined ? `--dir=${folder}` : `--map-dir=${as}::${folder}`;
  });
  return { flags: [...folders, ...(name === undefined ? [] : ["-f", name])], words };
}

/**
 * The iwasm that BPLAB_IWASM names, or the one on the PATH.
 * @throws UsageError when it or binutils is not installed; RunError when it has no classic interpreter that can be read
 */
export function openIwasm(): InstalledInterpreter {
  const named = process.env[VARIABLE] || undefined;
  const found = findCommand(named ?? "iwasm");
  if (found === undefined)
    throw new UsageError(
      named === undefined ? `iwasm is not installed: ${BUILD}, then name it by ${VARIABLE}` : `${VARIABLE}: no program ${named}`,
    );
  const path = realpathSync(found);
  const [version] = runTool(path, ["--version"]).match(/\d+\.\d+\.\d+/) ?? [];
  if (version === undefined) throw new RunError(`${path}: expected iwasm of WAMR, which tells its version`);
  const wamr = readWamr(path);
  return {
    name: `iwasm ${version}`,
    technique: wamr.entries.size === 0 ? "switch" : "token-threading",
    function: wamr.interpreter,
    binary: wamr.binary,
    command(program, size) {
      const { flags, words } = optionsOf(program.id, program.options);
      return [path, ...SETTINGS, ...flags, program.path, ...words, ...program.words(size)];
    },
    match: (program, size, maxInstructions, recorded) =>
      matchAll(withoutEntries(recorded), () =>
        program.guest.start(program.path, {
          full: size === "full",
          words: program.words(size),
          maxInstructions,
          expected: program.expected(size),
          given: { ...program.options, form: ["wamr"] },
        }),
      ),
    bodies: () => wamrBodies(wamr, [`WAMR ${version}'s classic interpreter`, `Disassembly of ${path} by bplab validate.`]),
  };
}
