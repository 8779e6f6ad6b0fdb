// ChampSim's traces (its input_instr; N. Gober et al., "The Championship Simulator", arXiv 2210.14324, 2022; cited from memory):
// 64 bytes for every instruction that executed, and no header.
//
// or 96 in the layout of CloudSuite's traces, which has room for 4 registers that are written:
//
//   byte 0   address: 64 bits
//        8   whether it is a branch, whether it is taken
//       10   registers: 2 (CloudSuite: 4) that are written, 4 that are read; 0 is none
//       16   (CloudSuite: 24) addresses in memory: as many
//
// Registers determine the kind of a branch: 6 is the stack pointer, 25 the flags, 26 the instruction pointer. The record after a
// branch gives its target; the last record of a file has no other use.
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { createLosses } from "../coding/losses.ts";
import { isUntaken, untakenNotes } from "../coding/untaken.ts";
import { MAX_INSTRUCTION_BYTES } from "../events.ts";
import { createPackets } from "../packets.ts";
import type {
  ByteSource,
  RecordedBranch,
  RecordingFormat,
  RecordingSink,
  RecordingTotals,
  RecordingWriter,
  WritableBlocks,
} from "../recording.ts";

const RECORD_BYTES = 64;
/** Whole records of either layout. */
const BUFFER_BYTES = 3 << 16;
const IS_BRANCH = 8;
const TAKEN = 9;
const WRITTEN = 10;

/** Bytes of a record, and where the registers that are read begin and end in it. */
interface Layout {
  readonly format: string;
  readonly bytes: number;
  readonly read: number;
  readonly end: number;
}
const PLAIN: Layout = { format: "champsim", bytes: RECORD_BYTES, read: 12, end: 16 };
const CLOUDSUITE: Layout = { format: "champsim-cloudsuite", bytes: 96, read: 14, end: 18 };

const STACK_POINTER = 6;
const FLAGS = 25;
const INSTRUCTION_POINTER = 26;
/** Registers as bits: the three, and any other. */
const SP = 1;
const FL = 2;
const IP = 4;
const OTHER = 8;

/** Most instructions that are invented between two branches, and after the last one. */
const MOST_FILLERS = 1 << 20;

/** A branch of a kind that is not replayed. */
const UNKNOWN = -1;

const bitOf = (register: number): number => {
  if (register === 0) return 0;
  if (register === STACK_POINTER) return SP;
  if (register === FLAGS) return FL;
  return register === INSTRUCTION_POINTER ? IP : OTHER;
};
const BITS = Int32Array.from({ length: 256 }, (_, register) => bitOf(register));

function registersIn(bytes: Uint8Array, from: number, to: number): number {
  let bits = 0;
  for (let at = from; at < to; at++) bits |= BITS[bytes[at]];
  return bits;
}

/** The kind of an instruction by ChampSim's rules: a kind, UNKNOWN, or 0 for no branch. */
function kindOf(written: number, read: number): number {
  if (!(written & IP)) return 0;
  if (!(read & (SP | FL | OTHER))) return JUMP;
  if (!(read & (SP | IP | FL))) return INDIRECT_JUMP;
  if (read & IP && !((read | written) & SP)) return CONDITIONAL;
  if (!(written & SP) || !(read & SP)) return UNKNOWN;
  if (!(read & IP)) return RETURN;
  if (read & FL) return UNKNOWN;
  return read & OTHER ? INDIRECT_CALL : CALL;
}

/** By kind: registers that are written and read, chosen so that readers recognise the kind. */
const REGISTERS = new Map([
  [CONDITIONAL, [INSTRUCTION_POINTER, 0, INSTRUCTION_POINTER, FLAGS, 0, 0]],
  [JUMP, [INSTRUCTION_POINTER, 0, INSTRUCTION_POINTER, 0, 0, 0]],
  [INDIRECT_JUMP, [INSTRUCTION_POINTER, 0, 3, 0, 0, 0]],
  [CALL, [INSTRUCTION_POINTER, STACK_POINTER, INSTRUCTION_POINTER, STACK_POINTER, 0, 0]],
  [INDIRECT_CALL, [INSTRUCTION_POINTER, STACK_POINTER, INSTRUCTION_POINTER, STACK_POINTER, 3, 0]],
  [RETURN, [INSTRUCTION_POINTER, STACK_POINTER, STACK_POINTER, 0, 0, 0]],
]);
const FILLER = [3, 0, 4, 0, 0, 0];

/** Whether an address is that of the instruction after a conditional that fell through. */
const isBehind = (low: number, high: number, { pc, pcHigh }: RecordedBranch): boolean =>
  high === pcHigh && (low - pc - 1) >>> 0 < MAX_INSTRUCTION_BYTES;

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const buffer = Buffer.alloc(BUFFER_BYTES);
  const packets = createPackets(sink);
  /** The branch of the last record so far, if it is one. */
  let open: RecordedBranch | undefined;
  let gap = 0;
  let records = 0;
  let unknown = 0;
  let layout = PLAIN;

  function close(given: RecordedBranch, low: number, high: number): void {
    const behind = isBehind(low, high, given);
    // without a condition it was not taken only if the next instruction follows it
    const branch: RecordedBranch = isUntaken(given.kind, given.taken) && !behind ? { ...given, taken: 1 } : given;
    const known = branch.taken === 1 || behind;
    packets.add({ ...branch, target: known ? low : (branch.pc + 1) | 0, targetHigh: known ? high : branch.pcHigh });
  }
  function record(at: number): void {
    const low = buffer.readInt32LE(at);
    const high = buffer.readInt32LE(at + 4);
    const flags = Math.max(buffer[at + IS_BRANCH], buffer[at + TAKEN]);
    if (flags > 1) {
      const where = source.at(records * layout.bytes + (buffer[at + IS_BRANCH] > 1 ? IS_BRANCH : TAKEN));
      throw new UsageError(`it is damaged or no ChampSim trace: expected 0 or 1 for a branch, or for a taken one, got ${flags} ${where}`);
    }
    if (open !== undefined) close(open, low, high);
    open = undefined;
    gap++;
    records++;
    const kind = kindOf(registersIn(buffer, at + WRITTEN, at + layout.read), registersIn(buffer, at + layout.read, at + layout.end));
    if (kind === UNKNOWN) unknown++;
    if (kind <= 0) return;
    const taken = buffer[at + TAKEN] === 0 ? 0 : 1;
    open = { pc: low, pcHigh: high, target: 0, targetHigh: 0, kind, taken, gap };
    gap = 0;
  }
  let rest = 0;
  for (;;) {
    const length = await source.fill(buffer, 0);
    if (records === 0) layout = layoutOf(buffer.subarray(0, Math.min(length, SNIFFED_BYTES))) ?? PLAIN;
    rest = length % layout.bytes;
    for (let at = 0; at + layout.bytes <= length; at += layout.bytes) record(at);
    if (length < BUFFER_BYTES) break;
  }
  if (records === 0 && rest === 0) throw new UsageError("it is empty, expected a ChampSim trace");
  if (rest > 0) {
    const where = source.at(records * layout.bytes);
    throw new UsageError(
      `it is cut short, or no ChampSim trace: an instruction takes ${layout.bytes} bytes, there are ${rest} ${where}; fetch or record it again`,
    );
  }
  packets.flush();
  if (packets.branches === 0) throw new UsageError(`it holds no branches, only ${records} instructions`);
  const notes = [...untakenNotes(packets.untaken)];
  if (unknown > 0) notes.push(`Its registers do not say what kind of branch ${unknown} instructions are: they are left out.`);
  return { format: layout.format, instructions: records - 1, notes };
}

/** A trace is recognised by valid flags, and by branches that write the instruction pointer, which are unlikely by chance. */
function fits(bytes: Buffer, layout: Layout): boolean {
  if (bytes.length < 2 * layout.bytes) return false;
  for (let at = 0; at + layout.bytes <= bytes.length; at += layout.bytes) {
    const isBranch = bytes[at + IS_BRANCH];
    const writes = registersIn(bytes, at + WRITTEN, at + layout.read);
    if (isBranch > 1 || bytes[at + TAKEN] > isBranch || (writes & IP ? 1 : 0) !== isBranch) return false;
    if (bytes.readBigUInt64LE(at) === 0n) return false;
  }
  return true;
}

/** Bytes by which the layouts are distinguished. */
const SNIFFED_BYTES = 4096;
const layoutOf = (bytes: Buffer): Layout | undefined => [PLAIN, CLOUDSUITE].find((layout) => fits(bytes, layout));

function createWriter(write: (bytes: Uint8Array) => void, blocks: WritableBlocks): RecordingWriter {
  const losses = createLosses();
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let length = 0;
  let records = 0;
  let last: RecordedBranch | undefined;

  function record(low: number, high: number, registers: readonly number[], isBranch: 0 | 1, taken: 0 | 1): void {
    buffer.writeInt32LE(low, length);
    buffer.writeInt32LE(high, length + 4);
    buffer[length + IS_BRANCH] = isBranch;
    buffer[length + TAKEN] = taken;
    buffer.set(registers, length + WRITTEN);
    length += RECORD_BYTES;
    records++;
    if (length < BUFFER_BYTES) return;
    flush();
  }
  function flush(): void {
    write(Buffer.from(buffer.subarray(0, length)));
    length = 0;
  }
  /** Writes instructions before one at an address: the first at the last branch's target, the others just before the address. */
  function fill(count: number, low: number, high: number): void {
    for (let left = count; left > 0; left--) {
      if (left === count && last !== undefined) {
        const went = last.taken === 1 || isBehind(last.target, last.targetHigh, last);
        record(went ? last.target : (last.pc + 4) | 0, went ? last.targetHigh : last.pcHigh, FILLER, 0, 0);
      } else record((low - left) | 0, low >>> 0 < left ? (high - 1) | 0 : high, FILLER, 0, 0);
    }
  }
  function lose(branch: RecordedBranch, fillers: number): void {
    if (branch.kind & CONDITIONAL && branch.kind !== CONDITIONAL)
      losses.count("conditional returns, calls and indirect jumps become plain ones, or conditionals where they are not taken");
    if (branch.taken === 0 && !isBehind(branch.target, branch.targetHigh, branch))
      losses.count("where a conditional that fell through would have gone");
    if (branch.gap - 1 > fillers) losses.count(`gaps beyond ${MOST_FILLERS} are cut to it`);
    if (branch.gap === 0) losses.count("a gap of 0 becomes 1");
    if (last !== undefined && fillers === 0 && last.taken === 1 && (last.target !== branch.pc || last.targetHigh !== branch.pcHigh))
      losses.count("the target of a branch, as the next one stands elsewhere without an instruction before it");
  }
  return {
    blocks(ids, count) {
      for (let i = 0; i < count; i++) {
        for (const number of blocks.branchesOf(ids[i])) {
          const branch = blocks.branch(number);
          const { pc, pcHigh, kind, taken, gap } = branch;
          const fillers = Math.min(Math.max(gap, 1), MOST_FILLERS) - 1;
          lose(branch, fillers);
          fill(fillers, pc, pcHigh);
          const written = taken === 1 && kind !== CONDITIONAL ? kind & ~CONDITIONAL : CONDITIONAL;
          record(pc, pcHigh, REGISTERS.get(written) ?? FILLER, 1, taken);
          last = branch;
        }
      }
    },
    finish(instructions) {
      const rest = Math.max(instructions - records, 0);
      const fillers = Math.min(rest, MOST_FILLERS);
      // the last record only tells where the one before went
      const end = last ?? { target: 0, targetHigh: 0 };
      fill(fillers + 1, (end.target + fillers + 1) | 0, end.targetHigh);
      flush();
      const said = records - 1;
      return said === instructions
        ? losses.sentences()
        : [...losses.sentences(), `It has ${said} instructions instead of ${instructions}: every one of them takes ${RECORD_BYTES} bytes.`];
    },
  };
}

const champsim: RecordingFormat = {
  file: "a ChampSim trace",
  endings: [".champsimtrace", ".champsim", ".trace"],
  recognises: (start) => layoutOf(Buffer.from(start)) !== undefined,
  read,
  createWriter,
};
export default champsim;
