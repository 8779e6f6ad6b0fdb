// Recorded branches: what a real program executed, from a file. A format's reader hands on one column for each fact, in
// batches, so that nothing holds a whole recording.

/** Some branches, in order: row i of every column is one of them. The arrays are reused after the call. */
export interface BranchBatch {
  /** Rows in use. */
  count: number;
  /** Byte addresses of branches and of their targets: the low 32 bits and the high ones. */
  readonly pcs: Int32Array;
  readonly pcHighs: Int32Array;
  readonly targets: Int32Array;
  readonly targetHighs: Int32Array;
  /** Flags of branch.ts: one kind, or `CONDITIONAL` and another where the branch is a conditional return, call or indirect jump. */
  readonly kinds: Int32Array;
  /** 1, or 0 for a conditional that fell through. */
  readonly takens: Int32Array;
  /** Instructions since the branch before, this one included. */
  readonly gaps: Int32Array;
}

export type BatchSink = (batch: BranchBatch) => void;

/** A file as its reader sees it: decompressed. */
export interface ByteSource {
  readonly chunks: AsyncIterable<Uint8Array>;
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
}

/** What a format's file exports as its default. */
export interface RecordingFormat {
  /** What a file of its kind is called: "an SBBT trace". */
  readonly file: string;
  /** How names of such files end, without what a compression adds. */
  readonly endings: readonly string[];
  /** Whether a file that begins with these bytes (decompressed) is of its kind. */
  recognises(start: Uint8Array): boolean;
  /** Reads a whole file. @throws UsageError when it is damaged; the message does not name the file */
  read(source: ByteSource, sink: BatchSink): Promise<RecordingTotals>;
}

export function createBatch(rows: number): BranchBatch {
  const column = (): Int32Array => new Int32Array(rows);
  return {
    count: 0,
    pcs: column(),
    pcHighs: column(),
    targets: column(),
    targetHighs: column(),
    kinds: column(),
    takens: column(),
    gaps: column(),
  };
}
