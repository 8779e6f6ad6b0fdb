// Follows the frames of a zstd file (RFC 8878) without decompressing them: whether they are complete, which Node does not
// report, and how large their windows are, which fzstd does not limit.

/** Largest window of a frame: the default limit of zstd's own tool. */
const MOST_WINDOW = 1 << 27;

const FRAME = 0xfd2fb528;
/** Upper 28 bits of the magic numbers of skippable frames. */
const SKIPPED = 0x184d2a5;

/** Bytes of the shortest header, of a skippable frame's header, and of a block's header. */
const FRAME_BYTES = 5;
const SKIPPED_BYTES = 8;
const BLOCK_BYTES = 3;
/** A block of one byte, repeated. */
const REPEATED = 1;

export interface ZstdFrames {
  /** Takes the next bytes; returns an error in them, if there is one. */
  follow(bytes: Uint8Array): string | undefined;
  /** The furthest that a frame looks back, so far. */
  window(): number;
  /** Whether no frame is open. */
  ended(): boolean;
}

const numberAt = (bytes: readonly number[], at: number, length: number): number => {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return value;
};

/** Positions of a header's parts, decoded from its fifth byte. */
function partsOf(descriptor: number): { readonly single: boolean; readonly sizeAt: number; readonly sizeBytes: number } {
  const single = (descriptor & 32) !== 0;
  const sizeAt = FRAME_BYTES + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3];
  return { single, sizeAt, sizeBytes: [single ? 1 : 0, 2, 4, 8][descriptor >> 6] };
}

/** Size of a frame's window; for a single segment the frame's length. */
function windowOf(header: readonly number[]): number {
  const { single, sizeAt, sizeBytes } = partsOf(header[4]);
  if (!single) return (2 ** (10 + (header[5] >> 3)) * (8 + (header[5] & 7))) / 8;
  return numberAt(header, sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
}

export function createZstdFrames(): ZstdFrames {
  /** The header that is being read, and its length as far as known. */
  let header: number[] = [];
  let needed = FRAME_BYTES;
  let inFrame = false;
  let checksumBytes = 0;
  let furthest = 0;
  /** Bytes before the next header. */
  let skip = 0;

  function begin(bytes: number): void {
    header = [];
    needed = bytes;
  }
  function block(): void {
    const word = numberAt(header, 0, BLOCK_BYTES);
    const last = (word & 1) === 1;
    skip = (((word >> 1) & 3) === REPEATED ? 1 : word >>> 3) + (last ? checksumBytes : 0);
    inFrame = !last;
    begin(last ? FRAME_BYTES : BLOCK_BYTES);
  }
  function frame(): string | undefined {
    const magic = numberAt(header, 0, 4);
    const skipped = Math.floor(magic / 16) === SKIPPED;
    if (magic !== FRAME && !skipped) return "what follows a frame is none";
    const { sizeAt, sizeBytes } = partsOf(header[4]);
    needed = skipped ? SKIPPED_BYTES : sizeAt + sizeBytes;
    if (header.length < needed) return undefined;
    if (skipped) {
      skip = numberAt(header, 4, 4);
      begin(FRAME_BYTES);
      return undefined;
    }
    const window = windowOf(header);
    furthest = Math.max(furthest, window);
    if (window > MOST_WINDOW) return `it looks back ${window} bytes, expected at most ${MOST_WINDOW}`;
    checksumBytes = header[4] & 4;
    inFrame = true;
    begin(BLOCK_BYTES);
    return undefined;
  }
  return {
    follow(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const step = Math.min(skip, bytes.length - at);
        skip -= step;
        at += step;
        if (at === bytes.length) break;
        header.push(bytes[at++]);
        if (header.length < needed) continue;
        const wrong = inFrame ? block() : frame();
        if (wrong !== undefined) return wrong;
      }
      return undefined;
    },
    window: () => furthest,
    ended: () => !inFrame && skip === 0 && header.length === 0,
  };
}
