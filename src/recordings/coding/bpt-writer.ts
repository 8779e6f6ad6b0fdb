// Writes bpt: definitions of branches and runs that are new since the last chunk, then the numbers of the executed runs.
import { deflateRawSync } from "#platform/zlib";
import { KINDS } from "../../branch.ts";
import { createByteWriter } from "../../files/bytes.ts";
import { wholeOf } from "../addresses.ts";
import type { Provenance, RecordedBranch, RecordingWriter, WritableBlocks } from "../recording.ts";
import {
  CONDITIONAL_FORM,
  checksum,
  chunkOf,
  DEFINITIONS,
  END,
  EXECUTED,
  HEADER_BYTES,
  MAGIC,
  MOST_CONTENT_BYTES,
  MOST_IDS,
  SYMBOLS,
  TAKEN,
  VERSION,
} from "./bpt-chunks.ts";
import { encodeModule } from "./symbol-chunk.ts";

/** Most branches, and branches of runs, that a chunk of ours defines: they take less than half of a chunk's largest size. */
const MOST_DEFINED = 1 << 18;

export function createBptWriter(write: (bytes: Uint8Array) => void, blocks: WritableBlocks, provenance: Provenance): RecordingWriter {
  const content = Buffer.from(JSON.stringify(provenance));
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt16LE(VERSION, 8);
  header.writeUInt32LE(content.length, 12);
  header.writeUInt32LE(checksum(header.subarray(0, 16), content), 16);
  write(Buffer.concat([header, content]));

  const out = createByteWriter();
  /** Of the branch defined before: addresses are written as differences. */
  let lastPc = 0n;
  /** The file's number of each branch. */
  const numbers: number[] = [];
  let defined = 0;
  let blocksDefined = 1;
  const ids = new Int32Array(MOST_IDS);
  let count = 0;
  let branches = 0;

  function writeBranch({ pc, pcHigh, target, targetHigh, kind, taken, gap }: RecordedBranch): void {
    const [plain, name] = KINDS.findLast(([flag]) => kind & flag) ?? KINDS[0];
    const kindNumber = KINDS.findIndex(([, other]) => other === name);
    out.byte(kindNumber | (kind === plain ? 0 : CONDITIONAL_FORM) | (taken ? TAKEN : 0));
    const address = wholeOf(pc, pcHigh);
    out.wide(BigInt.asIntN(64, address - lastPc));
    out.wide(BigInt.asIntN(64, wholeOf(target, targetHigh) - address));
    out.count(gap);
    lastPc = address;
  }
  /** Writes everything that is new since the last call. */
  function writeDefinitions(): void {
    if (blocksDefined === blocks.count) return;
    const fresh: number[] = [];
    const runs: (readonly number[])[] = [];
    for (; blocksDefined < blocks.count; blocksDefined++) {
      const run = blocks.branchesOf(blocksDefined);
      runs.push(run);
      for (const branch of run) {
        if (numbers[branch] !== undefined) continue;
        numbers[branch] = defined++;
        fresh.push(branch);
      }
    }
    // ascending, so that a branch that reveals the static target of another comes first
    fresh
      .sort((a, b) => a - b)
      .forEach((branch, i) => {
        numbers[branch] = defined - fresh.length + i;
      });
    let pending = fresh;
    for (; pending.length > MOST_DEFINED; pending = pending.slice(MOST_DEFINED)) define(pending.slice(0, MOST_DEFINED), []);
    let some: (readonly number[])[] = [];
    let length = 0;
    for (const run of runs) {
      if (some.length > 0 && length + run.length > MOST_DEFINED) {
        define(pending, some);
        pending = [];
        some = [];
        length = 0;
      }
      some.push(run);
      length += run.length;
    }
    define(pending, some);
  }
  function define(fresh: readonly number[], runs: readonly (readonly number[])[]): void {
    out.count(fresh.length);
    for (const branch of fresh) writeBranch(blocks.branch(branch));
    out.count(runs.length);
    for (const run of runs) {
      out.count(run.length);
      for (const branch of run) out.count(numbers[branch]);
    }
    writeChunk(DEFINITIONS, out.take());
  }
  function writeChunk(tag: string, bytes: Buffer): void {
    if (bytes.length > MOST_CONTENT_BYTES) throw new Error(`a chunk of ${bytes.length} bytes`);
    write(chunkOf(tag, bytes));
  }
  function writeExecuted(): void {
    if (count === 0) return;
    writeDefinitions();
    const executed = ids.subarray(0, count);
    const distinct = Int32Array.from(new Set(executed)).sort();
    const indexes = new Map(Array.from(distinct, (id, index) => [id, index]));
    const wide = distinct.length > 256;
    const packed = wide ? new Uint16Array(count) : new Uint8Array(count);
    for (let i = 0; i < count; i++) packed[i] = indexes.get(executed[i]) ?? 0;
    const bytes = deflateRawSync(Buffer.from(packed.buffer));
    out.count(count);
    out.count(distinct.length);
    distinct.forEach((id, i) => {
      out.count(i === 0 ? id : id - distinct[i - 1]);
    });
    writeChunk(EXECUTED, Buffer.concat([out.take(), bytes]));
    count = 0;
  }
  return {
    blocks(executed, length) {
      for (let i = 0; i < length; i++) {
        ids[count++] = executed[i];
        branches += blocks.branchesOf(executed[i]).length;
        if (count === MOST_IDS) writeExecuted();
      }
    },
    symbols(module) {
      for (const content of encodeModule(module)) writeChunk(SYMBOLS, content);
    },
    finish(instructions) {
      writeExecuted();
      out.count(branches);
      out.count(instructions);
      writeChunk(END, out.take());
      return [];
    },
  };
}
