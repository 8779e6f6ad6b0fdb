// The folder for files that the lab can make again, such as tapes.

import { homedir } from "#platform/os";
import { isAbsolute, join, resolve } from "#platform/path";
import { process } from "#platform/process";

/** `$BPLAB_CACHE`, or `bplab` in `$XDG_CACHE_HOME`, or in `~/.cache`. It need not exist. */
export function cacheFolder(): string {
  const { BPLAB_CACHE: own, XDG_CACHE_HOME: caches } = process.env;
  if (own) return resolve(own);
  return join(caches !== undefined && isAbsolute(caches) ? caches : join(homedir(), ".cache"), "bplab");
}
