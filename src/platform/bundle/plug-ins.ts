// Plug-ins in the bundle: definitions that are compiled once are in it; predictors, which may have to be loaded afresh, stay files
// of their own, which import the bundle's modules.
import { readdirSync, readFileSync } from "#platform/fs";
import { compileModule, loadUsersModule } from "#platform/user-code";
import { asCommonJs } from "../common-js.ts";

type Loaders = Readonly<Record<string, () => Promise<object>>>;

/** What the build hands over: how to load the bundle's modules. */
export interface BundledModules {
  /** Plug-ins in each folder, by their names. */
  readonly definitions: Readonly<Record<string, Loaders>>;
  /** The folder of those that are files, by the folder's name: "predictors" → "/…/dist/predictors/". */
  readonly files: Readonly<Record<string, string>>;
  /** What these files import, by the text of the import: "../src/branch.js". */
  readonly imported: Loaders;
  /** The package's entries, by name: "bplab/models". */
  readonly entries: Loaders;
}

/** What a text requires, by name. */
async function requiredBy(text: string, loaders: Loaders): Promise<Record<string, object>> {
  const names = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await loaders[name]()] as const)));
}

const ENDING = ".js";

/** The module `#platform/plug-ins` of the bundle. */
export function bundledPlugIns({ definitions, files, imported, entries }: BundledModules) {
  const texts = new Map<string, string>();
  const shared = new Map<string, Promise<{ readonly default?: unknown }>>();
  /** Compiles a file anew and runs it. */
  async function runFile(path: string): Promise<{ readonly default?: unknown }> {
    const text = texts.get(path) ?? asCommonJs(String(readFileSync(path, "utf8")));
    texts.set(path, text);
    const running = await requiredBy(text, imported);
    const exports = {};
    compileModule(text, path)((name) => running[name], exports);
    return exports;
  }

  return {
    plugInIds: (folder: string): string[] =>
      folder in files
        ? readdirSync(files[folder])
            .filter((file) => file.endsWith(ENDING))
            .map((file) => file.slice(0, -ENDING.length))
            .sort()
        : Object.keys(definitions[folder]).sort(),

    /** @param fresh whether its code must not be shared with others */
    async importPlugIn(folder: string, id: string, fresh = false): Promise<unknown> {
      if (!(folder in files)) return ((await definitions[folder][id]()) as { readonly default: unknown }).default;
      const path = `${files[folder]}${id}${ENDING}`;
      if (fresh) return (await runFile(path)).default;
      const known = shared.get(path) ?? runFile(path);
      shared.set(path, known);
      return (await known).default;
    },

    importUsersModule: (path: string): Promise<object> => loadUsersModule(path, entries),
  };
}
