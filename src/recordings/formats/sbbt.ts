// SBBT, the traces of MBPlib (E. Domínguez-Sánchez and A. Ros, "MBPlib: Modular Branch Prediction Library", ISPASS 2023; cited from memory):
//
//   byte 0   "SBBT\n", version 1 0 0
//        8   instructions, branches: 64 bits each; 0 where the producer did not know
//       24   16 bytes a branch, two words:
//
//            63                     12  11     10-4   3-0
//            address, bits 51 to 0      taken  zero   opcode: 1 conditional + 2 indirect + 4 return or 8 call
//            target, bits 51 to 0       gap (11 to 0): instructions since the branch before, this one included
//
// Older files have the same version: bit 0 is taken, bits 8 to 11 the opcode (1 return or 2 call + 4 conditional + 8 indirect),
// and the gap counts the instructions after the branch, to the next one. The sample that comes with MBPlib is one.
import { CALL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { createLosses } from "../coding/losses.ts";
import { conditionalForm, isUntaken, untakenNotes } from "../coding/untaken.ts";
import {
  type ByteSource,
  PACKET_WORDS,
  type PacketCoding,
  type RecordedBranch,
  type RecordingFormat,
  type RecordingSink,
  type RecordingSurvey,
  type RecordingTotals,
  type RecordingWriter,
  type WritableBlocks,
} from "../recording.ts";

const SIGNATURE = "SBBT\n";
const VERSION = "1.0.0";
const HEADER_BYTES = 24;
const PACKET_BYTES = 16;

/** Bytes that are read at a time where the sink has no buffer: few enough for a cache, enough to distinguish the variants. */
const BUFFER_BYTES = 1 << 17;

/** The longest gap that can be written; longer ones are cut to it, or lose their upper bits. */
const MAX_GAP = 4095;

/** Most instructions per branch, given the largest gap. */
const MOST_INSTRUCTIONS = 1 << 24;

/** Kinds by opcode; those of type 3 do not exist. A return is indirect, whether or not its opcode says so. */
const KIND_OF_OPCODE = [JUMP, INDIRECT_JUMP, RETURN, RETURN, CALL, INDIRECT_CALL].flatMap((kind) => [kind, conditionalForm(kind)]);

/** A variant's packing of the lower half of the first word. */
interface Variant {
  readonly format: string;
  readonly opcodeShift: number;
  readonly takenShift: number;
  /** The kind by opcode; 0 where there is none. */
  readonly kinds: Int32Array;
}

function variantOf(format: string, opcodeShift: number, takenShift: number, today: (opcode: number) => number): Variant {
  const kinds = Int32Array.from({ length: 16 }, (_, opcode) => KIND_OF_OPCODE[today(opcode)] ?? 0);
  return { format, opcodeShift, takenShift, kinds };
}

const CURRENT = variantOf("sbbt", 0, 11, (opcode) => opcode);
const OLDER = variantOf("sbbt-older", 8, 0, (opcode) => ((opcode & 3) << 2) | (opcode >> 2));

/** In older files bits 1 to 7 are zero, and some of bits 8 to 10 is not; in the others bits 4 to 10 are zero. */
function variantIn(packets: Buffer): Variant {
  let somewhere = 0;
  for (let at = 0; at + PACKET_BYTES <= packets.length; at += PACKET_BYTES) somewhere |= packets.readUInt16LE(at);
  return (somewhere & 0x0fe) === 0 && (somewhere & 0x7f0) !== 0 ? OLDER : CURRENT;
}

interface Header {
  readonly instructions: number;
  readonly branches: number;
}

function readHeader(bytes: Buffer, { at }: ByteSource): Header {
  if (bytes.length === 0) throw new UsageError("it is empty, expected an SBBT trace");
  if (!sbbt.recognises(bytes)) {
    const start = bytes.toString("hex", 0, SIGNATURE.length);
    throw new UsageError(`expected an SBBT trace, which begins with the bytes ${Buffer.from(SIGNATURE).toString("hex")}, got ${start}`);
  }
  if (bytes.length < HEADER_BYTES) throw cutShort(`the header takes ${HEADER_BYTES} bytes, there are ${bytes.length}`);
  const version = bytes.subarray(SIGNATURE.length, 8).join(".");
  if (version !== VERSION) throw new UsageError(`expected SBBT version ${VERSION}, got ${version} ${at(SIGNATURE.length)}`);
  const field = (name: string, offset: number): number => {
    const value = bytes.readBigUInt64LE(offset);
    if (value > Number.MAX_SAFE_INTEGER) throw damaged(`the header says ${value} ${name} ${at(offset)}, more than any trace has`);
    return Number(value);
  };
  return { instructions: field("instructions", 8), branches: field("branches", 16) };
}

const cutShort = (why: string): UsageError => new UsageError(`it is cut short: ${why}; fetch or record it again`);
const damaged = (why: string): UsageError => new UsageError(`it is damaged: ${why}; fetch or record it again`);

/** What has been read of a file. */
interface Sums {
  branches: number;
  /** Added up only if the header does not give the number of instructions. */
  gaps: number;
  untaken: number;
}

function totalsOf(header: Header, { branches, gaps, untaken }: Sums, { format }: Variant): RecordingTotals {
  if (branches === 0) throw new UsageError("it holds no branches");
  const instructions = header.instructions === 0 ? gaps : header.instructions;
  if (header.branches > branches) throw cutShort(`the header says ${header.branches} branches, there are ${branches}`);
  if (instructions < branches) throw damaged(`the header says ${instructions} instructions, but there are ${branches} branches`);
  if (instructions > (branches + 1) * MOST_INSTRUCTIONS) {
    throw damaged(`the header says ${instructions} instructions for ${branches} branches, more than ${MOST_INSTRUCTIONS} for each`);
  }
  const notes = [...untakenNotes(untaken)];
  if (format === OLDER.format) notes.push("Its branches are packed in the older way of SBBT, which has the same version.");
  if (header.branches > 0 && header.branches < branches) notes.push(`Its header says ${header.branches} branches, it holds ${branches}.`);
  if (header.instructions === 0) notes.push("Its header does not say how many instructions it has: gaps are added up.");
  return { format, instructions, notes };
}

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const words = sink.buffer ?? new Int32Array(BUFFER_BYTES / 4);
  const buffer = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  let length = await source.fill(buffer, 0);
  const header = readHeader(buffer.subarray(0, length), source);
  const variant = variantIn(buffer.subarray(HEADER_BYTES, length));
  const { kinds, opcodeShift, takenShift } = variant;
  const sums: Sums = { branches: 0, gaps: 0, untaken: 0 };
  /** Whether a branch occurred that was not taken although its kind has no condition: each packet is decoded when it first occurs. */
  let counted = false;
  const coding = codingOf(
    variant,
    (at) => source.at(offset + at * 4),
    () => {
      counted = true;
    },
  );
  // from now on packets are at multiples of their length in the buffer
  buffer.copyWithin(0, HEADER_BYTES, length);
  length -= HEADER_BYTES;
  /** Position in the file of the buffer's first byte. */
  let offset = HEADER_BYTES;
  let gapBehind = 1;
  for (;;) {
    length = await source.fill(buffer, length);
    const count = Math.floor(length / PACKET_BYTES);
    if (variant === OLDER) {
      // moves gaps from before each branch to after it
      for (let at = 2; at < count * PACKET_WORDS; at += PACKET_WORDS) {
        const gap = gapBehind;
        gapBehind = words[at] & MAX_GAP;
        words[at] = (words[at] & ~MAX_GAP) | gap;
      }
    }
    if (header.instructions === 0) for (let at = 2; at < count * PACKET_WORDS; at += PACKET_WORDS) sums.gaps += words[at] & MAX_GAP;
    sink.packets(words, count, coding);
    if (counted)
      for (let at = 0; at < count * PACKET_WORDS; at += PACKET_WORDS)
        if (isUntaken(kinds[(words[at] >>> opcodeShift) & 15], (words[at] >>> takenShift) & 1)) sums.untaken++;
    sums.branches += count;
    offset += count * PACKET_BYTES;
    if (length < buffer.length) break;
    length = 0;
  }
  const rest = length % PACKET_BYTES;
  if (rest > 0) throw cutShort(`a branch takes ${PACKET_BYTES} bytes, there are ${rest} ${source.at(offset)}`);
  return totalsOf(header, sums, variant);
}

/**
 * @param where gives the position in the file of a word of the buffer
 * @param onUntaken called for branches that were not taken although their kind has no condition
 */
function codingOf(variant: Variant, where: (at: number) => string, onUntaken: () => void): PacketCoding {
  const { opcodeShift, takenShift, kinds } = variant;
  const decode: PacketCoding["decode"] = (words, at) => {
    const pcLow = words[at];
    const pcHigh = words[at + 1];
    const targetLow = words[at + 2];
    const targetHigh = words[at + 3];
    const taken = (pcLow >>> takenShift) & 1;
    const opcode = (pcLow >>> opcodeShift) & 15;
    const kind = kinds[opcode];
    if (kind === 0) throw damaged(`a branch that is no jump, return or call (opcode ${opcode}) ${where(at)}`);
    const untaken = isUntaken(kind, taken);
    if (untaken) onUntaken();
    return {
      pc: (pcLow >>> 12) | (pcHigh << 20),
      pcHigh: pcHigh >> 12,
      target: (targetLow >>> 12) | (targetHigh << 20),
      targetHigh: targetHigh >> 12,
      kind: untaken ? conditionalForm(kind) : kind,
      taken: taken === 1 ? 1 : 0,
      gap: targetLow & MAX_GAP,
    };
  };
  return { decode, gapBits: [MAX_GAP, 0], gapOf: (words, at) => words[at + 2] & MAX_GAP };
}

/** The file's two words of a branch, and what is lost. */
interface Written {
  readonly words: Uint8Array;
  readonly lost: readonly string[];
}

function writtenOf({ pc, pcHigh, target, targetHigh, kind, taken, gap }: RecordedBranch): Written {
  const lost: string[] = [];
  const opcode = KIND_OF_OPCODE.lastIndexOf(kind);
  const pack = (low: number, high: number, rest: number): [number, number] => {
    if (high >> 19 !== 0 && high >> 19 !== -1) lost.push(BITS_LOST);
    return [(low << 12) | rest, (high << 12) | (low >>> 20)];
  };
  if (gap > MAX_GAP) lost.push(`gaps beyond ${MAX_GAP} are cut to it`);
  const words = Int32Array.from([
    ...pack(pc, pcHigh, (taken << CURRENT.takenShift) | opcode),
    ...pack(target, targetHigh, Math.min(gap, MAX_GAP)),
  ]);
  return { words: new Uint8Array(words.buffer), lost: [...new Set(lost)] };
}
const BITS_LOST = "addresses are cut to 52 bits, the uppermost of which is that of the sign";

function createWriter(write: (bytes: Uint8Array) => void, surveyed: WritableBlocks): RecordingSurvey {
  let branches = 0;
  return {
    blocks(ids, count) {
      for (let i = 0; i < count; i++) branches += surveyed.branchesOf(ids[i]).length;
    },
    writer(blocks, instructions): RecordingWriter {
      const header = Buffer.alloc(HEADER_BYTES);
      header.write(SIGNATURE);
      header[SIGNATURE.length] = 1;
      const most = (branches + 1) * MOST_INSTRUCTIONS;
      const said = Math.max(branches, Math.min(instructions, most));
      header.writeBigUInt64LE(BigInt(said), 8);
      header.writeBigUInt64LE(BigInt(branches), 16);
      write(header);
      const losses = createLosses();
      /** By number of a branch. */
      const written: Written[] = [];
      const buffer = Buffer.alloc(BUFFER_BYTES);
      let length = 0;
      const flush = (): void => {
        write(Buffer.from(buffer.subarray(0, length)));
        length = 0;
      };
      return {
        blocks(ids, count) {
          for (let i = 0; i < count; i++) {
            for (const branch of blocks.branchesOf(ids[i])) {
              written[branch] ??= writtenOf(blocks.branch(branch));
              const { words, lost } = written[branch];
              buffer.set(words, length);
              for (const what of lost) losses.count(what);
              length += PACKET_BYTES;
              if (length === BUFFER_BYTES) flush();
            }
          }
        },
        finish() {
          flush();
          const changed =
            said === instructions
              ? []
              : [
                  `It says ${said} instructions instead of ${instructions}: SBBT traces have at least one and at most ${MOST_INSTRUCTIONS} a branch.`,
                ];
          return [...losses.sentences(), ...changed];
        },
      };
    },
  };
}

const sbbt: RecordingFormat = {
  file: "an SBBT trace",
  endings: [".sbbt"],
  recognises: (start) => Buffer.from(start).toString("latin1", 0, SIGNATURE.length) === SIGNATURE,
  read,
  createWriter,
};
export default sbbt;
