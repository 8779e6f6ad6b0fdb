// A set-associative cache with exact least-recently-used replacement. It holds lines: pieces of memory of equal length,
// numbered from address 0. A set is a list of line numbers, the most recently used first.
import { UsageError } from "../errors.ts";
import { readParameters, type Values } from "../parameters.ts";

/** 32 KiB, 8 ways and 64 bytes are the first-level caches of most x86-64 processors since 2006. */
const CACHE = {
  bytes: { default: 32768, min: 16, max: 1 << 24, powerOfTwo: true, unit: "bytes", description: "capacity" },
  ways: { default: 8, min: 1, max: 1024, powerOfTwo: true, unit: "lines", description: "lines of a set" },
  line: { default: 64, min: 4, max: 4096, powerOfTwo: true, unit: "bytes", description: "length of a line" },
} as const;

export type CacheGeometry = Values<typeof CACHE>;

/** The caches of a simulation; undefined where one is not modelled. */
export interface CacheGeometries {
  readonly icache?: CacheGeometry;
  readonly dcache?: CacheGeometry;
}

/**
 * Reads `bytes=16384:ways=4`.
 * @param owner the cache's name in messages
 * @throws UsageError for unknown parameters, values out of range, or a set that is larger than the cache
 */
export function readCacheGeometry(owner: string, text: string): CacheGeometry {
  const { values } = readParameters(owner, owner, text === "" ? [] : text.split(":"), CACHE);
  const { bytes, ways, line } = values;
  if (bytes < ways * line) throw new UsageError(`${owner}: bytes must be at least ways × line = ${ways * line}, got ${bytes}`);
  return values;
}

/** As users write it, defaults spelled out; empty for a cache that is not modelled. */
export function cacheName(geometry: CacheGeometry | undefined): string {
  return geometry === undefined ? "" : `bytes=${geometry.bytes}:ways=${geometry.ways}:line=${geometry.line}`;
}

export interface HardwareCache {
  /** Accesses a line by its number; returns whether it was a hit, and loads it if not. */
  access(line: number): boolean;
  /** Accesses lines in order; returns the number of misses. */
  accessAll(lines: Int32Array): number;
  /** Whether an access to it would evict no other line. */
  fits(line: number): boolean;
}

export function createHardwareCache({ bytes, ways, line }: CacheGeometry): HardwareCache {
  const held = new Int32Array(bytes / line).fill(-1);
  const lastSet = bytes / line / ways - 1;
  const single = new Int32Array(1);

  // One call for all lines of a block, and everything in locals: a call for each line takes 1.3 to 1.5 times as long.
  function accessAll(lines: Int32Array): number {
    const sets = held;
    const mask = lastSet;
    const width = ways;
    let misses = 0;
    for (let i = 0; i < lines.length; i++) {
      const wanted = lines[i];
      const front = (wanted & mask) * width;
      let moved = sets[front];
      if (moved === wanted) continue;
      sets[front] = wanted;
      // lines used more recently move back by one, into the line's old place or over the least recently used one
      let place = front + 1;
      const behind = front + width;
      for (; place < behind; place++) {
        const other = sets[place];
        sets[place] = moved;
        if (other === wanted) break;
        moved = other;
      }
      if (place === behind) misses++;
    }
    return misses;
  }

  return {
    access(wanted) {
      single[0] = wanted;
      return accessAll(single) === 0;
    },
    accessAll,
    fits(wanted) {
      const front = (wanted & lastSet) * ways;
      // lines are only ever replaced, so a set's free places are its last ones
      return held[front + ways - 1] < 0 || held.subarray(front, front + ways).includes(wanted);
    },
  };
}
