// A tape: a whole run of a program as bytes, from which it plays again without its guest, chunk by chunk as the guest handed
// it on, the program known as far as it was then. So nothing behind it can tell the two apart.
//
//   mark │ start: about, facts │ chunk: facts, ids, next │ chunk … │ end: facts, totals
//
// Each part between two lines but the first is a frame: bytes of its body, CRC-32 of its body (4 bytes each, little-endian),
// body. Queens takes 0.14 bytes a block, the most unpredictable program 0.43.
import { crc32 } from "node:zlib";
import { createBlockDecoder, createBlockEncoder } from "./block-coding.ts";
import { createByteReader, createByteWriter } from "./bytes.ts";
import { createFactsReader, createFactsWriter } from "./facts-coding.ts";
import type { VirtualRun } from "./run.ts";

/** What begins every tape. */
const MARK = Buffer.from("bplab tape 1\n");
const FRAME_HEAD = 8;
const START = 0;
const CHUNK = 1;
const END = 2;

/** A tape wherever it is kept. */
export interface Tape {
  readonly bytes: number;
  /** The bytes from `at` on: `length` of them, fewer at the end; valid until the next call. */
  read(at: number, length: number): Uint8Array;
}

/** What is known of a tape that has been read to its end. */
export interface TapeTotals {
  readonly virtualInstructions: number;
  readonly executedBlocks: number;
}

/** A tape in memory. */
export const tapeOf = (bytes: Uint8Array): Tape => ({
  bytes: bytes.length,
  read: (at, length) => bytes.subarray(at, at + length),
});

/**
 * A run that is written down while it runs.
 * @param about what the tape says of itself
 * @param emit  takes the tape piece by piece, each valid until it returns; the last one only when the run has ended well
 */
export function taped(run: VirtualRun, about: string, emit: (bytes: Uint8Array) => void): VirtualRun {
  const { program } = run;
  return {
    program,
    run(sink, rewritten) {
      const facts = createFactsWriter(program);
      const blocks = createBlockEncoder();
      const body = createByteWriter();
      const head = new DataView(new ArrayBuffer(FRAME_HEAD));
      let executedBlocks = 0;
      let virtualInstructions = 0;
      function frame(kind: number, write: () => void): void {
        body.clear();
        body.byte(kind);
        if (kind === START) body.text(about);
        facts.write(body);
        write();
        const bytes = body.written();
        head.setUint32(0, bytes.length, true);
        head.setUint32(4, crc32(bytes), true);
        emit(new Uint8Array(head.buffer));
        emit(bytes);
      }
      emit(MARK);
      frame(START, () => {});
      run.run(
        (ids, count, next) => {
          for (let i = 0; i < count; i++) virtualInstructions += program.blockLength(ids[i]);
          executedBlocks += count;
          frame(CHUNK, () => {
            blocks.write(ids, count, body);
            body.count(next + 1);
          });
          sink(ids, count, next);
        },
        (address) => {
          facts.rewritten(address);
          rewritten?.(address);
        },
      );
      frame(END, () => {
        body.count(virtualInstructions);
        body.count(executedBlocks);
      });
    },
  };
}

/** The bodies of a tape's frames; ends early where it is damaged. */
function* frames(tape: Tape): Generator<Uint8Array> {
  if (!MARK.equals(tape.read(0, MARK.length))) return;
  for (let at = MARK.length; ; ) {
    const head = tape.read(at, FRAME_HEAD);
    if (head.length < FRAME_HEAD) return;
    const view = new DataView(head.buffer, head.byteOffset, FRAME_HEAD);
    const length = view.getUint32(0, true);
    const sum = view.getUint32(4, true);
    if (length === 0 || length > tape.bytes - at - FRAME_HEAD) return;
    const body = tape.read(at + FRAME_HEAD, length);
    if (body.length < length || crc32(body) !== sum) return;
    at += FRAME_HEAD + length;
    // nothing may stand behind the end
    if (body[0] === END && at !== tape.bytes) return;
    yield body;
  }
}

/** What a tape says of itself, if it is one. */
export function aboutTape(tape: Tape): string | undefined {
  for (const body of frames(tape)) {
    const from = createByteReader(body);
    return from.byte() === START ? from.text() : undefined;
  }
  return undefined;
}

/** Reads a tape to its end: undefined if it is damaged or cut short. Until then it should not be played. */
export function checkTape(tape: Tape): TapeTotals | undefined {
  let last: Uint8Array | undefined;
  for (const body of frames(tape)) if (body[0] === END) last = body.slice();
  if (last === undefined) return undefined;
  const from = createByteReader(last);
  from.byte();
  createFactsReader().read(from);
  return { virtualInstructions: from.count(), executedBlocks: from.count() };
}

/** A run that plays from a tape whose sums are right. */
export function playTape(tape: Tape): VirtualRun {
  const facts = createFactsReader();
  const rest = frames(tape);
  const next = (): { readonly kind: number; readonly from: ReturnType<typeof createByteReader> } => {
    const { value } = rest.next();
    if (value === undefined) throw new Error("a tape ends early that was whole when it was checked");
    const from = createByteReader(value);
    const kind = from.byte();
    if (kind === START) from.text();
    facts.read(from);
    return { kind, from };
  };
  next();
  return {
    program: facts.program,
    run(sink) {
      const blocks = createBlockDecoder();
      for (let { kind, from } = next(); kind === CHUNK; { kind, from } = next()) {
        const { ids, count } = blocks.read(from);
        sink(ids, count, from.count() - 1);
      }
    },
  };
}
