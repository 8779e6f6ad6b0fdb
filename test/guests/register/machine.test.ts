import { describe, expect, it } from "vitest";
import { result, session } from "./session.ts";

const two = (b: string | number, c: string | number, instruction: string): string => {
  const load = (register: string, value: string | number): string =>
    `${typeof value === "number" ? "load-integer" : "load-boolean"} ${register} ${value}`;
  return `${load("r1", b)}\n${load("r2", c)}\n${instruction} r0 r1 r2`;
};
const INT_MIN = -2147483648;
const INT_MAX = 2147483647;

describe("an instruction", () => {
  it.each([
    ["add", 2, 3, "5"],
    ["add", INT_MAX, 1, String(INT_MIN)],
    ["add", INT_MIN, -1, String(INT_MAX)],
    ["divide", 7, 2, "3"],
    ["divide", -7, 2, "-3"],
    ["divide", 7, -2, "-3"],
    ["divide", INT_MIN, -1, String(INT_MIN)],
    ["modulo", 7, 2, "1"],
    ["modulo", -7, 2, "-1"],
    ["modulo", 7, -2, "1"],
    ["modulo", INT_MIN, -1, "0"],
    ["equal", 4, 4, "true"],
    ["equal", 4, 5, "false"],
    ["equal", "true", "true", "true"],
    ["equal", "true", "false", "false"],
    ["greater", 5, 4, "true"],
    ["greater", 4, 4, "false"],
    ["greater", -5, 4, "false"],
  ])("%s of %s and %s gives %s", (instruction, b, c, expected) => {
    expect(result(two(b, c, instruction))).toBe(expected);
  });

  it("moves integers and booleans with their types", () => {
    expect(result("load-integer r1 -9\nmove r0 r1")).toBe("-9");
    expect(result("load-boolean r1 true\nmove r0 r1")).toBe("true");
    expect(result("load-boolean r0 false\nload-integer r1 1\nmove r0 r1")).toBe("1");
  });

  it.each(["add r0 r1 r1", "divide r0 r1 r1", "modulo r0 r1 r1", "random r0", "load-integer r0 1"])(
    "%s leaves an integer",
    (instruction) => {
      expect(result(`load-boolean r0 true\nload-integer r1 1\n${instruction}`)).toMatch(/^\d+$/);
    },
  );

  it("finds the integer 0 in a register that nothing was loaded into", () => {
    expect(result("move r0 r255")).toBe("0");
  });

  it("goes by a boolean, and on if it is false", () => {
    const text = (flag: string) => `load-boolean r1 ${flag}\njump-if r1 there\nload-integer r0 1\nhalt\nthere: load-integer r0 2`;
    expect(result(text("true"))).toBe("2");
    expect(result(text("false"))).toBe("1");
  });

  it("may have the same register as source and destination", () => {
    expect(result("load-integer r0 5\nadd r0 r0 r0\nadd r0 r0 r0")).toBe("20");
    expect(result("load-integer r0 5\nequal r0 r0 r0")).toBe("true");
  });
});

describe("random numbers", () => {
  // computed in Python: xorshift by 13, 17, 5, each number without its lowest bit
  it("are the xorshift of the seed", () => {
    expect(session(".seed 1\nrandom r0\nrandom r1\nrandom r2\nhalt").output).toBe("r0 = 135184\nr1 = 33817344\nr2 = 1323717730\n");
  });

  it("begin at 123456789 if no seed is given", () => {
    const text = "random r0\nrandom r1\nhalt";
    expect(session(text).output).toBe(session(`.seed 123456789\n${text}`).output);
    expect(session(text).output).not.toBe(session(`.seed 123456788\n${text}`).output);
  });
});

describe("a run fails with file and line", () => {
  it.each([
    ["load-integer r1 5\n\ndivide r1 r1 r2\nhalt", "x.rasm:3: division by zero in divide, r2 holds 0"],
    ["modulo r1 r1 r2\nhalt", "x.rasm:1: division by zero in modulo, r2 holds 0"],
    ["load-boolean r1 true\nequal r3 r1 r2\nhalt", "x.rasm:2: equal needs two integers or two booleans, r1 holds true, r2 holds 0"],
    ["load-boolean r1 true\ngreater r3 r2 r1\nhalt", "x.rasm:2: greater needs two integers, r1 holds true"],
    ["load-boolean r1 false\nadd r3 r1 r2\nhalt", "x.rasm:2: add needs two integers, r1 holds false"],
    ["load-boolean r1 false\ndivide r3 r2 r1\nhalt", "x.rasm:2: divide needs two integers, r1 holds false"],
    ["load-boolean r1 true\nmodulo r3 r1 r2\nhalt", "x.rasm:2: modulo needs two integers, r1 holds true"],
    ["load-integer r1 1\na: jump-if r1 a\nhalt", "x.rasm:2: jump-if needs a boolean, r1 holds 1"],
  ])("%j: %s", (source, message) => {
    expect(session(source).error).toBe(message);
  });

  it("when it passes the limit, and not when it just reaches it", () => {
    const source = "move r1 r2\njump on\non: move r1 r2\nhalt";
    expect(session(source, false, 4).error).toBeUndefined();
    expect(session(source, false, 3).error).toBe(
      "x.rasm:3: stopped after 3 virtual instructions (raise --max-instructions to let it run longer)",
    );
    const { error, addresses } = session("a: jump a", false, 100_000);
    expect(error).toMatch(/^x\.rasm:1: stopped after 100000 /);
    expect(addresses.length).toBeLessThanOrEqual(100_000);
  });
});
