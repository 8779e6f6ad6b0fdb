// The libraries that draw charts in a browser, as text for a page, most of whose size they are (0.8 MB).
import { readFileSync } from "node:fs";

/** Bundles, each with its package's module. */
const BUNDLES = [
  ["vega", "./vega.min.js"],
  ["vega-lite", "./vega-lite.min.js"],
  ["vega-embed", "./vega-embed.min.js"],
] as const;

/** Scripts, in the order in which they must run. */
export function bundles(): string[] {
  return BUNDLES.map(([name, file]) => scriptText(readFileSync(new URL(file, import.meta.resolve(name)), "utf8")));
}

/** JavaScript without text that could end the script element or start an HTML comment; and without \r, which browsers turn into \n, so that the hash would not match. */
function scriptText(text: string): string {
  return text
    .replace(/^\/\/# sourceMappingURL=.*$/gm, "")
    .replace(/<\/(script)/gi, "<\\/$1")
    .replaceAll("<!--", "<\\!--")
    .replaceAll("\r", "");
}

const versionIn = (url: URL): string => JSON.parse(readFileSync(url, "utf8")).version;

/** "bplab 0.1.0, vega 6.4.0, …" */
export function versions(): string {
  const ours = versionIn(new URL("../../../../package.json", import.meta.url));
  const theirs = BUNDLES.map(([name]) => `${name} ${versionIn(new URL("../package.json", import.meta.resolve(name)))}`);
  return [`bplab ${ours}`, ...theirs].join(", ");
}
