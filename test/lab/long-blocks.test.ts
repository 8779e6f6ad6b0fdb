// Straight runs as long as a log can have: laid out in time that grows with their length, and refused before memory runs out.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLowering } from "../../dist/src/dispatch/lowering.js";
import { readTechnique, techniqueIds } from "../../dist/src/dispatch/techniques.js";
import { simulate } from "../../dist/src/index.js";
import { tinyProgram } from "../dispatch/tiny-program.ts";
import { bplab, loopProfile, temporaryFolder } from "../support.ts";

const folder = temporaryFolder();

/** A log of one straight run. */
function straightLog(instructions: number): string {
  const path = join(folder, `${instructions}.opcodes`);
  writeFileSync(path, Array.from({ length: instructions }, (_, i) => `${i},op${i % 50}\n`).join(""));
  return path;
}

/** How often a technique looks at an opcode while it lays out a straight run. */
async function looks(id: string, instructions: number): Promise<number> {
  const program = tinyProgram(Array.from({ length: instructions }, (_, i) => `op${i % 50}`));
  let count = 0;
  const counting = {
    ...program,
    opcodeAt(address: number) {
      count++;
      return program.opcodeAt(address);
    },
    enteredAt: (address: number) => address === 0,
  };
  const technique = await readTechnique(id);
  const seen = technique.view?.(counting)?.program ?? counting;
  const profile = loopProfile(program, [...Array(100).keys()]);
  createLowering(seen, technique.layout(seen, { layoutSeed: 0, profile })).block(0);
  return count;
}

describe.each(techniqueIds())("%s", (id) => {
  it("looks at each instruction of a block so many times, however long the block is", async () => {
    const each = (await looks(id, 2000)) / 2000;
    expect(await looks(id, 8000)).toBeLessThanOrEqual(8000 * (each + 1));
  });
});

describe("a straight run of 130,000 addresses", () => {
  const path = straightLog(130_000);

  it("is simulated", async () => {
    const { rows } = await simulate({ inputs: [path], technique: "switch", cache: false });
    expect(rows[0]).toMatchObject({ virtualInstructions: 130_000, kind: "dispatch", branches: 130_000 });
  });

  it("is refused in one line where memory will not suffice, with what it would take, before it trains or runs", () => {
    const env = { NODE_OPTIONS: "--max-old-space-size=100" };
    const { code, stderr } = bplab(["simulate", path, "--technique=switch,direct-threading,catenation", "--jobs=1", "--no-cache"], { env });
    expect(stderr).toMatch(/^.*: its 130000 instructions take about 0\.2 GB under 3 techniques/);
    expect([code, stderr.trim().split("\n").length]).toEqual([2, 1]);
  });
});
