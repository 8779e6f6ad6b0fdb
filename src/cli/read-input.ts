// Text files that commands read.
import { readFileSync } from "node:fs";
import { messageOf, UsageError } from "../errors.ts";

/** @throws UsageError when it cannot be read */
export function readInput(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${messageOf(error)}`);
  }
}
