// dist/explorer.html: one page that holds the whole lab, for `bplab explore`. `npm run build` makes it, from src/ itself: where the
// lab in Node.js asks the machine (#platform/…), the page's answers take the place of Node's.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "fflate";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";
import { EXPLORER_STYLE } from "../src/explorer/style.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = `${ROOT}src/explorer/page/`;
const OUTPUT = `${ROOT}dist/explorer.html`;

/** Folders of plug-ins whose definitions are compiled once, and the one whose modules are loaded afresh for every replay. */
const SHARED = ["src/dispatch/techniques", "src/recordings/formats"];
const FRESH = "predictors";

/** The lab's own files that are there in the page, by folder. OCaml's and Java's programs are not: they need other programs. */
const OWN_FILES: readonly (readonly [folder: string, which: RegExp])[] = [
  ["", /^package\.json$/],
  ["traces/", /\.(fs|rasm|opcodes|out)$/],
  ["traces/wasm/", /\.(wasm|c|out)$/],
  ["native-code/", /\.csv$/],
];

const typescriptIn = (folder: string): string[] =>
  readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith(".ts"))
    .sort();
const nameOf = (file: string): string => basename(file, extname(file));

/** Modules whose text is made here. */
const virtual = (modules: Readonly<Record<string, string>>): Plugin => ({
  name: "virtual",
  resolveId: (id) => (id in modules ? id : null),
  load: (id) => modules[id] ?? null,
});

/** What the lab asks the machine is answered by the page. */
const PAGE_SIDE: Plugin = {
  name: "page-side",
  resolveId: (id) => (id.startsWith("#platform/") ? `${ROOT}src/platform/page/${id.slice("#platform/".length)}.ts` : null),
};

/** The texts of our predictors as CommonJS, which import the running modules by their paths: "src/branch.ts". */
async function predictorTexts(): Promise<Record<string, string>> {
  const bundle = await rolldown({
    input: Object.fromEntries(typescriptIn(FRESH).map((file) => [nameOf(file), `${ROOT}${FRESH}/${file}`])),
    external: (id) => id.startsWith("src/"),
    plugins: [
      { name: "running-modules", resolveId: (id) => (id.startsWith("../src/") ? { id: id.slice("../".length), external: true } : null) },
    ],
  });
  const { output } = await bundle.generate({ format: "cjs", minify: true, exports: "named" });
  await bundle.close();
  return Object.fromEntries(output.flatMap((chunk) => (chunk.type === "chunk" && chunk.isEntry ? [[chunk.name, chunk.code]] : [])));
}

/** All own files in one text: their names and lengths as a line of JSON, then their bytes; deflated, base64. */
function packedFiles(): string {
  const files = OWN_FILES.flatMap(([folder, which]) =>
    readdirSync(`${ROOT}${folder}`)
      .filter((file) => which.test(file))
      .sort()
      .map((file) => ({ path: `${folder}${file}`, content: readFileSync(`${ROOT}${folder}${file}`) })),
  );
  const head = JSON.stringify(files.map(({ path, content }) => [path, content.length]));
  return Buffer.from(deflateSync(Buffer.concat([Buffer.from(`${head}\n`), ...files.map(({ content }) => content)]), { level: 9 })).toString(
    "base64",
  );
}

/** The program of the worker: installs tables and files, then serves. */
async function workerEntry(): Promise<string> {
  const running = ["src/branch.ts", "src/parameters.ts", ...typescriptIn("src/models").map((file) => `src/models/${file}`)];
  const imports = running.map((file, i) => `import * as m${i} from ${JSON.stringify(`${ROOT}${file}`)};`);
  const tables = SHARED.map((folder, f) => {
    const files = typescriptIn(folder);
    imports.push(...files.map((file, i) => `import p${f}_${i} from ${JSON.stringify(`${ROOT}${folder}/${file}`)};`));
    return `${JSON.stringify(folder)}: { ${files.map((file, i) => `${JSON.stringify(nameOf(file))}: p${f}_${i}`).join(", ")} }`;
  });
  const modules = running.map((file, i) => `${JSON.stringify(file)}: m${i}`);
  const models = running.indexOf("src/models/index.ts");
  return `
import { startInPage } from ${JSON.stringify(`${ROOT}src/platform/page/start.ts`)};
import { serve } from ${JSON.stringify(`${ROOT}src/explorer/worker.ts`)};
${imports.join("\n")}
startInPage(
  ${JSON.stringify(packedFiles())},
  {
    definitions: { ${tables.join(", ")} },
    texts: { ${JSON.stringify(FRESH)}: ${JSON.stringify(await predictorTexts())} },
    modules: { ${modules.join(", ")}, "bplab/models": m${models} },
  },
);
let last = Promise.resolve();
onmessage = ({ data }) => { last = last.then(() => serve(data, (answer) => postMessage(answer))); };
`;
}

/** One classic script for a page or a worker. */
async function bundled(input: string, modules: Readonly<Record<string, string>> = {}): Promise<string> {
  const bundle = await rolldown({
    input,
    platform: "browser",
    plugins: [virtual(modules), PAGE_SIDE],
    resolve: { alias: { buffer: `${ROOT}node_modules/buffer/index.js` } },
    transform: { inject: { Buffer: ["buffer", "Buffer"] }, define: { "import.meta.url": '"file:///bplab/"' } },
    onwarn(warning) {
      throw new Error(`explorer: ${warning.message}`);
    },
  });
  const { output } = await bundle.generate({ format: "iife", minify: true, codeSplitting: false });
  await bundle.close();
  return output.filter((chunk): chunk is OutputChunk => chunk.type === "chunk")[0].code;
}

/** A script's text for HTML: its end is not in it. */
const forHtml = (script: string): string => script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const metaOf = (policy: readonly string[]): string => `<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">`;

/**
 * Workers have the rights of the document that starts them, and the lab compiles its loops from text, which the page itself must
 * not do. So an empty frame, which is there before the page's policy, starts them: it may evaluate, and nothing else.
 */
function headScript(): string {
  const start = `window.startWorker=(text)=>new Worker(URL.createObjectURL(new Blob([text],{type:"text/javascript"})));`;
  const policy = metaOf(["default-src 'none'", `script-src ${hashOf(start)} 'unsafe-eval'`, "worker-src blob:"]);
  const frame = `<!doctype html><title>workers</title>${policy}<script>${start}</script>`;
  return `const frame=document.createElement("iframe");frame.id="workers";frame.hidden=true;frame.title="workers";frame.srcdoc=${JSON.stringify(frame)};document.head.append(frame);`;
}

/** @param style the page's own; @param page, worker their scripts */
function pageOf(style: string, page: string, worker: string): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(page)}`,
    `style-src 'unsafe-inline'`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>bplab explorer</title>
<script>${forHtml(headScript())}</script>
${metaOf(policy)}
<style>${style}</style>
</head>
<body>
<noscript>The explorer needs JavaScript: the lab itself runs in this page.</noscript>
<script type="text/plain" id="lab">${worker}</script>
<script>${page}</script>
</body>
</html>
`;
}

const WORKER = "virtual:worker";
const [page, worker] = await Promise.all([bundled(`${PAGE}main.ts`), workerEntry().then((entry) => bundled(WORKER, { [WORKER]: entry }))]);
writeFileSync(OUTPUT, pageOf(EXPLORER_STYLE, forHtml(page), forHtml(worker)));
