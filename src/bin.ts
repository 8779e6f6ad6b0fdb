#!/usr/bin/env node
// The executable.
import { main } from "./cli.ts";

// whoever read our output has gone (a closed pipe): nobody is left to tell
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
