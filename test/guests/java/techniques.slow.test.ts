// Dispatch techniques on a Java program, whose dispatches are counted by hand: one block of seven instructions that runs ten times,
// between a beginning and an end.
// @module-tag slow
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bplab } from "../../support.js";
import { createWorkshop, NO_JDK, type Workshop } from "./programs.ts";

// do { total += value; n--; } while (n > 0): getstatic getstatic iadd putstatic iinc iload ifgt
const SOURCE = `public class Loop {
  static int total, value = 3;
  public static void main(String[] args) { int n = 10; do { total += value; n--; } while (n > 0); }
}`;

describe.skipIf(NO_JDK !== undefined)("techniques on Java", { timeout: 240_000 }, () => {
  let workshop: Workshop;
  beforeAll(() => {
    workshop = createWorkshop();
    workshop.compile({ "Loop.java": SOURCE });
  }, 240_000);
  afterAll(() => workshop?.remove());

  /** Values of two columns by technique. */
  function simulated(technique: string, options: string): Map<string, readonly [instructions: number, dispatches: number]> {
    const program = `${join(workshop.folder, "Loop.class")} --jdk=off ${options}`;
    const { code, stdout, stderr } = bplab(["simulate", program, `--technique=${technique}`, "--predictor=btb", "--format=csv"]);
    expect([code, stderr]).toEqual([0, ""]);
    const [head, ...lines] = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const rows = lines.filter((line) => line[head.indexOf("kind")] === "dispatch");
    return new Map(
      rows.map((row) => [
        row[head.indexOf("technique")],
        [Number(row[head.indexOf("virtual_instructions")]), Number(row[head.indexOf("branches")])],
      ]),
    );
  }

  it("execute the same instructions", () => {
    const rows = simulated("switch,context-threading,dynamic-both,catenation", "--quicken=sablevm");
    expect([...rows].map(([, [instructions]]) => instructions)).toEqual([73, 73, 73, 73]);
    // one for each instruction
    expect(rows.get("switch")?.[1]).toBe(73);
  });

  it("inline a block as far as its instructions are resolved: before, each that is not is dispatched by itself", () => {
    // the beginning, ten times the loop, and the return
    expect(simulated("selective-inlining", "").get("selective-inlining")).toEqual([73, 12]);
    // at first five pieces: getstatic, getstatic, iadd, putstatic, and the rest
    expect(simulated("selective-inlining", "--quicken=sablevm").get("selective-inlining")).toEqual([73, 12 + 4]);
  });

  it("copy across blocks as far as instructions are resolved, and dispatch taken branches only once they are", () => {
    // the beginning, and nine branches back
    expect(simulated("across-basic-blocks", "").get("across-basic-blocks")).toEqual([73, 10]);
    // at first also istore to getstatic, getstatic to getstatic, getstatic to iadd, iadd to putstatic, putstatic to iinc
    expect(simulated("across-basic-blocks", "--quicken=sablevm").get("across-basic-blocks")).toEqual([73, 10 + 5]);
  });
});
