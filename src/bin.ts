#!/usr/bin/env node
// The executable: runs the bundle, or the modules that it is made of.
import { fileURLToPath } from "node:url";
import { loadBundle } from "./platform/bundle/load.ts";

const [command = ""] = process.argv.slice(2);
const bundle = loadBundle(/^[a-z]+$/.test(command) ? command : "bplab");
if (bundle !== undefined) {
  process.on("exit", (code) => {
    if (code === 0) bundle.keepCode();
  });
}
const { runExecutable } = bundle ?? (await import("./cli/executable.ts"));
await runExecutable(fileURLToPath(import.meta.url));
