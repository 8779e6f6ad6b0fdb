// The explorer as one page: the scripts that `npm run build` made, and the lab's own files, of which the bundle that commands run is
// one.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { UsageError } from "../errors.ts";
import { readScript, scriptsIn } from "../platform/bundle/script.ts";
import { EXPLORER_STYLE } from "./style.ts";

const PACKAGE = fileURLToPath(new URL("../../../", import.meta.url));

/** The scripts: the page's own, and the beginning of its workers (src/platform/page/start.ts). */
const SCRIPTS = ["dist/page/page.js", "dist/page/start.js"];

/** The lab itself. */
const LAB = "dist/bundle/lab/";

/** The lab's own files that are there in the page, by folder. OCaml's and Java's programs are not there: they need other programs. */
const OWN_FILES: readonly (readonly [folder: string, which: RegExp])[] = [
  ["", /^package\.json$/],
  ["dist/predictors/", /\.js$/],
  ["traces/", /\.(fs|rasm|opcodes|out)$/],
  ["traces/wasm/", /\.(wasm|c|out)$/],
  ["native-code/", /\.csv$/],
];

/** The text of a script. @throws UsageError where `npm run build` did not make it */
function scriptAt(path: string): string {
  const read = readScript(PACKAGE, path);
  if (read !== undefined) return read.text;
  throw new UsageError(`a script of the page is missing from this installation, expected ${PACKAGE}${path}: npm run build makes it`);
}

/** All own files in one text: their names and lengths as a line of JSON, then their bytes; deflated, base64. */
function packedFiles(): string {
  const files = OWN_FILES.flatMap(([folder, which]) =>
    readdirSync(`${PACKAGE}${folder}`)
      .filter((file) => which.test(file))
      .sort()
      .map((file) => ({ path: `${folder}${file}`, content: readFileSync(`${PACKAGE}${folder}${file}`) })),
  );
  files.push(...scriptsIn(PACKAGE, LAB).map((path) => ({ path, content: Buffer.from(scriptAt(path)) })));
  const head = JSON.stringify(files.map(({ path, content }) => [path, content.length]));
  const bytes = Buffer.concat([Buffer.from(`${head}\n`), ...files.map(({ content }) => content)]);
  return deflateRawSync(bytes, { level: 9 }).toString("base64");
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

/** The program of a worker: starts the lab, then serves one request after the other. */
const workerOf = (start: string): string => `${start}
const started = startLab(${JSON.stringify(packedFiles())});
let last = Promise.resolve();
onmessage = ({ data }) => { last = last.then(async () => (await started).serve(data, (answer) => postMessage(answer))); };
`;

/** The page's HTML. @throws UsageError where `npm run build` did not make its scripts */
export function explorerPage(): string {
  const [page, start] = SCRIPTS.map((path) => forHtml(scriptAt(path)));
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
<style>${EXPLORER_STYLE}</style>
</head>
<body>
<noscript>The explorer needs JavaScript: the lab itself runs in this page.</noscript>
<script type="text/plain" id="lab">${workerOf(start)}</script>
<script>${page}</script>
</body>
</html>
`;
}
