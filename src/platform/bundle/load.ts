// Loads the bundle of all modules, dist/bundle/bplab.cjs, which `npm run build` makes (scripts/bundle.ts). V8 keeps the code of
// functions that a command compiled in a file beside it, one for each command and version of Node.js, written at the end of the
// first such process; where it cannot be written, functions are compiled anew.
import { closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const FOLDER = fileURLToPath(new URL("../../../bundle/", import.meta.url));

/** What the bundle exports. */
export interface Bundle {
  runExecutable(file: string): Promise<void>;
  startWorker(): Promise<unknown>;
}

export interface LoadedBundle extends Bundle {
  /** Keeps the code of functions that have run, unless code was kept before. */
  keepCode(): void;
}

/** A script's text, which is ASCII, and what changes when it does; undefined if there is no such file. */
function readScript(path: string): { readonly text: string; readonly version: string } | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  const { size, mtimeMs } = fstatSync(file);
  const text = readFileSync(file, "latin1");
  closeSync(file);
  return { text, version: `${size}-${mtimeMs}` };
}

/**
 * Undefined where modules are to run: there is no bundle, as after `tsc` alone, or it is not Node.js that runs.
 * @param use what the process does, "simulate"
 */
export function loadBundle(use: string): LoadedBundle | undefined {
  if ("bun" in process.versions || "deno" in process.versions) return undefined;
  const path = join(FOLDER, "bplab.cjs");
  const read = readScript(path);
  if (read === undefined) return undefined;
  // V8 would drop the code of functions that are no longer used before it is kept
  setFlagsFromString("--no-flush-bytecode");
  const kept = join(FOLDER, `${use}-${process.version}-${process.arch}-${read.version}.code`);
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(kept);
  } catch {
    // this is the first process
  }
  const script = new Script(read.text, { filename: path, cachedData });
  const exports = {} as Bundle;
  script.runInThisContext()(exports, createRequire(path), (name: string) => import(name), FOLDER);
  return {
    ...exports,
    keepCode() {
      // V8 takes code only under the same flags: what is kept is for a Node.js without flags of its own
      if (cachedData !== undefined || process.execArgv.length > 0 || process.env.NODE_OPTIONS) return;
      const part = `${kept}.${process.pid}.part`;
      try {
        writeFileSync(part, script.createCachedData());
        renameSync(part, kept);
      } catch {
        // the package's folder is not ours to write
      }
    },
  };
}
