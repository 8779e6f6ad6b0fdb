// The cache against the plainest model of one: an array of lines per set, the one used last in front.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cacheName, createHardwareCache, readCacheGeometry } from "../../dist/src/replay/hardware-cache.js";
import { naiveCache } from "../support.js";

const read = (spec: string) => readCacheGeometry("icache", spec);
const hits = (spec: string, lines: readonly number[]): string => {
  const cache = createHardwareCache(read(spec));
  return lines.map((line) => (cache.access(line) ? "h" : "m")).join("");
};

describe("a cache", () => {
  it("evicts the line that was used longest ago, not the one that came first", () => {
    expect(hits("bytes=128:ways=2:line=64", [1, 2, 1, 3, 1, 2])).toBe("mmhmhm");
  });

  it("with one way lets two lines of a set take turns in missing", () => {
    expect(hits("bytes=256:ways=1:line=64", [0, 4, 0, 4, 1, 1])).toBe("mmmmmh");
  });

  it("keeps lines of different sets apart", () => {
    expect(hits("bytes=256:ways=1:line=64", [0, 1, 2, 3, 0, 1, 2, 3])).toBe("mmmmhhhh");
  });

  it("misses always when a loop is one line longer than a fully associative cache", () => {
    expect(hits("bytes=256:ways=4:line=64", [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])).toBe("mmmmmmmmmm");
  });

  it("agrees with the naive model on random accesses", () => {
    const spec = fc.record({ sets: fc.integer({ min: 0, max: 3 }), ways: fc.integer({ min: 0, max: 4 }) });
    const accesses = fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 0x3fffffff })), { maxLength: 400 });
    fc.assert(
      fc.property(spec, accesses, (powers, lines) => {
        const ways = 2 ** powers.ways;
        const geometry = read(`bytes=${2 ** powers.sets * ways * 32}:ways=${ways}:line=32`);
        const cache = createHardwareCache(geometry);
        const naive = naiveCache(geometry);
        const evicted = new Set<number>();
        const held = new Set<number>();
        for (const line of lines) {
          const sameSet = [...held].filter((other) => (other - line) % 2 ** powers.sets === 0);
          // only as long as nothing was evicted is what is held known from outside
          if (evicted.size === 0) expect(cache.fits(line)).toBe(held.has(line) || sameSet.length < ways);
          if (!held.has(line) && sameSet.length >= ways) evicted.add(line);
          held.add(line);
          expect(cache.access(line)).toBe(naive(line));
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe("the geometry of a cache", () => {
  it("is 32 KiB, 8 ways and 64 bytes unless asked for, and is named in full", () => {
    expect(cacheName(read(""))).toBe("bytes=32768:ways=8:line=64");
    expect(cacheName(read("line=32"))).toBe("bytes=32768:ways=8:line=32");
    expect(cacheName(undefined)).toBe("");
  });

  it.each([
    ["bytes=40000", /^icache: bytes must be a power of two from 16 to 16777216, got 40000$/],
    ["bytes=0", /bytes must be a power of two .* got 0/],
    ["ways=3", /ways must be a power of two .* got 3/],
    ["line=", /line must be a power of two .* got nothing/],
    ["size=1024", /^unknown parameter of icache: size; did you mean line\? \(known: bytes, ways, line\)/],
    ["ways=2:ways=2", /ways is given twice/],
    ["bytes=256", /^icache: bytes must be at least ways × line = 512, got 256$/],
  ])("%s is refused", (spec, message) => {
    expect(() => read(spec)).toThrow(message);
  });

  it("may be a single line", () => {
    expect(hits("bytes=64:ways=1", [5, 5, 6])).toBe("mhm");
  });
});
