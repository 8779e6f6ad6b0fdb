// Tests keep tapes in a folder of their own, never in the folder of the user who runs them.
import { rmSync } from "node:fs";
import { temporaryFolder } from "./support.ts";

export default function setup(): () => void {
  const folder = temporaryFolder();
  process.env.BPLAB_CACHE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
