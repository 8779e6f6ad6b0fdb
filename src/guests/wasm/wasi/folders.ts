// Folders that were named for a module, and nothing outside of them: paths are looked up part by part, and no link leads out.
import { lstatSync, readlinkSync, realpathSync } from "#platform/fs";
import { join, sep } from "#platform/path";
import { UsageError } from "../../../errors.ts";
import { WasiError } from "./codes.ts";

/** A folder of the host that the module finds under a name. */
export interface NamedFolder {
  readonly guest: string;
  readonly host: string;
}

/** Reads "FOLDER" or "FOLDER::NAME". @throws UsageError when there is no such folder */
export function readFolder(text: string): NamedFolder {
  const [host, guest = host] = text.split("::");
  try {
    const real = realpathSync(host);
    if (!lstatSync(real).isDirectory()) throw new UsageError(`dir: expected a folder, got the file ${host}`);
    return { guest, host: real };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`dir: there is no folder ${host} (expected FOLDER, or FOLDER::NAME for another name inside)`);
  }
}

/** Links that are followed for one path. */
const MOST_LINKS = 40;

const exists = (path: string): boolean => {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
};

/**
 * The host's path of what a module names from a folder.
 * @param from   the folder that the path begins at, a real path
 * @param follow whether a link at the end stands for what it leads to
 * @throws WasiError when the path leads out of the folder
 */
export function resolveBelow(from: string, path: string, follow: boolean): string {
  if (path.includes("\0")) throw new WasiError("EINVAL");
  if (path.startsWith("/")) throw new WasiError("ENOTCAPABLE");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  let at = from;
  let links = 0;
  while (parts.length > 0) {
    const part = parts.shift() as string;
    if (part === "..") {
      if (at === from) throw new WasiError("ENOTCAPABLE");
      at = at.slice(0, at.lastIndexOf(sep));
      continue;
    }
    const next = join(at, part);
    if ((parts.length > 0 || follow) && exists(next) && lstatSync(next).isSymbolicLink()) {
      if (++links > MOST_LINKS) throw new WasiError("ELOOP");
      const target = readlinkSync(next);
      if (target.startsWith("/")) throw new WasiError("ENOTCAPABLE");
      parts.unshift(...target.split("/").filter((step) => step !== "" && step !== "."));
      continue;
    }
    at = next;
  }
  return at;
}
