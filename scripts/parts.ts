// Parts of dist/bundle/: several modules as one function, which a loader calls (src/platform/bundle/load.ts, src/platform/page/).
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Modules whose text is made here, by their names. */
export const virtual = (modules: Readonly<Record<string, string>>): Plugin => ({
  name: "virtual",
  resolveId: (id) => (id in modules ? id : null),
  load: (id) => modules[id] ?? null,
});

/** What the lab asks the machine, `#platform/NAME`, the loader hands over. */
export const PLATFORM_OUTSIDE: Plugin = {
  name: "platform-outside",
  resolveId: (id) => (id.startsWith("#platform/") ? { id, external: true } : null),
};

/** A module's own place is where it would be in dist/, and packages are found from the bundle. */
const PLACES: Plugin = {
  name: "places",
  transform(code, id) {
    const file = relative(ROOT, id);
    if (!file.startsWith("src/") || !code.includes("import.meta")) return null;
    return code
      .replace(/import\.meta\.url/g, `urlOf(${JSON.stringify(`dist/${file.replace(/ts$/, "js")}`)})`)
      .replace(/import\.meta\.resolve\(/g, "urlOfPackage(");
  },
};

/** Commander starts other programs for subcommands that are programs, and we have none: it loads this module as it begins. */
const NO_PROGRAMS: Plugin = {
  name: "no-programs",
  transform: (code, id) =>
    id.endsWith("/commander/lib/command.js")
      ? code.replace("require('node:child_process')", `{ spawn: (...words) => require("node:child_process").spawn(...words) }`)
      : null,
};

/** The beginning of a part: what its script is given has a scope of its own, because a module may have a variable called root, too. */
const HEAD = `(function (exports, require, importPackage, root) {
const { pathToFileURL } = require("node:url");
const requirePackage = require;
const placeOf = (path) => require("node:path").join(root, path);
const urlOf = (path) => pathToFileURL(placeOf(path)).href;
const urlOfPackage = (name) => pathToFileURL(require.resolve(name)).href;
(() => {
`;
const TAIL = "\n})();\n})";

/** Names of functions stay, for stacks in reports of bugs. */
const MINIFY = { compress: true, mangle: { toplevel: false }, codegen: true };

/** The same script in ASCII, which is read without decoding it. */
export const inAscii = (script: string): string =>
  script.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * The same script with the loader's import of packages that are not in it: in a script that V8 compiled from kept code, Node.js 20
 * has no other, or warns of it.
 */
const withImports = (script: string): string =>
  script.replace(/(?<![\w.$])import\(/g, (_, at: number) => {
    const rest = script.slice(at);
    if (/^import\((`[\w@/-]+`|\w+)\)/.test(rest)) return "importPackage(";
    throw new Error(`bundle: expected the import of a package, got ${rest.slice(0, 80)}`);
  });

/** Modules of Node.js that take 1 to 6 ms each, and that most commands do not use; and what the lab asks of them. */
const LATE =
  /(?<=let |,)((?:node|_platform)_\w+)=require\(("(?:node:(?:child_process|crypto|net|v8|worker_threads)|#platform\/(?:child-process|crypto|net|os|threads))")\)/g;

/** The same script, in which these modules are loaded when they are first used. */
function withLateModules(script: string): string {
  const names = [...script.matchAll(LATE)].map(([, name]) => name);
  if (names.length === 0) return script;
  return script.replace(LATE, "$1=()=>require($2)").replace(new RegExp(`(?<![\\w.$])(${names.join("|")})\\.`, "g"), "($1()).");
}

/** What a module imports. */
type Graph = (id: string) => { readonly importedIds: readonly string[] } | null;

/**
 * The scripts of a part, by what is in them: all that some modules import, directly or not, and that is in no script before. So a
 * script requires only those before it, but for imports that wait until they are needed. The rest is in one more.
 */
export type Scripts = Readonly<Record<string, readonly string[]>>;

/** The script that a module is in; null for an entry, which is one by itself. */
function scriptsOf(scripts: Scripts): (module: string, graph: Graph) => string | null {
  const found = new Map<string, string>();
  return (module, graph) => {
    if (found.size === 0) {
      for (const [script, roots] of Object.entries(scripts)) {
        const visit = (id: string): void => {
          if (found.has(id)) return;
          found.set(id, script);
          graph(id)?.importedIds.forEach(visit);
        };
        for (const root of roots) visit(`${ROOT}${root}`);
      }
    }
    return module.startsWith("virtual:") ? null : (found.get(module) ?? "rest");
  };
}

export interface PartOptions {
  readonly external?: RegExp;
  readonly plugins?: readonly Plugin[];
  /** Default: one for each entry, with all that it imports. */
  readonly scripts?: Scripts;
}

/**
 * A part's scripts, expressions in ASCII by the names of their files; and the files that they are made of.
 * @param entries texts of the modules whose exports some of them have, by names
 */
export async function partOf(
  entries: Readonly<Record<string, string>>,
  { external, plugins = [], scripts }: PartOptions,
): Promise<{ readonly scripts: ReadonlyMap<string, string>; readonly files: readonly string[] }> {
  const modules = Object.entries(entries).map(([name, text]) => [name, `virtual:${name}`, text] as const);
  const bundle = await rolldown({
    platform: "node",
    external,
    input: Object.fromEntries(modules.map(([name, id]) => [name, id])),
    preserveEntrySignatures: "allow-extension",
    plugins: [virtual(Object.fromEntries(modules.map(([, id, text]) => [id, text]))), ...plugins, PLACES, NO_PROGRAMS],
    onwarn(warning) {
      // such modules are in one script, or are loaded with the one that imports them
      if (warning.code !== "INEFFECTIVE_DYNAMIC_IMPORT") throw new Error(`bundle: ${warning.message}`);
    },
  });
  const scriptOf = scripts && scriptsOf(scripts);
  const { output } = await bundle.generate({
    format: "cjs",
    comments: false,
    minify: MINIFY,
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    strictExecutionOrder: scriptOf !== undefined,
    codeSplitting: scriptOf !== undefined && {
      includeDependenciesRecursively: false,
      groups: [{ debugName: "scripts", name: (id, context) => scriptOf(id, (module) => context.getModuleInfo(module)) }],
    },
  });
  await bundle.close();
  const chunks = output.filter((chunk): chunk is OutputChunk => chunk.type === "chunk");
  return {
    scripts: new Map(
      chunks.map(({ fileName, code }) => [fileName, inAscii(`${HEAD}${withLateModules(withImports(code))}${TAIL}`)] as const),
    ),
    files: chunks.flatMap(({ moduleIds }) => moduleIds),
  };
}

/** The package's executable: a script that Node.js loads as CommonJS, since its loader of modules takes 0.03 s. */
export async function executable(): Promise<string> {
  const load = `${ROOT}src/platform/bundle/load.ts`;
  const bundle = await rolldown({
    platform: "node",
    input: "virtual:executable",
    plugins: [
      virtual({
        "virtual:executable": `import { runBundle } from ${JSON.stringify(load)};\nrunBundle(__filename);`,
      }),
      { name: "place", transform: (code, id) => (id === load ? code.replace("import.meta.url", "HERE") : null) },
    ],
  });
  const { output } = await bundle.generate({ format: "cjs", comments: false, minify: MINIFY });
  await bundle.close();
  const place = `const HERE = require("node:url").pathToFileURL(require("node:path").join(__dirname, "../src/platform/bundle/load.js"));`;
  return `#!/usr/bin/env node\n${place}\n${output[0].code}`;
}

/** The text of a constant `platform`: modules of the folder src/platform/SIDE by their names. */
export function platformObject(side: string, names: readonly string[]): string {
  const imports = names.map((name, i) => `import * as m${i} from ${JSON.stringify(`${ROOT}src/platform/${side}/${name}.ts`)};`);
  // copies, whose properties are values: those of a module's object are functions that give them; made when they are first asked for
  return `${imports.join("\n")}
const platform = {};
for (const [name, module] of Object.entries({ ${names.map((name, i) => `${JSON.stringify(name)}: m${i}`).join(", ")} })) {
  let copy;
  Object.defineProperty(platform, name, { get: () => (copy ??= { ...module }) });
}`;
}
