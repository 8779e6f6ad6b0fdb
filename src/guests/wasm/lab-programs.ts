// The lab's programs for WebAssembly: modules that are there compiled, beside their sources in C.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../../traces/wasm/", import.meta.url));
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

/** Where the module of one of them stands. */
export const wasmModule = (id: string): string => fileOf(id, MODULE);

/** Where its source stands. */
export const wasmSource = (id: string): string => fileOf(id, ".c");
