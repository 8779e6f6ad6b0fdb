// Which superinstructions and replicas a profile chooses, and how a run is cut into units.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chooseReplicas,
  chooseSuperinstructions,
  parseGreedily,
  parseOptimally,
  unitOf,
} from "../../dist/src/dispatch/layouts/selection.js";
import type { Profile, ProfiledRun } from "../../dist/src/dispatch/profile.js";

const profileOf = (...runs: readonly (readonly [opcodes: string, count: number])[]): Profile => ({
  programs: ["made up"],
  runs: runs.map(([opcodes, count]) => ({ opcodes: opcodes.split(" "), count })),
});

describe("choosing superinstructions", () => {
  // A B saves 10 + 3, B C saves 10, A B C saves 20, B A saves 3
  const profile = profileOf(["A B C", 10], ["B A B", 3]);

  it("takes the sequences that save most dispatches: executions times one less than their length", () => {
    // B A B saves 6
    const ranking = ["A B C", "A B", "B C", "B A B", "B A"];
    for (let count = 0; count <= 5; count++) expect([...chooseSuperinstructions(profile, count, 3)]).toEqual(ranking.slice(0, count));
    expect([...chooseSuperinstructions(profile, 100, 3)]).toEqual(ranking);
  });

  it("takes none longer than asked for", () => {
    expect([...chooseSuperinstructions(profile, 100, 2)]).toEqual(["A B", "B C", "B A"]);
  });

  it("counts every occurrence within a run, overlapping ones too", () => {
    // A A occurs three times, A A A twice: 12 and 16; A A A A once: 12
    expect([...chooseSuperinstructions(profileOf(["A A A A", 4]), 3, 4)]).toEqual(["A A A", "A A", "A A A A"]);
  });

  it("takes equal ones in the order of the alphabet, however the profile is ordered", () => {
    const ranking = ["A Z", "B A", "B C"];
    expect([...chooseSuperinstructions(profileOf(["B C", 1], ["A Z", 1], ["B A", 1]), 3, 2)]).toEqual(ranking);
    expect([...chooseSuperinstructions(profileOf(["B A", 1], ["B C", 1], ["A Z", 1]), 3, 2)]).toEqual(ranking);
  });

  it("leaves out what does not fit, wherever in a sequence it stands", () => {
    const fits = (opcode: string) => opcode !== "B";
    expect([...chooseSuperinstructions(profile, 100, 3, fits)]).toEqual([]);
    expect([...chooseSuperinstructions(profileOf(["B C D B", 1], ["C B D C", 1]), 100, 4, fits)]).toEqual(["C D", "D C"]);
  });

  it("finds none in runs of one instruction, or in no profile", () => {
    expect([...chooseSuperinstructions(profileOf(["A", 100]), 10, 4)]).toEqual([]);
    expect([...chooseSuperinstructions({ programs: [], runs: [] }, 10, 4)]).toEqual([]);
  });
});

describe("parsing", () => {
  const chosen = new Set(["A B", "B C D"]);

  it("greedily takes the longest from the start, optimally as few as possible: A B C D", () => {
    const run = ["A", "B", "C", "D"];
    expect(parseGreedily(chosen, 3)(run)).toEqual([2, 1, 1]);
    expect(parseOptimally(chosen, 3)(run)).toEqual([1, 3]);
  });

  it("optimally takes single instructions too, if that makes fewer units", () => {
    const units = new Set(["A B", "C D", "E F", "G H", "B C D E F G"]);
    const run = ["A", "B", "C", "D", "E", "F", "G", "H"];
    expect(parseGreedily(units, 6)(run)).toEqual([2, 2, 2, 2]);
    expect(parseOptimally(units, 6)(run)).toEqual([1, 6, 1]);
  });

  it("of equally few units takes the longest first", () => {
    const both = new Set(["A B", "B C", "A B C"]);
    expect(parseOptimally(new Set(["A B", "B C"]), 2)(["A", "B", "C"])).toEqual([2, 1]);
    expect(parseGreedily(both, 3)(["A", "B", "C"])).toEqual([3]);
    expect(parseOptimally(both, 3)(["A", "B", "C"])).toEqual([3]);
  });

  it("takes none longer than allowed, even if it was chosen", () => {
    expect(parseGreedily(chosen, 2)(["B", "C", "D"])).toEqual([1, 1, 1]);
    expect(parseOptimally(chosen, 2)(["B", "C", "D"])).toEqual([1, 1, 1]);
  });

  it("cuts a run into single instructions without superinstructions, and an empty run into nothing", () => {
    for (const parse of [parseGreedily(new Set(), 4), parseOptimally(new Set(), 4)]) {
      expect(parse(["A", "B"])).toEqual([1, 1]);
      expect(parse([])).toEqual([]);
    }
  });

  it("covers any run with known units, and optimally never takes more of them than greedily", () => {
    const opcode = fc.constantFrom("A", "B");
    const sequences = fc.array(fc.array(opcode, { minLength: 2, maxLength: 4 }), { maxLength: 8, size: "max" });
    let better = 0;
    fc.assert(
      fc.property(sequences, fc.array(opcode, { maxLength: 25, size: "max" }), fc.integer({ min: 2, max: 4 }), (units, run, longest) => {
        const known = new Set(units.map(unitOf));
        const [greedy, optimal] = [parseGreedily(known, longest)(run), parseOptimally(known, longest)(run)];
        for (const lengths of [greedy, optimal]) {
          let at = 0;
          for (const length of lengths) {
            expect(length).toBeLessThanOrEqual(longest);
            if (length !== 1) expect(known).toContain(unitOf(run.slice(at, at + length)));
            at += length;
          }
          expect(at).toBe(run.length);
        }
        expect(optimal.length).toBe(fewest(run, known, longest));
        expect(optimal.length).toBeLessThanOrEqual(greedy.length);
        if (optimal.length < greedy.length) better++;
      }),
      { seed: 20261120, numRuns: 500 },
    );
    expect(better).toBeGreaterThan(10);
  });
});

/** The fewest units that cover a run: the lengths that can be reached with one unit, with two, … */
function fewest(run: readonly string[], known: ReadonlySet<string>, longest: number): number {
  let reached = new Set([0]);
  for (let units = 0; ; units++) {
    if (reached.has(run.length)) return units;
    const next = new Set<number>();
    for (const at of reached) {
      next.add(at + 1);
      for (let length = 2; length <= longest; length++) if (known.has(unitOf(run.slice(at, at + length)))) next.add(at + length);
    }
    reached = next;
  }
}

describe("choosing replicas", () => {
  const single = parseGreedily(new Set(), 2);

  it("gives them one by one to what executes most often for each of its copies", () => {
    // A 200, B 100, C 80: A (100 each) leads until C's 80 is more than its share
    const profile = profileOf(["A B A", 100], ["C", 80]);
    const copies = (count: number) => Object.fromEntries(chooseReplicas(profile, single, count));
    expect(copies(0)).toEqual({ A: 1, B: 1, C: 1 });
    expect(copies(1)).toEqual({ A: 2, B: 1, C: 1 });
    // 100 each: the one that executes more often in all comes first
    expect(copies(2)).toEqual({ A: 3, B: 1, C: 1 });
    expect(copies(3)).toEqual({ A: 3, B: 2, C: 1 });
    expect(copies(4)).toEqual({ A: 3, B: 2, C: 2 });
    expect(copies(5)).toEqual({ A: 4, B: 2, C: 2 });
  });

  it("takes equal ones in the order of the alphabet", () => {
    expect(Object.fromEntries(chooseReplicas(profileOf(["B A", 5]), single, 1))).toEqual({ A: 2, B: 1 });
  });

  it("counts units as the run is parsed: what only occurs in a superinstruction has no replicas", () => {
    const parse = parseGreedily(new Set(["A B"]), 2);
    expect(Object.fromEntries(chooseReplicas(profileOf(["A B A", 10], ["A B", 1]), parse, 1))).toEqual({ "A B": 2, A: 1 });
  });

  it("gives out none without a profile", () => {
    expect(chooseReplicas({ programs: [], runs: [] }, single, 5).size).toBe(0);
  });

  it("gives out exactly as many as asked for, and none could lower the largest share by moving", () => {
    const runs = fc.array(
      fc.record<ProfiledRun>({
        opcodes: fc.array(fc.constantFrom("A", "B", "C", "D"), { minLength: 1, maxLength: 6 }),
        count: fc.integer({ min: 1, max: 1000 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(runs, fc.nat(60), (all, count) => {
        const copies = chooseReplicas({ programs: [], runs: all }, single, count);
        expect([...copies.values()].reduce((sum, n) => sum + n - 1, 0)).toBe(count);
        const executions = (unit: string) =>
          all.reduce((sum, run) => sum + run.count * run.opcodes.filter((opcode) => opcode === unit).length, 0);
        const most = Math.max(...[...copies].map(([unit, n]) => executions(unit) / n));
        // a unit that has a replica needed it: without it, its share would be the largest
        for (const [unit, n] of copies) if (n > 1) expect(executions(unit) / (n - 1)).toBeGreaterThanOrEqual(most);
      }),
      { seed: 20261120, numRuns: 200 },
    );
  });
});
