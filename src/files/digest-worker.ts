// The thread of digest.ts: hashes the file whose path it is given.
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const hash = createHash("sha256");
const piece = Buffer.alloc(1 << 18);
const file = openSync(workerData, "r");
for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) hash.update(piece.subarray(0, count));
closeSync(file);
parentPort?.postMessage(hash.digest("hex"));
