// A compiler that undid a technique is recognised by the indirect branches that it left.
import { describe, expect, it } from "vitest";
import { keptDispatch } from "../../dist/src/validation/undone.js";

describe("what a compiler left of a technique's dispatch", () => {
  it.each([
    // counted in objects of gcc 12.2 and clang 14, 16 and 19 (docs/validation.md)
    ["direct-threading", 192, 195, 0, "kept"],
    ["token-threading", 192, 188, 0, "kept"],
    ["token-threading", 192, 154, 0, "kept"],
    ["direct-threading", 192, 2, 0, "merged"],
    ["replicated-switch", 192, 8, 0, "merged"],
    ["replicated-switch", 192, 25, 0, "kept"],
    ["switch", 192, 1, 0, "kept"],
    ["switch", 192, 22, 0, "duplicated"],
    ["switch", 192, 0, 0, "replaced"],
    ["call-threading", 192, 0, 1, "kept"],
    ["tail-call-threading", 192, 189, 1, "kept"],
    ["tail-call-threading", 192, 0, 190, "replaced"],
    ["tail-call-no-elimination", 192, 0, 190, "kept"],
    ["tail-call-dispatcher", 192, 1, 0, "kept"],
  ] as const)("of %s with %i bodies is told by %i jumps and %i calls: %s", (technique, bodies, jumps, calls, kept) => {
    const found = keptDispatch(technique, bodies, { jumps, calls });
    expect(found.kept).toBe(kept);
    expect(found.what === "").toBe(kept === "kept");
  });
});
