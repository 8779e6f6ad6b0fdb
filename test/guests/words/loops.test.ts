// Loops of words as programs: the examples that papers print, counted in the steady state.
import { describe, expect, it } from "vitest";
import { findProgram, simulate } from "../../../dist/src/index.js";

describe("a loop of words", () => {
  // claims of Ertl and Gregg, worked out by hand: misses of each iteration, with unbounded tables
  it.each([
    ["A B A GOTO", 4, "switch", 4],
    ["A B A GOTO", 4, "direct-threading", 2],
    ["A1 B A2 GOTO", 4, "direct-threading", 0],
    ["A1 B A2 B A1 GOTO", 6, "direct-threading", 4],
    ["iload iload iconst iadd iadd istore goto", 7, "switch", 5],
    ["iload iload iconst iadd iadd istore goto", 7, "direct-threading", 4],
  ])("%s, %i words, with %s misses %i times", async (loop, words, technique, misses) => {
    const warmup = 100 * words;
    const { rows } = await simulate({ inputs: [loop], technique, predictor: "btb:unbounded", warmup });
    const [row] = rows;
    expect(row).toMatchObject({ program: loop, kind: "dispatch", virtualInstructions: 900 * words, branches: 900 * words - 1 });
    // the last iteration does not dispatch its last word
    expect(Math.ceil((row.mispredictions ?? Number.NaN) / 900)).toBe(misses);
  });

  it("is one program however its blanks are written, and runs a million times in full", async () => {
    expect(await findProgram(" A  B\tGOTO ")).toMatchObject({ id: "A B GOTO", sha256: (await findProgram("A B GOTO")).sha256 });
    let blocks = 0;
    (await findProgram("A GOTO")).start("full", 1e9).run((_, count) => {
      blocks += count;
    });
    expect(blocks).toBe(1_000_000);
  });

  it("is cut at the end of the block in which a window ends", async () => {
    const { rows } = await simulate({ inputs: ["A B GOTO"], technique: "switch", maxInstructions: 1000 });
    expect(rows[0]).toMatchObject({ virtualInstructions: 1002, window: 1000 });
  });

  it("is not what a mistyped file is", async () => {
    for (const path of ["my programs/x y.fs", "x y.fs"]) await expect(findProgram(path)).rejects.toThrow(/no such file/);
  });
});
