// The executable of the modules, whether there is a bundle or not.
import { fileURLToPath } from "node:url";
import { runExecutable } from "../dist/src/cli/executable.js";

await runExecutable(fileURLToPath(import.meta.url));
