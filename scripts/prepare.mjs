// What npm runs after it installs this clone's packages, and again when npx is first used in it: the build, unless what is built is
// newer than all that it is made of. Plain JavaScript, because nothing is built yet.
import { execSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MADE_OF = ["src", "predictors", "scripts", "bench", "package.json", "package-lock.json", "tsconfig.json"];

/** When a file, or the newest file in a folder, was changed, in milliseconds; 0 if there is none. */
function changed(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isDirectory()) return status?.mtimeMs ?? 0;
  return Math.max(0, ...readdirSync(path).map((name) => changed(join(path, name))));
}

const built = Math.min(...["dist/src/bin.js", "dist/bundle/bplab.cjs", "dist/explorer.html"].map((file) => changed(join(ROOT, file))));
if (built <= Math.max(...MADE_OF.map((path) => changed(join(ROOT, path))))) execSync("npm run build", { cwd: ROOT, stdio: "inherit" });
