// A temporary file or folder that does not outlive this process, whatever ends it. A shell in a process group of its own waits at a
// pipe; the system closes the pipe when the process is gone, and the shell removes the path. Handlers of signals would not do: guests
// run, and files are converted, for minutes without looking for signals, and no handler sees SIGKILL.
import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** A line means that there is nothing to remove; without one the process has ended. */
const SCRIPT = 'read -r _ || rm -rf -- "$1"';

/**
 * Call it before the file exists, so that there is no moment at which it could be left. Without a POSIX shell it does nothing.
 * @param path of this process alone
 * @returns to be called when the file has been removed or renamed
 */
export function removeAtEnd(path: string): () => void {
  const shell = spawn("sh", ["-c", SCRIPT, "sh", resolve(path)], { detached: true, stdio: ["pipe", "ignore", "ignore"], cwd: "/" });
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  // a pipe, which is a socket to Node
  (shell.stdin as typeof shell.stdin & { unref?(): void }).unref?.();
  return () => void shell.stdin.end("\n");
}
