// Parts of dist/bundle/: several modules as one function, which a loader calls (src/platform/bundle/load.ts, src/platform/page/).
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type InputOptions, type OutputChunk, type Plugin, rolldown } from "rolldown";

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

/** The beginning of a part. */
const HEAD = `(function (exports, require, importPackage, root) {
const { pathToFileURL } = require("node:url");
const placeOf = (path) => require("node:path").join(root, path);
const urlOf = (path) => pathToFileURL(placeOf(path)).href;
const urlOfPackage = (name) => pathToFileURL(require.resolve(name)).href;
`;

/** The same script in ASCII, which is read without decoding it. */
const inAscii = (script: string): string =>
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

/** A part's text, an expression in ASCII, and the files that it is made of. @param entry the text of the module whose exports it has */
export async function partOf(
  entry: string,
  { plugins = [], ...options }: InputOptions & { readonly plugins?: readonly Plugin[] },
): Promise<{ readonly text: string; readonly files: readonly string[] }> {
  const bundle = await rolldown({
    platform: "node",
    ...options,
    input: "virtual:entry",
    plugins: [virtual({ "virtual:entry": entry }), ...plugins, PLACES],
    onwarn(warning) {
      throw new Error(`bundle: ${warning.message}`);
    },
  });
  // names of functions stay, for stacks in reports of bugs
  const minify = { compress: true, mangle: { toplevel: false }, codegen: true };
  const { output } = await bundle.generate({ format: "cjs", codeSplitting: false, comments: false, minify });
  await bundle.close();
  const [{ code, moduleIds }] = output.filter((chunk): chunk is OutputChunk => chunk.type === "chunk");
  return { text: inAscii(`${HEAD}${withImports(code)}\n})`), files: moduleIds };
}

/** The text of a constant `platform`: modules of the folder src/platform/SIDE by their names. */
export function platformObject(side: string, names: readonly string[]): string {
  const imports = names.map((name, i) => `import * as m${i} from ${JSON.stringify(`${ROOT}src/platform/${side}/${name}.ts`)};`);
  // copies, whose properties are values: those of a module's object are functions that give them
  return `${imports.join("\n")}
const platform = { ${names.map((name, i) => `${JSON.stringify(name)}: { ...m${i} }`).join(", ")} };`;
}
