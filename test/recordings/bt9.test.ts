// BT9: text of the championships, read as their reader does, written so that it accepts it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, JUMP, RETURN } from "../../dist/src/branch.js";
import { temporaryFolder } from "../support.ts";
import { readBranches } from "./read-branches.ts";
import { refusalOf } from "./refusal.ts";
import { anyBranches, SEVERAL } from "./samples.ts";
import { recorded, writeBranches } from "./write-branches.ts";
import type { WrittenBranch } from "./write-sbbt.ts";

const folder = temporaryFolder();
let files = 0;
function fileOf(text: string | Uint8Array, name = `${files++}.bt9`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const WORKED = `BT9_SPA_TRACE_FORMAT
bt9_minor_version: 0
has_physical_address: 0
total_instruction_count: 10
branch_instruction_count: 5
BT9_NODES
NODE 0 0 - 0 0
NODE 1 0x1000 - 0x94000008 4 class: CALL+DIR+UCD behavior: AT+DIR taken_cnt: 1 not_taken_cnt: 0 tgt_cnt: 1 # mnemonic: "BL"
NODE 2 0x1024 - 0x540000a1 4 class: JMP+DIR+CND behavior: DYN+DIR taken_cnt: 1 not_taken_cnt: 1 tgt_cnt: 1
NODE 3 0x102c - 0xd65f03c0 4 class: RET+IND+UCD behavior: AT+IND taken_cnt: 1 not_taken_cnt: 0 tgt_cnt: 1
BT9_EDGES
EDGE 0 0 1 N 0 - 2 traverse_cnt: 1
EDGE 1 1 2 T 0x1020 - 1 traverse_cnt: 1
EDGE 2 2 2 T 0x101c - 2 traverse_cnt: 1
EDGE 3 2 3 N 0x101c - 1 traverse_cnt: 1
EDGE 4 3 0 T 0x1004 - 0 traverse_cnt: 1
BT9_EDGE_SEQUENCE
0
1
2
3
4
EOF
`;
const BRANCHES = [
  { pc: 0x1000n, target: 0x1020n, kind: CALL, taken: 1, gap: 3 },
  { pc: 0x1024n, target: 0x101cn, kind: CONDITIONAL, taken: 1, gap: 2 },
  { pc: 0x1024n, target: 0x101cn, kind: CONDITIONAL, taken: 0, gap: 3 },
  { pc: 0x102cn, target: 0x1004n, kind: RETURN, taken: 1, gap: 2 },
];

describe("a BT9 trace", () => {
  it("has the branches of the worked example, told by its content", async () => {
    expect(await readBranches(fileOf(WORKED, "nameless"))).toEqual({
      format: "bt9",
      instructions: 10,
      notes: [],
      sha256: expect.any(String),
      branches: BRANCHES,
    });
  });

  it("may have comments, blank lines, padded columns, other line ends, and no end", async () => {
    const odd = WORKED.replace("EOF\n", "")
      .replaceAll(/^(NODE|EDGE) (\d)/gm, "  $1\t  $2  ")
      .replaceAll("\n1\n", "\n\n# one\n 1 # edge\n")
      .replaceAll("\n", "\r\n");
    expect((await readBranches(fileOf(`# made by hand\n\n${odd}`))).branches).toEqual(BRANCHES);
  });

  it("has numbers as C writes them, addresses of 64 bits, and conditionals whose class is unconditional", async () => {
    const odd = WORKED.replaceAll("0x1024", "0xfffffffffffffffc")
      .replace("EDGE 1 1 2 T 0x1020 - 1", "EDGE 01 0x1 2 T 04040 - 0x1")
      .replace("JMP+DIR+CND", "JMP+IND+UCD")
      .replace("RET+IND+UCD", "RET+N/A+CND");
    const { branches } = await readBranches(fileOf(odd));
    expect(branches).toMatchObject([
      { pc: 0x1000n, target: 0x820n },
      { pc: -4n, kind: 4, taken: 1 },
      { pc: -4n, kind: 4 | CONDITIONAL, taken: 0 },
      { kind: RETURN | CONDITIONAL },
    ]);
  });

  it("is written as what the worked example says", async () => {
    const { bytes, losses } = await writeBranches(BRANCHES.map(recorded), "x.bt9", 11);
    expect(bytes.toString()).toBe(`BT9_SPA_TRACE_FORMAT
bt9_minor_version: 0
has_physical_address: 0
total_instruction_count: 11
branch_instruction_count: 5
BT9_NODES
NODE 0 0 - 0 0
NODE 1 0x1000 - 0 4 class: CALL+DIR+UCD
NODE 2 0x1024 - 0 4 class: JMP+DIR+CND
NODE 3 0x102c - 0 4 class: RET+IND+UCD
BT9_EDGES
EDGE 0 0 1 N 0 - 2
EDGE 1 1 2 T 0x1020 - 1
EDGE 2 2 2 T 0x101c - 2
EDGE 3 2 3 N 0x101c - 1
EDGE 4 3 0 T 0x1004 - 1
BT9_EDGE_SEQUENCE
0
1
2
3
4
EOF
`);
    expect(losses).toEqual([]);
  });

  it("comes back branch by branch, and gaps with it where each edge has one", async () => {
    await fc.assert(
      fc.asyncProperty(anyBranches(), async (list) => {
        // one kind and one way to fall through an address, as in programs
        const first = new Map<bigint, Required<WrittenBranch>>();
        for (const branch of list) if (!first.has(branch.pc)) first.set(branch.pc, branch);
        const fallen = new Map<bigint, bigint>();
        const some = list.map((branch) => {
          const kind = first.get(branch.pc)?.kind ?? JUMP;
          const taken = kind & CONDITIONAL ? branch.taken : 1;
          if (taken === 0 && !fallen.has(branch.pc)) fallen.set(branch.pc, branch.target);
          return { ...branch, kind, taken, target: taken ? branch.target : (fallen.get(branch.pc) ?? 0n) };
        });
        const { bytes, losses } = await writeBranches(some.map(recorded), "x.bt9");
        const { branches, instructions } = await readBranches(fileOf(bytes, "random.bt9"));
        const gapless = (all: readonly Required<WrittenBranch>[]): object[] => all.map((branch) => ({ ...branch, gap: 0 }));
        expect(gapless(branches)).toEqual(gapless(some));
        expect(instructions).toBe(some.reduce((sum, { gap }) => sum + gap, 0));
        if (losses.length === 0) expect(branches).toEqual(some);
        expect(losses.length === 0).toBe(JSON.stringify(branches, named) === JSON.stringify(some, named) && !detours(some));
      }),
      { numRuns: 100, seed: 4 },
    );
  });

  it("keeps the gap and the next branch of the first time, and says so", async () => {
    const [a, b, c] = SEVERAL;
    const { bytes, losses } = await writeBranches([a, b, a, c, a, { ...b, gap: 9 }, { ...a, kind: JUMP, gap: 0 }].map(recorded), "x.bt9");
    expect((await readBranches(fileOf(bytes))).branches.map(({ pc, kind, gap }) => [pc, kind, gap])).toEqual([
      [a.pc, CALL, 3],
      [b.pc, CONDITIONAL, 4],
      [a.pc, CALL, 3],
      [c.pc, CONDITIONAL, 4],
      [a.pc, CALL, 3],
      [b.pc, CONDITIONAL, 4],
      [a.pc, CALL, 3],
    ]);
    expect(losses).toEqual([
      "Lost in 1 branch: an edge leads to the branch that came next the first time, not to this one.",
      "Lost in 3 branches: its gap is that of the first time when the branch before went the same way.",
      "Lost in 1 branch: a branch is of the kind that the first one at its address had.",
      "Lost in 1 branch: a gap of 0 becomes 1.",
    ]);
  });
});

/** As JSON does not know big integers. */
const named = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}` : value);

/** Whether what came behind a branch that went the same way was another one. */
function detours(list: readonly Required<WrittenBranch>[]): boolean {
  const next = new Map<string, bigint>();
  return list.slice(1).some((branch, i) => {
    const before = list[i];
    const key = `${before.pc} ${before.taken ? before.target : "N"}`;
    const known = next.get(key) ?? branch.pc;
    next.set(key, known);
    return known !== branch.pc;
  });
}

describe("a damaged BT9 trace is refused in one line", () => {
  const refusal = async (text: string): Promise<string> => {
    return refusalOf(fileOf(text));
  };
  const without = (from: string, to = ""): Promise<string> => refusal(WORKED.replace(from, to));

  it("when it is empty, begins otherwise, or ends too soon", async () => {
    expect(await refusal("")).toBe("it is empty, expected a BT9 trace");
    expect(await refusal("hello\n")).toBe('expected a BT9 trace, which begins with BT9_SPA_TRACE_FORMAT, got "hello" in line 1');
    expect(await refusal(WORKED.slice(0, 600))).toBe("it is cut short: it ends before BT9_EDGE_SEQUENCE; fetch or record it again");
    expect(await without("3\n4\nEOF\n")).toBe("it is cut short: its header says 4 branches, there are 2; fetch or record it again");
    expect(await without("0\n1\n2\n3\n4\n")).toBe("it holds no branches");
    expect(await refusal(`${WORKED}5\n`)).toBe('expected nothing after EOF, got "5" in line 24');
  });

  it("when a line is not what stands there", async () => {
    expect(await without("bt9_minor_version: 0", "bt9")).toBe('expected key: value, or BT9_NODES, got "bt9" in line 2');
    expect(await without("count: 10", "count: ten")).toBe(
      'expected a number of instructions after total_instruction_count, got "ten" in line 4',
    );
    expect(await without("BT9_NODES", "BT9_EDGES")).toBe('expected BT9_NODES, got "BT9_EDGES" in line 6');
    expect(await without("NODE 0 0 - 0 0", "NODE 0")).toMatch(/^expected NODE id address .*, got "NODE 0" in line 7$/);
    expect(await without("NODE 2", "NODE 1")).toBe("node 1 is defined a second time in line 9");
    expect(await without("0x1024", "0x10000000000000024")).toMatch(/^expected an address of at most 64 bits, got "0x1000+24" in line 9$/);
    expect(await without("EDGE 2 2 2", "EDGE 2 2 9")).toBe('expected a node that is defined, got "9" in line 14');
    expect(await without("EDGE 2 2 2 T", "EDGE 2 2 2 X")).toBe('expected T or N, got "X" in line 14');
    expect(await without("EDGE 2", "EDGE 1")).toBe("edge 1 is defined a second time in line 14");
    expect(await without("EDGE 2", "EDGE 99999999999")).toBe('expected a number from 0 to 2147483647, got "99999999999" in line 14');
    expect(await without("\n3\n4", "\n3\n7")).toBe('expected an edge that is defined, got "7" in line 22');
    expect(await without("CALL+DIR", "N/A+DIR")).toMatch(
      /^node 1 executes in line 19: expected a class of RET, JMP or CALL, .*; it has none$/,
    );
    expect(await without("count: 10", "count: 3")).toMatch(/its header says 3 instructions, but there are 4 branches/);
    expect(await without("0x1004 - 0", "0x1004 - 9007199254740990")).toBe("it is damaged: it has more than 9007199254740991 instructions");
    expect(await refusal(`BT9_SPA_TRACE_FORMAT\n${"x".repeat(1 << 17)}`)).toBe(
      "expected lines of text shorter than 65536 bytes, got a longer one in line 2",
    );
  });
});
