// Branches that are replayed as one, against the same branches one by one, which an observer makes the replay do.
import { describe, expect, it } from "vitest";
import { createLowering } from "../../dist/src/dispatch/lowering.js";
import { findProgram, readFrontEnds, readTechniques } from "../../dist/src/index.js";
import { createReplay } from "../../dist/src/replay/replay.js";
import type { VirtualProgram } from "../../dist/src/trace/virtual.js";
import { recordBlocks } from "../support.js";

const BLOCKS = 5000;
/** Blocks between which the program grows. */
const PART = 1000;

interface Recorded {
  readonly program: VirtualProgram;
  readonly ids: Int32Array;
}

const known = new Map<string, Promise<Recorded>>();
function recorded(id: string): Promise<Recorded> {
  const found = known.get(id) ?? record(id);
  known.set(id, found);
  return found;
}
async function record(id: string): Promise<Recorded> {
  const run = (await findProgram(id)).start("test", 1e7);
  return { program: run.program, ids: Int32Array.from(recordBlocks(run).slice(0, BLOCKS)) };
}

/** The program as if it got its blocks when they first execute: their ids are numbered anew, in that order. */
function growing({ program, ids }: Recorded): { readonly program: VirtualProgram; readonly ids: Int32Array; grow(to: number): void } {
  const own: number[] = [];
  const idOf = new Map<number, number>();
  const renamed = ids.map((id) => {
    if (!idOf.has(id)) idOf.set(id, own.push(id) - 1);
    return idOf.get(id) ?? -1;
  });
  let blockCount = 0;
  const view: VirtualProgram = {
    opcodes: program.opcodes,
    addressCount: program.addressCount,
    opcodeAt: (address) => program.opcodeAt(address),
    flowAt: (address) => program.flowAt(address),
    targetAt: (address) => program.targetAt(address),
    enteredAt: (address) => program.enteredAt(address),
    get blockCount() {
      return blockCount;
    },
    blockStart: (block) => program.blockStart(own[block]),
    blockLength: (block) => program.blockLength(own[block]),
    leftByHost: (block) => program.leftByHost(own[block]),
  };
  return {
    program: view,
    ids: renamed,
    grow(to) {
      for (let i = 0; i < to; i++) blockCount = Math.max(blockCount, renamed[i] + 1);
    },
  };
}

interface Given {
  readonly flushEvery?: number;
  readonly brief?: boolean;
}

/** Mispredictions by site, after a warm-up of one part. */
async function missesOf(of: Recorded, spec: string, predictor: string, given: Given, oneByOne: boolean): Promise<number[]> {
  const { program, ids, grow } = growing(of);
  const [technique] = await readTechniques(spec);
  const [frontEnd] = await readFrontEnds(predictor);
  const lowering = createLowering(program, technique.layout(program));
  const replay = await createReplay(program, lowering, frontEnd, { ...given, observer: oneByOne ? () => {} : undefined });
  grow(1);
  replay.enter(ids[0]);
  const last = ids.length - 1;
  for (let from = 0; from < last; from += PART) {
    const to = Math.min(from + PART, last);
    grow(to + 1);
    replay.run(ids, from, to);
    if (from === 0) replay.reset();
  }
  replay.finish(ids[last]);
  return [...(replay.bySite("misses") ?? new Float64Array(0)).subarray(0, lowering.sites.length)];
}

const PREDICTORS = [
  "btb",
  "btb:unbounded",
  "btb:sets=16:ways=2",
  "btb:sets=1:ways=32",
  "btb:sets=32:ways=4:tagBits=3",
  "btb:sets=64:ways=4:returns",
  "btb+return-stack",
  "btb:sets=16:ways=2+return-stack:depth=2+gshare",
  "return-stack:depth=1:underflow=stale",
  "return-stack:depth=3:callLengths=64",
  "two-level+return-stack:depth=4",
];
const TECHNIQUES = ["switch", "direct-threading", "call-threading", "subroutine-threading", "context-threading", "dynamic-replication"];

describe.each(["queens", "wasm/chess"])("branches of %s", (id) => {
  it.each(PREDICTORS)("have the same mispredictions under %s, merged or one by one", async (predictor) => {
    const program = await recorded(id);
    let all = 0;
    for (const technique of TECHNIQUES) {
      const merged = await missesOf(program, technique, predictor, {}, false);
      expect(merged, technique).toEqual(await missesOf(program, technique, predictor, {}, true));
      all += merged.reduce((sum, misses) => sum + misses, 0);
    }
    expect(all).toBeGreaterThan(0);
  });
  it.each<Given>([{ flushEvery: 1000 }, { brief: true }])("have the same with %o", async (given) => {
    const program = await recorded(id);
    for (const technique of ["switch", "call-threading", "direct-threading", "subroutine-threading"]) {
      const merged = await missesOf(program, technique, "btb+return-stack", given, false);
      expect(merged).toEqual(await missesOf(program, technique, "btb+return-stack", given, true));
    }
  });
});
