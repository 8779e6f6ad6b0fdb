// ChampSim's traces: read as ChampSim takes them, written so that it takes them for what they are.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../dist/src/branch.js";
import { UsageError } from "../../dist/src/index.js";
import { temporaryFolder } from "../support.ts";
import { readBranches } from "./read-branches.ts";
import { refusalOf } from "./refusal.ts";
import { anyBranches, PLAIN_KINDS, SEVERAL } from "./samples.ts";
import { recorded, writeBranches } from "./write-branches.ts";

const folder = temporaryFolder();
let files = 0;
function fileOf(bytes: Uint8Array, name = `${files++}.champsim`): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
/** Records of 64 bytes, of which the first are given in hexadecimal. */
const recordsOf = (...records: readonly string[]): Buffer =>
  Buffer.concat(records.map((hex) => Buffer.concat([Buffer.from(hex.replaceAll(" ", ""), "hex"), Buffer.alloc(64)]).subarray(0, 64)));
/** An instruction at 0x1000, with the registers that it writes and reads. */
const instruction = (registers: string, taken = "01"): string => `0010000000000000 01${taken} ${registers}`;
const BEHIND = "0020000000000000 0000 0300 04000000";

async function kindOf(registers: string, taken?: string): Promise<readonly number[] | string> {
  try {
    const { branches } = await readBranches(fileOf(recordsOf(instruction(registers, taken), BEHIND)));
    return branches.map((branch) => branch.kind);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return "none";
  }
}

describe("a ChampSim trace", () => {
  it("has the branches of the worked example, and targets in the records behind them", async () => {
    const bytes = recordsOf(
      "0310400000000000 0100 1a00 1a190000",
      "0510400000000000 0101 1a06 1a060000 f80ffe7f00000000",
      "0013400000000000 0101 1a06 06000000",
      "0a10400000000000 0000 0300 04000000",
    );
    expect(await readBranches(fileOf(bytes, "nameless"))).toMatchObject({
      format: "champsim",
      instructions: 3,
      notes: [],
      branches: [
        { pc: 0x401003n, target: 0x401005n, kind: CONDITIONAL, taken: 0, gap: 1 },
        { pc: 0x401005n, target: 0x401300n, kind: CALL, taken: 1, gap: 1 },
        { pc: 0x401300n, target: 0x40100an, kind: RETURN, taken: 1, gap: 1 },
      ],
    });
  });

  it("may have the layout of CloudSuite's, with four registers that are written, in 96 bytes", async () => {
    const records = [
      "0310400000000000 0100 1a000000 1a190000",
      "0510400000000000 0101 1a060300 1a060000",
      "0013400000000000 0101 0000061a 06000000",
    ];
    const bytes = Buffer.concat(
      [...records, "0a10400000000000 0000 03000000 04000000"].map((hex) =>
        Buffer.concat([Buffer.from(hex.replaceAll(" ", ""), "hex"), Buffer.alloc(96)]).subarray(0, 96),
      ),
    );
    expect(await readBranches(fileOf(bytes, "cloudsuite"))).toMatchObject({
      format: "champsim-cloudsuite",
      instructions: 3,
      branches: [
        { pc: 0x401003n, target: 0x401005n, kind: CONDITIONAL, taken: 0, gap: 1 },
        { pc: 0x401005n, target: 0x401300n, kind: CALL, taken: 1, gap: 1 },
        { pc: 0x401300n, target: 0x40100an, kind: RETURN, taken: 1, gap: 1 },
      ],
    });
    const many = Buffer.concat(Array.from({ length: 3000 }, () => bytes));
    expect(await readBranches(fileOf(many, "long"))).toMatchObject({ format: "champsim-cloudsuite", instructions: 11_999 });
    expect(await refusalOf(fileOf(many.subarray(0, many.length - 1), "cut"))).toContain("an instruction takes 96 bytes, there are 95");
  });

  it("has branches of the kinds that ChampSim makes of registers", async () => {
    // written, read: 6 stack pointer, 25 flags, 26 instruction pointer, 3 another
    expect(await kindOf("1a00 00000000")).toEqual([JUMP]);
    expect(await kindOf("1a00 1a000000", "00")).toEqual([JUMP]);
    expect(await kindOf("1a00 03000000")).toEqual([INDIRECT_JUMP]);
    expect(await kindOf("1a00 1a030000")).toEqual([CONDITIONAL]);
    expect(await kindOf("1a00 1a190000")).toEqual([CONDITIONAL]);
    expect(await kindOf("1a06 1a060000")).toEqual([CALL]);
    expect(await kindOf("061a 1a060300")).toEqual([INDIRECT_CALL]);
    expect(await kindOf("1a06 06000000")).toEqual([RETURN]);
    expect(await kindOf("1a06 06190300")).toEqual([RETURN]);
  });

  it("says how many branches are of no kind, and leaves them out", async () => {
    for (const registers of ["1a00 06000000", "1a00 19000000", "1a06 1a061900", "1a06 1a190000"])
      expect(await kindOf(registers)).toBe("none");
    const bytes = recordsOf(instruction("1a00 19000000"), instruction("1a00 1a000000"), BEHIND);
    const { notes, branches } = await readBranches(fileOf(bytes));
    expect(branches).toMatchObject([{ kind: JUMP, gap: 2 }]);
    expect(notes).toEqual(["Its registers do not say what kind of branch 1 instructions are: they are left out."]);
  });

  it("is written with an instruction for every one that executed, the first of them where the branch went", async () => {
    const { bytes, losses } = await writeBranches(SEVERAL.slice(0, 3).map(recorded), "x.champsim", 10);
    expect(bytes.length).toBe(64 * 11);
    const record = (at: number): string => bytes.toString("hex", at * 64, at * 64 + 16);
    expect(record(0)).toBe("34114000000000000000030004000000");
    expect(record(2)).toBe("361140000000000001011a061a060000");
    expect(record(3)).toBe("50114000000000000000030004000000");
    expect(record(6)).toBe("581140000000000001001a001a190000");
    expect(record(8)).toBe("601140000000000001011a001a190000");
    expect(record(9)).toBe("58114000000000000000030004000000");
    expect(losses).toEqual(["Lost in 1 branch: where a conditional that fell through would have gone."]);
    expect(await readBranches(fileOf(bytes))).toMatchObject({ instructions: 10, branches: { length: 3 } });
  });

  it("comes back as it was written, but for where conditionals would have gone", async () => {
    await fc.assert(
      fc.asyncProperty(anyBranches({ kinds: PLAIN_KINDS, maxGap: 40 }), async (list) => {
        const { bytes } = await writeBranches(
          list.map((branch) => recorded({ ...branch, gap: branch.gap + 1 })),
          "x.champsim",
        );
        const { branches, instructions } = await readBranches(fileOf(bytes, "random.champsim"));
        expect(branches).toEqual(
          list.map((branch) => ({ ...branch, gap: branch.gap + 1, target: branch.taken ? branch.target : expect.any(BigInt) })),
        );
        expect(instructions).toBe(branches.reduce((sum, { gap }) => sum + gap, 0));
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it("is written without what it cannot hold, and that is said", async () => {
    const conditionalReturn = { pc: 0x1000n, target: 0x2000n, kind: RETURN | CONDITIONAL, taken: 1, gap: 0 };
    const { bytes, losses } = await writeBranches(
      [conditionalReturn, { ...conditionalReturn, taken: 0 }, { ...SEVERAL[0], gap: 2 ** 20 + 5 }].map(recorded),
      "x.champsim",
      2 ** 45,
    );
    const { branches } = await readBranches(fileOf(bytes));
    expect(branches.map(({ kind }) => kind)).toEqual([RETURN, CONDITIONAL, CALL]);
    expect(losses).toEqual([
      "Lost in 2 branches: conditional returns, calls and indirect jumps become plain ones, or conditionals where they are not taken.",
      "Lost in 2 branches: a gap of 0 becomes 1.",
      "Lost in 1 branch: where a conditional that fell through would have gone.",
      "Lost in 1 branch: the target of a branch, as the next one stands elsewhere without an instruction before it.",
      "Lost in 1 branch: gaps beyond 1048576 are cut to it.",
      "It has 2097154 instructions instead of 35184372088832: every one of them takes 64 bytes.",
    ]);
  });
});

describe("a damaged ChampSim trace is refused in one line", () => {
  const refusal = async (bytes: Uint8Array): Promise<string> => {
    return refusalOf(fileOf(bytes));
  };
  const whole = recordsOf(instruction("1a00 1a000000"), BEHIND, BEHIND);

  it("when it is empty, cut within an instruction, or has no branches", async () => {
    expect(await refusal(Buffer.alloc(0))).toBe("it is empty, expected a ChampSim trace");
    expect(await refusal(whole.subarray(0, 100))).toBe(
      "it is cut short, or no ChampSim trace: an instruction takes 64 bytes, there are 36 at byte 64; fetch or record it again",
    );
    expect(await refusal(recordsOf(BEHIND, BEHIND))).toBe("it holds no branches, only 2 instructions");
  });

  it("when a flag is none", async () => {
    const bytes = Buffer.from(whole);
    bytes[64 + 9] = 7;
    expect(await refusal(bytes)).toBe(
      "it is damaged or no ChampSim trace: expected 0 or 1 for a branch, or for a taken one, got 7 at byte 73",
    );
  });
});
