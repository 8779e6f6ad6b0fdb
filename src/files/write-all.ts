// Writes to a file all that it is given: the system may take a part of it at a time.
import { writeSync } from "node:fs";

export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
