// Where the lab keeps what it can make again: never in the way of results.
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** `$BPLAB_CACHE`, or `bplab` in `$XDG_CACHE_HOME`, or in `~/.cache`. It need not exist. */
export function cacheFolder(): string {
  const { BPLAB_CACHE: own, XDG_CACHE_HOME: caches } = process.env;
  if (own) return resolve(own);
  return join(caches !== undefined && isAbsolute(caches) ? caches : join(homedir(), ".cache"), "bplab");
}
