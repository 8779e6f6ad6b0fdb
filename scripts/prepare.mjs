// The build, unless what is built is newer than all that it is made of. npm runs this file after it installs this clone's packages,
// again when npx is first used in it, and before checks, tests and scripts. Plain JavaScript, because nothing is built yet.
import { execSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["src", "predictors", "scripts", "bench", "traces", "native-code"];
const MADE_OF = [...FOLDERS, "package.json", "package-lock.json", "tsconfig.json"];

/**
 * When a file was changed, or what is in a folder, in milliseconds; 0 if there is none. A folder itself changes when a file in it is
 * made, renamed or deleted.
 */
function changed(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isDirectory()) return status?.mtimeMs ?? 0;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

const built = Math.min(...["dist/src/bin.js", "dist/bundle/bplab.cjs", "dist/explorer.html"].map((file) => changed(join(ROOT, file))));
if (built <= Math.max(...MADE_OF.map((path) => changed(join(ROOT, path))))) execSync("npm run build", { cwd: ROOT, stdio: "inherit" });
