// Recordings of a part of what executed: returns without their calls say nothing of a predictor.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RETURN } from "../../dist/src/branch.js";
import { simulate } from "../../dist/src/index.js";
import { temporaryFolder } from "../support.ts";

const folder = temporaryFolder();
let files = 0;
function fileOf(lines: readonly string[], name = `${files++}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}
const HEADER = "pc,target,kind,taken";
async function returnsIn(path: string, interval?: number) {
  const { rows, sites, intervals, recordings } = await simulate({ inputs: [path], predictor: "btb", interval });
  const row = (kind: string) => rows.find((one) => one.kind === kind);
  return { row, sites, intervals, notes: recordings[0].notes };
}
const repeat = (times: number, lines: readonly string[]): string[] => Array.from({ length: times }, () => lines).flat();

/** A function at 0x2000, called from 0x1000, calls the one at 0x3000 ten times. */
const INNER = repeat(10, ["0x2010,0x3000,call,1", "0x3008,0x2015,return,1"]);
const WHOLE = ["0x1000,0x2000,call,1", ...INNER, "0x2020,0x1005,return,1"];
const ONLY_0X2000 = WHOLE.filter((line) => line.startsWith("0x2"));

describe("returns of a recording", () => {
  it("count where it has their calls", async () => {
    const { row, notes } = await returnsIn(fileOf([HEADER, ...repeat(100, WHOLE)]));
    expect(row("return")).toMatchObject({ branches: 1100, mispredictions: 0 });
    expect(notes.join()).not.toContain("left out");
  });

  it("are left out of rates, intervals and sites where their calls were not recorded, and a note says so", async () => {
    const { row, sites, intervals, notes } = await returnsIn(fileOf([HEADER, ...repeat(100, ONLY_0X2000)]), 500);
    expect(row("return")).toMatchObject({ branches: 100, mispredictions: undefined, notModelled: ["return"] });
    expect(row("all")).toMatchObject({ branches: 1100 });
    expect(row("all")?.mispredictions ?? 0).toBe(0);
    expect(sites.filter(({ kind }) => kind === RETURN)).toMatchObject([{ branches: 100, mispredictions: undefined }]);
    expect(intervals.filter(({ kind }) => kind === "return").map(({ mispredictions }) => mispredictions)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(notes.find((note) => note.includes("left out"))).toBe(
      "It is a part of what executed: 1,000 calls, 100 returns, 100 of them to where no recorded call was made. " +
        "Returns are left out of the rates, as a return stack cannot follow them.",
    );
  });

  it("are left out where calls have no returns, or returns no calls, although they lead to calls", async () => {
    const { row } = await returnsIn(fileOf([HEADER, ...repeat(10, [...repeat(9, ["0x2010,0x3000,call,1"]), "0x3008,0x2015,return,1"])]));
    expect(row("return")?.mispredictions).toBeUndefined();
    const many = await returnsIn(fileOf([HEADER, "0x2010,0x3000,call,1", ...repeat(20, ["0x3008,0x2015,return,1"])]));
    expect(many.row("return")?.mispredictions).toBeUndefined();
  });

  it("count where only those are alone that were open at the beginning", async () => {
    const { row } = await returnsIn(fileOf([HEADER, ...repeat(8, ["0x5000,0x6000,return,1"])]));
    expect(row("return")?.mispredictions).toBe(8);
  });

  it("are left out of samples of branch stacks", async () => {
    const { row, notes } = await returnsIn(fileOf([" 1 f 0x3008/0x2015/P/-/-/1/RET/- 0x2010/0x3000/P/-/-/1/CALL/-"], "samples.perf"));
    expect(row("return")).toMatchObject({ branches: 1, mispredictions: undefined });
    expect(notes.at(-1)).toBe(
      "Its samples begin and end between calls and their returns. Returns are left out of the rates, as a return stack cannot follow them.",
    );
  });
});
