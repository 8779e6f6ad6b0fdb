// The process of the executable: its streams, and the command line or its supervisor.
import { main } from "./main.ts";
import { needsSupervisor, supervise } from "./supervised.ts";

/** Sets the exit code. @param file the executable itself, which may start itself again */
export async function runExecutable(file: string): Promise<void> {
  // the reader of our output has gone (a closed pipe): nobody is left to tell
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`cannot write to standard output: ${error.message}\n`);
    process.exit(2);
  });
  process.stderr.on("error", () => {});
  const args = process.argv.slice(2);
  process.exitCode = needsSupervisor(args) ? await supervise(file, args) : await main(args);
}
