// The lab's own files, which come with the page, in the file system in memory.
import { mkdirSync, writeFileSync } from "./fs.ts";
import { dirname } from "./path.ts";
import { HOME } from "./process.ts";

export const PACKAGE = "/bplab";

/** The path of a folder of the package, with a slash at its end. @param name "native-code", "traces/wasm" */
export const ownFolder = (name: string): string => `${PACKAGE}/${name}/`;

/** Makes the file system. @param files their contents by their paths in the package: "traces/queens.fs" */
export function installOwnFiles(files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(HOME, { recursive: true });
  mkdirSync("/tmp", { recursive: true });
  // programs in these need a compiler or a virtual machine: none of them is there
  for (const language of ["ocaml", "java"]) mkdirSync(ownFolder(`traces/${language}`), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(`${PACKAGE}/${path}`), { recursive: true });
    writeFileSync(`${PACKAGE}/${path}`, content);
  }
}
