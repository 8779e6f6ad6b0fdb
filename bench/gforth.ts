// Forth programs beside Debian's gforth-itc (indirect-threaded code in C, without its optimising engine), where that is installed.
import { spawnSync } from "node:child_process";

const RUNS = 4;
/** Runs `main` and prints its microseconds. */
const TIMED = ': timed utime 2>r main utime 2r> d- cr ." took " decimal d. cr ;';

export const gforthInstalled = (): boolean => spawnSync("gforth-itc", ["--version"]).error === undefined;

/** Seconds of the fastest of several runs of a program's `main` in one process. */
export function gforthSeconds(path: string): number {
  const words = `${TIMED} ${"timed ".repeat(RUNS)} bye`;
  const { stdout } = spawnSync("gforth-itc", ["-e", ": full? true ;", path, "-e", words], { encoding: "latin1", maxBuffer: 1 << 28 });
  const times = [...stdout.matchAll(/^took (\d+)/gm)].map(([, microseconds]) => Number(microseconds) / 1e6);
  if (times.length !== RUNS) throw new Error(`bench/gforth.ts: gforth-itc did not run ${path} to its end`);
  return Math.min(...times);
}
