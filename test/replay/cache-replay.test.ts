// Caches against a naive walk: the executed instructions one by one, each one's lines and table loads taken off the layout.
import { describe, expect, it } from "vitest";
import { CONDITIONAL } from "../../dist/src/branch.js";
import { type NativeCode, NEXT, type Site } from "../../dist/src/dispatch/native-code.js";
import { findProgram, readFrontEnds, readTechniques, techniqueIds } from "../../dist/src/index.js";
import { measure } from "../../dist/src/lab/lab.js";
import { type CacheGeometry, readCacheGeometry } from "../../dist/src/replay/hardware-cache.js";
import type { Measurement } from "../../dist/src/replay/lane.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";
import { blockProgram, blockRun, naiveCache, recordBlocks } from "../support.js";

interface Naive {
  icache: { accesses: number; misses: number };
  dcache: { accesses: number; misses: number };
  takenBranches: number;
  calls: number;
  returns: number;
  touched: Set<number>;
}

function walk(program: VirtualProgram, code: NativeCode, ids: readonly number[], icache: CacheGeometry, dcache: CacheGeometry): Naive {
  const sum: Naive = {
    icache: { accesses: 0, misses: 0 },
    dcache: { accesses: 0, misses: 0 },
    takenBranches: 0,
    calls: 0,
    returns: 0,
    touched: new Set(),
  };
  const instructionLine = naiveCache(icache);
  const dataLine = naiveCache(dcache);
  const execute = (site: Site, following: number, transferred: boolean): void => {
    const taken = site.when === "always" || (site.when === "taken" && transferred) || (site.when === "fall-through" && !transferred);
    if (taken) sum.takenBranches++;
    else if (site.kind !== CONDITIONAL) return;
    if (site.kind === 8 || site.kind === 16) sum.calls++;
    if (site.kind === 32) sum.returns++;
    if (!taken || site.target !== NEXT || site.table === undefined) return;
    sum.dcache.accesses++;
    const entry = site.table + (code.tableEntryBytes ?? Number.NaN) * program.opcodeAt(following);
    if (!dataLine(Math.floor(entry / dcache.line))) sum.dcache.misses++;
  };
  execute(code.entry, program.blockStart(ids[0]), true);
  ids.forEach((id, i) => {
    const end = program.blockStart(id) + program.blockLength(id);
    let previous = -1;
    for (let address = program.blockStart(id); address < end; address++) {
      const instruction = code.at(address);
      for (const place of instruction.code) {
        for (let at = place.start; at < place.end; at++) {
          sum.touched.add(at);
          const line = Math.floor(at / icache.line);
          if (line === previous) continue;
          previous = line;
          sum.icache.accesses++;
          if (!instructionLine(line)) sum.icache.misses++;
        }
      }
      for (const site of instruction.arrival ?? []) execute(site, address, false);
      const last = address === end - 1;
      if (last && i === ids.length - 1) break;
      const following = last ? program.blockStart(ids[i + 1]) : address + 1;
      const transferred = following !== address + 1;
      for (const site of instruction.sites) execute(site, following, transferred);
      const stuck = transferred && program.flowAt(address) === "next" && !instruction.sites.some(({ target }) => target === NEXT);
      if (stuck) execute(code.entry, following, true);
    }
  });
  return sum;
}

const ALL = techniqueIds().join(",");
const start = async (id: string) => (await findProgram(id)).start("test", 1e7);
const frontEnds = await readFrontEnds("btb");
const icache = readCacheGeometry("icache", "bytes=2048:ways=2:line=32");
const dcache = readCacheGeometry("dcache", "bytes=256:ways=2:line=16");

async function measureAll(id: string, techniqueList = ALL, caches = { icache, dcache }, warmup = 0): Promise<Measurement[]> {
  return measure(await start(id), { techniques: await readTechniques(techniqueList), frontEnds, warmup, caches });
}

describe("caches count what a naive walk counts", () => {
  it.each(["queens", "word-count"])("on %s, with every technique that sees the trace as it is", { tags: "slow" }, async (id) => {
    const run = await start(id);
    const ids = recordBlocks(run);
    let compared = 0;
    for (const { technique, counts } of await measureAll(id)) {
      if (technique.view(run.program) !== undefined) continue;
      const naive = walk(run.program, technique.layout(run.program), ids, icache, dcache);
      expect(
        {
          icache: counts.icache,
          dcache: counts.dcache,
          takenBranches: counts.takenBranches,
          calls: counts.calls,
          returns: counts.returns,
          touched: counts.footprint?.touchedBytes,
        },
        technique.name,
      ).toEqual({ ...naive, touched: naive.touched.size });
      expect(naive.icache.misses).toBeGreaterThan(0);
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(6);
  });

  it("token threading loads one entry a dispatch, and misses in a table larger than the cache", async () => {
    const [{ counts }] = await measureAll("queens", "token-threading");
    expect(counts.dcache?.accesses).toBe(counts.byKind.dispatch.branches);
    expect(counts.dcache?.misses).toBeGreaterThan(1000);
  });
});

describe("a cache that fills up while the program runs", () => {
  // accesses are left out until something is evicted: here sooner, later, or never
  const sizes = [256, 512, 1024, 2048, 4096, 8192, 16384].flatMap((bytes) => [1, 4].map((ways) => `bytes=${bytes}:ways=${ways}:line=16`));
  it.each(sizes)("%s misses as often as the naive walk says", { tags: "slow" }, async (spec) => {
    const geometry = readCacheGeometry("icache", spec);
    const run = await start("word-count");
    const ids = recordBlocks(run);
    for (const { technique, counts } of await measureAll("word-count", "subroutine-threading,token-threading", {
      icache: geometry,
      dcache: geometry,
    })) {
      const naive = walk(run.program, technique.layout(run.program), ids, geometry, geometry);
      expect(counts.icache, technique.name).toEqual(naive.icache);
      expect(counts.dcache, technique.name).toEqual(naive.dcache);
    }
  });
});

describe("a technique of which only some dispatches go through a table", () => {
  it("has the order of its loads right, also of those that were left out before", async () => {
    const [token] = await readTechniques("token-threading");
    const without = (site: Site): Site => (["a1", "b1", "c"].includes(site.owner) ? site : { ...site, table: undefined });
    const technique: typeof token = {
      ...token,
      layout(program, context) {
        const code = token.layout(program, context);
        const at = (address: number) => {
          const instruction = code.at(address);
          return { ...instruction, sites: instruction.sites.map(without) };
        };
        return { ...code, entry: without(code.entry), at };
      },
    };
    // entries are found by opcode, two to a line: a1 loads a2's in line 0, b1 loads b2's in line 2, c loads d's in line 3
    const program = blockProgram([["a1", "a2", "end"], ["b1", "b2", "end"], ["c"], ["d", "end"]]);
    const ids = [0, 1, 0, 2, 3, 0, 1];
    const pair = readCacheGeometry("dcache", "bytes=32:ways=2:line=16");
    const caches = { icache, dcache: pair };
    const [{ counts }] = await measure(blockRun(program, ids), { techniques: [technique], frontEnds, warmup: 0, caches });
    // line 3 comes in over line 2, because a1 ran again after b1
    expect(counts.dcache).toEqual({ accesses: 6, misses: 4 });
    expect(counts.dcache).toEqual(walk(program, technique.layout(program), ids, icache, pair).dcache);
  });
});

describe("caches", () => {
  it("of any size change no other count, and a larger one misses less", { tags: "slow" }, async () => {
    const plain = await measure(await start("queens"), { techniques: await readTechniques(ALL), frontEnds, warmup: 0 });
    const large = await measureAll("queens", ALL, { icache: readCacheGeometry("icache", ""), dcache: readCacheGeometry("dcache", "") });
    const small = await measureAll("queens");
    plain.forEach(({ counts }, i) => {
      expect(counts).toMatchObject({ icache: undefined, dcache: undefined });
      const { icache: _, dcache: __, siteCounts, ...rest } = large[i].counts;
      expect(counts).toMatchObject(rest);
      expect(counts.siteCounts()).toEqual(siteCounts());
      expect(large[i].counts.icache?.misses).toBeLessThan(small[i].counts.icache?.misses ?? 0);
    });
  });

  it("keep what they hold when the warm-up ends, and forget its misses", async () => {
    const caches = { icache: readCacheGeometry("icache", ""), dcache };
    const [cold] = await measureAll("queens", "direct-threading", caches);
    const [warm] = await measureAll("queens", "direct-threading", caches, 150_000);
    expect(cold.counts.icache?.misses).toBeGreaterThan(40);
    expect(warm.counts.icache?.misses).toBeLessThan(20);
  });

  it("see no table where the address of the next body is in the virtual code", async () => {
    const [{ counts }] = await measureAll("queens", "direct-threading");
    expect(counts.dcache).toEqual({ accesses: 0, misses: 0 });
    expect(counts.footprint?.bytes.table).toBe(0);
  });
});
