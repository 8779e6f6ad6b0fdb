import { expect, it } from "vitest";
import btfn from "../../dist/predictors/btfn.js";
import { NONE } from "../../dist/src/branch.js";
import { valuesOf } from "./replay.ts";

const model = btfn.create(valuesOf(btfn));

it("predicts a branch backwards, which closes a loop, taken, and one forwards not", () => {
  expect(model.predict(0x401000, 0x400fc0)).toBe(1);
  expect(model.predict(0x401000, 0x401040)).toBe(0);
});

it("takes a branch to itself for a loop", () => {
  expect(model.predict(0x401000, 0x401000)).toBe(1);
});

it("predicts not taken where the target is not known", () => {
  expect(model.predict(0x401000, NONE)).toBe(0);
});

it("compares addresses on both sides of 2^31 and of 0 rightly", () => {
  expect(model.predict(0x7ffffff0, 0x80000010 | 0)).toBe(0);
  expect(model.predict(0x80000010 | 0, 0x7ffffff0)).toBe(1);
  expect(model.predict(-16, 16)).toBe(0);
  expect(model.predict(16, -16)).toBe(1);
});

it("learns nothing", () => {
  for (let i = 0; i < 10; i++) model.train(64, 32, 0);
  expect(model.predict(64, 32)).toBe(1);
});

it("needs no storage", () => {
  expect(btfn.storageBits(valuesOf(btfn))).toBe(0);
});
