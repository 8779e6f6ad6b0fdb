// A tape: a whole run of a program as bytes, which can be played without the guest, in the same chunks as the guest passed on,
// with the program known as far as it was at each chunk. So consumers of a run cannot distinguish a tape from a guest.
//
//   mark │ start: facts │ chunk: facts, ids, next │ chunk … │ end: facts, totals, about │ bytes of the end
//
// Each part except the first and the last is a frame: length of the body, CRC-32 of the body (4 bytes each, little-endian), body.
// Queens takes 0.14 bytes per block, the most unpredictable program 0.43.
import { crc32 } from "#platform/zlib";
import { type ByteReader, createByteReader, createByteWriter } from "../files/bytes.ts";
import { createBlockDecoder, createBlockEncoder } from "./block-coding.ts";
import { createFactsReader, createFactsWriter } from "./facts-coding.ts";
import type { VirtualRun } from "./run.ts";
import type { VirtualProgram } from "./virtual.ts";

/** The first bytes of every tape. */
const MARK = Buffer.from("bplab tape 1\n");
const FRAME_HEAD = 8;
const FOOT = 4;
const START = 0;
const CHUNK = 1;
const END = 2;

/** A tape in memory or in a file. */
export interface Tape {
  readonly bytes: number;
  /** `length` bytes from `at`, fewer at the end; valid until the next call. */
  read(at: number, length: number): Uint8Array;
  /** Closes the tape's file. */
  close?(): void;
}

/** The end of a tape. */
export interface TapeEnd {
  readonly virtualInstructions: number;
  readonly executedBlocks: number;
  /** A text from the code that taped the run. */
  readonly about: string;
}

/** A tape in memory. */
export const tapeOf = (bytes: Uint8Array): Tape => ({
  bytes: bytes.length,
  read: (at, length) => bytes.subarray(at, at + length),
});

/** Writes a tape. */
export interface TapeWriter {
  /** Facts about an address in use have changed. */
  rewritten(address: number): void;
  /** Blocks as a sink gets them. */
  chunk(ids: Int32Array, count: number, next: number): void;
  /** The run has ended without an error. @param about text for the end of the tape */
  end(about: string): void;
}

/**
 * Begins a tape.
 * @param emit takes the tape piece by piece, each valid until it returns; the last one only at the end
 */
export function createTapeWriter(program: VirtualProgram, emit: (bytes: Uint8Array) => void): TapeWriter {
  const facts = createFactsWriter(program);
  const blocks = createBlockEncoder();
  const frames = createByteWriter();
  let executedBlocks = 0;
  let virtualInstructions = 0;
  function frame(kind: number, write: () => void): number {
    frames.clear();
    for (let i = 0; i < FRAME_HEAD; i++) frames.byte(0);
    frames.byte(kind);
    facts.write(frames);
    write();
    const bytes = frames.written();
    const body = bytes.subarray(FRAME_HEAD);
    const head = new DataView(bytes.buffer, bytes.byteOffset);
    head.setUint32(0, body.length, true);
    head.setUint32(4, crc32(body), true);
    emit(bytes);
    return bytes.length;
  }
  emit(MARK);
  frame(START, () => {});
  return {
    rewritten: (address) => facts.rewritten(address),
    chunk(ids, count, next) {
      for (let i = 0; i < count; i++) virtualInstructions += program.blockLength(ids[i]);
      executedBlocks += count;
      frame(CHUNK, () => {
        blocks.write(ids, count, frames);
        frames.count(next + 1);
      });
    },
    end(about) {
      const length = frame(END, () => {
        frames.count(virtualInstructions);
        frames.count(executedBlocks);
        frames.text(about);
      });
      const foot = new DataView(new ArrayBuffer(FOOT));
      foot.setUint32(0, length, true);
      emit(new Uint8Array(foot.buffer));
    },
  };
}

/**
 * A run that is taped while it runs.
 * @param about called when the run has ended: text for the end of the tape
 * @param emit  takes the tape piece by piece, as `createTapeWriter` says
 */
export function taped(run: VirtualRun, about: () => string, emit: (bytes: Uint8Array) => void): VirtualRun {
  const { program } = run;
  return {
    program,
    run(sink, rewritten) {
      const tape = createTapeWriter(program, emit);
      run.run(
        (ids, count, next) => {
          tape.chunk(ids, count, next);
          sink(ids, count, next);
        },
        (address) => {
          tape.rewritten(address);
          rewritten?.(address);
        },
      );
      tape.end(about());
    },
  };
}

/** The body of the frame that starts at `at`: undefined if it is damaged. */
function frameAt(tape: Tape, at: number): Uint8Array | undefined {
  const head = tape.read(at, FRAME_HEAD);
  if (head.length < FRAME_HEAD) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, FRAME_HEAD);
  const length = view.getUint32(0, true);
  const sum = view.getUint32(4, true);
  if (length === 0 || length > tape.bytes - at - FRAME_HEAD) return undefined;
  const body = tape.read(at + FRAME_HEAD, length);
  return body.length === length && crc32(body) === sum ? body : undefined;
}

/** Reads the end of a tape; undefined if it has none. */
export function endOfTape(tape: Tape): TapeEnd | undefined {
  const foot = tape.read(tape.bytes - FOOT, FOOT);
  if (foot.length < FOOT) return undefined;
  const length = new DataView(foot.buffer, foot.byteOffset, FOOT).getUint32(0, true);
  const at = tape.bytes - FOOT - length;
  const body = at < MARK.length ? undefined : frameAt(tape, at);
  if (body === undefined || body.length + FRAME_HEAD !== length) return undefined;
  const from = createByteReader(body);
  if (from.byte() !== END) return undefined;
  createFactsReader().read(from);
  return { virtualInstructions: from.count(), executedBlocks: from.count(), about: from.text() };
}

/** Whether a tape is complete: mark, frames with correct checksums, end. Only complete tapes may be played. */
export function isWhole(tape: Tape): boolean {
  if (!MARK.equals(tape.read(0, MARK.length)) || endOfTape(tape) === undefined) return false;
  for (let at = MARK.length; ; ) {
    const body = frameAt(tape, at);
    if (body === undefined) return false;
    at += FRAME_HEAD + body.length;
    if (body[0] === END) return at + FOOT === tape.bytes;
  }
}

/** A run that plays a complete tape, and closes it at the end. */
export function playTape(tape: Tape): VirtualRun {
  const facts = createFactsReader();
  let at = MARK.length;
  const next = (): { readonly kind: number; readonly from: ByteReader } => {
    const body = frameAt(tape, at);
    if (body === undefined) throw new Error("a tape is damaged that was whole when it was checked");
    at += FRAME_HEAD + body.length;
    const from = createByteReader(body);
    const kind = from.byte();
    facts.read(from);
    return { kind, from };
  };
  next();
  return {
    program: facts.program,
    run(sink) {
      const blocks = createBlockDecoder();
      try {
        for (let { kind, from } = next(); kind === CHUNK; { kind, from } = next()) {
          const { ids, count } = blocks.read(from);
          sink(ids, count, from.count() - 1);
        }
      } finally {
        tape.close?.();
      }
    },
  };
}
