// What time reads and reckons: an interpreter's own words, perf's, and how estimates fit made-up rows. No test asks how fast a machine is.
import { describe, expect, it } from "vitest";
import { alignmentFlags } from "../../dist/src/host/time/alignment.js";
import { disturbancesOf, needsMuchStack, noiseIn, otherBodiesIn } from "../../dist/src/host/time/notes.js";
import { readPerfStat } from "../../dist/src/host/time/perf.js";
import { readTiming } from "../../dist/src/host/time/run.js";
import { failureLines, readTimedTechniques, type TimedRow } from "../../dist/src/host/time/time.js";
import { toCsv } from "../../dist/src/report/csv.js";
import { renderSvg } from "../../dist/src/report/drawing/render.js";
import { diagonalSpec, timingPage } from "../../dist/src/report/pages/timing-page.js";
import { fitOf, speedupsOf, timingColumns, timingParts } from "../../dist/src/report/tables/timing.js";
import { readOwnBodies } from "../../dist/src/validation/prepare.js";

function row(technique: string, real: number, estimated?: number, more: Partial<TimedRow> = {}): TimedRow {
  const virtualInstructions = 1000;
  return {
    program: "queens",
    size: "full",
    technique,
    compiler: "gcc",
    flags: "-O2",
    align: undefined,
    virtualInstructions,
    runs: 9,
    cycles: real * virtualInstructions,
    quarter: real * virtualInstructions,
    threeQuarters: 1.02 * real * virtualInstructions,
    least: real * virtualInstructions,
    gigahertz: 3.7,
    dispatchSites: 1,
    merged: false,
    estimated:
      estimated === undefined
        ? undefined
        : {
            machine: "./host.json",
            cycles: estimated * virtualInstructions,
            nativeInstructions: 6000,
            mispredictions: 30,
            lostCycles: 500,
            bodies: "binary",
          },
    counters: undefined,
    ...more,
  };
}
const ROWS = [row("switch", 12, 10), row("direct-threading", 4, 5), row("dynamic-replication", 2, 2.5)];

describe("what an interpreter says of its time", () => {
  it("is nanoseconds of its thread, as core cycles of the clock before and after", () => {
    const { cycles, gigahertz, throttled } = readTiming("time 1000000 3.6 3.8\n");
    expect(cycles).toBeCloseTo(3_700_000, 3);
    expect(gigahertz).toBeCloseTo(3.7, 12);
    expect(throttled).toBe(true);
    expect(readTiming("time 5 3.7 3.7\n").throttled).toBe(false);
  });
  it.each(["", "time 5 3.7\n", "segmentation fault\n"])("is refused where it says something else: %j", (text) => {
    expect(() => readTiming(text)).toThrow("how long it ran");
  });
});

describe("an estimate with other bodies than those that ran", () => {
  it("is named, once for each form and compiler", () => {
    const estimated = { machine: "m", cycles: 1, nativeInstructions: 1, mispredictions: 0, lostCycles: 0 };
    const guest = row("switch", 12, 10, { estimated: { ...estimated, bodies: "guest" } });
    expect(otherBodiesIn([guest, guest, ...ROWS])).toEqual([expect.stringMatching(/^estimated with the guest's bodies, .*: switch, gcc$/)]);
    expect(otherBodiesIn([row("switch", 12), ...ROWS])).toEqual([]);
  });
});

describe("bodies of a compiled form", () => {
  const table = (instructions: number) => () =>
    ["# a form", "# dispatch_bytes=0 dispatch_instructions=0", `${COLUMNS}`, `add,8,${instructions},8,0,0,0,0`, ""].join("\n");
  const COLUMNS =
    "opcode,body_bytes,native_instructions,bytes_to_own_dispatch,direct_jumps,conditional_branches,calls,branches_leaving_body";

  it("are its own, whichever form was read before it under the same name", () => {
    const instructions = [3, 5].map((n) => readOwnBodies(table(n), "bodies")?.bodyOf("add")?.instructions);
    expect(instructions).toEqual([3, 5]);
  });
});

// written by hand in the format that perf-stat(1) documents: value, unit, event, run time, share of it, metric, its unit
describe("what perf stat says", () => {
  const COUNTED =
    "# started on Sun Nov 29 06:00:00 2026\n\n12345,,branch-misses:u,98000000,100.00,,\n6789012,,instructions:u,98000000,100.00,2.10,insn per cycle\n";
  it("is counts of both events", () => {
    expect(readPerfStat(COUNTED)).toEqual({ counters: { branchMisses: 12345, instructions: 6789012 } });
  });
  it("adds what ran on both kinds of cores, and leaves out a kind that it did not run on", () => {
    const both =
      "10,,cpu_core/branch-misses/u,1,50.00,,\n<not counted>,,cpu_atom/branch-misses/u,0,0.00,,\n100,,cpu_core/instructions/u,1,50.00,,\n20,,cpu_atom/instructions/u,1,50.00,,\n";
    expect(readPerfStat(both)).toEqual({ counters: { branchMisses: 10, instructions: 120 } });
  });
  it.each([
    ["<not supported>,,branch-misses:u,0,100.00,,\n<not supported>,,instructions:u,0,100.00,,\n", "<not supported> of branch-misses"],
    [COUNTED.replace("6789012", "<not counted>"), "<not counted> of instructions"],
    ["Error:\nNo permission to enable instructions:u event.\n", "nothing of branch-misses"],
    ["", "nothing of branch-misses"],
  ])("is no counter where there is none: %#", (text, message) => {
    expect(readPerfStat(text)).toEqual({ missing: expect.stringContaining(message) });
  });
});

describe("techniques that can be timed", () => {
  it("are those with a form in C or generated code, and all is each of them once", () => {
    expect(readTimedTechniques("direct-threading, catenation")).toEqual(["direct-threading", "catenation"]);
    expect(readTimedTechniques("all")).toContain("context-threading");
    expect(readTimedTechniques("all")).toContain("static-both");
    expect(new Set(readTimedTechniques("all")).size).toBe(readTimedTechniques("all").length);
  });
  it("are no others", () => {
    expect(() => readTimedTechniques("direct-threadin")).toThrow("direct-threading");
  });
});

describe("programs that could not be timed", () => {
  it("have one line for each reason, as a compiler that fails does so for every program", () => {
    const slow = "switch, gcc -O2: gcc was stopped";
    const failed = [
      { program: "lz", what: slow },
      { program: "life", what: "catenation, gcc -O2: its output is not the guest's" },
      { program: "queens", what: slow },
      { program: "regex", what: slow },
    ];
    expect(failureLines(failed)).toEqual([`lz and 2 other programs, ${slow}`, "life, catenation, gcc -O2: its output is not the guest's"]);
    expect(failureLines([failed[0], failed[2]])).toEqual([`lz and 1 other program, ${slow}`]);
  });
});

describe("how estimates fit", () => {
  it("is compared by the same program's switch", () => {
    expect(speedupsOf(ROWS).map(({ row, real, estimated }) => [row.technique, real, estimated])).toEqual([
      ["direct-threading", 3, 2],
      ["dynamic-replication", 6, 4],
    ]);
    expect(speedupsOf([row("switch", 12, 10, { compiler: "clang" }), row("direct-threading", 4, 5)])).toEqual([]);
  });
  it("is said in ranks and factors", () => {
    const [cycles, speedups] = fitOf(ROWS);
    expect(cycles).toContain("(Spearman) 1.00");
    // the factors are 10/12, 5/4 and 5/4
    expect(cycles).toContain(`factor of ${Math.exp(Math.sqrt((Math.log(1.2) ** 2 + 2 * Math.log(1.25) ** 2) / 3)).toFixed(2)} (rms)`);
    expect(speedups).toContain("factor of 1.50 (rms) over 2 rows");
    expect(fitOf([row("switch", 12)])).toEqual([]);
  });
  it("is called noisy where the runs of rows are apart", () => {
    expect(noiseIn(ROWS)).toEqual([]);
    expect(noiseIn([row("switch", 12, 10, { size: "test" })])).toEqual([expect.stringContaining("--size=full")]);
    expect(noiseIn([...ROWS, row("token-threading", 4, 5, { threeQuarters: 5000 })])[0]).toContain("in 1 of 4 rows");
  });
  it("is doubted in one line for all rows where the clock moved, and for all whose native stack grows", () => {
    expect(disturbancesOf({ moved: [], growing: [] }, 9)).toEqual([]);
    expect(disturbancesOf({ moved: ["a", "b", "c", "d", "e"], growing: ["f"] }, 9)).toEqual([
      "the clock moved during a run in 5 of 9 rows: a; b; c; and 2 more",
      "a growing native stack, whose memory the estimate leaves out, in 1 of 9 rows: f",
    ]);
    expect([undefined, 1000, 2 ** 21].map((bytes) => needsMuchStack(bytes))).toEqual([false, false, true]);
  });
});

describe("results of time", () => {
  it("have one row for each program and technique, with real and estimated cycles", () => {
    const [head, first] = toCsv(timingColumns, ROWS).split("\n");
    const cells = Object.fromEntries(head.split(",").map((name, i) => [name, first.split(",")[i]]));
    expect(cells).toMatchObject({
      real_cycles_per_virtual_instruction: "12",
      estimated_cycles_per_virtual_instruction: "10",
      machine: "./host.json",
      perf_branch_misses: "",
      undone_by_compiler: "no",
    });
  });
  it("show perf's counts beside the model's, and what a compiler undid", () => {
    const rows = [row("direct-threading", 7, 5, { merged: true, counters: { branchMisses: 1234, instructions: 56789 } })];
    const text = JSON.stringify(timingParts({ rows, notes: ["noisy"], skipped: ["fib: failed"] }));
    for (const said of ["undone by the compiler", "1,234", "56,789", "noisy", "Not timed: fib: failed"]) expect(text).toContain(said);
  });
  it("are dots on a diagonal, one a row that was estimated", async () => {
    const spec = diagonalSpec({ rows: [...ROWS, row("token-threading", 5)], notes: [], skipped: [] });
    const svg = await renderSvg(spec ?? { data: { values: [] }, mark: "point" });
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(ROWS.length);
    expect(diagonalSpec({ rows: [row("switch", 12)], notes: [], skipped: [] })).toBeUndefined();
    const wide = JSON.stringify(
      diagonalSpec({ rows: [row("switch", 1, 2), row("tail-call-no-elimination", 384, 26)], notes: [], skipped: [] }),
    );
    expect(wide).toContain('"values":[1,2,4,8,16,32,64,128,256]');
    const narrow = JSON.stringify(diagonalSpec({ rows: [row("switch", 3, 13), row("token-threading", 5, 9)], notes: [], skipped: [] }));
    expect(narrow).toContain('"values":[3,4,6,8,12]');
    expect(await timingPage({ rows: ROWS, notes: [], skipped: [] }, "bplab time")).toContain("another run gives other numbers");
  });
});

describe("alignment", () => {
  it("is told to gcc in bytes", () => {
    expect(alignmentFlags("gcc", 16)).toEqual(["-falign-functions=16", "-falign-jumps=16", "-falign-labels=16", "-falign-loops=16"]);
  });
  it("is a power of two", () => {
    expect(() => alignmentFlags("gcc", 12)).toThrow("power of two");
  });
});
