import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instructions } from "../../../dist/src/guests/register/instructions.js";
import { bplab } from "../../support.js";
import { file, result, session } from "./session.ts";

describe("the assembler", () => {
  it("takes labels on lines of their own, several at once, and used before they stand", () => {
    expect(result("jump b\na: x:\ny: load-integer r0 7\njump end\nb:jump y\nend: move r1 r0")).toBe("7");
  });

  it("takes commas, comments, tabs, a byte order mark, and lines as any system ends them", () => {
    const text = "\uFEFF; comment: with a colon\tload-integer r0, 5 ; r9\n\n\tadd r0,r0 , r0;x\n";
    expect(result(text)).toBe("0");
    expect(result("\uFEFFload-integer r0, 5 ; r9\r\n\tadd r0,r0 , r0;x\radd r0 r0 r0")).toBe("20");
    expect(session("halt ; \u2028 add").error).toBeUndefined();
  });

  it("takes constants, of both sizes or of each, before or behind their use", () => {
    const text = "load-integer r0 N\nload-integer r1 M\nhalt\n.const N test=-3 full=+40\n.const M 5";
    expect(session(text).output).toBe("r0 = -3\nr1 = 5\n");
    expect(session(text, true).output).toBe("r0 = 40\nr1 = 5\n");
  });

  it("prints the registers that the source names, by number", () => {
    expect(session("load-boolean r10 true\nmove r9 r255\nhalt").output).toBe("r9 = 0\nr10 = true\nr255 = 0\n");
  });

  it.each([
    ["\n add r1 q1 r2\nhalt", "x.rasm:2: expected a register r0 to r255, got q1"],
    ["add r1 r256 r2\nhalt", "x.rasm:1: expected a register r0 to r255, got r256"],
    ["add r1 r01 r2\nhalt", "x.rasm:1: expected a register r0 to r255, got r01"],
    ["move r1 5\nhalt", "x.rasm:1: expected a register r0 to r255, got 5"],
    ["ad r1 r2 r3\nhalt", /^x\.rasm:1: unknown instruction: ad; did you mean add\? \(known: .*\)$/],
    ["HALT", /^x\.rasm:1: unknown instruction: HALT; did you mean halt\? \(known: .*\)$/],
    ["add r1 r2\nhalt", "x.rasm:1: add takes 3 operands (add register register register), got 2"],
    ["random\nhalt", "x.rasm:1: random takes 1 operand (random register), got 0"],
    ["halt r1", "x.rasm:1: halt takes 0 operands, got 1"],
    ["load-integer r1 2147483648\nhalt", "x.rasm:1: expected a constant or an integer from -2147483648 to 2147483647, got 2147483648"],
    ["load-integer r1 -2147483649\nhalt", "x.rasm:1: expected a constant or an integer from -2147483648 to 2147483647, got -2147483649"],
    ["load-integer r1 1.5\nhalt", "x.rasm:1: expected a constant or an integer from -2147483648 to 2147483647, got 1.5"],
    ["load-integer r1 true\nhalt", "x.rasm:1: constant true is not defined"],
    [".const LIMIT 5\nload-integer r1 LIMT\nhalt", "x.rasm:2: constant LIMT is not defined; did you mean LIMIT?"],
    ["load-boolean r1 1\nhalt", "x.rasm:1: expected true or false, got 1"],
    ["jump nowhere", "x.rasm:1: label nowhere is not defined"],
    ["again: halt\njump agan", "x.rasm:2: label agan is not defined; did you mean again?"],
    ["jump 0", "x.rasm:1: expected the name of a label, got 0"],
    ["a: halt\n\na: halt", "x.rasm:3: label a is defined twice, first in line 1"],
    ["a b: halt", /^x\.rasm:1: unknown instruction: a /],
    ["1a: halt", "x.rasm:1: expected the name of a label, got 1a"],
    [": halt", "x.rasm:1: expected the name of a label, got nothing"],
    ["halt\nend:", "x.rasm:2: expected an instruction after label end, got the end of the file"],
    ["jump end\nend:", "x.rasm:2: expected an instruction after label end, got the end of the file"],
    ["; nothing\n.seed 5\n", "x.rasm: expected at least one instruction, got none"],
    ["halt\nadd r1 r1 r1", "x.rasm:2: expected jump or halt as the last instruction, got add"],
    ["a: jump-if r1 a", "x.rasm:1: expected jump or halt as the last instruction, got jump-if"],
    [".sed 5\nhalt", "x.rasm:1: unknown directive: .sed; did you mean .seed? (known: .const, .seed)"],
    [".seed 0\nhalt", "x.rasm:1: expected an integer from 1 to 2147483647, got 0"],
    [".seed\nhalt", "x.rasm:1: .seed takes 1 integer, got 0"],
    [".seed 1\n.seed 2\nhalt", "x.rasm:2: .seed is given twice, first in line 1"],
    [".const\nhalt", "x.rasm:1: expected the name of a constant, got nothing"],
    [".const 5 N\nhalt", "x.rasm:1: expected the name of a constant, got 5"],
    [".const N\nhalt", "x.rasm:1: expected .const N 5 or .const N test=5 full=9, got nothing for its value"],
    [".const N test=5\nhalt", "x.rasm:1: expected .const N 5 or .const N test=5 full=9, got test=5 for its value"],
    [".const N 5 6\nhalt", "x.rasm:1: expected .const N 5 or .const N test=5 full=9, got 5 6 for its value"],
    [".const N test=5 full=x\nhalt", "x.rasm:1: expected an integer from -2147483648 to 2147483647, got x"],
    [".const N 5\n.const N 5\nhalt", "x.rasm:2: constant N is defined twice, first in line 1"],
    [`${"x".repeat(100)}: jump ${"y".repeat(100)}`, `x.rasm:1: label ${"y".repeat(40)}… is not defined`],
    ["\u001b[31m r1", /^x\.rasm:1: unknown instruction: \?\[31m /],
  ])("%j is refused: %s", (source, message) => {
    const { error } = session(source);
    if (typeof message === "string") expect(error).toBe(message);
    else expect(error).toMatch(message);
  });

  const docs = readFileSync(new URL("../../../docs/register-machine.md", import.meta.url), "utf8").replace(/ +/g, " ");

  it("runs the documented example to the documented output", () => {
    const [, source, output] = /^```\n(; count:.*?)^```$.*?^```\n(r0 = .*?)^```$/ms.exec(docs) ?? [];
    expect(session(source).output).toBe(output);
  });

  it("is documented instruction by instruction", () => {
    for (const { name, operands, does } of instructions) {
      const usage = [name, ...operands.map((_, i) => "abc"[i])].join(" ");
      expect(docs).toContain(`| \`${usage}\` | ${does} |`);
    }
  });
});

describe("bplab with register-machine files", () => {
  const run = (path: string, ...args: string[]) => bplab(["run", path, ...args]);

  it("runs one, at both sizes", () => {
    const path = file("x.rasm", ".const N test=1 full=2\nload-integer r1 N\nhalt\n");
    expect(run(path)).toEqual({ code: 0, stdout: "r1 = 1\n", stderr: "" });
    expect(run(path, "--size=full").stdout).toBe("r1 = 2\n");
  });

  it("simulates one through every technique", () => {
    const path = file("x.rasm", "load-integer r1 5\nhalt\n");
    const { code, stdout, stderr } = bplab(["simulate", path, "--format=csv"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    for (const line of stdout.split("\n").filter((row) => row.includes(",dispatch,"))) expect(line).toMatch(/,dispatch,2,/);
  });

  it.each([
    ["bad", "move r1 q1\nhalt", 2, /bad\.rasm:1: expected a register r0 to r255, got q1\n$/],
    ["empty", "", 2, /empty\.rasm is empty, expected a register-machine assembly source\n$/],
    ["binary", "\0\0", 2, /binary\.rasm is a binary file, expected a register-machine assembly source\n$/],
    ["zero", "divide r1 r1 r1\nhalt", 1, /zero\.rasm:1: division by zero in divide, r1 holds 0\n$/],
  ])("says in one line what is wrong with %s.rasm", { tags: "slow" }, (name, content, code, message) => {
    const path = file(`${name}.rasm`, content);
    for (const command of ["run", "simulate"]) {
      const outcome = bplab([command, path]);
      expect(outcome.stderr).toMatch(message);
      expect(outcome.stderr.split("\n")).toHaveLength(2);
      expect(outcome.stdout).toBe("");
      expect(outcome.code).toBe(code);
    }
  });

  it("refuses a missing file, an endless loop and words for a program", () => {
    expect(run("missing.rasm")).toEqual({ code: 2, stdout: "", stderr: "no such file: missing.rasm\n" });
    expect(run(file("x.rasm", "a: jump a"), "--max-instructions=1000")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(":1: stopped after 1000 "),
    });
    expect(run("nested-loop", "dup")).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/takes no words, got dup\n$/) });
  });
});
