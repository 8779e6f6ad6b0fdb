// Traces of the championship of 2025 (CBP2025, of the family of CVP; cited from memory): every executed ARM64 instruction, in
// records of variable length, without a header.
//
//   8 bytes       address
//   1             class: 0 ALU, 1 load, 2 store, 3 conditional, 4 jump, 5 indirect jump, 6 FP, 7 slow ALU, 9 call, 10 indirect call, 11 return
//   loads, stores 8 address in memory, 1 size, 1 base update; stores 1 more
//   branches      1 taken, and if so 8 target
//   1 + n, 1 + m  registers that are read, and written: how many, and which
//   8 or 16 each  values written: 16 for the registers 32 to 63
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { whole } from "../../numbers.ts";
import { untakenNotes } from "../coding/untaken.ts";
import { createPackets } from "../packets.ts";
import type { ByteSource, RecordingFormat, RecordingSink, RecordingTotals } from "../recording.ts";

const BUFFER_BYTES = 1 << 17;
/** No record is longer, whatever its registers. */
const MOST_RECORD_BYTES = 8192;
const INSTRUCTION_BYTES = 4;
const LOAD = 1;
const STORE = 2;
const LAST_CLASS = 11;
const UNDEFINED_CLASS = 8;
const LAST_REGISTER = 65;
const KINDS = new Map([
  [3, CONDITIONAL],
  [4, JUMP],
  [5, INDIRECT_JUMP],
  [9, CALL],
  [10, INDIRECT_CALL],
  [11, RETURN],
]);
/** Number of fitting records by which a file is recognised. */
const FEWEST_RECORDS = 4;

interface Instruction {
  readonly pc: number;
  readonly pcHigh: number;
  /** 0 for what is no branch. */
  readonly kind: number;
  readonly taken: 0 | 1;
  /** Where control goes next. */
  readonly target: number;
  readonly targetHigh: number;
  /** Where its record ends. */
  readonly end: number;
}

/** The record at a byte; undefined if it is incomplete, "wrong" if it is invalid. */
function recordAt(bytes: Buffer, start: number, length: number): Instruction | undefined | "wrong" {
  if (start + 9 > length) return undefined;
  const pc = bytes.readInt32LE(start);
  const pcHigh = bytes.readInt32LE(start + 4);
  const type = bytes[start + 8];
  if (type > LAST_CLASS || type === UNDEFINED_CLASS || pc & 3) return "wrong";
  const kind = KINDS.get(type) ?? 0;
  let at = start + 9;
  if (type === LOAD) at += 10;
  else if (type === STORE) at += 11;
  let taken: 0 | 1 = 0;
  let target = (pc + INSTRUCTION_BYTES) | 0;
  let targetHigh = target >>> 0 < pc >>> 0 ? (pcHigh + 1) | 0 : pcHigh;
  if (kind !== 0) {
    if (at + 9 > length && (at >= length || bytes[at] === 1)) return undefined;
    if (bytes[at] > 1) return "wrong";
    taken = bytes[at++] === 1 ? 1 : 0;
    if (taken === 1) {
      target = bytes.readInt32LE(at);
      targetHigh = bytes.readInt32LE(at + 4);
      at += 8;
    }
  }
  if (at >= length) return undefined;
  at += 1 + bytes[at];
  if (at >= length) return undefined;
  const outputs = at + 1;
  at = outputs + bytes[at];
  if (at > length) return undefined;
  for (let i = outputs, registersEnd = at; i < registersEnd; i++) {
    if (bytes[i] > LAST_REGISTER) return "wrong";
    at += bytes[i] >= 32 && bytes[i] < 64 ? 16 : 8;
  }
  return at > length ? undefined : { pc, pcHigh, kind, taken, target, targetHigh, end: at };
}

/** Whether an instruction is at the address to which the one before leads. */
const follows = ({ target, targetHigh }: Instruction, { pc, pcHigh }: Instruction): boolean => pc === target && pcHigh === targetHigh;

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const buffer = Buffer.alloc(BUFFER_BYTES);
  const packets = createPackets(sink);
  let offset = 0;
  let instructions = 0;
  let gap = 0;
  let breaks = 0;
  let last: Instruction | undefined;
  let length = 0;
  for (;;) {
    length = await source.fill(buffer, length);
    const ended = length < BUFFER_BYTES;
    const stop = ended ? length : length - MOST_RECORD_BYTES;
    let at = 0;
    while (at < stop) {
      const record = recordAt(buffer, at, length);
      if (record === "wrong")
        throw new UsageError(
          `it is damaged, or no CBP2025 trace (CVP-1 is another format): no instruction has such a record ${source.at(offset + at)}`,
        );
      if (record === undefined)
        throw new UsageError(`it is cut short: a record has no end ${source.at(offset + at)}; fetch or record it again`);
      if (last !== undefined && !follows(last, record)) breaks++;
      instructions++;
      gap++;
      if (record.kind !== 0) {
        packets.add({ ...record, gap });
        gap = 0;
      }
      last = record;
      at = record.end;
    }
    if (ended) break;
    buffer.copyWithin(0, at, length);
    offset += at;
    length -= at;
  }
  packets.flush();
  if (instructions === 0) throw new UsageError("it is empty, expected a CBP2025 trace");
  if (packets.branches === 0) throw new UsageError(`it holds no branches, only ${instructions} instructions`);
  const notes = [...untakenNotes(packets.untaken)];
  if (breaks > 0) notes.push(`${whole(breaks)} of its ${whole(instructions)} instructions stand elsewhere than the one before leads.`);
  return { format: "cbp2025", instructions, notes };
}

/** A trace is recognised because each record is at the address to which the one before leads, which is unlikely by chance. */
function recognises(start: Uint8Array): boolean {
  const bytes = Buffer.from(start);
  let last: Instruction | undefined;
  let records = 0;
  for (let at = 0; at < bytes.length; records++) {
    const record = recordAt(bytes, at, bytes.length);
    if (record === undefined) break;
    if (record === "wrong" || (last !== undefined && !follows(last, record)) || (record.pc === 0 && record.pcHigh === 0)) return false;
    last = record;
    at = record.end;
  }
  return records >= FEWEST_RECORDS;
}

const cbp: RecordingFormat = { file: "a CBP2025 trace", endings: [".cbp2025"], recognises, read };
export default cbp;
