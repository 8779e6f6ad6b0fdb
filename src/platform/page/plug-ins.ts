// Plug-ins: our own from tables that the build makes of their folders, a user's from the text of its file.
import { asCommonJs } from "../common-js.ts";
import { readFileSync } from "./fs.ts";

type ByName<T> = Readonly<Record<string, T>>;

/** What the build hands over. */
export interface PlugInTables {
  /** Definitions of the plug-ins in each folder, by their names. */
  readonly definitions: ByName<ByName<unknown>>;
  /** Of those that may have to be loaded afresh, instead, the texts of their modules, as CommonJS. */
  readonly texts: ByName<ByName<string>>;
  /** What modules in texts, and users', may import, by name. */
  readonly modules: ByName<object>;
}

let built: PlugInTables = { definitions: {}, texts: {}, modules: {} };

export function installPlugIns(tables: PlugInTables): void {
  built = tables;
}

/** Compiles a module anew and runs it. */
function runModule(text: string): { readonly default?: unknown } {
  const exports = {};
  const require = (name: string): object => {
    if (name in built.modules) return built.modules[name];
    throw new Error(`expected an import of "bplab/models", which is all that there is in a page, got "${name}"`);
  };
  new Function("require", "exports", `"use strict";\n${text}`)(require, exports);
  return exports;
}

const shared = new Map<string, unknown>();

/** The names of the plug-ins in a folder, sorted. @param folder "predictors", "src/dispatch/techniques" */
export const plugInIds = (folder: string): string[] => Object.keys(built.texts[folder] ?? built.definitions[folder]).sort();

/**
 * The definition of one of our plug-ins.
 * @param fresh whether its code must not be shared with others
 */
export async function importPlugIn(folder: string, id: string, fresh = false): Promise<unknown> {
  const text = built.texts[folder]?.[id];
  if (text === undefined) return built.definitions[folder][id];
  const key = `${folder}/${id}`;
  if (!fresh && shared.has(key)) return shared.get(key);
  const { default: definition } = runModule(text);
  if (!fresh) shared.set(key, definition);
  return definition;
}

/** A user's module, loaded afresh: JavaScript, which may import "bplab/models". */
export async function importUsersModule(path: string): Promise<object> {
  if (/\.[cm]?ts$/.test(path)) throw new Error("a page reads JavaScript, no types: take them out, and call it .js");
  return runModule(asCommonJs(String(readFileSync(path, "utf8"))));
}
