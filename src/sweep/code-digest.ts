// A digest of the code that makes rows: two builds with the same digest give the same rows, so results stay valid when only
// commands, charts or claims changed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codeChecksum, rooms } from "#platform/own-code";

/** Rooms that only read or request rows. All other rooms count, so that a new one is never forgotten. */
const READERS = new Set(["advise", "cli", "host", "report", "reproduce", "sweep", "validation", "workbench"]);

/** Other code: rooms that are files, and how an item of a sweep is done and kept. */
const CODE = ["branch.js", "errors.js", "numbers.js", "parameters.js", "sweep/folder"];

/** Other folders, from the root of the package, with the endings of files that count. */
const FOLDERS: readonly (readonly [folder: string, ending: RegExp])[] = [
  ["dist/predictors/", /\.js$/],
  ["native-code/", /\.csv$/],
  // training programs
  ["traces/", /\.(fs|ml|rasm|opcodes|wasm)$/],
];

const root = new URL("../../../", import.meta.url);

let digest: string | undefined;

/** 12 hexadecimal digits. */
export function codeDigest(): string {
  if (digest !== undefined) return digest;
  const hash = createHash("sha256");
  for (const part of [...rooms().filter((room) => !READERS.has(room)), ...CODE]) hash.update(`${part}\n`).update(codeChecksum(part));
  for (const [folder, ending] of FOLDERS) {
    const path = fileURLToPath(new URL(folder, root));
    for (const name of readdirSync(path, { recursive: true, encoding: "utf8" }).sort()) {
      if (!ending.test(name)) continue;
      hash.update(`${folder}${name}\n`).update(readFileSync(`${path}${name}`));
    }
  }
  digest = hash.digest("hex").slice(0, 12);
  return digest;
}

/** "0.1.0+3f2a91c07d20": the version of the package, with the digest as semantic versioning's build metadata. */
export function bplabVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  return `${version}+${codeDigest()}`;
}
