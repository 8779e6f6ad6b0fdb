// Checksums of the lab's own code, by rooms of src/, for what is kept on disk until the code changes. In the bundle their table
// takes this module's place (scripts/bundle.ts).
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL("../../", import.meta.url));

/** The names of all rooms that are folders, sorted: "advise", "bodies", … */
export const rooms = (): readonly string[] =>
  readdirSync(MODULES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** The SHA-256 of a folder's modules, or of one module, hexadecimal. @param part "guests", "sweep/folder", "branch.js" */
export function codeChecksum(part: string): string {
  const hash = createHash("sha256");
  if (part.endsWith(".js")) return hash.update(readFileSync(join(MODULES, part))).digest("hex");
  for (const name of readdirSync(join(MODULES, part), { recursive: true, encoding: "utf8" }).sort()) {
    if (name.endsWith(".js")) hash.update(`${name}\n`).update(readFileSync(join(MODULES, part, name)));
  }
  return hash.digest("hex");
}
