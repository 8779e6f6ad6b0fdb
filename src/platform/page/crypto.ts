// Checksums, and the bytes that names of part files have, which here nobody else writes.
import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";

interface Hash {
  update(piece: string | Uint8Array): Hash;
  digest(): Buffer;
  digest(encoding: "hex"): string;
}

export function createHash(algorithm: "sha256" | "md5"): Hash {
  const state = (algorithm === "md5" ? md5 : sha256).create();
  function digest(): Buffer;
  function digest(encoding: "hex"): string;
  function digest(encoding?: "hex"): Buffer | string {
    const bytes = Buffer.from(state.digest());
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }
  const hash: Hash = {
    update(piece) {
      state.update(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      return hash;
    },
    digest,
  };
  return hash;
}

export const randomBytes = (count: number): Buffer => Buffer.alloc(count);
