// Writes all given bytes to a file: one call to the system may write only a part of them.
import { writeSync } from "#platform/fs";

export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
