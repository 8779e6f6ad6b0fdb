#!/usr/bin/env node
// The executable of a clone: runs the bundle, or the modules that it is made of. The package's (dist/bundle/bplab.cjs) is made by
// the build; it is the same without Node.js's loader of modules.
import { fileURLToPath } from "node:url";
import { runBundle } from "./platform/bundle/load.ts";

const file = fileURLToPath(import.meta.url);
if (!(await runBundle(file))) await (await import("./cli/executable.ts")).runExecutable(file);
