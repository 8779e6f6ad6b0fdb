// Recorded branches as CSV: what is written comes back, streams of opcodes are left to their guest, what is wrong has a line.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, JUMP } from "../../dist/src/branch.js";
import { findRecording } from "../../dist/src/recordings/find-recording.js";
import { bplab, temporaryFolder } from "../support.ts";
import { readBranches } from "./read-branches.ts";
import { refusalOf } from "./refusal.ts";
import { anyBranches, SEVERAL } from "./samples.ts";
import { recorded, writeBranches } from "./write-branches.ts";

const folder = temporaryFolder();
let files = 0;
function fileOf(text: string | Uint8Array, name = `${files++}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const WORKED = `# source: a test
pc,target,kind,taken,gap
0x401136,0x401150,call,1,3
0x401158,0x401170,conditional,0,4
0x401160,0x401158,conditional,1,2
0x401164,0x7ffff7e12340,indirect-jump,1,1
0xffffffff81000010,0x40113b,return,1,4095
# branches=5 instructions=4110
`;

describe("branches as CSV", () => {
  it("are written and read line by line", async () => {
    const { bytes, losses } = await writeBranches(SEVERAL.map(recorded), "x.csv", 4110);
    expect(bytes.toString()).toBe(WORKED);
    expect(losses).toEqual([]);
    expect(await readBranches(fileOf(WORKED, "nameless"))).toMatchObject({
      format: "csv",
      instructions: 4110,
      notes: [],
      branches: SEVERAL,
    });
  });

  it("come back whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(anyBranches({ maxGap: 2 ** 45 }), async (list) => {
        const { bytes } = await writeBranches(list.map(recorded), "x.csv.gz");
        expect((await readBranches(fileOf(bytes, "random.csv.gz"))).branches).toEqual(list);
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it("may have other columns, blanks, any order, and no gaps", async () => {
    const text = "Target, PC ,mnemonic,taken,kind\r\n 0x2000 , 0x1000,call,1,Call\r\n\r\n# middle\r\n0x3000,0x1000,beq,0,conditional\r\n";
    expect(await readBranches(fileOf(text))).toMatchObject({
      instructions: 2,
      notes: [
        "It has no gaps: each branch counts as one instruction.",
        "It does not say how many branches and instructions it has: they are added up.",
      ],
      branches: [
        { pc: 0x1000n, target: 0x2000n, kind: CALL, taken: 1, gap: 1 },
        { pc: 0x1000n, target: 0x3000n, kind: CONDITIONAL, taken: 0, gap: 1 },
      ],
    });
  });

  it("are told from streams of opcodes, which may have the same ending", async () => {
    for (const text of ["address,opcode\n1,ADD\n2,JUMP\n1,ADD\n", "ADD\nJUMP\n", "opcode\nADD\n"]) {
      const path = fileOf(text);
      expect(await findRecording(path)).toBeUndefined();
      expect(bplab(["run", path])).toMatchObject({ code: 0, stderr: "" });
    }
  });

  it("may begin with a byte-order mark, as spreadsheets write it", async () => {
    const { branches } = await readBranches(fileOf("\ufeffpc,target,kind,taken\r\n0x10,0x20,jump,1\r\n", "marked.txt"));
    expect(branches).toMatchObject([{ pc: 0x10n, target: 0x20n, kind: JUMP }]);
  });

  it("are refused in a tar archive, with the command that unpacks it", async () => {
    const archive = Buffer.alloc(1024);
    archive.write("a.csv");
    archive.write("ustar", 257);
    for (const [name, bytes] of [
      ["a.csv.tar", archive],
      ["a.tgz", gzipSync(archive)],
    ] as const) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      await expect(findRecording(path)).rejects.toThrow(
        `${path}: it is a tar archive, expected one file of recorded branches: unpack it first (tar -xf ${path})`,
      );
    }
  });

  it("are refused in one line where they are wrong", async () => {
    const refusal = async (from: string, to: string): Promise<string> => {
      return refusalOf(fileOf(WORKED.replace(from, to)));
    };
    expect(await refusal("0x401150", "401150")).toBe('expected an address such as 0x401158, of at most 64 bits, got "401150" in line 3');
    expect(await refusal("0x401150", "0x1ffffffff81000010")).toMatch(/^expected an address .*, got "0x1ffffffff81000010" in line 3$/);
    expect(await refusal("call", "cal")).toBe(
      "expected a kind (conditional, jump, indirect-jump, call, indirect-call, return, conditional-indirect-jump, conditional-call, " +
        'conditional-indirect-call, conditional-return), got "cal" in line 3',
    );
    expect(await refusal("conditional,0", "conditional,no")).toBe('expected 0 or 1 as taken, got "no" in line 4');
    expect(await refusal(",4095", ",-1")).toBe(
      'expected a number of instructions as the gap, at most 9007199254740991, got "-1" in line 7',
    );
    expect(await refusal(",4095", "")).toMatch(/^expected 5 fields, as in the header, got "0xffffffff81000010,.*" in line 7$/);
    expect(await refusal("=5", "=6")).toBe("it is damaged: it says 6 branches in its last line, there are 5; fetch or record it again");
    expect(await refusal(/0x[^#]*/.exec(WORKED)?.[0] ?? "", "")).toBe("it holds no branches");
    expect(await refusal(",4\n", ",4\n# branches=2 instructions=7\n")).toMatch(/^expected nothing after the line that says how many/);
    expect(await refusal(",4095", ",9007199254740991")).toMatch(/^it is damaged: it has more than 9007199254740991 instructions/);
  });
});
