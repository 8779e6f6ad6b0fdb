// The lab's own files, beside its code in the package.
import { fileURLToPath } from "node:url";

/** The path of a folder of the package, with a slash at its end. @param name "native-code", "traces/ocaml" */
export const ownFolder = (name: string): string => fileURLToPath(new URL(`../../../../${name}/`, import.meta.url));
