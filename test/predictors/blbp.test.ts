// That BLBP counts what its authors' code counts is in references.test.ts.
import { describe, expect, it } from "vitest";
import blbp from "../../dist/predictors/blbp.js";
import btb from "../../dist/predictors/btb.js";
import { INDIRECT_JUMP, NONE } from "../../dist/src/branch.js";
import { branchesOf, missesOf, sum, valuesOf } from "./replay.ts";

/** Targets of one branch in a loop. */
const loop = (targets: readonly number[], count: number) =>
  branchesOf(
    INDIRECT_JUMP,
    Array.from({ length: count }, (_, i) => [0x401040, targets[i % targets.length]]),
  );

describe("BLBP", () => {
  it("knows no target, then the only one, and needs no weights for it", () => {
    expect(missesOf(blbp, {}, loop([0x402000], 5))).toEqual([1, 0, 0, 0, 0]);
  });

  it("foresees a loop over five targets, which a BTB does not", () => {
    const branches = loop([0x402010, 0x402a20, 0x402010, 0x403330, 0x402450, 0x402010, 0x404440], 4000);
    expect(sum(missesOf(blbp, {}, branches).slice(-700))).toBe(0);
    expect(sum(missesOf(btb, {}, branches).slice(-700))).toBe(700);
  });

  it("only answers targets that the branch had, and forgets those that its buffer has no room for", () => {
    const targets = Array.from({ length: 8 }, (_, i) => 0x402000 + 0x130 * i);
    const model = blbp.create(valuesOf(blbp, { sets: 1, ways: 2 }));
    for (let i = 0; i < 400; i++) {
      const answer = model.predict(0x401040, NONE);
      if (i > 0) expect(targets).toContain(answer);
      model.train(0x401040, targets[i % 8], 1);
      model.track?.(0x401040, targets[i % 8], 1, INDIRECT_JUMP, 0x401042);
    }
    const late = (ways: number) => sum(missesOf(blbp, { sets: 1, ways }, loop(targets, 8000)).slice(-800));
    expect(late(2)).toBe(800); // a cycle longer than the buffer
    expect(late(16)).toBe(0);
  });

  it("cannot tell targets apart whose twelve hashed bits are the same", () => {
    // address bits that enter none of the twelve
    const alike = loop([0x402010, 0x2402010], 2000);
    expect(sum(missesOf(blbp, {}, alike).slice(-200))).toBeGreaterThanOrEqual(100);
  });

  it("needs 64 KB, as the paper says", () => {
    const bits = blbp.storageBits(valuesOf(blbp));
    expect(bits).toBe(45 * 8192 + 4096 * 37 + 128 * 12 + 2560 + 631);
    expect(bits / 8192).toBeCloseTo(64, 0);
  });
});
