// Checksums, and random bytes for the names of part files.
export { createHash, randomBytes } from "node:crypto";
