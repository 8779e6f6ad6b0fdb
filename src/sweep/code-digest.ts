// What of bplab makes rows, as a digest: two builds with the same one give the same rows, so results stay good when only
// commands, charts or claims changed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folders, from the root of the package, with the endings of what counts in them. */
const PARTS: readonly (readonly [folder: string, ending: RegExp])[] = [
  ["dist/src/", /\.js$/],
  ["dist/src/dispatch/", /\.js$/],
  ["dist/src/guests/", /\.js$/],
  ["dist/src/jobs/", /\.js$/],
  ["dist/src/machines/", /\.js$/],
  ["dist/src/trace/", /\.js$/],
  // how rows become results
  ["dist/src/report/", /^columns\.js$/],
  ["dist/src/sweep/", /^(run-item|result-files)\.js$/],
  ["dist/predictors/", /\.js$/],
  ["native-code/", /\.csv$/],
  // they train techniques
  ["traces/", /\.(fs|ml|rasm|opcodes)$/],
];

/** Files right in `dist/src/` that only read what was computed, or ask for it. */
const READERS = /^(bin|cli|check-predictor|explain|index|reproduce|trace-program)\.js$/;

const root = new URL("../../../", import.meta.url);

let digest: string | undefined;

/** 12 hexadecimal digits. */
export function codeDigest(): string {
  if (digest !== undefined) return digest;
  const hash = createHash("sha256");
  for (const [folder, ending] of PARTS) {
    const path = fileURLToPath(new URL(folder, root));
    const flat = folder === "dist/src/";
    for (const name of readdirSync(path, { recursive: !flat, encoding: "utf8" }).sort()) {
      if (!ending.test(name) || (flat && READERS.test(name))) continue;
      hash.update(`${folder}${name}\n`).update(readFileSync(`${path}${name}`));
    }
  }
  digest = hash.digest("hex").slice(0, 12);
  return digest;
}

/** "0.1.0+3f2a91c07d20": the version of the package, and the digest as what semantic versioning calls build metadata. */
export function bplabVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  return `${version}+${codeDigest()}`;
}
