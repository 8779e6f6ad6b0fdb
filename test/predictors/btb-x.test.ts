// BTB-X: which ways a branch may enter, by how far it goes. Counts beside the published simulator: references.test.ts.
import { describe, expect, it } from "vitest";
import btbX from "../../dist/predictors/btb-x.js";
import { NONE, RETURN } from "../../dist/src/branch.js";
import { valuesOf } from "./replay.ts";

const create = (changed = {}) => btbX.create(valuesOf(btbX, { sets: 1, companionSets: 1, offsets: "0/4/8", ...changed }));

describe("BTB-X", () => {
  it("gives back the target of a branch from as many low bits as its way has room for", () => {
    const model = create();
    model.train(0x1000, 0x100c, 1); // 4 bits
    model.train(0x2000, 0x20f0, 1); // 8 bits
    model.train(0x3000, 0x7000, 1); // 15 bits: the companion
    expect([0x1000, 0x2000, 0x3000].map((pc) => model.predict(pc, NONE))).toEqual([0x100c, 0x20f0, 0x7000]);
  });

  it("lets a long offset push out what is in a way that has the room, however many short ways are free", () => {
    const model = create();
    for (const pc of [0x1000, 0x2000, 0x3000]) model.train(pc, pc + 0xf0, 1);
    // two places have room for 8 bits: one way and the companion
    expect([0x1000, 0x2000, 0x3000].map((pc) => model.predict(pc, NONE))).toEqual([NONE, 0x20f0, 0x30f0]);
  });

  it("lets a short offset use a longer way", () => {
    const model = create();
    for (const pc of [0x1000, 0x2000, 0x3000]) model.train(pc, pc + 8, 1);
    expect([0x1000, 0x2000, 0x3000].map((pc) => model.predict(pc, NONE))).toEqual([0x1008, 0x2008, 0x3008]);
  });

  it("enters a return into the way without room", () => {
    const model = create({ offsets: "0" });
    model.track?.(0x1000, 0x9000, 1, RETURN, 0x1001);
    model.train(0x2000, 0x9000, 1);
    expect(model.predict(0x1000, NONE)).not.toBe(NONE);
    expect(model.finish?.()).toEqual({ entries_by_offset_bits: "0=1 whole=1" });
  });

  it("cuts the new target of an indirect branch that its way has no room for", () => {
    const model = create();
    model.train(0x1000, 0x1004, 1);
    model.train(0x1000, 0x5678, 1);
    expect(model.predict(0x1000, NONE)).toBe(0x1008);
  });

  it("takes 22 bits and the offset for an entry", () => {
    const bits = btbX.storageBits(valuesOf(btbX));
    // 512 sets of 8 ways with tag 16, kind 2 and rank 4; 94 bits of offsets; 64 whole targets
    expect(bits).toBe(512 * (8 * 22 + 94) + 64 * (22 + 32));
  });

  it.each(["", "4/0", "x", "33", "1//2"])("refuses the lengths %j", (offsets) => {
    expect(btbX.check?.(valuesOf(btbX, { offsets }))).toContain("offsets must be");
  });
});
