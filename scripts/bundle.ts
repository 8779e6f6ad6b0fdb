// dist/bundle/: the command line and its workers as one script, which dist/src/bin.js runs instead of the modules; made by
// `npm run build`. Node.js takes about 2 ms of CPU time to find, read and link one module (docs/speed.md).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = `${ROOT}dist/bundle/`;

/** Folders of plug-ins that are in the bundle; `predictors/` stay files. */
const DEFINITIONS = ["src/dispatch/techniques", "src/recordings/formats", "src/report/charts", "src/reproduce/claims"];

/** Packages that are loaded when they are needed, by themselves: large, or not JavaScript alone. */
const EXTERNAL = /^(vega|vega-lite|vega-embed|@resvg\/resvg-js|jiti)$/;

const typescriptIn = (folder: string): string[] =>
  readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith(".ts"))
    .sort();

/** The text of an object with a function for each name that loads a module. */
const loaders = (modules: readonly (readonly [name: string, file: string])[]): string =>
  `{ ${modules.map(([name, file]) => `${JSON.stringify(name)}: () => import(${JSON.stringify(`${ROOT}${file}`)})`).join(", ")} }`;

/** The module `#platform/plug-ins` of the bundle. */
function plugIns(): string {
  const definitions = DEFINITIONS.map(
    (folder) => `${JSON.stringify(folder)}: ${loaders(typescriptIn(folder).map((file) => [basename(file, ".ts"), `${folder}/${file}`]))}`,
  );
  const imported = ["branch", "errors", "numbers", "parameters"]
    .map((name) => `src/${name}.ts`)
    .concat(typescriptIn("src/models").map((file) => `src/models/${file}`));
  return `
import { bundledPlugIns } from ${JSON.stringify(`${ROOT}src/platform/bundle/plug-ins.ts`)};
export const { plugInIds, importPlugIn, importUsersModule } = bundledPlugIns({
  definitions: { ${definitions.join(", ")} },
  files: { predictors: placeOf("dist/predictors/") },
  imported: ${loaders(imported.map((file) => [`../${file.replace(/ts$/, "js")}`, file]))},
  entries: ${loaders([
    ["bplab", "src/index.ts"],
    ["bplab/models", "src/models/index.ts"],
  ])},
});`;
}

const ENTRY = `
import { runExecutable } from ${JSON.stringify(`${ROOT}src/cli/executable.ts`)};
export { runExecutable };
export const startWorker = () => import(${JSON.stringify(`${ROOT}src/jobs/worker.ts`)});
`;

/** Modules whose text is made here; and #platform/… as in Node.js, but for plug-ins. */
const virtual = (modules: Readonly<Record<string, string>>): Plugin => ({
  name: "virtual",
  resolveId(id) {
    if (id in modules) return id;
    return id.startsWith("#platform/") ? `${ROOT}src/platform/node/${id.slice("#platform/".length)}.ts` : null;
  },
  load: (id) => modules[id] ?? null,
});

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

/** The script is a function, which src/platform/bundle/load.ts calls. */
const HEAD = `(function (exports, require, importPackage, __dirname) {
const { pathToFileURL } = require("node:url");
const placeOf = (path) => require("node:path").join(__dirname, "../..", path);
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

/** The licences of the packages that these modules are from. */
function licencesOf(modules: readonly string[]): string {
  const packages = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []));
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? `${license}\n` : readFileSync(`${folder}/${file}`, "utf8");
      return `${name} ${version}\n\n${text}`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}

const bundle = await rolldown({
  input: "virtual:entry",
  platform: "node",
  external: EXTERNAL,
  plugins: [virtual({ "#platform/plug-ins": plugIns(), "virtual:entry": ENTRY }), PLACES],
  onwarn(warning) {
    throw new Error(`bundle: ${warning.message}`);
  },
});
// names of functions stay, for stacks in reports of bugs
const minify = { compress: true, mangle: { toplevel: false }, codegen: true };
const { output } = await bundle.generate({ format: "cjs", codeSplitting: false, comments: false, minify });
await bundle.close();
const [{ code, moduleIds }] = output.filter((chunk): chunk is OutputChunk => chunk.type === "chunk");
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}licences.txt`, licencesOf(moduleIds));
writeFileSync(`${FOLDER}bplab.cjs`, inAscii(`${HEAD}${withImports(code)}\n})\n`));
