// Loads the bundle of all modules, dist/bundle/bplab.cjs, which `npm run build` makes (scripts/bundle.ts). V8 keeps the code of
// functions that a command compiled in a file beside it, one for each command and version of Node.js, written at the end of the
// first such process; where it cannot be written, functions are compiled anew.
import { closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const FOLDER = join(ROOT, "dist/bundle/");

const PLATFORM = "#platform/";

/** What the lab in the bundle exports. */
export interface Bundle {
  runExecutable(file: string): Promise<void>;
  startWorker(): Promise<unknown>;
  /** Replaces WebAssembly in this process (src/guests/wasm/loaded/). */
  traceProcess(): Promise<unknown>;
  /** The package's entries, by name: "bplab/models". */
  readonly entries: Readonly<Record<string, () => object>>;
}

export interface LoadedBundle extends Bundle {
  /** Keeps the code of functions that have run, unless code was kept before. */
  keepCode(): void;
}

/** A part of the bundle: a function that fills `exports`. @param root the package's folder */
type Part = (exports: object, require: (name: string) => unknown, importPackage: (name: string) => Promise<unknown>, root: string) => void;

/** The bundle's script: the lab, and what it asks of the machine, by the names of modules `#platform/NAME`. */
interface Parts {
  readonly platform: Part;
  readonly lab: Part;
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

/** The file of kept code of a process that does this, and what is in it. */
function keptCode(use: string, version: string): { readonly path: string; readonly code: Buffer | undefined } {
  const path = join(FOLDER, `${use}-${process.version}-${process.arch}-${version}.code`);
  try {
    return { path, code: readFileSync(path) };
  } catch {
    // this is the first process
    return { path, code: undefined };
  }
}

/**
 * Undefined where modules are to run: there is no bundle, as after `tsc` alone.
 * @param use what the process does, "simulate", if its code is to be kept: not in users' own processes
 */
export function loadBundle(use?: string): LoadedBundle | undefined {
  const path = join(FOLDER, "bplab.cjs");
  const read = readScript(path);
  if (read === undefined) return undefined;
  // Deno and Bun keep no code
  const kept = use === undefined || "bun" in process.versions || "deno" in process.versions ? undefined : keptCode(use, read.version);
  // V8 would drop the code of functions that are no longer used before it is kept
  if (kept !== undefined) setFlagsFromString("--no-flush-bytecode");
  const script = new Script(read.text, { filename: path, cachedData: kept?.code });
  const { platform, lab } = script.runInThisContext() as Parts;
  const require = createRequire(path);
  const importPackage = (name: string): Promise<unknown> => import(name);
  const machine = {} as { readonly platform: Readonly<Record<string, unknown>> };
  platform(machine, require, importPackage, ROOT);
  const bundle = {} as Bundle;
  const asked = (name: string): unknown => (name.startsWith(PLATFORM) ? machine.platform[name.slice(PLATFORM.length)] : require(name));
  lab(bundle, Object.assign(asked, { resolve: require.resolve }), importPackage, ROOT);
  return {
    ...bundle,
    keepCode() {
      // V8 takes code only under the same flags: what is kept is for a Node.js without flags of its own
      if (kept === undefined || kept.code !== undefined || process.execArgv.length > 0 || process.env.NODE_OPTIONS) return;
      const part = `${kept.path}.${process.pid}.part`;
      try {
        writeFileSync(part, script.createCachedData());
        renameSync(part, kept.path);
      } catch {
        // the package's folder is not ours to write
      }
    },
  };
}
