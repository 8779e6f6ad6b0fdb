// The SHA-256 of a file, for provenance. Large files are hashed in a separate thread: hashing a recording takes twice as long as
// replaying it (16 bytes per branch at 1 GB/s).
import { createHash } from "#platform/crypto";
import { readFileSync } from "#platform/fs";
import { HAS_THREADS, Worker } from "#platform/threads";

/** For smaller files starting a thread takes longer than hashing. */
const LARGE_BYTES = HAS_THREADS ? 1 << 24 : Number.POSITIVE_INFINITY;

export interface Digest {
  /** Hexadecimal. */
  readonly sha256: Promise<string>;
  /** Stops hashing: the digest is no longer needed. */
  stop(): void;
}

export function digestFile(path: string, bytes: number): Digest {
  if (bytes < LARGE_BYTES) {
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
    return { sha256: Promise.resolve(sha256), stop() {} };
  }
  const worker = new Worker(new URL("./digest-worker.js", import.meta.url), { workerData: path });
  const sha256 = new Promise<string>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  // a caller that stops early does not wait for the digest
  sha256.catch(() => {});
  return { sha256, stop: () => void worker.terminate() };
}
