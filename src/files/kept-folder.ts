// Folders in the cache folder that are made once: what compilers make of programs and agents, the explorer's page.
import { existsSync, mkdirSync, renameSync, rmSync } from "#platform/fs";
import { join } from "#platform/path";
import { messageOf, UsageError } from "../errors.ts";
import { cacheFolder } from "./cache-folder.ts";
import { partPath, removeAbandonedParts } from "./whole-file.ts";

/**
 * A folder of the cache, made unless it is there.
 * @param name of the folder: a checksum of all that it depends on is part of it
 * @param make fills an empty folder, which gets its name when it is whole
 * @returns its path
 * @throws UsageError when the cache cannot be written; what `make` throws
 */
export function keptFolder(name: string, make: (folder: string) => void): string {
  const cache = cacheFolder();
  const path = join(cache, name);
  if (existsSync(path)) return path;
  const part = partPath(path);
  try {
    mkdirSync(cache, { recursive: true });
    removeAbandonedParts(cache, path);
    mkdirSync(part);
  } catch (error) {
    throw new UsageError(`cannot write ${cache}, the folder of what is made once: ${messageOf(error)}; name another folder by BPLAB_CACHE`);
  }
  try {
    make(part);
    // another process may have been faster
    if (!existsSync(path)) renameSync(part, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return path;
}
