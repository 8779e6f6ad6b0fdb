// dist/bundle/: the lab as a few scripts, by what commands need, which the executable and its workers run instead of the modules,
// which the package's entries are from, and which `bplab explore` puts into a page; made by `npm run build`. Node.js takes about 2 ms
// of CPU time to find, read and link one module (docs/speed.md).
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { codeChecksum, rooms } from "../src/platform/node/own-code.ts";
import { executable, PLATFORM_OUTSIDE, partOf, platformObject, ROOT, type Scripts, virtual } from "./parts.ts";

const FOLDER = `${ROOT}dist/bundle/`;

/** Folders of plug-ins that are in the bundle; `predictors/` stay files. */
const DEFINITIONS = ["src/dispatch/techniques", "src/recordings/formats", "src/report/charts", "src/reproduce/claims"];

/** Of `#platform/…`, what is the bundle's own: plug-ins, and checksums of the modules that it is made of. */
const NOT_OF_THE_MACHINE = ["plug-ins", "own-code"];

/** Packages that are loaded when they are needed, by themselves: large, or not JavaScript alone. */
const EXTERNAL = /^(vega|vega-lite|vega-embed|@resvg\/resvg-js|jiti|hyparquet|hyparquet-writer)$/;

/** The same of one that a module imports by its first lines: it is loaded with the module. */
const LATE = "yaml";

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

/** The module `#platform/own-code` of the bundle. */
function ownCode(): string {
  const parts = [...rooms(), "sweep/folder", ...["branch", "errors", "numbers", "parameters"].map((name) => `${name}.js`)];
  return `
const checksums = ${JSON.stringify(Object.fromEntries(parts.map((part) => [part, codeChecksum(part)])))};
export const rooms = () => ${JSON.stringify(rooms())};
export const codeChecksum = (part) => checksums[part];
`;
}

const moduleAt = (file: string): string => JSON.stringify(`${ROOT}${file}`);

const LAB = `
export const runExecutable = async (file) => (await import(${moduleAt("src/cli/executable.ts")})).runExecutable(file);
export const startWorker = () => import(${moduleAt("src/jobs/worker.ts")});
export const traceProcess = () => import(${moduleAt("src/guests/wasm/loaded/trace-process.ts")});
export const explorerWorker = () => import(${moduleAt("src/explorer/worker.ts")});
`;

/** The package's entries. */
const LIBRARY = `
export * as bplab from ${moduleAt("src/index.ts")};
export * as models from ${moduleAt("src/models/index.ts")};
`;

const filesIn = (folder: string): string[] => typescriptIn(folder).map((file) => `${folder}/${file}`);

/** The modules by which guests are loaded. */
const guests = readdirSync(`${ROOT}src/guests`)
  .map((name) => `src/guests/${name}/guest.ts`)
  .filter((file) => existsSync(`${ROOT}${file}`));

const SCRIPTS: Scripts = {
  start: ["src/cli/executable.ts", "src/cli/help.ts"],
  simulate: ["src/cli/commands/simulate.ts", ...filesIn("src/recordings/formats"), ...filesIn("src/models")],
  programs: [...guests, ...filesIn("src/dispatch/techniques")],
};

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

const machine = typescriptIn("src/platform/node")
  .map((file) => basename(file, ".ts"))
  .filter((name) => !NOT_OF_THE_MACHINE.includes(name));
const [platform, lab] = await Promise.all([
  partOf({ platform: `${platformObject("node", machine)}\nexport { platform };` }, { external: EXTERNAL }),
  partOf(
    { lab: LAB, library: LIBRARY },
    {
      external: EXTERNAL,
      scripts: SCRIPTS,
      plugins: [
        virtual({
          [LATE]: `module.exports = requirePackage(${JSON.stringify(LATE)});`,
          "#platform/plug-ins": plugIns(),
          "#platform/own-code": ownCode(),
        }),
        PLATFORM_OUTSIDE,
      ],
    },
  ),
]);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(`${FOLDER}lab`, { recursive: true });
writeFileSync(`${FOLDER}licences.txt`, licencesOf([...platform.files, ...lab.files]));
for (const [file, text] of platform.scripts) writeFileSync(`${FOLDER}${file}`, text);
for (const [file, text] of lab.scripts) writeFileSync(`${FOLDER}lab/${file}`, text);
writeFileSync(`${FOLDER}bplab.cjs`, await executable());
chmodSync(`${FOLDER}bplab.cjs`, 0o755);

/** The package's entries, whose types are those of the modules, export what is in the bundle, of one lab. */
writeFileSync(
  `${FOLDER}library.js`,
  `import { loadBundle } from "../src/platform/bundle/load.js";\nexport const library = loadBundle().library();\n`,
);
for (const [file, name, module] of [
  ["index.js", "bplab", await import("../src/index.ts")],
  ["models.js", "models", await import("../src/models/index.ts")],
] as const) {
  const names = Object.keys(module).sort().join(", ");
  writeFileSync(`${FOLDER}${file}`, `import { library } from "./library.js";\nexport const { ${names} } = library.${name};\n`);
}
