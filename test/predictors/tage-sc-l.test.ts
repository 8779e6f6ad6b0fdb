import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSbbt } from "../../dist/bench/read-sbbt.js";
import lTage from "../../dist/predictors/l-tage.js";
import tageScL from "../../dist/predictors/tage-sc-l.js";
import { CONDITIONAL, INDIRECT_JUMP, JUMP } from "../../dist/src/branch.js";
import { answersOf, type Branches, missesOf, seeded, sum, valuesOf } from "./replay.ts";

type Changed = Parameters<typeof missesOf<typeof tageScL.parameters>>[1];

const SITE = 0x1234;
const LOOP = 0x1300;
const NOISE = 0x2090;

/** A program of conditionals that writes down what it does. */
function recorder(seed: number) {
  const random = seeded(seed);
  const pcs: number[] = [];
  const targets: number[] = [];
  const taken: number[] = [];
  const statics: number[] = [];
  const branch = (pc: number, outcome: number, target: number) => {
    pcs.push(pc);
    statics.push(target);
    taken.push(outcome);
    targets.push(outcome ? target : pc + 2);
  };
  return {
    random,
    forward: (pc: number, outcome: number) => branch(pc, outcome, pc + 64),
    backward: (pc: number, outcome: number) => branch(pc, outcome, pc - 64),
    /** Outcomes that tell nothing, at so many addresses; those that are 16 apart would share one of the two sets of loops of 8 KB. */
    noise(count: number) {
      for (let k = 0; k < count; k++) branch(NOISE + 17 * k, random(2), NOISE + 17 * k + 64);
    },
    branches: (): Branches => ({ count: pcs.length, pcs, targets, taken, kinds: Array(pcs.length).fill(CONDITIONAL), statics }),
  };
}

/** Of the second half of the branches at one address, the share that is mispredicted. */
function lateShare(branches: Branches, pc: number, changed: Changed): number {
  const misses = missesOf(tageScL, changed, branches);
  const late = Array.from({ length: branches.count }, (_, i) => i).filter((i) => i > branches.count / 2 && branches.pcs[i] === pc);
  return sum(late.map((i) => misses[i])) / late.length;
}

/** A loop of 37 rounds around branches that tell nothing: no history is the same at its end. */
function constantLoop(): Branches {
  const program = recorder(1);
  for (let k = 0; k < 300; k++)
    for (let round = 1; round <= 37; round++) {
      program.backward(LOOP, round < 37 ? 1 : 0);
      program.noise(5);
    }
  return program.branches();
}

/** A branch that repeats five outcomes of its own, six random ones of others between each two. */
function ownPattern(): Branches {
  const program = recorder(2);
  for (let k = 0; k < 8000; k++) {
    program.noise(6);
    program.forward(SITE, [1, 1, 0, 1, 0][k % 5]);
  }
  return program.branches();
}

/**
 * In round i of a loop of 20 to 39 rounds a branch does what it did in round i before; in half the rounds it is left out.
 * @param others more backward branches that are taken in every round
 */
function patternByRound(others = 0): Branches {
  const program = recorder(3);
  const outcomes = Array.from({ length: 40 }, () => program.random(2));
  for (let k = 0; k < 600; k++) {
    const rounds = 20 + program.random(20);
    for (let round = 0; round < rounds; round++) {
      program.noise(3);
      if (program.random(2)) program.forward(SITE, outcomes[round]);
      for (let k = 1; k <= others; k++) program.backward(LOOP + 0x10000 * k, 1);
      program.backward(LOOP, round < rounds - 1 ? 1 : 0);
    }
  }
  return program.branches();
}

/** Taken nine times in ten, at random. */
function leaning(): Branches {
  const program = recorder(4);
  for (let k = 0; k < 20_000; k++) {
    program.noise(4);
    program.forward(SITE, program.random(10) === 0 ? 0 : 1);
  }
  return program.branches();
}

describe.each(["64", "8"] as const)("the parts of TAGE-SC-L in %s KB", (size) => {
  it("loops foresee the end of a loop whose history is noise", () => {
    const branches = constantLoop();
    expect(lateShare(branches, LOOP, { size })).toBeLessThan(0.002);
    expect(lateShare(branches, LOOP, { size, loop: "off" })).toBeGreaterThanOrEqual(1 / 38); // every end
  });

  it("the corrector follows a branch's own history, which TAGE does not see", () => {
    const branches = ownPattern();
    expect(lateShare(branches, SITE, { size })).toBeLessThan(0.01);
    expect(lateShare(branches, SITE, { size, local: "off" })).toBeGreaterThan(0.3);
    expect(lateShare(branches, SITE, { size, corrector: "off" })).toBeGreaterThan(0.3);
  });

  it("the corrector follows the round of the innermost loop, which neither TAGE nor the branch's own history tells", () => {
    const branches = patternByRound();
    expect(lateShare(branches, SITE, { size })).toBeLessThan(0.07);
    expect(lateShare(branches, SITE, { size, imli: "off" })).toBeGreaterThan(0.3);
    expect(lateShare(branches, SITE, { size, corrector: "off" })).toBeGreaterThan(0.3);
  });

  it("the corrector ends a loop at the branch that would have jumped backward, whatever others with like addresses do", () => {
    expect(lateShare(patternByRound(1), SITE, { size })).toBeLessThan(0.1);
  });

  it("the corrector sees where a branch leans when histories mislead TAGE", () => {
    const branches = leaning();
    const share = lateShare(branches, SITE, { size });
    expect(share).toBeLessThan(0.115); // a tenth cannot be known
    expect(share).toBeLessThan(lateShare(branches, SITE, { size, corrector: "off" }));
  });
});

describe("TAGE within TAGE-SC-L", () => {
  /** What was at SITE decides what comes at SITE + 0x77, so many branches later, which always do the same. */
  const distantCause = (between: number) => {
    const program = recorder(5);
    for (let k = 0; k < 400; k++) {
      const cause = program.random(2);
      program.forward(SITE, cause);
      for (let i = 0; i < between; i++) program.forward(NOISE, 1);
      program.forward(SITE + 0x77, cause);
    }
    return program.branches();
  };
  const only = { loop: "off", corrector: "off" } as const;

  it("remembers what happened 300 branches ago, and with less history does not", () => {
    const branches = distantCause(300);
    expect(lateShare(branches, SITE + 0x77, only)).toBeLessThan(0.02);
    expect(lateShare(branches, SITE + 0x77, { ...only, maxHistory: 300 })).toBeGreaterThan(0.3); // two bits a branch
  });

  it("in 8 KB has 1000 bits of history, however many are asked for", () => {
    const branches = distantCause(700);
    expect(lateShare(branches, SITE + 0x77, { ...only, size: "8" })).toBeGreaterThan(0.3);
    expect(lateShare(branches, SITE + 0x77, only)).toBeLessThan(0.05);
  });

  it("has the addresses of branches of every kind in its history", () => {
    // Which of two jumps was executed decides; no outcome tells it.
    const lateMisses = (kind: number) => {
      const random = seeded(6);
      const all = Array.from({ length: 2000 }, () => random(2)).flatMap((which) => [
        { pc: which ? 0x5001 : 0x6002, taken: 1, kind },
        { pc: SITE, taken: which, kind: CONDITIONAL },
      ]);
      const branches = {
        count: all.length,
        pcs: all.map(({ pc }) => pc),
        targets: all.map(({ pc, taken }) => (taken ? 0x7000 : pc + 2)),
        taken: all.map(({ taken }) => taken),
        kinds: all.map((branch) => branch.kind),
      };
      return sum(missesOf(tageScL, only, branches).slice(-1000));
    };
    expect(lateMisses(JUMP)).toBe(0);
    expect(lateMisses(INDIRECT_JUMP)).toBe(0);
  });
});

describe("TAGE-SC-L's storage", () => {
  // Of an entry: counter 3, useful bits, tag. Then base with shared low bits, choice counters, history, path, tick.
  const tage64 = 20 * 1024 * (3 + 1 + 12) + 10 * 1024 * (3 + 1 + 8) + (8192 + 2048) + 16 * 5 + 3000 + 27 + 10;
  const tage8 = 17 * 128 * (3 + 2 + 12) + 9 * 128 * (3 + 2 + 8) + (4096 + 1024) + 8 * 5 + 1000 + 27 + 10;
  // Of a loop: tag, two counts, confidence, age, direction.
  const loop = 10 + 2 * 10 + 4 + 4 + 1;
  const small = (groups: number) => 12 + 64 * 8 + 2 * 7 + groups * 8 * 6; // thresholds, choosers, weights
  const counters64 = 3 * 256 + 2048 + 1024 + 2048 + 1024 + (512 + 512) + (256 + 256) + 128;
  const histories64 = 40 + 256 * 11 + 16 * 16 + 16 * 9 + 256 * 10 + 8;
  const corrector64 = small(8) + 6 * counters64 + histories64;
  const corrector8 = small(5) + 6 * (3 * 128 + 7 * 128) + 6 + 16 + 64 * 6 + 8;
  const bits = (changed: Changed) => tageScL.storageBits(valuesOf(tageScL, changed));

  it("is what its tables hold, and fits 64 and 8 KB with the 2048 bits that were allowed beyond", () => {
    expect(bits({})).toBe(tage64 + 32 * loop + corrector64);
    expect(bits({})).toBe(523_355 + 12); // what the author's code prints, whose sum loses the 12 bits of a threshold
    expect(bits({})).toBeLessThanOrEqual(64 * 8192);
    expect(bits({ size: "8" })).toBe(tage8 + 8 * loop + corrector8);
    expect(bits({ size: "8" })).toBe(67_349); // what it prints
    expect(bits({ size: "8" })).toBeLessThanOrEqual(8 * 8192 + 2048);
  });

  it("loses what is left out, and grows with what is scaled", () => {
    expect(bits({ loop: "off", corrector: "off" })).toBe(tage64);
    expect(bits({ loop: "off" })).toBe(tage64 + corrector64);
    expect(bits({ loopScale: 32 })).toBe(bits({}) + 32 * loop);
    expect(bits({ correctorScale: 8 })).toBe(bits({}) - 3 * counters64);
    expect(bits({ tageScale: 8 })).toBe(bits({}) - (tage64 - 80 - 3000 - 27 - 10) / 2);
  });
});

const folder = new URL("../data/truth/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

/** Not a truth but a record: no other implementation has exactly these rules. It changes when a rule does. */
const MISSES: Record<string, readonly [kb64: number, kb8: number]> = {
  "ocamlrun-kb": [1574, 1768],
  "switch-gcc-r": [5466, 5474],
  "call-gcc-fib": [51, 67],
};

describe.each(Object.keys(MISSES))("TAGE-SC-L on the recorded trace %s", (name) => {
  const trace = readSbbt(fileURLToPath(new URL(`${name}.sbbt.gz`, folder)));
  const [kb64, kb8] = (["64", "8"] as const).map((size) => sum(missesOf(tageScL, { size }, trace)));

  it("mispredicts as often as when its rules were last changed", () => {
    expect([kb64, kb8]).toEqual(MISSES[name]);
  });

  it("in 8 KB stays within the bound of 64 KB, and near an L-TAGE of 32 KB", () => {
    expect(kb8).toBeLessThanOrEqual(1.15 * expected[name].reference["conditional-64KB"]["tage-sc-l"] + 50);
    expect(kb8).toBeLessThanOrEqual(1.15 * sum(missesOf(lTage, {}, trace)) + 50);
  });

  it("predicts the same with other predictions between", () => {
    const meddle = (predict: (pc: number) => number) => void predict(0x40_1235);
    const some = { ...trace, count: 20_000 };
    const values = valuesOf(tageScL);
    expect(answersOf(tageScL, values, some, { meddle })).toEqual(answersOf(tageScL, values, some));
  });
});
