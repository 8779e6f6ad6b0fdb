// dist/types/: the declarations that users' compilers read, those of dist/src/ that the package's entries lead to; made by
// `npm run build`.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL("../src/", import.meta.url));
const TYPES = fileURLToPath(new URL("../types/", import.meta.url));
const ENTRIES = ["index.d.ts", "models/index.d.ts"];

const copied = new Set<string>();

/** Copies a file, and what it imports. @param file its path in dist/src/ */
function copy(file: string): void {
  if (copied.has(file)) return;
  copied.add(file);
  mkdirSync(dirname(join(TYPES, file)), { recursive: true });
  copyFileSync(join(MODULES, file), join(TYPES, file));
  for (const [, name] of readFileSync(join(MODULES, file), "utf8").matchAll(/(?:\bfrom |\bimport\()"(\.[^"]+)"/g)) {
    copy(normalize(join(dirname(file), name.replace(/\.[jt]s$/, ".d.ts"))));
  }
}

rmSync(TYPES, { recursive: true, force: true });
for (const entry of ENTRIES) copy(entry);
