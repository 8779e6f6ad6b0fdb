// Before all tests: tapes are kept in a folder of their own, never in the folder of the user who runs tests; and the executable runs
// the modules that are tested.
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./support.ts";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

/** A bundle that is older than a module would run in its place: `tsc` alone makes none. */
function dropOldBundle(): void {
  const bundle = `${DIST}bundle/bplab.cjs`;
  if (!existsSync(bundle)) return;
  const { mtimeMs } = statSync(bundle);
  const newer = readdirSync(`${DIST}src`, { recursive: true, encoding: "utf8" }).find(
    (name) => statSync(`${DIST}src/${name}`).mtimeMs > mtimeMs,
  );
  if (newer === undefined) return;
  rmSync(`${DIST}bundle`, { recursive: true });
  rmSync(`${DIST}scripts.br`, { force: true });
  process.stderr.write(`dist/bundle was older than dist/src/${newer}, and is deleted: tests run the modules\n`);
}

export default function setup(): () => void {
  dropOldBundle();
  const folder = temporaryFolder();
  process.env.BPLAB_CACHE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
