// dist/page/: the scripts of the explorer's page, for `bplab explore`, and dist/explorer.html, the page that they make, for tests. The
// lab in the page is that of the bundle: where it asks the machine in Node.js (#platform/…), the page's answers take the place of
// Node's.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";
import { explorerPage } from "../src/explorer/whole-page.ts";
import { inAscii, platformObject, ROOT, virtual } from "./parts.ts";

const FOLDER = `${ROOT}dist/page/`;

/** Of the modules in src/platform/page/, the one that is not an answer to the lab. */
const START = "start";

/** What the lab asks the machine is answered by the page. */
const PAGE_SIDE: Plugin = {
  name: "page-side",
  resolveId: (id) => (id.startsWith("#platform/") ? `${ROOT}src/platform/page/${id.slice("#platform/".length)}.ts` : null),
};

/** The beginning of a worker: defines `startLab`, and Node's `Buffer`. */
function startEntry(): string {
  const names = readdirSync(`${ROOT}src/platform/page`)
    .map((file) => basename(file, ".ts"))
    .filter((name) => name !== START)
    .sort();
  return `
import { startLab } from ${JSON.stringify(`${ROOT}src/platform/page/${START}.ts`)};
${platformObject("page", names)}
globalThis.Buffer = Buffer;
globalThis.startLab = (packed) => startLab(packed, platform);
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

const WORKER = "virtual:worker";
const [page, start] = await Promise.all([bundled(`${ROOT}src/explorer/page/main.ts`), bundled(WORKER, { [WORKER]: startEntry() })]);
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}page.js`, inAscii(page));
writeFileSync(`${FOLDER}start.js`, inAscii(start));
writeFileSync(`${ROOT}dist/explorer.html`, explorerPage());
