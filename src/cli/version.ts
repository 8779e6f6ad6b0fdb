// The version of this bplab.
import { readFileSync } from "node:fs";

export const thisVersion = (): string => JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")).version;
