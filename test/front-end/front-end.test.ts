// What a front end does beyond asking one model per kind, against the plainest program that does the same: buffers that hold
// every taken branch, return stacks that fall back, predictors that forget; and how front ends are written down.
import { describe, expect, it } from "vitest";
import multiLevelBtb from "../../dist/predictors/multi-level-btb.js";
import { ALL_KINDS, CALLS, CONDITIONAL, DIRECT, INDIRECT, NONE, RETURN } from "../../dist/src/branch.js";
import { createLowering } from "../../dist/src/dispatch/lowering.js";
import { NEXT } from "../../dist/src/dispatch/native-code.js";
import { readMachines } from "../../dist/src/front-end/front-end.js";
import { findProgram, readFrontEnds, readTechniques } from "../../dist/src/index.js";
import { createCensus } from "../../dist/src/replay/census.js";
import { createReplay } from "../../dist/src/replay/replay.js";
import { executedBy, type ReplayTally, sitesOf, tally } from "../../dist/src/replay/statistics.js";
import { valuesOf } from "../predictors/replay.ts";
import { recordBlocks } from "../support.js";

interface Branch {
  readonly pc: number;
  readonly kind: number;
  readonly target: number;
  readonly taken: boolean;
  readonly after: number;
  /** Last of its block: models forget only behind such. */
  readonly last: boolean;
}

/** A program's native branches, one by one, and what the lab makes of them. */
async function replayed(
  id: string,
  spec: string,
  predictor: string,
  flushEvery?: number,
): Promise<{ readonly branches: Branch[]; readonly counts: ReplayTally }> {
  const run = (await findProgram(id)).start("test", 1e7);
  const { program } = run;
  const ids = Int32Array.from(recordBlocks(run));
  const [technique] = await readTechniques(spec);
  const [frontEnd] = await readFrontEnds(predictor);
  const lowering = createLowering(program, technique.layout(program));
  const replay = await createReplay(program, lowering, frontEnd, { flushEvery });
  const census = createCensus(program);
  for (const part of [census, replay]) {
    part.enter(ids[0]);
    part.run(ids, 0, ids.length - 1);
    part.finish(ids[ids.length - 1]);
  }
  const { entry } = lowering;
  const first = lowering.block(ids[0]).entry;
  const branches: Branch[] = [
    {
      pc: entry.address,
      kind: entry.kind,
      target: entry.target === NEXT ? first : entry.target,
      taken: true,
      after: entry.after,
      last: true,
    },
  ];
  ids.forEach((blockId, i) => {
    const { interior, tails, end } = lowering.block(blockId);
    const next = i + 1 < ids.length ? lowering.block(ids[i + 1]) : undefined;
    const records = next === undefined ? interior : [...interior, ...tails[next.start !== end ? 1 : 0]];
    records.forEach(({ site, target, taken }, k) => {
      const reached = target === NEXT ? (next?.entry ?? NONE) : target;
      branches.push({
        pc: site.address,
        kind: site.kind,
        target: reached,
        taken: taken === 1,
        after: site.after,
        last: k === records.length - 1,
      });
    });
  });
  return { branches, counts: tally(executedBy(census, census.virtualInstructions(), lowering), sitesOf(lowering), replay) };
}

const TECHNIQUES = ["direct-threading", "switch", "call-threading", "subroutine-threading", "context-threading"];

describe("a buffer that holds every taken branch", () => {
  it.each(TECHNIQUES)("with %s: bubbles of right predictions that were not in it", { tags: "slow" }, async (technique) => {
    const { branches, counts } = await replayed("queens", technique, "btb:sets=16:ways=2:holds=taken+return-stack:depth=1024+always-taken");
    // sets of (address, target), the one used last in front
    const sets = Array.from({ length: 16 }, (): [number, number][] => []);
    const stack: number[] = [];
    let bubbles = 0;
    let mispredicted = 0;
    for (const { pc, kind, target, taken, after } of branches) {
      const set = sets[pc & 15];
      const held = set.find(([address]) => address === pc)?.[1];
      let right = true;
      if (kind & INDIRECT) right = held === target;
      else if (kind === RETURN) right = stack.pop() === target;
      else if (kind === CONDITIONAL) right = taken;
      if (!right) mispredicted++;
      else if (taken && (kind & DIRECT ? held !== target : held === undefined)) bubbles++;
      if (taken) {
        const others = set.filter(([address]) => address !== pc);
        set.splice(0, set.length, [pc, target], ...others.slice(0, 1));
      }
      if (kind & CALLS) stack.push(after);
    }
    expect([counts.byKind.all.mispredictions, counts.byKind.all.bubbles]).toEqual([mispredicted, bubbles]);
    // a dispatch of its own in every body leaves no direct branches
    expect(bubbles > 0).toBe(technique !== "direct-threading");
    expect(counts.byKind.all.branches).toBe(branches.length);
  });

  it("counts no bubbles where a front end models none", async () => {
    const { counts } = await replayed("queens", "switch", "btb");
    expect(counts.byKind.all.bubbles).toBeUndefined();
  });

  it("makes room for itself: indirect branches miss more often where direct ones have entries too", { tags: "slow" }, async () => {
    const [alone, crowded] = await Promise.all(
      ["btb:sets=16:ways=2", "btb:sets=16:ways=2:holds=taken"].map((btb) => replayed("queens", "subroutine-threading", btb)),
    );
    expect(crowded.counts.byKind.indirect.mispredictions).toBeGreaterThanOrEqual(alone.counts.byKind.indirect.mispredictions ?? Infinity);
  });
});

describe("a quick first level that slower predictors override", () => {
  const SLOW = "btb:unbounded+return-stack:depth=1024+always-taken";
  const BUFFER = "btb:sets=16:ways=2:holds=taken";

  it.each([
    { first: "btb:first:sets=8:ways=2", holds: INDIRECT, buffer: false },
    { first: "btb:first:sets=8:ways=2:holds=taken", holds: ALL_KINDS, buffer: false },
    { first: "btb:first:sets=8:ways=2:holds=taken", holds: ALL_KINDS, buffer: true },
  ])(
    "with $first, a last buffer: $buffer: right predictions that were neither its target nor bubbles",
    { tags: "slow" },
    async ({ first, holds, buffer }) => {
      for (const technique of ["direct-threading", "context-threading", "catenation"]) {
        const list = buffer ? `${SLOW}+${BUFFER}+${first}` : `${SLOW}+${first}`;
        const { branches, counts } = await replayed("queens", technique, list);
        const table = (sets: number) => {
          const rows = Array.from({ length: sets }, (): [number, number][] => []);
          return {
            held: (pc: number) => rows[pc & (sets - 1)].find(([address]) => address === pc)?.[1],
            put(pc: number, target: number) {
              const row = rows[pc & (sets - 1)];
              rows[pc & (sets - 1)] = [[pc, target] as [number, number], ...row.filter(([address]) => address !== pc)].slice(0, 2);
            },
          };
        };
        const [quick, last] = [table(8), table(16)];
        const targets = new Map<number, number>();
        const stack: number[] = [];
        let indirectOverrides = 0;
        let overrides = 0;
        let bubbles = 0;
        let mispredicted = 0;
        for (const { pc, kind, target, taken, after } of branches) {
          let right = true;
          if (kind & INDIRECT) right = targets.get(pc) === target;
          else if (kind === RETURN) right = stack.pop() === target;
          else if (kind === CONDITIONAL) right = taken;
          if (!right) mispredicted++;
          else if (taken && buffer && (kind & DIRECT ? last.held(pc) !== target : last.held(pc) === undefined)) bubbles++;
          else if (taken && kind & holds && (kind === RETURN ? quick.held(pc) === undefined : quick.held(pc) !== target)) {
            overrides++;
            if (kind & INDIRECT) indirectOverrides++;
          }
          if (kind & INDIRECT) targets.set(pc, target);
          if (taken) last.put(pc, target);
          if (taken && kind & holds) quick.put(pc, target);
          if (kind & CALLS) stack.push(after);
        }
        const { all, indirect } = counts.byKind;
        expect({
          technique,
          mispredicted: all.mispredictions,
          bubbles: all.bubbles,
          overrides: all.overrides,
          indirect: indirect.overrides,
        }).toEqual({
          technique,
          mispredicted,
          bubbles: buffer ? bubbles : undefined,
          overrides,
          indirect: indirectOverrides,
        });
        expect(overrides).toBeGreaterThan(0);
      }
    },
  );

  it("are counted by level where the buffer has three, also of branches that another model predicts", async () => {
    const spec = { firstSets: 1, firstWays: 1, secondSets: 4, secondWays: 1, thirdSets: 16, thirdWays: 2 };
    const list = `multi-level-btb:${Object.entries(spec)
      .map(([name, value]) => `${name}=${value}`)
      .join(":")}`;
    for (const owns of [false, true]) {
      const { branches, counts } = await replayed("queens", "switch", owns ? `${list}+perfect` : `perfect+${list}`);
      const model = multiLevelBtb.create(valuesOf(multiLevelBtb, spec));
      const expected = { bubbles: 0, overrides: 0, middles: 0 };
      for (const { pc, kind, target, taken } of branches) {
        if (!taken) continue;
        const held = model.predict(pc, NONE);
        const level = model.level?.() ?? 0;
        const indirect = (kind & INDIRECT) !== 0;
        // of an indirect branch that it predicts itself, only what is right counts
        if (!(owns && indirect && held !== target)) {
          if (level === 0 || (kind & DIRECT && held !== target)) expected.bubbles++;
          else if (level > 1 || (indirect && held !== target)) {
            expected.overrides++;
            if (level === 2 && !indirect) expected.middles++;
          }
        }
        model.train(pc, target, 1);
      }
      const { bubbles, overrides, middles } = counts.byKind.all;
      expect({ owns, bubbles, overrides, middles }).toEqual({ owns, ...expected });
      expect(expected.middles).toBeGreaterThan(0);
      expect(expected.bubbles).toBeGreaterThan(0);
    }
    expect((await replayed("queens", "switch", "btb")).counts.byKind.all.middles).toBeUndefined();
  });

  it("counts where the predictor knows more than last targets, and nothing where there is no such level", async () => {
    const { branches, counts } = await replayed("queens", "switch", "tage-lite+btb:first:unbounded");
    const targets = new Map<number, number>();
    let elsewhere = 0;
    for (const { pc, kind, target } of branches) {
      if ((kind & INDIRECT) === 0) continue;
      if (targets.get(pc) !== target) elsewhere++;
      targets.set(pc, target);
    }
    const { overrides, mispredictions } = counts.byKind.indirect;
    // every dispatch that is elsewhere than last time is either mispredicted or an override
    expect((overrides ?? 0) + (mispredictions ?? 0)).toBeGreaterThanOrEqual(elsewhere);
    expect(overrides).toBeLessThanOrEqual(elsewhere);
    expect(overrides).toBeGreaterThan(elsewhere / 2);
    expect((await replayed("queens", "switch", "btb")).counts.byKind.all.overrides).toBeUndefined();
  });

  it("predicts nothing itself", async () => {
    await expect(readFrontEnds("btb:first+no-return-stack+no-direction")).rejects.toThrow(
      /no predictor in .* but one that others override/,
    );
    await expect(readFrontEnds("btb:first:returns")).rejects.toThrow("first and returns do not go together");
    await expect(readFrontEnds("btb+btb:first+btb:first:sets=64")).rejects.toThrow("has nothing to predict");
  });
});

describe("a return stack that falls back on the indirect predictor", () => {
  it.each(["context-threading", "call-threading"])("with %s: returns too many are asked of it, and taught to it", async (technique) => {
    const depth = 2;
    const { branches, counts } = await replayed("fibonacci", technique, `return-stack:depth=${depth}:underflow=indirect+btb:unbounded`);
    const stack: number[] = [];
    const last = new Map<number, number>();
    let returns = 0;
    let indirect = 0;
    let fellBack = 0;
    for (const { pc, kind, target, after } of branches) {
      if (kind & INDIRECT) {
        if (last.get(pc) !== target) indirect++;
        last.set(pc, target);
      }
      if (kind === RETURN) {
        const top = stack.pop();
        if ((top ?? last.get(pc)) !== target) returns++;
        if (top !== undefined) continue;
        fellBack++;
        last.set(pc, target);
      }
      if (kind & CALLS) {
        stack.push(after);
        if (stack.length > depth) stack.shift();
      }
    }
    expect([counts.byKind.return.mispredictions, counts.byKind.indirect.mispredictions]).toEqual([returns, indirect]);
    if (technique === "context-threading") expect(fellBack).toBeGreaterThan(100);
  });

  it("needs one", async () => {
    await expect(readFrontEnds("return-stack:underflow=indirect")).rejects.toThrow(/nothing to fall back on/);
  });
});

describe("flushing", () => {
  it.each([1, 7, 1000, 100_000])("after every %i branches, to the end of a block", { tags: "slow" }, async (every) => {
    const { branches, counts } = await replayed(
      "queens",
      "subroutine-threading",
      "btb:unbounded+return-stack:depth=1024+no-direction",
      every,
    );
    let last = new Map<number, number>();
    let stack: number[] = [];
    let left = every;
    let mispredicted = 0;
    branches.forEach(({ pc, kind, target, after, last: blockEnds }, i) => {
      if (kind & INDIRECT) {
        if (last.get(pc) !== target) mispredicted++;
        last.set(pc, target);
      }
      if (kind === RETURN && stack.pop() !== target) mispredicted++;
      if (kind & CALLS) stack.push(after);
      left--;
      if (i === 0 || !blockEnds || left > 0) return;
      while (left <= 0) left += every;
      last = new Map();
      stack = [];
    });
    expect(counts.byKind.all.mispredictions).toBe(mispredicted);
  });

  it("changes nothing where the run is shorter", async () => {
    const [plain, never] = await Promise.all(
      [undefined, 1e9].map((every) => replayed("sieve", "direct-threading", "tage-lite+gshare", every)),
    );
    const spelledOut = ({ siteCounts, ...counts }: ReplayTally) => ({ ...counts, sites: siteCounts() });
    expect(spelledOut(never.counts)).toEqual(spelledOut(plain.counts));
  });
});

describe("sweeps", () => {
  const names = async (text: string) => (await readFrontEnds(text)).map(({ name }) => name);

  it("take powers of two where nothing else is valid, and every whole number elsewhere", async () => {
    expect(await names("btb:sets=64..512")).toEqual(["btb:sets=64", "btb:sets=128", "btb:sets=256", "btb"]);
    expect(await names("two-level:targets=2..4,btb")).toEqual(["two-level:targets=2", "two-level:targets=3", "two-level", "btb"]);
    expect(await names("btb:sets=512..1024+return-stack:depth=1..2")).toEqual([
      "btb+return-stack:depth=1",
      "btb+return-stack:depth=2",
      "btb:sets=1024+return-stack:depth=1",
      "btb:sets=1024+return-stack:depth=2",
    ]);
    // up to the end, not past it
    expect(await names("btb:sets=64..200")).toEqual(["btb:sets=64", "btb:sets=128"]);
  });

  it.each([
    ["btb:sets=9..4", /a range goes up, got 9\.\.4/],
    ["btb:sets=3..17", /must be a power of two from 1 to 65536, got 3/],
    ["btb:sets=64..", /must be a power of two .* got 64\.\./],
    ["btb:holds=1..3", /holds is no number/],
    ["return-stack:depth=1..5000+no-direction", /more than 1000 points/],
    ["btb+gshare:historyBits=1..16+return-stack:depth=1..100", /more than 1000 front ends/],
    ["btb:sets=64..128,btb:sets=128", /btb:sets=128 is given twice/],
  ])("%s is refused in one line", async (text, message) => {
    await expect(readFrontEnds(text)).rejects.toThrow(message);
  });
});

describe("machines", () => {
  it("are front ends under their own names", async () => {
    const [haswell] = await readMachines("haswell");
    expect(haswell.name).toBe("haswell");
    expect(haswell.fullName).toContain("return-stack");
    expect(haswell.machine?.penaltyCycles).toBe(16);
  });

  it("that are unknown or given twice are refused", async () => {
    await expect(readMachines("haswel")).rejects.toThrow(/unknown machine: haswel; did you mean haswell/);
    await expect(readMachines("haswell,haswell")).rejects.toThrow(/given twice/);
  });
});
