// Where the lab keeps what it can make again: never in the way of results.
import { homedir } from "node:os";
import { join } from "node:path";

/** `$BPLAB_CACHE`, or `bplab` in `$XDG_CACHE_HOME`, or in `~/.cache`. It need not exist. */
export function cacheFolder(): string {
  const { BPLAB_CACHE, XDG_CACHE_HOME } = process.env;
  return BPLAB_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "bplab");
}
