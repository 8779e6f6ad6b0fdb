// What compilers, clocks and measured machines say of claims: of made-up answers, so that nothing here depends on what is installed.
import { describe, expect, it } from "vitest";
import type { CompiledRow } from "../../dist/src/host/compilers/compilers.js";
import { asExpected, countedApart, evidenceText } from "../../dist/src/report/tables/verdicts.js";
import type { Finding } from "../../dist/src/reproduce/claim.js";
import { findClaims } from "../../dist/src/reproduce/claims.js";
import { createClock, type ProgramCycles, ratioText } from "../../dist/src/reproduce/clock.js";
import { type Answers, decide } from "../../dist/src/reproduce/decide.js";

const claims = await findClaims([]);
const claim = (id: string) => {
  const found = claims.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no claim ${id}`);
  return found;
};
const MODEL: Finding = { verdict: "out of reach", measured: "what rows say" };
const NOTHING: Answers = { report: undefined, clock: undefined, clockEvidence: "clock", machine: undefined, doubts: [] };

const compiled = (compiler: string, options: string, source: string, jumps: number, calls = 0, tables = 1): CompiledRow => ({
  compiler,
  version: `${compiler} 1.0`,
  options,
  source,
  title: source,
  wanted: "own",
  opcodes: 11,
  left: { jumps, calls, tables },
  what: jumps < 5 ? "merged" : "",
});
const asked = (id: string, ...rows: CompiledRow[]): Finding =>
  decide(claim(id), { ...NOTHING, report: { compilers: [], rows, skipped: [] } }, MODEL);

/** Two programs; the ratio differs between them. */
const timedAs = (cycles: Readonly<Record<string, readonly [number, number]>>): ProgramCycles[] =>
  Object.entries(cycles).flatMap(([technique, each]) => each.map((value, i) => ({ program: `program ${i}`, technique, cycles: value })));
const clocked = (id: string, cycles: Readonly<Record<string, readonly [number, number]>>): Finding =>
  decide(claim(id), { ...NOTHING, clock: createClock("by the clock", timedAs(cycles)) }, MODEL);

describe("a clock", () => {
  it("compares two techniques over the programs that have both", () => {
    const rows = [...timedAs({ switch: [20, 80], "direct-threading": [10, 20] }), { program: "alone", technique: "switch", cycles: 9 }];
    const times = createClock("by", rows).times("switch", "direct-threading");
    expect(times).toMatchObject({ least: 2, most: 4, programs: 2 });
    expect(times?.mean).toBeCloseTo(Math.sqrt(8), 12);
    expect(times && ratioText(times)).toBe("2.83 times (2.00 to 4.00 over 2 programs)");
    expect(createClock("by", rows).times("switch", "catenation")).toBeUndefined();
  });
});

describe("claims about compilers", () => {
  it("are decided where one is installed that can tell, and stay the model's where none is", () => {
    expect(asked("C8", compiled("gcc", "-O0", "tail-calls", 0, 12), compiled("gcc", "-O2", "tail-calls", 12)).verdict).toBe("reproduced");
    expect(asked("C8", compiled("gcc", "-O2", "tail-calls", 12)).verdict).toBe("not reproduced");
    expect(asked("C12", compiled("clang-19", "-O2", "lab, direct-threading", 2)).verdict).toBe("reproduced");
    expect(asked("C12", compiled("clang-14", "-O2", "lab, direct-threading", 160)).verdict).toBe("not reproduced");
    expect(asked("C13", compiled("clang", "-O2", "end-tag", 11), compiled("clang", "-O2", "length-test", 1)).verdict).toBe("reproduced");
    expect(asked("C13", compiled("clang", "-O2", "end-tag", 1)).verdict).toBe("not reproduced");
    expect(asked("C15", compiled("clang", "-O2", "end-tag", 11, 0, 1)).verdict).toBe("not reproduced");
    expect(asked("C15", compiled("clang", "-O2", "end-tag", 11, 0, 11)).verdict).toBe("reproduced");
    // claims about LLVM say nothing of gcc
    for (const id of ["C12", "C13", "C15"]) expect(asked(id, compiled("gcc", "-O2", "end-tag", 11))).toEqual(MODEL);
  });
});

describe("claims about time", () => {
  it("are decided by the clock in both directions", () => {
    const slowSwitch = { switch: [30, 30], "direct-threading": [10, 12] } as const;
    expect(clocked("C5", slowSwitch).verdict).toBe("reproduced");
    expect(clocked("C5", { switch: [10, 10], "direct-threading": [10, 10] }).verdict).toBe("not reproduced");
    expect(clocked("C18", { switch: [10, 10], "call-threading": [9, 10] }).verdict).toBe("reproduced");
    expect(clocked("C18", { switch: [10, 10], "call-threading": [20, 20] }).verdict).toBe("out of reach");
    expect(clocked("C19", { ...slowSwitch, "call-threading": [20, 20] }).verdict).toBe("reproduced");
    expect(clocked("C19", { ...slowSwitch, "call-threading": [9, 20] }).verdict).toBe("reproduced in part");
    expect(clocked("C23", { "direct-threading": [20, 20], "dynamic-replication": [10, 10] }).verdict).toBe("reproduced in part");
    expect(clocked("C30", { "direct-threading": [10, 10], "subroutine-threading": [12, 12] }).verdict).toBe("reproduced in part");
    expect(clocked("C33", { "direct-threading": [10, 10], "context-threading": [12, 12] }).verdict).toBe("not reproduced");
    expect(clocked("C9", { switch: [10, 10], "call-threading": [11, 11], "tail-call-threading": [5, 5] }).verdict).toBe(
      "reproduced in part",
    );
  });

  it("stay the model's where a technique was not timed", () => {
    for (const { byClock } of claims) expect(byClock?.judge(createClock("by the clock", []))).toBeUndefined();
    expect(clocked("C5", { switch: [30, 30] })).toEqual(MODEL);
  });

  it("take a penalty that was measured on this machine, and none that was published", () => {
    const machine = (basis: "measured" | "published", value: number) =>
      ({ id: "./host.json", penaltyCycles: value, costs: { penaltyCycles: { value, basis, source: "bplab calibrate" } } }) as never;
    const said = (basis: "measured" | "published", value: number) =>
      decide(claim("C3"), { ...NOTHING, machine: machine(basis, value) }, MODEL);
    expect(said("measured", 18)).toMatchObject({ verdict: "reproduced", evidence: "clock" });
    expect(said("measured", 45).verdict).toBe("not reproduced");
    expect(said("published", 18)).toEqual(MODEL);
  });

  it("say that compilers or a clock decided, what the model says as well, and are never unexpected", () => {
    const finding = clocked("C5", { switch: [10, 10], "direct-threading": [10, 10] });
    const outcome = { claim: claim("C5"), finding, rows: [], experiments: {}, on: {}, shown: [] };
    expect(finding.measured).toContain("In the model: what rows say");
    expect(evidenceText(outcome)).toBe("clock (cycles that a processor took)");
    expect(asExpected(outcome)).toBe(true);
    const law = {
      claim: claim("C8"),
      finding: asked("C8", compiled("gcc", "-O2", "tail-calls", 12)),
      rows: [],
      experiments: {},
      on: {},
      shown: [],
    };
    expect(countedApart([law])[0].what).toBe("1 claim");
  });
});
