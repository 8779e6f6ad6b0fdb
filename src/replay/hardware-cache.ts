// A set-associative cache with exact least-recently-used replacement. It holds lines: stretches of memory of one length,
// numbered from address 0. A set is its lines' numbers, the one used last in front.
import { UsageError } from "../errors.ts";
import { readParameters, type Values } from "../parameters.ts";

/** 32 KiB, 8 ways and 64 bytes are the first-level caches of most x86-64 processors since 2006. */
const CACHE = {
  bytes: { default: 32768, min: 16, max: 1 << 24, powerOfTwo: true, unit: "bytes", description: "what it holds" },
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
 * @param owner how messages name the cache
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
  /** Uses a line, by its number; says whether it was there, and brings it in if it was not. */
  access(line: number): boolean;
  /** Uses lines in order; returns how many were not there. */
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
      // those used since move back by one, into the place where it was, or over the one used longest ago
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
      // lines never leave but for another, so a set's free places are its last ones
      return held[front + ways - 1] < 0 || held.subarray(front, front + ways).includes(wanted);
    },
  };
}
