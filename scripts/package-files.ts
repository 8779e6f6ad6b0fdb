// What the package has of the compiler's output, made by `npm run build`: dist/types/, the declarations that users' compilers read,
// those of dist/src/ that the package's entries lead to; and predictors without their comments, which are for readers of the source.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL("../src/", import.meta.url));
const TYPES = fileURLToPath(new URL("../types/", import.meta.url));
const PREDICTORS = fileURLToPath(new URL("../predictors/", import.meta.url));
const ENTRIES = ["index.d.ts", "models/index.d.ts"];

/** A text without the comments that have lines of their own. */
const bare = (text: string): string => text.replace(/^[ \t]*(\/\/.*|\/\*\*[\s\S]*?\*\/)\n/gm, "");

const copied = new Set<string>();

/**
 * Copies a file, and what it imports.
 * @param file  its path in dist/src/
 * @param depth how many files are between it and an entry; what users import is at most one file away
 */
function copy(file: string, depth: number): void {
  if (copied.has(file)) return;
  copied.add(file);
  const text = readFileSync(join(MODULES, file), "utf8");
  mkdirSync(dirname(join(TYPES, file)), { recursive: true });
  // comments on what only other declarations refer to are a quarter of all
  writeFileSync(join(TYPES, file), depth > 1 ? bare(text) : text);
  for (const [, name] of text.matchAll(/(?:\bfrom |\bimport\()"(\.[^"]+)"/g)) {
    later.push([normalize(join(dirname(file), name.replace(/\.[jt]s$/, ".d.ts"))), depth + 1]);
  }
}

rmSync(TYPES, { recursive: true, force: true });
// in the order of depth
const later = ENTRIES.map((entry): [file: string, depth: number] => [entry, 0]);
for (const [file, depth] of later) copy(file, depth);

for (const file of readdirSync(PREDICTORS).filter((name) => name.endsWith(".js"))) {
  writeFileSync(join(PREDICTORS, file), bare(readFileSync(join(PREDICTORS, file), "utf8")));
}
