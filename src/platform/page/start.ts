// The beginning of a worker of the page: the lab's files, and the lab of the bundle on the page's answers instead of Node's.
import { inflateSync } from "fflate";
import { readFileSync } from "./fs.ts";
import { installOwnFiles, PACKAGE } from "./own-files.ts";
import * as paths from "./path.ts";
import { compileModule } from "./user-code.ts";

type Ask = (name: string) => unknown;

/** What the lab exports that a page uses. */
interface Lab {
  /** The module src/explorer/worker.ts. */
  explorerWorker(): Promise<object>;
}

/** Of the value of dist/bundle/bplab.cjs, what a page uses (scripts/parts.ts). */
interface Bundle {
  lab(exports: Lab, require: Ask, importPackage: (name: string) => Promise<never>, root: string): void;
}

/** Modules of Node.js that parts of the bundle ask for as they begin; of others, commands for which there is no place in a page make use. */
const OF_NODE: Readonly<Record<string, unknown>> = {
  "node:path": paths,
  "node:url": { pathToFileURL: (path: string) => new URL(`file://${path}`) },
};

function unpack(packed: string): void {
  const bytes = inflateSync(Buffer.from(packed, "base64"));
  let at = bytes.indexOf("\n".charCodeAt(0)) + 1;
  const files = (JSON.parse(new TextDecoder().decode(bytes.subarray(0, at))) as [string, number][]).map(([path, length]) => {
    at += length;
    return [path, bytes.subarray(at - length, at)] as const;
  });
  installOwnFiles(Object.fromEntries(files));
}

/**
 * @param packed the lab's own files: their names and lengths as a line of JSON, then their bytes; deflated, base64
 * @param platform modules `#platform/NAME`, by NAME
 */
export function startLab(packed: string, platform: Readonly<Record<string, unknown>>): Promise<object> {
  unpack(packed);
  // the bundle's script is one expression
  const value = {} as { readonly bundle: Bundle };
  compileModule(`exports.bundle = ${readFileSync(`${PACKAGE}/dist/bundle/bplab.cjs`, "utf8")}`)((name) => name, value);
  const lab = {} as Lab;
  const PLATFORM = "#platform/";
  const require: Ask = (name) => (name.startsWith(PLATFORM) ? platform[name.slice(PLATFORM.length)] : (OF_NODE[name] ?? {}));
  const importPackage = (name: string): Promise<never> => Promise.reject(new Error(`a page has no package ${name}`));
  value.bundle.lab(lab, require, importPackage, PACKAGE);
  return lab.explorerWorker();
}
