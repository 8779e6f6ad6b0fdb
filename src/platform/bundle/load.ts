// Loads the scripts of dist/bundle/, which `npm run build` makes of all modules (scripts/bundle.ts). V8 keeps the code of functions
// that a command compiled in a file beside each script, one for each command and version of Node.js, written at the end of the
// first such process; where it cannot be written, functions are compiled anew.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { readScript } from "./script.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const FOLDER = join(ROOT, "dist/bundle/");

/** What the lab asks the machine, by the names of modules `#platform/NAME`: a part with one script. */
const MACHINE = "platform.cjs";
const PLATFORM = "#platform/";
/** The scripts of the lab, and the names by which they require each other. */
const LAB = "lab/";
const BESIDE = "./";

/** Characters of a script that is compiled anew each time. */
const SHORT = 4096;

/** What the lab in the bundle exports. */
export interface Bundle {
  runExecutable(file: string): Promise<void>;
  startWorker(): Promise<unknown>;
  /** Replaces WebAssembly in this process (src/guests/wasm/loaded/). */
  traceProcess(): Promise<unknown>;
}

export interface LoadedBundle extends Bundle {
  /** What the package's entries export. */
  library(): { readonly bplab: object; readonly models: object };
  /** Keeps the code of functions that have run, unless code was kept before. */
  keepCode(): void;
}

/** The value of a script: a function that fills `exports`. @param root the package's folder */
type Body = (exports: object, require: (name: string) => unknown, importPackage: (name: string) => Promise<unknown>, root: string) => void;

/** The file of a script's code kept for processes that do this, and what is in it. */
function keptCode(use: string, script: string, version: string): { readonly path: string; readonly code: Buffer | undefined } {
  const path = join(FOLDER, `${use}-${script.replace(LAB, "")}-${process.version}-${process.arch}-${version}.code`);
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
  const requireModule = createRequire(join(FOLDER, MACHINE));
  // not imported above: node:v8 takes 6 ms, and only the first process of a command needs it
  const setFlag = (flag: string): void => (requireModule("node:v8") as typeof import("node:v8")).setFlagsFromString(flag);
  // Deno and Bun keep no code
  const keeps = use !== undefined && !("bun" in process.versions) && !("deno" in process.versions);
  const loaded = new Map<string, object>();
  /** Scripts whose code is to be kept, and the files where it belongs. */
  const unkept: { readonly script: Script; readonly path: string }[] = [];

  /** What a script exports; undefined if there is no such file. @param name "lab/start.cjs" */
  function load(name: string): object | undefined {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const path = join(FOLDER, name);
    const read = readScript(ROOT, `dist/bundle/${name}`);
    if (read === undefined) return undefined;
    const kept = keeps && read.text.length > SHORT ? keptCode(use, name, read.version) : undefined;
    const isFirst = kept !== undefined && kept.code === undefined;
    // V8 would drop the code of functions that are no longer used before it is kept
    if (isFirst) setFlag("--no-flush-bytecode");
    const script = new Script(read.text, { filename: path, cachedData: kept?.code });
    if (isFirst) unkept.push({ script, path: kept.path });
    const exports = {};
    loaded.set(name, exports);
    (script.runInThisContext() as Body)(exports, asked, (id) => import(id), ROOT);
    return exports;
  }
  /** What scripts call. */
  function asked(name: string): unknown {
    if (name.startsWith(BESIDE)) return load(name.replace(BESIDE, LAB));
    return name.startsWith(PLATFORM) ? machine?.platform[name.slice(PLATFORM.length)] : requireModule(name);
  }
  Object.assign(asked, { resolve: requireModule.resolve });

  const machine = load(MACHINE) as { readonly platform: Readonly<Record<string, unknown>> } | undefined;
  if (machine === undefined) return undefined;
  return {
    ...(load(`${LAB}lab.cjs`) as Bundle),
    library: () => load(`${LAB}library.cjs`) as ReturnType<LoadedBundle["library"]>,
    keepCode() {
      // what is kept is for a Node.js without flags of its own
      if (unkept.length === 0 || process.execArgv.length > 0 || process.env.NODE_OPTIONS) return;
      // V8 takes kept code only under the flags under which it was kept
      setFlag("--flush-bytecode");
      for (const { script, path } of unkept.splice(0)) {
        const part = `${path}.${process.pid}.part`;
        try {
          writeFileSync(part, script.createCachedData());
          renameSync(part, path);
        } catch {
          // the package's folder is not ours to write
        }
      }
    },
  };
}

/** Runs a command line by the bundle; returns whether there is one. @param file the executable, which may start itself again */
export async function runBundle(file: string): Promise<boolean> {
  const [command = ""] = process.argv.slice(2);
  const bundle = loadBundle(/^[a-z]+$/.test(command) ? command : "bplab");
  if (bundle === undefined) return false;
  process.on("exit", (code) => {
    if (code === 0) bundle.keepCode();
  });
  await bundle.runExecutable(file);
  return true;
}
