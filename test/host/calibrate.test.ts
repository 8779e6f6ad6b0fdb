// What calibrate makes of curves: of made-up ones, whose figures are known, and of damaged output. How fast a machine is, no test asks.
import { describe, expect, it } from "vitest";
import { machineSchema } from "../../dist/src/front-end/machines/machine-schema.js";
import { ipcOf } from "../../dist/src/host/calibrate.js";
import { cliff } from "../../dist/src/host/processor/curves.js";
import { type FigureId, figuresOf, type MeasuredFigure } from "../../dist/src/host/processor/figures.js";
import { frontEndOf, machineFileOf, setsAndWays } from "../../dist/src/host/processor/machine-of.js";
import { noiseOf } from "../../dist/src/host/processor/noise.js";
import { readSamples } from "../../dist/src/host/processor/samples.js";
import { doubtsOf } from "../../dist/src/host/processor/system.js";
import { isPlausibleIpc, unfit } from "../../dist/src/host/processor/unfit.js";
import { readFrontEnds } from "../../dist/src/index.js";

const UNITS = 1000;
const ADDITIONS = 16384;

/** A made-up processor: all that its curves are made from. */
interface Made {
  readonly penalty: number;
  readonly override: number;
  readonly depth: number;
  readonly first: number;
  readonly last: number;
  readonly loop: number;
  readonly reach: number;
}

const MADE: Made = { penalty: 18, override: 3.5, depth: 31, first: 1536, last: 8192, loop: 2048, reach: 24 };
const COUNTS = [64, 128, 256, 512, 1024, 1536, 2048, 4096, 8192, 16384, 32768];

/** What measure.c would print of it. @param slower what time in a round takes; @param ticks of a chain in a round */
function printed(made: Made, { rounds = 2, slower = (_: number): number => 1, ticks = (_: number): number => 8192 } = {}): string {
  const lines = ["fact cpu 0", "fact l1-instruction-cache-bytes 32768"];
  for (let round = 0; round < rounds; round++) {
    lines.push("fact ticks-per-ns 2");
    const point = (curve: string, x: number, cycles: number): void => {
      const chain = ticks(round);
      const window = Math.round((cycles * slower(round) * UNITS * chain) / ADDITIONS);
      // a third of the windows is stolen
      const windows = Array.from({ length: 60 }, (_, i) => `${i % 3 === 0 ? window * 5 : window}:${chain}`);
      lines.push(`point ${round} ${curve} ${x} ${UNITS} ${ADDITIONS} ${windows.join(" ")}`);
    };
    const { penalty, override, depth, first, last, loop, reach } = made;
    point("one-target", 1, 3);
    point("each-once", 48, 1);
    point("fresh-targets", 48, 1 + penalty);
    point("one-target-early", 1, 1);
    point("fresh-targets-early", 48, 1 + penalty - 4);
    point("outcomes-fresh", 1, 1 + 16 / 2);
    point("outcomes-taken", 1, 1);
    point("outcomes-not-taken", 1, 1);
    for (const length of [48, 96, 128, 192, 1024, 2048, 4096]) {
      lines.push(`fact loop-${length}-elsewhere ${length === 48 ? 0 : 0.5}`);
      point("loop", length, length === 48 ? 1 : 1 + 0.5 * (length <= loop ? override : penalty));
    }
    for (const count of [1, 2, 4, 8, 64, 128]) point("targets", count, count <= 64 ? 5 : 12);
    for (const filler of ["jumps", "conditionals"])
      for (const distance of [0, 8, 16, 24, 32, 64]) {
        point(`reach-${filler}-same`, distance, 10 + distance);
        point(`reach-${filler}-follows`, distance, 10 + distance + (distance <= reach ? 0 : penalty / 2));
        point(`reach-${filler}-fresh`, distance, 10 + distance + penalty / 2);
      }
    for (const [kind, spacings] of [
      ["jumps", [16, 32, 64]],
      ["indirect", [16, 32]],
    ] as const)
      for (const spacing of spacings)
        for (const count of COUNTS) point(`${kind}-${spacing}`, count, count <= first ? 1 : count <= last ? 3 : 12);
    for (const levels of [2, 4, 6, 8, ...Array.from({ length: 72 }, (_, i) => i + 9)])
      point("depth", levels, 1 + 4 * levels + penalty * Math.max(0, levels - depth));
    point("bodies-inline", 1, 1.25);
    point("bodies-called", 1, 4.25);
  }
  return `${[...lines, "end"].join("\n")}\n`;
}

const figuresIn = (text: string): ReadonlyMap<FigureId, MeasuredFigure> =>
  new Map(figuresOf(readSamples(text)).map((figure) => [figure.id, figure]));

describe("cliffs of curves", () => {
  it("is between the last point on the level and the first past it", () => {
    expect(
      cliff(
        new Map([
          [1, 1],
          [2, 1.1],
          [4, 5],
          [8, 6],
        ]),
        2,
      ),
    ).toEqual({ last: 2, next: 4 });
  });
  it("is no single disturbed point", () => {
    expect(
      cliff(
        new Map([
          [1, 1],
          [2, 9],
          [4, 1],
          [8, 6],
          [16, 7],
        ]),
        2,
      ),
    ).toEqual({ last: 4, next: 8 });
  });
  it("is nowhere where a curve stays level, and before everything where it never was", () => {
    expect(
      cliff(
        new Map([
          [1, 1],
          [2, 1],
        ]),
        2,
      ),
    ).toEqual({ last: 2, next: undefined });
    expect(
      cliff(
        new Map([
          [1, 5],
          [2, 5],
        ]),
        2,
      ),
    ).toEqual({ last: undefined, next: 1 });
  });
});

describe("figures of a made-up processor", () => {
  const figures = figuresIn(printed(MADE));
  const value = (id: FigureId): number => figures.get(id)?.value ?? Number.NaN;

  it("are those that it was made with, whatever was stolen", () => {
    expect(value("clockGigahertz")).toBeCloseTo(4, 6);
    expect(value("indirectPenaltyCycles")).toBeCloseTo(18, 1);
    expect(value("indirectPenaltyEarlyCycles")).toBeCloseTo(14, 1);
    expect(value("conditionalPenaltyCycles")).toBeCloseTo(16, 1);
    expect(value("overrideCycles")).toBeCloseTo(3.5, 1);
    expect(value("returnPenaltyCycles")).toBeCloseTo(18, 1);
    expect(value("firstBufferCycles")).toBeCloseTo(1, 2);
    expect(value("lastBufferCycles")).toBeCloseTo(3, 2);
    expect(value("beyondBufferCycles")).toBeCloseTo(12, 1);
    expect(value("callReturnCycles")).toBeCloseTo(3, 1);
  });

  it("sizes are the last measured points on their levels, with the point past them", () => {
    const size = (id: FigureId) => [figures.get(id)?.value, figures.get(id)?.next];
    expect(size("returnStackDepth")).toEqual([31, 32]);
    expect(size("firstBufferBranches")).toEqual([1536, 2048]);
    expect(size("lastBufferBranches")).toEqual([8192, 16384]);
    expect(size("loopLength")).toEqual([2048, 4096]);
    expect(size("historyJumps")).toEqual([24, 32]);
    expect(size("targetsOfOneJump")).toEqual([64, 128]);
  });

  it("a first buffer that ends where code fills the instruction cache is said not to be told apart from it", () => {
    const notes = (first: number) =>
      figuresIn(printed({ ...MADE, first }))
        .get("firstBufferBranches")
        ?.notes.join() ?? "";
    expect(notes(2048)).toContain("instruction cache");
    expect(notes(1536)).not.toContain("instruction cache");
  });

  it("a history that is never reached past is at least what was measured", () => {
    const reach = figuresIn(printed({ ...MADE, reach: 1000 })).get("historyJumps");
    expect(reach?.value).toBe(64);
    expect(reach?.next).toBeUndefined();
  });

  it("come from the least of all repeats, and say when these are apart", () => {
    const apart = figuresIn(printed(MADE, { slower: (round) => (round === 0 ? 1 : 1.2) })).get("indirectPenaltyCycles");
    expect(apart?.value).toBeCloseTo(18, 1);
    expect(apart?.high).toBeCloseTo(21.6, 1);
    expect(apart?.notes.join()).toContain("repeats differ");
    expect(figures.get("indirectPenaltyCycles")?.notes).toEqual([]);
  });
});

describe("noise", () => {
  const noiseIn = (text: string): string => noiseOf(readSamples(text), figuresOf(readSamples(text))).join("\n");
  it("is named where other work disturbed many windows", () => {
    expect(noiseIn(printed(MADE))).toContain("noisy: 33 %");
  });
  it("is named where the clock moved", () => {
    expect(noiseIn(printed(MADE, { ticks: (round) => (round === 0 ? 8192 : 10240) }))).toContain("throttled");
    expect(noiseIn(printed(MADE))).not.toContain("throttled");
  });
  it("is named where something shared the core in some repeats", () => {
    expect(noiseIn(printed(MADE, { slower: (round) => (round === 0 ? 1 : 2) }))).toContain("shared the core");
  });
  it("is doubted where processors share a core, in a virtual machine, and where more wants to run than can", () => {
    const quiet = {
      processor: "p",
      architecture: "x64",
      system: "s",
      siblings: "3",
      virtual: false,
      inTurn: 1,
      load: 0.5,
      processors: 2,
      allowed: 2,
    };
    expect(doubtsOf(quiet)).toEqual([]);
    expect(doubtsOf({ ...quiet, siblings: "3,7" })[0]).toContain("3,7 share a core");
    expect(doubtsOf({ ...quiet, virtual: true })[0]).toMatch(/^a virtual machine: .* cannot be seen$/);
    expect(doubtsOf({ ...quiet, virtual: true, inTurn: 2 })[0]).toContain("repeats took turns on its 2 processors");
    expect(doubtsOf({ ...quiet, load: 9 })[0]).toContain("9.0 programs wanted to run on 2 processors");
    expect(doubtsOf({ ...quiet, load: 9, processors: 1, allowed: 1 })).toEqual(["other work: 9.0 programs wanted to run on 1 processor"]);
  });
  it("is measured against all processors where the process is bound to one of them, which is said", () => {
    const bound = {
      processor: "p",
      architecture: "x64",
      system: "s",
      siblings: "3",
      virtual: false,
      inTurn: 1,
      load: 1.5,
      processors: 2,
      allowed: 1,
    };
    expect(doubtsOf(bound)).toEqual(["this process may run on 1 of 2 processors: it cannot move away from other work"]);
  });
});

describe("a machine that cannot be calibrated", () => {
  const reason = (made: Partial<Made>, options = {}) => unfit(figuresOf(readSamples(printed({ ...MADE, ...made }, options))));
  it("is none whose figures are a processor's, be it twice as slow at times", () => {
    expect(reason({})).toBeUndefined();
    expect(reason({}, { slower: (round: number) => (round === 0 ? 1 : 2) })).toBeUndefined();
  });
  it("has mispredictions that cost nothing, or more than any pipeline is long", () => {
    expect(reason({ penalty: 0.5 })).toBe("a mispredicted indirect jump: expected 2 to 200 cycles, got 0.500");
    expect(reason({ penalty: 900 })).toContain("got 900");
  });
  it("is an emulator, for which a jump in no buffer costs hundreds of cycles", () => {
    const figures = figuresOf(readSamples(printed(MADE)));
    const emulated = figures.map((figure) => (figure.id === "beyondBufferCycles" ? { ...figure, value: 350 } : figure));
    expect(unfit(emulated)).toBe("a direct jump in no buffer: expected 0 to 200 cycles, got 350");
    expect(unfit(figures.filter(({ id }) => id !== "beyondBufferCycles"))).toBeUndefined();
  });
  it("has a clock of no processor", () => {
    expect(reason({}, { ticks: () => 819 })).toContain("the clock: expected 0.1 to 10 GHz, got 40");
  });
  it("has repeats that are far apart", () => {
    expect(reason({}, { slower: (round: number) => (round === 0 ? 1 : 4) })).toContain("more than a factor of 3 apart");
  });
  it("is known where figures are missing", () => {
    expect(unfit([])).toBe("the clock: nothing was measured");
  });
  it("is not told by instructions in a cycle, which are left out if no processor reaches them", () => {
    expect([0.05, 0.5, 6, 40].map(isPlausibleIpc)).toEqual([false, true, true, false]);
  });
});

describe("output that is no measurement", () => {
  it.each([
    ["cut short", printed(MADE).replace(/end\n$/, ""), "before its end"],
    ["something else", "hello\nend\n", "expected a fact or a point, got hello"],
    ["without windows", "point 0 loop 1 1 1\nend\n", "expected a point"],
    ["from a clock that stands still", "point 0 loop 1 10 10 0:0 0:0\nend\n", "emulated"],
  ])("%s is refused in one line", (_, text, message) => {
    expect(() => readSamples(text)).toThrow(message);
  });
  it("a missing curve is named", () => {
    expect(() => figuresOf(readSamples(printed(MADE).replaceAll(" depth ", " width ")))).toThrow("depth is missing");
  });
});

describe("the file of a machine", () => {
  const figures = figuresOf(readSamples(printed(MADE)));
  const provenance = { processor: "Made", source: "a test", instructionsPerCycle: { median: 3, low: 2.9, high: 3.1 }, measurements: {} };

  it("is one that --machine takes, with measured costs and a front end of the measured sizes", async () => {
    const file = machineSchema.parse(machineFileOf(figures, provenance));
    expect(file.costs?.penaltyCycles).toMatchObject({ value: 18, basis: "measured" });
    expect(file.costs?.slowLevelCycles?.value).toBeCloseTo(2, 1);
    expect(file.costs?.bubbleCycles?.value).toBeCloseTo(9, 1);
    expect(file.costs?.callCycles?.value).toBeCloseTo((3 - 2 / 3) / 2, 2);
    expect(file.levels?.map(({ entries }) => entries)).toEqual([1536, 8192]);
    expect(file.frontEnd).toContain("return-stack:depth=31");
    expect(file.frontEnd).toContain("btb:holds=taken:sets=2048:ways=4");
    expect(await readFrontEnds(file.frontEnd ?? "")).toHaveLength(1);
  });

  it("takes the predictors of a machine that it is said to be like", () => {
    const file = machineSchema.parse(machineFileOf(figures, { ...provenance, like: "zen-4" }));
    expect(file.frontEnd).toBeUndefined();
    expect(file.like).toBe("zen-4");
  });

  it("leaves out what was not measured", () => {
    const few = figures.filter(({ id }) => id !== "overrideCycles" && id !== "callReturnCycles");
    const file = machineFileOf(few, { ...provenance, instructionsPerCycle: undefined });
    expect(Object.keys(file.costs ?? {})).toEqual(["penaltyCycles", "conditionalPenaltyCycles", "slowLevelCycles", "bubbleCycles"]);
  });

  it("splits every number of entries that curves measure into sets, a power of two, and ways", () => {
    for (const entries of [16, 768, 1280, 1536, 1792, 3584, 8192, 20480, 49152]) {
      const { sets, ways } = setsAndWays(entries);
      expect(sets * ways).toBe(entries);
      expect(Number.isInteger(Math.log2(sets))).toBe(true);
    }
  });

  it("has predictors of the lab's own sizes where nothing was measured", async () => {
    expect(await readFrontEnds(frontEndOf(() => undefined))).toHaveLength(1);
  });
});

describe("instructions in a cycle", () => {
  const estimated = { machine: "m", cycles: 0, nativeInstructions: 6000, mispredictions: 0, lostCycles: 1000, bodies: "binary" as const };
  it("are what is left when everything that branches cost is taken away", () => {
    expect(ipcOf({ least: 4000, estimated })).toBe(2);
  });
  it("are not known where branches alone are said to cost more than all", () => {
    expect(ipcOf({ least: 900, estimated })).toBeUndefined();
    expect(ipcOf({ least: 900, estimated: undefined })).toBeUndefined();
  });
});
