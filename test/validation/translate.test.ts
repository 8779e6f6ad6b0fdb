// JavaScript of the instruction table as C.
import { describe, expect, it } from "vitest";
import { withCells } from "../../dist/src/guests/forth/machine/cell-text.js";
import { cellsOf } from "../../dist/src/guests/forth/machine/cells.js";
import { instructions } from "../../dist/src/guests/forth/machine/instructions.js";
import { translate } from "../../dist/src/validation/translate.js";

describe("the translation of the instruction table", () => {
  it.each([
    ["c = a + b | 0", "c = ((int32_t)((int64_t)a + (int64_t)b));"],
    ["f = a >>> 0 < b >>> 0 ? -1 : 0", "f = ((((uint32_t)a) < ((uint32_t)b)) ? -1 : 0);"],
    ["b = u >>> 0 > 31 ? 0 : a << u", "b = ((((uint32_t)u) > 31) ? 0 : (int32_t)((uint32_t)a << ((uint32_t)u & 31)));"],
    ["if (f === 0) ip = A", "if ((f == 0)) ip = A;"],
    ["c = Math.imul(a, b)", "c = (int32_t)((uint32_t)a * (uint32_t)b);"],
    ["if (n !== 0) { fault = n; break run; }", "if ((n != 0)) { fault = n; RAISE; }"],
    ["doubles.mulDivMod(a, b, c); q = doubles.high", "doubles_mulDivMod(a, b, c); q = doubles_high;"],
  ])("makes of %s what C computes alike", (javascript, c) => {
    expect(translate(javascript)).toBe(c);
  });

  it("leaves out checks, which a run that came through does not need", () => {
    expect(translate("rs[rp++] = ip; ip = A; if (rp > RETURN_LIMIT) fail(-5)")).toBe("rs[rp++] = ip; ip = A;");
    expect(translate("token(xt); ip = xt")).toBe("ip = xt;");
  });

  it.each(instructions.map(([name, , code]) => [name, code]))("has C for %s", (_name, code) => {
    expect(translate(withCells(code, cellsOf(32)))).not.toMatch(/undefined|===|>>>|fail|token\(/);
  });

  it("says what it has no C for", () => {
    expect(() => translate("x = `a`")).toThrow("no C for");
    expect(() => translate("for (;;) x = 1")).toThrow(/no C for/);
  });
});
