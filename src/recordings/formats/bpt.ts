// Our own format of recorded branches: every distinct branch once, every run of branches that comes again once, and then the
// numbers of the runs that executed. docs/recorded-branches.md describes it byte by byte.
//
// CPython, 28 million branches: 0.7 bits a branch; SBBT takes 128.
import { crc32, deflateRawSync, inflateRawSync, constants as zlib } from "node:zlib";
import { CONDITIONAL, JUMP, KINDS } from "../../branch.ts";
import { messageOf, UsageError } from "../../errors.ts";
import { createByteWriter } from "../../files/bytes.ts";
import { createVarintReader, type VarintReader } from "../../files/varints.ts";
import { type Address, highOf, lowOf, sumOf, wholeOf } from "../addresses.ts";
import { decodeModule, encodeModule } from "../coding/symbol-chunk.ts";
import { conditionalForm, isUntaken, untakenNotes } from "../coding/untaken.ts";
import type {
  ByteSource,
  Provenance,
  RecordedBranch,
  RecordingFormat,
  RecordingSink,
  RecordingTotals,
  RecordingWriter,
  WritableBlocks,
} from "../recording.ts";
import { printable } from "../symbols.ts";

/** Like PNG's: a byte that is no text, and line ends that do not survive a transfer as text. */
const MAGIC = Buffer.from("\x89BPT\r\n\x1a\n", "latin1");
const VERSION = 1;
/** Magic, version, zero, length and checksum of the provenance. */
const HEADER_BYTES = 20;
/** Tag, length, checksum of both and the content. */
const CHUNK_BYTES = 12;
const MOST_CONTENT_BYTES = 1 << 24;
const MOST_IDS = 1 << 16;
/** Branches, and branches of runs, that a chunk of ours defines at most: they take less than half of what a chunk may have. */
const MOST_DEFINED = 1 << 18;
/** Branches of all blocks together, those of one, and blocks. */
const MOST_BLOCK_BRANCHES = 1 << 22;
const MOST_BLOCKS = 1 << 22;

const DEFINITIONS = "DEFS";
const EXECUTED = "RUNS";
const SYMBOLS = "SYMS";
const END = "ENDS";

/** What a branch's first byte says: one kind of KINDS, and whether it is a conditional form of it, taken, target given. */
const KIND_BITS = 7;
const CONDITIONAL_FORM = 8;
const TAKEN = 16;

const AGAIN = "fetch or record it again";
const cutShort = (what: string): UsageError => new UsageError(`it is cut short: ${what}; ${AGAIN}`);

/** The checksum of a chunk, or of the header. */
const checksum = (head: Uint8Array, content: Uint8Array): number => crc32(content, crc32(head)) >>> 0;

function chunkOf(tag: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(CHUNK_BYTES);
  head.write(tag, "latin1");
  head.writeUInt32LE(content.length, 4);
  head.writeUInt32LE(checksum(head.subarray(0, 8), content), 8);
  return Buffer.concat([head, content]);
}

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
  /** Everything that has come up since the last time. */
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
    // ascending: where one teaches the target of another it comes first
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

async function readExactly(source: ByteSource, bytes: number, at: number, what: string): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const end = await source.fill(buffer, 0);
  if (end < bytes) throw cutShort(`${what} takes ${bytes} bytes, there are ${end} ${source.at(at)}`);
  return buffer;
}

/** @throws UsageError when it is no object of texts */
function readProvenance(content: Buffer): Provenance {
  const damaged = new UsageError(`it is damaged: its provenance is no JSON object of texts; ${AGAIN}`);
  try {
    const parsed: unknown = JSON.parse(content.toString());
    if (typeof parsed !== "object" || parsed === null) throw damaged;
    return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [printable(key), printable(String(value))]));
  } catch {
    throw damaged;
  }
}

async function readHeader(source: ByteSource): Promise<{ readonly bytes: number; readonly provenance: Provenance }> {
  const header = Buffer.alloc(HEADER_BYTES);
  const length = await source.fill(header, 0);
  if (length === 0) throw new UsageError("it is empty, expected a bplab trace");
  if (!bpt.recognises(header.subarray(0, length)))
    throw new UsageError(
      `expected a bplab trace, which begins with the bytes ${MAGIC.toString("hex")}, got ${header.toString("hex", 0, 8)}`,
    );
  if (length < HEADER_BYTES) throw cutShort(`the header takes ${HEADER_BYTES} bytes, there are ${length}`);
  const version = header.readUInt16LE(8);
  if (version !== VERSION) throw new UsageError(`expected version ${VERSION} of bplab traces, got ${version} ${source.at(8)}`);
  const bytes = header.readUInt32LE(12);
  if (bytes > MOST_CONTENT_BYTES) throw new UsageError(`it is damaged: a provenance of ${bytes} bytes ${source.at(12)}; ${AGAIN}`);
  const content = await readExactly(source, bytes, HEADER_BYTES, "the provenance");
  if (checksum(header.subarray(0, 16), content) !== header.readUInt32LE(16))
    throw new UsageError(`it is damaged: the checksum of the header is wrong ${source.at(16)}; ${AGAIN}`);
  return { bytes: HEADER_BYTES + bytes, provenance: readProvenance(content) };
}

/**
 * What a chunk's indexes stand for; a function of its own, so that V8 keeps all of it in registers (70 ms in the place of 105
 * for 56 million branches, by V8's profile).
 * @returns the branches that executed, and the largest index
 */
function expand(indexes: Uint16Array, table: Int32Array, lengths: Int32Array, ids: Int32Array): [number, number] {
  let branches = 0;
  let largest = 0;
  for (let i = 0; i < indexes.length; i++) {
    const index = indexes[i];
    if (index > largest) largest = index;
    ids[i] = table[index];
    branches += lengths[index];
  }
  return [branches, largest];
}

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const header = await readHeader(source);
  let offset = header.bytes;
  /** Of the branch defined before. */
  let lastPc: Address = 0;
  /** By the file's number: what the sink calls a branch, and a block, and how many branches that has. */
  const branchNumbers: number[] = [];
  /** Of each branch, 1 if it was not taken although its kind has no condition; of each block, how many of its branches are. */
  const branchesUntaken: number[] = [];
  const blocksUntaken = [0];
  let untaken = 0;
  const blockNumbers = [0];
  const blockLengths = [0];
  let blockBranches = 0;
  let branches = 0;
  const ids = new Int32Array(MOST_IDS + 1);
  /** Of the blocks of one chunk: what the sink calls them, their lengths, and what `blocksUntaken` says. */
  const table = new Int32Array(MOST_IDS);
  const lengths = new Int32Array(MOST_IDS);
  const untakens = new Int32Array(MOST_IDS);
  /** Where the chunk that is being read stands, and its tag. */
  let start = offset;
  let tag = "";
  const damagedAt = (what: string, at: number): UsageError => new UsageError(`it is damaged: ${what} ${source.at(at)}; ${AGAIN}`);
  const wrong = (what: string): UsageError => damagedAt(`${what}, in a chunk ${tag}`, start);

  function readBranch(from: VarintReader): number {
    const flags = from.byte();
    const kind = KINDS[flags & KIND_BITS]?.[0];
    const form = (flags & CONDITIONAL_FORM) !== 0;
    const taken = (flags & TAKEN) !== 0;
    if (kind === undefined || flags >= 2 * TAKEN || (form && kind <= JUMP)) throw wrong(`a branch that there is not (first byte ${flags})`);
    const pc = sumOf(lastPc, from.signed());
    const target = sumOf(pc, from.signed());
    const gap = from.unsigned();
    lastPc = pc;
    const recorded = form ? kind | CONDITIONAL : kind;
    const untaken = isUntaken(recorded, taken ? 1 : 0);
    branchesUntaken.push(untaken ? 1 : 0);
    return sink.branch({
      pc: lowOf(pc),
      pcHigh: highOf(pc),
      target: lowOf(target),
      targetHigh: highOf(target),
      kind: untaken ? conditionalForm(recorded) : recorded,
      taken: taken ? 1 : 0,
      gap,
    });
  }
  function readDefinitions(from: VarintReader): void {
    for (let left = from.unsigned(); left > 0; left--) branchNumbers.push(readBranch(from));
    for (let left = from.unsigned(); left > 0; left--) {
      const length = from.unsigned();
      blockBranches += length;
      if (length === 0 || blockBranches > MOST_BLOCK_BRANCHES || blockNumbers.length === MOST_BLOCKS)
        throw wrong(`a run of ${length} branches, expected 1 or more, and at most ${MOST_BLOCK_BRANCHES} in all runs`);
      const run: number[] = [];
      let runUntaken = 0;
      while (run.length < length) {
        const number = from.unsigned();
        if (number >= branchNumbers.length) throw wrong(`branch ${number}, of ${branchNumbers.length} that are defined`);
        run.push(branchNumbers[number]);
        runUntaken += branchesUntaken[number];
      }
      blocksUntaken.push(runUntaken);
      blockNumbers.push(sink.block(run));
      blockLengths.push(length);
    }
    if (from.left() > 0) throw wrong(`${from.left()} bytes too many`);
  }
  function readExecuted(from: VarintReader, content: Buffer): void {
    const count = from.unsigned();
    const distinct = from.unsigned();
    if (count > MOST_IDS || distinct > count || distinct === 0)
      throw wrong(`${count} runs of ${distinct} kinds, expected at most ${MOST_IDS}`);
    let id = 0;
    let anyUntaken = false;
    for (let i = 0; i < distinct; i++) {
      id += from.unsigned();
      if (id === 0 || id >= blockNumbers.length) throw wrong(`run ${id}, of ${blockNumbers.length - 1} that are defined`);
      table[i] = blockNumbers[id];
      lengths[i] = blockLengths[id];
      untakens[i] = blocksUntaken[id];
      anyUntaken ||= untakens[i] > 0;
    }
    const bytes = count * (distinct > 256 ? 2 : 1);
    let packed: Buffer;
    try {
      packed = inflateRawSync(content.subarray(from.position()), { maxOutputLength: bytes + 1, finishFlush: zlib.Z_FINISH });
    } catch (error) {
      throw wrong(`what is compressed in it: ${messageOf(error)}`);
    }
    if (packed.length !== bytes) throw wrong(`${packed.length} bytes of runs, expected ${bytes}`);
    // always of one kind, for V8
    const indexes =
      distinct > 256 ? new Uint16Array(packed.buffer.slice(packed.byteOffset, packed.byteOffset + bytes)) : new Uint16Array(packed);
    const [executed, largest] = expand(indexes, table, lengths, ids);
    if (largest >= distinct) throw wrong(`run number ${largest} of ${distinct}`);
    if (anyUntaken) for (const index of indexes) untaken += untakens[index];
    branches += executed;
    sink.blocks(ids, count);
  }
  for (;;) {
    start = offset;
    const head = Buffer.alloc(CHUNK_BYTES);
    const got = await source.fill(head, 0);
    if (got < CHUNK_BYTES) throw cutShort(`it has no end ${source.at(start)}, after ${branches} branches`);
    const bytes = head.readUInt32LE(4);
    if (bytes > MOST_CONTENT_BYTES) throw damagedAt(`a chunk of ${bytes} bytes, expected at most ${MOST_CONTENT_BYTES},`, start);
    const content = await readExactly(source, bytes, start, "a chunk");
    if (checksum(head.subarray(0, 8), content) !== head.readUInt32LE(8)) throw damagedAt("the checksum of a chunk is wrong", start);
    offset += CHUNK_BYTES + bytes;
    tag = head.toString("latin1", 0, 4);
    const from = createVarintReader(content, (what, at) => damagedAt(what, start + CHUNK_BYTES + at));
    if (tag === DEFINITIONS) readDefinitions(from);
    else if (tag === EXECUTED) readExecuted(from, content);
    else if (tag === SYMBOLS) sink.symbols?.(decodeModule(content, wrong));
    else if (tag === END) {
      const said = from.unsigned();
      const instructions = from.unsigned();
      if (said !== branches) throw wrong(`it says ${said} branches, there are ${branches}`);
      if (branches === 0) throw new UsageError("it holds no branches");
      if ((await source.fill(head, 0)) > 0) throw damagedAt("something follows its end", offset);
      return { format: "bpt", instructions, notes: untakenNotes(untaken), provenance: header.provenance };
    }
  }
}

const bpt: RecordingFormat = {
  file: "a bplab trace",
  endings: [".bpt"],
  recognises: (start) => MAGIC.equals(start.subarray(0, MAGIC.length)),
  read,
  createWriter: createBptWriter,
};
export default bpt;
