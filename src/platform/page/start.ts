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

/** The value of one of the lab's scripts (scripts/parts.ts). */
type Body = (exports: object, require: Ask, importPackage: (name: string) => Promise<never>, root: string) => void;

/** Modules of Node.js that parts of the bundle ask for as they begin. Only commands that a page does not have use others. */
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
  const loaded = new Map<string, object>();
  const PLATFORM = "#platform/";
  const BESIDE = "./";
  const require: Ask = (name) => {
    if (name.startsWith(BESIDE)) return load(name.slice(BESIDE.length));
    return name.startsWith(PLATFORM) ? platform[name.slice(PLATFORM.length)] : (OF_NODE[name] ?? {});
  };
  const importPackage = (name: string): Promise<never> => Promise.reject(new Error(`a page has no package ${name}`));
  /** What one of the lab's scripts exports. @param name "start.cjs" */
  function load(name: string): object {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    // a script is one expression
    const value = {} as { readonly body: Body };
    compileModule(`exports.body = ${readFileSync(`${PACKAGE}/dist/bundle/lab/${name}`, "utf8")}`)((id) => id, value);
    const exports = {};
    loaded.set(name, exports);
    value.body(exports, require, importPackage, PACKAGE);
    return exports;
  }
  return (load("lab.cjs") as Lab).explorerWorker();
}
