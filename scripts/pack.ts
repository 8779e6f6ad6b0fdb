// What npm runs before it packs the package: dist/scripts.br, the scripts of dist/bundle/ and dist/page/ in one file, which are in the
// package only so (src/platform/bundle/script.ts).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { ROOT } from "./parts.ts";

const lab = readdirSync(`${ROOT}dist/bundle/lab`).filter((name) => name.endsWith(".cjs"));
const names = [
  "dist/bundle/platform.cjs",
  ...lab.sort().map((name) => `dist/bundle/lab/${name}`),
  "dist/page/page.js",
  "dist/page/start.js",
];
const scripts = names.map((name) => readFileSync(`${ROOT}${name}`));
const head = `${JSON.stringify(names.map((name, i) => [name, scripts[i].length]))}\n`;
const archive = Buffer.concat([Buffer.from(head), ...scripts]);
const params = {
  [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
  [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  [constants.BROTLI_PARAM_SIZE_HINT]: archive.length,
};
writeFileSync(`${ROOT}dist/scripts.br`, brotliCompressSync(archive, { params }));
