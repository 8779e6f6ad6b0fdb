// Recorded branches: what a real program executed, from a file. A format's reader hands on what it reads piece by piece, so
// that nothing holds a whole recording.
import type { RecordedModule } from "./symbols.ts";

/** One branch of a recording. Addresses are bytes, in their low 32 bits and their high ones. */
export interface RecordedBranch {
  readonly pc: number;
  readonly pcHigh: number;
  /** Of a conditional that fell through: where it would have gone, or the address behind it, as the producer chose. */
  readonly target: number;
  readonly targetHigh: number;
  /** Flags of branch.ts: one kind, or `CONDITIONAL` and another where the branch is a conditional return, call or indirect jump. */
  readonly kind: number;
  /** 0 for a conditional that fell through. */
  readonly taken: 0 | 1;
  /** Instructions since the branch before, this one included. */
  readonly gap: number;
}

/** Int32 words of a packet. */
export const PACKET_WORDS = 4;

/**
 * Says what the packet at `words[at] … words[at + 3]` is. Called once for every packet that differs from all before.
 * @throws UsageError when it is no branch
 */
export type DecodePacket = (words: Int32Array, at: number) => RecordedBranch;

/** What the packets of a recording mean. */
export interface PacketCoding {
  readonly decode: DecodePacket;
  /** Bits of the third and fourth word that say nothing but the gap: packets that differ in no others are one branch. */
  readonly gapBits: readonly [third: number, fourth: number];
  /** The gap of the packet at `words[at]`. */
  gapOf(words: Int32Array, at: number): number;
}

/** Takes a recording as its format holds it: branch by branch, or as runs of branches that come again and again. */
export interface RecordingSink {
  /**
   * Takes branches as packets of four words each, whatever they mean, as long as equal ones mean equal branches: they are
   * compared, and decoded only once each. The array may be used again after the call; the coding is the same in all calls.
   */
  packets(words: Int32Array, count: number, coding: PacketCoding): void;
  /** Defines a branch; returns its number. */
  branch(branch: RecordedBranch): number;
  /** Defines a run of branches, by their numbers, as a block; returns its number. */
  block(branches: readonly number[]): number;
  /** Takes executed blocks. */
  blocks(ids: Int32Array, count: number): void;
  /** Takes names of addresses. They hold for the whole recording, and come before its end. */
  symbols?(module: RecordedModule): void;
}

/** A file as its reader sees it: decompressed. */
export interface ByteSource {
  /** Fills a buffer from its byte `from` on; returns where the bytes in it end: at its end, but at the end of the file. */
  fill(buffer: Uint8Array, from: number): Promise<number>;
  /** Where a byte is, for messages: "at byte 24". */
  at(offset: number): string;
}

/** What is known of a recording when all of it has been read. */
export interface RecordingTotals {
  /** The format's id, and its variant if there are several. */
  readonly format: string;
  /** Instructions of the whole recording: the file's own count, or the sum of the gaps. */
  readonly instructions: number;
  /** What a user should know about the file, in sentences. */
  readonly notes: readonly string[];
  /** Whether it is a row of short samples: what executed between them is missing. */
  readonly sampled?: boolean;
  /** What the file says of where it comes from. */
  readonly provenance?: Provenance;
}

/** Where recorded branches come from, for whoever finds the file: free names and texts. */
export type Provenance = Readonly<Record<string, string>>;

/** The blocks that a writer is told of, and their branches. */
export interface WritableBlocks {
  /** Blocks so far; they are numbered from 1. */
  readonly count: number;
  /** The branches of a block, by number, in order. Greater numbers came up later. */
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
   * @returns what the format could not hold, in sentences
   */
  finish(instructions: number): readonly string[];
}

/** Sees a recording once before it is written, where the beginning of a file depends on all that follows. */
export interface RecordingSurvey {
  /** Takes names of addresses, if the format can hold them: what comes the second time counts. */
  symbols?(module: RecordedModule): void;
  /** Takes executed blocks, `ids[0] … ids[count - 1]`. */
  blocks(ids: Int32Array, count: number): void;
  /**
   * The recording is over, and comes a second time.
   * @param blocks those of the second time: their numbers may be others
   * @param instructions of the whole of it
   */
  writer(blocks: WritableBlocks, instructions: number): RecordingWriter;
}

/** What a format's file exports as its default. */
export interface RecordingFormat {
  /** What a file of its kind is called: "an SBBT trace". */
  readonly file: string;
  /** How names of such files end, without what a compression adds. */
  readonly endings: readonly string[];
  /** Whether files of other kinds end so too: then only what a file begins with tells. */
  readonly endingsShared?: boolean;
  /** Whether a file that begins with these bytes (decompressed, 4096 or all there are) is of its kind. */
  recognises(start: Uint8Array): boolean;
  /** Reads a whole file. @throws UsageError when it is damaged; the message does not name the file */
  read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals>;
  /** Begins a file, or a survey of what it will hold. @param write takes its bytes, in order */
  createWriter?(write: (bytes: Uint8Array) => void, blocks: WritableBlocks, provenance: Provenance): RecordingWriter | RecordingSurvey;
}
