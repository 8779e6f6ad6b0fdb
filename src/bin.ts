#!/usr/bin/env node
// The executable.
import { fileURLToPath } from "node:url";
import { main } from "./cli/main.ts";
import { needsSupervisor, supervise } from "./cli/supervised.ts";

// the reader of our output has gone (a closed pipe): nobody is left to tell
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`cannot write to standard output: ${error.message}\n`);
  process.exit(2);
});
process.stderr.on("error", () => {});

const args = process.argv.slice(2);
process.exitCode = needsSupervisor(args) ? await supervise(fileURLToPath(import.meta.url), args) : await main(args);
