// The imports of a module: WASI, nothing else. Missing imports are named, with advice.
import { UsageError } from "../../errors.ts";
import type { Imports } from "./engine.ts";
import type { Module } from "./module.ts";
import { PREVIEW1, type Wasi } from "./wasi/preview1.ts";

/** Most missing imports named in a message. */
const NAMED = 4;

/** Advice about imports from modules of these names. */
function advice(modules: readonly string[]): string {
  if (modules.includes("wasi_unstable")) return "compile it with a wasi-libc of 2020 or later, for wasi_snapshot_preview1";
  if (modules.some((name) => name.startsWith("wasi:"))) return "compile it for wasm32-wasip1: components are not read";
  if (modules.includes("wasi")) return "compile it for one thread: wasi-threads is not there";
  return "compile it for WASI (--target=wasm32-wasi), or trace the JavaScript program that loads it: bplab trace --wasm -o app.tape -- node app.js";
}

/** @throws UsageError for missing imports */
export function importsFor({ path, imports }: Module, wasi: Wasi): Imports {
  const missing = imports.filter(({ module, name, kind }) => module !== PREVIEW1 || kind !== "function" || !(name in wasi.calls));
  if (missing.length > 0) {
    const names = [...new Set(missing.map(({ module, name }) => `${module}.${name}`))];
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    throw new UsageError(
      `${path}: it imports what is not there: ${names.slice(0, NAMED).join(", ")}${more}: ${advice(missing.map(({ module }) => module))}`,
    );
  }
  return { [PREVIEW1]: wasi.calls };
}
