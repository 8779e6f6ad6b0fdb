// The lab's programs for WebAssembly: compiled modules beside their sources in C.
import { readdirSync } from "#platform/fs";
import { ownFolder } from "#platform/own-files";

const FOLDER = ownFolder("traces/wasm");
const MODULE = ".wasm";
const PREFIX = "wasm/";

const fileOf = (id: string, ending: string): string => `${FOLDER}${id.slice(PREFIX.length)}${ending}`;

/** The ids of the lab's programs for WebAssembly, sorted: "wasm/json". */
export function wasmProgramIds(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(MODULE))
    .map((file) => `${PREFIX}${file.slice(0, -MODULE.length)}`)
    .sort();
}

/** Path of a program's module. */
export const wasmModule = (id: string): string => fileOf(id, MODULE);

/** Path of its source. */
export const wasmSource = (id: string): string => fileOf(id, ".c");
