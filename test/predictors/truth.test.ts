// Recorded branches of real interpreters, and counts on which two other implementations agree to the last branch.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSbbt } from "../../dist/bench/read-sbbt.js";
import bimodal from "../../dist/predictors/bimodal.js";
import btb from "../../dist/predictors/btb.js";
import btb2bit from "../../dist/predictors/btb-2bit.js";
import gshare from "../../dist/predictors/gshare.js";
import returnStack from "../../dist/predictors/return-stack.js";
import tageLite from "../../dist/predictors/tage-lite.js";
import twoLevel from "../../dist/predictors/two-level.js";
import { INDIRECT, INDIRECT_CALL, INDIRECT_JUMP, KINDS } from "../../dist/src/branch.js";
import { type Branches, missesOf, sum } from "./replay.ts";

interface Expected {
  readonly branches: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly dispatchRange: readonly [string, string];
  readonly dispatchKind: string;
  readonly dispatches: number;
  readonly mispredictions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const folder = new URL("../data/truth/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Record<string, Expected>;

const MODELS: Record<string, (branches: Branches) => number[]> = {
  "btb-unbounded": (branches) => missesOf(btb, { unbounded: true }, branches),
  "btb-2bit-unbounded": (branches) => missesOf(btb2bit, { unbounded: true }, branches),
  "btb-512x4": (branches) => missesOf(btb, {}, branches),
  "btb-16x2": (branches) => missesOf(btb, { sets: 16, ways: 2 }, branches),
  "two-level-1-unbounded": (branches) => missesOf(twoLevel, { targets: 1, unbounded: true }, branches),
  "two-level-2-unbounded": (branches) => missesOf(twoLevel, { targets: 2, unbounded: true }, branches),
  "two-level-4-unbounded": (branches) => missesOf(twoLevel, { targets: 4, unbounded: true }, branches),
  "two-level-8-unbounded": (branches) => missesOf(twoLevel, { targets: 8, unbounded: true }, branches),
  "return-stack-16": (branches) => missesOf(returnStack, {}, branches),
  "gshare-16": (branches) => missesOf(gshare, {}, branches),
  "bimodal-16": (branches) => missesOf(bimodal, {}, branches),
};

/** Not a truth but a record: no other implementation has exactly these rules. It changes when a rule does. */
const TAGE_LITE_MISSES: Record<string, number> = { "ocamlrun-kb": 4453, "switch-gcc-r": 45, "call-gcc-fib": 1624 };

describe.each(Object.keys(expected))("on the recorded trace %s", (name) => {
  const trace = readSbbt(fileURLToPath(new URL(`${name}.sbbt.gz`, folder)));
  const want = expected[name];

  it("there are as many branches of each kind as were recorded", () => {
    expect(trace.count).toBe(want.branches);
    for (const [flag, kindName] of KINDS) {
      const key = kindName.replace(/-(.)/, (_, letter: string) => letter.toUpperCase());
      expect(trace.kinds.filter((kind) => kind === flag).length).toBe(want.kinds[key]);
    }
  });

  it("every model that has exact counts is named in this test", () => {
    expect(Object.keys(want.mispredictions).sort()).toEqual(Object.keys(MODELS).sort());
  });

  it.each(Object.keys(want.mispredictions))("%s mispredicts exactly as often as elsewhere", (model) => {
    const counts = want.mispredictions[model];
    const misses = MODELS[model](trace);
    const { indirect, dispatch, ...others } = counts;
    if (indirect === undefined) expect([sum(misses)]).toEqual(Object.values(others));
    else
      expect({ indirect: sum(misses), dispatch: sum(misses.filter((_, i) => isDispatch[i])) }).toEqual({
        indirect,
        dispatch,
      });
  });

  it("tage-lite mispredicts far less than a BTB, and no more than exact paths of four targets", () => {
    const misses = sum(missesOf(tageLite, {}, trace));
    expect(misses).toBeLessThan(want.mispredictions["btb-unbounded"].indirect / 20);
    expect(misses).toBeLessThan(want.mispredictions["two-level-4-unbounded"].indirect);
  });

  it("tage-lite mispredicts as often as when its rules were last changed", () => {
    expect(sum(missesOf(tageLite, {}, trace))).toBe(TAGE_LITE_MISSES[name]);
  });

  // For each indirect branch in order, whether it is a dispatch. Low 32 bits, like everything here.
  const [from, to] = want.dispatchRange.map((address) => Number(BigInt.asIntN(32, BigInt(address))));
  const dispatchKind = want.dispatchKind === "indirectJump" ? INDIRECT_JUMP : INDIRECT_CALL;
  const isDispatch: boolean[] = [];
  for (let i = 0; i < trace.count; i++) {
    if (trace.kinds[i] & INDIRECT) isDispatch.push(trace.kinds[i] === dispatchKind && trace.pcs[i] >= from && trace.pcs[i] <= to);
  }

  it("there are as many dispatches as were recorded", () => {
    expect(isDispatch.filter(Boolean).length).toBe(want.dispatches);
  });
});
