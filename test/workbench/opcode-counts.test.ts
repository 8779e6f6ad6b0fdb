// Histograms of opcodes and of pairs, counted here and as `bplab run` prints them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countOpcodes } from "../../dist/src/workbench/opcode-counts.js";
import { blockProgram, blockRun, bplab, temporaryFolder } from "../support.js";

const folder = temporaryFolder();

describe("counts of opcodes", () => {
  const program = blockProgram([
    ["load", "add"],
    ["load", "jump"],
  ]);
  const run = () => blockRun(program, [0, 1, 0], 2);

  it("are executions of each, the most frequent first", () => {
    expect(countOpcodes(run(), "opcodes")).toEqual([
      { opcodes: ["load"], executed: 3, share: 3 / 6 },
      { opcodes: ["add"], executed: 2, share: 2 / 6 },
      { opcodes: ["jump"], executed: 1, share: 1 / 6 },
    ]);
  });

  it("are pairs of an opcode and the one that executes next, across blocks too", () => {
    expect(countOpcodes(run(), "pairs").map(({ opcodes, executed }) => `${opcodes.join(" ")} ${executed}`)).toEqual([
      "load add 2",
      "add load 1",
      "jump load 1",
      "load jump 1",
    ]);
  });

  it("are what run --histogram and --pairs print, of a log on standard input too", () => {
    const log = join(folder, "log.txt");
    writeFileSync(log, "load\nadd\nload\njump\n".repeat(2));
    const { stdout } = bplab(["run", log, "--histogram", "--format=csv"]);
    expect(stdout).toBe("opcode,executed,share\nload,4,0.5\nadd,2,0.25\njump,2,0.25\n");
    const pairs = bplab(["run", "--pairs", "--format=json", log]);
    expect(JSON.parse(pairs.stdout)[0]).toEqual({ opcode: "add", next: "load", executed: 2, share: 0.285714286 });
    const piped = bplab(["run", "--as=opcodes", "--histogram", "-"], { input: "add\nadd\n" });
    expect([piped.code, piped.stderr]).toEqual([0, ""]);
    expect(piped.stdout.replace(/ +/g, " ")).toContain("add 2 100");
  });

  it("are refused together, and a format without them", () => {
    for (const [args, message] of [
      [["queens", "--histogram", "--pairs"], /^expected --histogram or --pairs, got both/],
      [["queens", "--format=csv"], /^--format is that of --histogram and --pairs/],
    ] as const) {
      const { code, stdout, stderr } = bplab(["run", ...args]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(message);
    }
  });
});
