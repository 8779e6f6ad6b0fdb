// The contract of formats of recorded branches. A format's reader passes on branches piece by piece, so that nothing holds a
// whole recording.
import type { RecordedModule } from "./symbols.ts";

/** One branch of a recording. Byte addresses are split into their low and high 32 bits. */
export interface RecordedBranch {
  readonly pc: number;
  readonly pcHigh: number;
  /** For a conditional that fell through: its static target, or the address after it, as the producer chose. */
  readonly target: number;
  readonly targetHigh: number;
  /** Flags of branch.ts: one kind, or `CONDITIONAL` and another for a conditional return, call or indirect jump. */
  readonly kind: number;
  /** 0 for a conditional that fell through. */
  readonly taken: 0 | 1;
  /** Instructions since the branch before, this one included. */
  readonly gap: number;
}

/** Int32 words of a packet. */
export const PACKET_WORDS = 4;

/**
 * Decodes the packet at `words[at] … words[at + 3]`. Called once for every distinct packet.
 * @throws UsageError when it is no branch
 */
export type DecodePacket = (words: Int32Array, at: number) => RecordedBranch;

/** The meaning of a recording's packets. */
export interface PacketCoding {
  readonly decode: DecodePacket;
  /** Bits of the third and fourth word that hold only the gap: packets that differ in no other bits are the same branch. */
  readonly gapBits: readonly [third: number, fourth: number];
  /** The gap of the packet at `words[at]`. */
  gapOf(words: Int32Array, at: number): number;
}

/** Takes a recording in its format's form: branch by branch, or as repeated runs of branches. */
export interface RecordingSink {
  /** An array that packets may be read into, from its beginning: they are then not copied. */
  readonly buffer?: Int32Array;
  /**
   * Takes branches as packets of four words each, in any coding in which equal packets are equal branches: packets are compared,
   * and decoded only once each. The array may be reused after the call; the coding is the same in all calls.
   */
  packets(words: Int32Array, count: number, coding: PacketCoding): void;
  /** Defines a branch; returns its number. */
  branch(branch: RecordedBranch): number;
  /** Defines a run of branches, `branches[0] … branches[count - 1]`, by their numbers, as a block; returns its number. The array may be reused. */
  block(branches: ArrayLike<number>, count: number): number;
  /** Takes executed blocks. */
  blocks(ids: Int32Array, count: number): void;
  /** Takes names of addresses. They apply to the whole recording, and come before its end. */
  symbols?(module: RecordedModule): void;
}

/** A decompressed file. */
export interface ByteSource {
  /** Fills a buffer from its byte `from`; returns the end of the bytes in it, which is the buffer's end except at the end of the file. */
  fill(buffer: Uint8Array, from: number): Promise<number>;
  /** Position of a byte, for messages: "at byte 24". */
  at(offset: number): string;
}

/** Known after a recording has been read completely. */
export interface RecordingTotals {
  /** The format's id, and its variant if there are several. */
  readonly format: string;
  /** Instructions of the whole recording: the file's own count, or the sum of the gaps. */
  readonly instructions: number;
  /** Notes for users about the file, in sentences. */
  readonly notes: readonly string[];
  /** Whether it is a series of short samples, with branches missing between them. */
  readonly sampled?: boolean;
  /** The file's provenance. */
  readonly provenance?: Provenance;
}

/** The origin of recorded branches: free names and texts. */
export type Provenance = Readonly<Record<string, string>>;

/** The blocks passed to a writer, and their branches. */
export interface WritableBlocks {
  /** Blocks so far; they are numbered from 1. */
  readonly count: number;
  /** The branches of a block, by number, in order. Greater numbers are newer. */
  branchesOf(block: number): readonly number[];
  branch(number: number): RecordedBranch;
}

/** Writes a recording. */
export interface RecordingWriter {
  /** Takes executed blocks, `ids[0] … ids[count - 1]`. */
  blocks(ids: Int32Array, count: number): void;
  /** Takes names of addresses, if the format can hold them. */
  symbols?(module: RecordedModule): void;
  /**
   * The recording is over.
   * @param instructions of the whole of it
   * @returns losses: what the format could not hold, in sentences
   */
  finish(instructions: number): readonly string[];
}

/** Takes a recording in a first pass before it is written, if the beginning of a file depends on the rest. */
export interface RecordingSurvey {
  /** Takes names of addresses, if the format can hold them; only those of the second pass are written. */
  symbols?(module: RecordedModule): void;
  /** Takes executed blocks, `ids[0] … ids[count - 1]`. */
  blocks(ids: Int32Array, count: number): void;
  /**
   * Ends the first pass and begins the second.
   * @param blocks those of the second pass, whose numbers may differ
   * @param instructions of the whole recording
   */
  writer(blocks: WritableBlocks, instructions: number): RecordingWriter;
}

/** The default export of a format's file. */
export interface RecordingFormat {
  /** Name of a file in this format: "an SBBT trace". */
  readonly file: string;
  /** Endings of such files' names, without those of compressions. */
  readonly endings: readonly string[];
  /** Whether other kinds of files have the same ending: then only the content decides. */
  readonly endingsShared?: boolean;
  /** Whether a file that begins with these bytes (decompressed, 4096 or all there are) is of its kind. */
  recognises(start: Uint8Array): boolean;
  /** Reads a whole file. @throws UsageError when it is damaged; the message does not name the file */
  read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals>;
  /** Begins a file, or a survey of what it will hold. @param write takes its bytes, in order */
  createWriter?(write: (bytes: Uint8Array) => void, blocks: WritableBlocks, provenance: Provenance): RecordingWriter | RecordingSurvey;
}
