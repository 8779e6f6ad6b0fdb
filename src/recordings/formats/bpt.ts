// Our own format of recorded branches: every distinct branch once, every repeated run of branches once, and then the numbers of
// the executed runs. docs/recorded-branches.md describes it byte by byte.
//
// CPython, 28 million branches: 0.7 bits per branch; SBBT takes 128.
import { inflateRawSync, constants as zlib } from "#platform/zlib";
import { CONDITIONAL, JUMP, KINDS } from "../../branch.ts";
import { messageOf, UsageError } from "../../errors.ts";
import { grown, reserve, zeroColumns } from "../../files/grown.ts";
import { createVarintReader, type VarintReader } from "../../files/varints.ts";
import { type Address, highOf, lowOf, sumOf } from "../addresses.ts";
import {
  CHUNK_BYTES,
  CONDITIONAL_FORM,
  checksum,
  DEFINITIONS,
  END,
  EXECUTED,
  HEADER_BYTES,
  KIND_BITS,
  MAGIC,
  MOST_CONTENT_BYTES,
  MOST_IDS,
  SYMBOLS,
  TAKEN,
  VERSION,
} from "../coding/bpt-chunks.ts";
import { createBptWriter } from "../coding/bpt-writer.ts";
import { decodeModule } from "../coding/symbol-chunk.ts";
import { conditionalForm, isUntaken, untakenNotes } from "../coding/untaken.ts";
import type { ByteSource, Provenance, RecordingFormat, RecordingSink, RecordingTotals } from "../recording.ts";
import { printable } from "../symbols.ts";

/** Limit for the branches of all blocks, for those of one block, and for the number of blocks. */
const MOST_BLOCK_BRANCHES = 1 << 22;
const MOST_BLOCKS = 1 << 22;

/** Initial rows for runs: unused pages take no memory. */
const ROWS = 1 << 16;

/** The least that zlib takes as the size of a piece. */
const MIN_PIECE_BYTES = 64;

/** Chunks up to this size are read into the same memory. */
const MOST_REUSED_BYTES = 1 << 17;

const AGAIN = "fetch or record it again";
const cutShort = (what: string): UsageError => new UsageError(`it is cut short: ${what}; ${AGAIN}`);

/** @param room memory for it, where that is large enough */
async function readExactly(source: ByteSource, bytes: number, at: number, what: string, room?: Buffer): Promise<Buffer> {
  const buffer = room !== undefined && bytes <= room.length ? room.subarray(0, bytes) : Buffer.alloc(bytes);
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
 * Replaces a chunk's indexes by block numbers; a separate function, so that V8 keeps everything in registers (70 ms instead of
 * 105 for 56 million branches, by V8's profile).
 * @returns the number of executed branches, and the largest index
 */
function expand(indexes: Uint16Array, count: number, table: Int32Array, lengths: Int32Array, ids: Int32Array): [number, number] {
  let branches = 0;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const index = indexes[i];
    if (index > largest) largest = index;
    ids[i] = table[index];
    branches += lengths[index];
  }
  return [branches, largest];
}

/** Makes the error for the chunk that is being read. */
type Wrong = (what: string) => UsageError;

/** The branches and runs that a file has defined so far, by the file's numbers. */
interface Definitions {
  /** One more than the number of the last run. */
  readonly count: number;
  /** For each run: its block number in the sink, its branches, and how many of them are untaken although their kind has no condition. */
  readonly blocks: Readonly<Record<"numbers" | "lengths" | "untakens", Int32Array>>;
  /** Reads a chunk of further definitions. */
  read(from: VarintReader): void;
}

function createDefinitions(sink: RecordingSink, wrong: Wrong): Definitions {
  /** Of the branch defined before. */
  let lastPc: Address = 0;
  /** The sink's number of each branch; and 1 if it was not taken although its kind has no condition. */
  let branchNumbers = new Int32Array(1 << 12);
  let branchesUntaken = new Uint8Array(1 << 12);
  let branchCount = 0;
  let run = new Int32Array(1 << 8);
  const blocks = zeroColumns(["numbers", "lengths", "untakens"], ROWS);
  let count = 1;
  let blockBranches = 0;

  function readBranch(from: VarintReader): void {
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
    const number = branchCount++;
    branchNumbers = grown(branchNumbers, branchCount);
    branchesUntaken = grown(branchesUntaken, branchCount);
    branchesUntaken[number] = untaken ? 1 : 0;
    branchNumbers[number] = sink.branch({
      pc: lowOf(pc),
      pcHigh: highOf(pc),
      target: lowOf(target),
      targetHigh: highOf(target),
      kind: untaken ? conditionalForm(recorded) : recorded,
      taken: taken ? 1 : 0,
      gap,
    });
  }
  function readBlock(from: VarintReader): void {
    const length = from.unsigned();
    blockBranches += length;
    if (length === 0 || blockBranches > MOST_BLOCK_BRANCHES || count === MOST_BLOCKS)
      throw wrong(`a run of ${length} branches, expected 1 or more, and at most ${MOST_BLOCK_BRANCHES} in all runs`);
    // not longer than the chunk is, whatever it says
    run = grown(run, Math.min(length, from.left()));
    let untaken = 0;
    for (let i = 0; i < length; i++) {
      const number = from.unsigned();
      if (number >= branchCount) throw wrong(`branch ${number}, of ${branchCount} that are defined`);
      run[i] = branchNumbers[number];
      untaken += branchesUntaken[number];
    }
    const block = count++;
    reserve<keyof typeof blocks>(blocks, count);
    blocks.untakens[block] = untaken;
    blocks.numbers[block] = sink.block(run, length);
    blocks.lengths[block] = length;
  }
  return {
    blocks,
    get count() {
      return count;
    },
    read(from) {
      for (let left = from.unsigned(); left > 0; left--) readBranch(from);
      for (let left = from.unsigned(); left > 0; left--) readBlock(from);
      if (from.left() > 0) throw wrong(`${from.left()} bytes too many`);
    },
  };
}

/** Reads chunks of executed runs, and counts branches. */
function createExecutedReader(definitions: Definitions, sink: RecordingSink, wrong: Wrong) {
  const ids = new Int32Array(MOST_IDS + 1);
  /** Of a chunk's runs, always of one kind, for V8; and the same memory as bytes. */
  const indexes = new Uint16Array(MOST_IDS);
  const indexBytes = new Uint8Array(indexes.buffer);
  /** For the blocks of one chunk: their numbers in the sink, their lengths, and how many of their branches are untaken. */
  const table = new Int32Array(MOST_IDS);
  const lengths = new Int32Array(MOST_IDS);
  const untakens = new Int32Array(MOST_IDS);
  let branches = 0;
  let untaken = 0;

  /** Fills the tables; returns whether any block has untaken branches. */
  function readDistinct(from: VarintReader, distinct: number): boolean {
    const { blocks, count } = definitions;
    let id = 0;
    let anyUntaken = false;
    for (let i = 0; i < distinct; i++) {
      id += from.unsigned();
      if (id === 0 || id >= count) throw wrong(`run ${id}, of ${count - 1} that are defined`);
      table[i] = blocks.numbers[id];
      lengths[i] = blocks.lengths[id];
      untakens[i] = blocks.untakens[id];
      anyUntaken ||= untakens[i] > 0;
    }
    return anyUntaken;
  }
  function inflate(compressed: Buffer, bytes: number): Buffer {
    let packed: Buffer;
    try {
      // in one piece, which need not be put together
      packed = inflateRawSync(compressed, {
        maxOutputLength: bytes + 1,
        chunkSize: Math.max(bytes + 1, MIN_PIECE_BYTES),
        finishFlush: zlib.Z_FINISH,
      });
    } catch (error) {
      throw wrong(`what is compressed in it: ${messageOf(error)}`);
    }
    if (packed.length !== bytes) throw wrong(`${packed.length} bytes of runs, expected ${bytes}`);
    return packed;
  }
  return {
    read(from: VarintReader, content: Buffer): void {
      const count = from.unsigned();
      const distinct = from.unsigned();
      if (count > MOST_IDS || distinct > count || distinct === 0)
        throw wrong(`${count} runs of ${distinct} kinds, expected at most ${MOST_IDS}`);
      const anyUntaken = readDistinct(from, distinct);
      const bytes = count * (distinct > 256 ? 2 : 1);
      const packed = inflate(content.subarray(from.position()), bytes);
      if (distinct > 256) indexBytes.set(packed);
      else indexes.set(packed);
      const [executed, largest] = expand(indexes, count, table, lengths, ids);
      if (largest >= distinct) throw wrong(`run number ${largest} of ${distinct}`);
      if (anyUntaken) for (let i = 0; i < count; i++) untaken += untakens[indexes[i]];
      branches += executed;
      sink.blocks(ids, count);
    },
    branches: () => branches,
    untaken: () => untaken,
  };
}

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const header = await readHeader(source);
  let offset = header.bytes;
  /** Start of the chunk that is being read, and its tag. */
  let start = offset;
  let tag = "";
  const damagedAt = (what: string, at: number): UsageError => new UsageError(`it is damaged: ${what} ${source.at(at)}; ${AGAIN}`);
  const wrong = (what: string): UsageError => damagedAt(`${what}, in a chunk ${tag}`, start);
  const definitions = createDefinitions(sink, wrong);
  const executed = createExecutedReader(definitions, sink, wrong);

  const from = createVarintReader((what, at) => damagedAt(what, start + CHUNK_BYTES + at));
  const head = Buffer.alloc(CHUNK_BYTES);
  const room = Buffer.alloc(MOST_REUSED_BYTES);
  for (;;) {
    start = offset;
    const got = await source.fill(head, 0);
    if (got < CHUNK_BYTES) throw cutShort(`it has no end ${source.at(start)}, after ${executed.branches()} branches`);
    const bytes = head.readUInt32LE(4);
    if (bytes > MOST_CONTENT_BYTES) throw damagedAt(`a chunk of ${bytes} bytes, expected at most ${MOST_CONTENT_BYTES},`, start);
    const content = await readExactly(source, bytes, start, "a chunk", room);
    if (checksum(head.subarray(0, 8), content) !== head.readUInt32LE(8)) throw damagedAt("the checksum of a chunk is wrong", start);
    offset += CHUNK_BYTES + bytes;
    tag = head.toString("latin1", 0, 4);
    from.open(content);
    if (tag === DEFINITIONS) definitions.read(from);
    else if (tag === EXECUTED) executed.read(from, content);
    else if (tag === SYMBOLS) sink.symbols?.(decodeModule(content, wrong));
    else if (tag === END) {
      const said = from.unsigned();
      const instructions = from.unsigned();
      if (said !== executed.branches()) throw wrong(`it says ${said} branches, there are ${executed.branches()}`);
      if (executed.branches() === 0) throw new UsageError("it holds no branches");
      if ((await source.fill(head, 0)) > 0) throw damagedAt("something follows its end", offset);
      return { format: "bpt", instructions, notes: untakenNotes(executed.untaken()), provenance: header.provenance };
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
