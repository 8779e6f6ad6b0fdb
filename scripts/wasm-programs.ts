// Compiles the lab's programs for WebAssembly: each traces/wasm/NAME.c becomes NAME.wasm beside it. `npm run wasm-programs` needs
// clang and wasm-ld of version 19 (Debian: clang-19, lld-19); a source may ask for more by a line `// flags: …`.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UsageError } from "../src/errors.ts";
import { findCommand } from "../src/files/find-command.ts";
import { runTool } from "../src/validation/tools.ts";

const FOLDER = fileURLToPath(new URL("../../traces/wasm/", import.meta.url));
const COMPILER = "clang-19";
/** Without a library, so that the modules hold no code of others; functions keep their names, for profiles. */
const FLAGS = ["--target=wasm32-wasi", "-std=c17", "-O2", "-Wall", "-Wextra", "-Wno-unused-function", "-ffreestanding", "-nostdlib"];

/** The names of the programs that have a source, sorted. */
export const sources = (): string[] =>
  readdirSync(FOLDER)
    .flatMap((file) => (file.endsWith(".c") ? [file.slice(0, -2)] : []))
    .sort();

/** Compiles one of them to a file, whose name the module holds. @throws RunError when the compiler fails */
export function compileWasm(name: string, output: string): void {
  const source = `${FOLDER}${name}.c`;
  const asked = /^\/\/ flags: (.*)$/m.exec(readFileSync(source, "utf8"))?.[1].split(" ") ?? [];
  runTool(COMPILER, [...FLAGS, ...asked, "-Wl,--strip-debug", "-o", output, source]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (findCommand(COMPILER) === undefined) throw new UsageError(`${COMPILER} is not installed: apt-get install clang-19 lld-19`);
  for (const name of sources()) compileWasm(name, `${FOLDER}${name}.wasm`);
}
