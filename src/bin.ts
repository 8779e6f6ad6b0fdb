#!/usr/bin/env node
// The executable.
import { main } from "./cli/main.ts";

// whoever read our output has gone (a closed pipe): nobody is left to tell
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`cannot write to standard output: ${error.message}\n`);
  process.exit(2);
});
process.stderr.on("error", () => {});

process.exitCode = await main(process.argv.slice(2));
