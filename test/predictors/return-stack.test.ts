import { describe, expect, it } from "vitest";
import returnStack from "../../dist/predictors/return-stack.js";
import { CALL, INDIRECT_CALL, NONE, RETURN } from "../../dist/src/branch.js";
import { valuesOf } from "./replay.ts";

const create = (depth: number, underflow: "none" | "stale" = "none") => returnStack.create(valuesOf(returnStack, { depth, underflow }));

function call(model: ReturnType<typeof create>, next: number, kind = CALL): void {
  model.track?.(next - 5, 0x9000, 1, kind, next);
}

/** Executes a return and gives what had been predicted. */
function ret(model: ReturnType<typeof create>): number {
  const answer = model.predict(0x9010, NONE);
  model.train(0x9010, answer, 1);
  model.track?.(0x9010, answer, 1, RETURN, 0x9011);
  return answer;
}

describe("a return stack", () => {
  it("predicts the addresses after the calls, the last call first, direct or indirect", () => {
    const model = create(4);
    call(model, 10);
    call(model, 20, INDIRECT_CALL);
    call(model, 30);
    expect([ret(model), ret(model), ret(model)]).toEqual([30, 20, 10]);
  });

  it("predicts nothing when empty, and stays empty however many returns come", () => {
    const model = create(4);
    call(model, 10);
    expect([ret(model), ret(model), ret(model), ret(model), ret(model), ret(model)]).toEqual([10, NONE, NONE, NONE, NONE, NONE]);
    call(model, 20);
    expect([ret(model), ret(model)]).toEqual([20, NONE]);
  });

  it("loses the oldest addresses when calls nest deeper than it is", () => {
    const model = create(3);
    for (const next of [10, 20, 30, 40, 50]) call(model, next);
    expect([ret(model), ret(model), ret(model), ret(model), ret(model)]).toEqual([50, 40, 30, NONE, NONE]);
  });

  it("predicts exactly as many returns of a deep recursion as it is deep", () => {
    const model = create(16);
    for (let i = 0; i < 100; i++) call(model, 1000 + i);
    const right = Array.from({ length: 100 }, (_, i) => ret(model) === 1099 - i).filter(Boolean).length;
    expect(right).toBe(16);
  });

  it("works on after an overflow as if nothing had been", () => {
    const model = create(2);
    for (const next of [10, 20, 30]) call(model, next);
    expect(ret(model)).toBe(30);
    call(model, 40);
    expect([ret(model), ret(model), ret(model)]).toEqual([40, 20, NONE]);
  });

  it("holds one address when it is one deep", () => {
    const model = create(1);
    call(model, 10);
    call(model, 20);
    expect([ret(model), ret(model)]).toEqual([20, NONE]);
  });

  it("goes round its stale entries when it may, and wraps like any circular buffer", () => {
    const model = create(3, "stale");
    expect(ret(model)).toBe(NONE);
    for (const next of [10, 20, 30, 40, 50]) call(model, next);
    // Three places hold 40 50 30; the fourth return finds 50 again, where the empty stack finds nothing.
    expect([ret(model), ret(model), ret(model), ret(model), ret(model)]).toEqual([50, 40, 30, 50, 40]);
    call(model, 60); // over the 40 that was popped last
    expect([ret(model), ret(model), ret(model), ret(model)]).toEqual([60, 30, 50, 60]);
  });

  it("in a recursion through one call site predicts all returns by stale entries", () => {
    const model = create(4, "stale");
    for (let i = 0; i < 50; i++) call(model, 777);
    for (let i = 0; i < 50; i++) expect(ret(model)).toBe(777);
  });

  it("takes the address 0 for an address", () => {
    const model = create(2);
    call(model, 0);
    expect(ret(model)).toBe(0);
  });

  it("needs 32 bits an address", () => {
    expect(returnStack.storageBits(valuesOf(returnStack))).toBe(512);
  });
});
