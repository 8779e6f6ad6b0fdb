// Files that come with a request of the explorer: they replace those of the request before in the folder in which the lab works.

import { mkdirSync, rmSync, writeFileSync } from "./fs.ts";
import { join } from "./path.ts";
import { HOME } from "./process.ts";

interface HandedFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** @throws an error for a name with a folder */
export function takeHandedFiles(files: readonly HandedFile[]): void {
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(HOME);
  for (const { name, content } of files) {
    if (name === "" || /[/\\]/.test(name)) throw new Error(`expected the name of a file without a folder, got ${name}`);
    writeFileSync(join(HOME, name), content);
  }
}
