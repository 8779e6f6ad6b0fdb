// Branches that were not taken although their kind has no condition: the same in every format.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, INDIRECT_JUMP, JUMP, RETURN } from "../../dist/src/branch.js";
import { createBptWriter } from "../../dist/src/recordings/coding/bpt-writer.js";
import { temporaryFolder } from "../support.ts";
import { readBranches } from "./read-branches.ts";
import { writeSbbt } from "./write-sbbt.ts";

const folder = temporaryFolder();
function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const dataOf = (name: string): string => join(import.meta.dirname, "../data/recordings", name);
const noteOf = (count: number): string =>
  count === 1
    ? "1 branch was not taken although its kind has no condition (predicated instructions): it counts as a conditional that fell through."
    : `${count} branches were not taken although their kinds have no condition (predicated instructions): they count as conditionals that fell through.`;

/** A ChampSim record: address, taken, registers written and read. */
function record(pc: number, taken: number, registers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(pc);
  bytes.set([1, taken, ...registers], 8);
  return bytes;
}
const RETURNS = [26, 6, 6, 0, 0, 0];

describe("a branch that was not taken although its kind has no condition is the conditional form, and counted in a note", () => {
  it("in SBBT, of today and older", async () => {
    const today = await readBranches(dataOf("sbbt-untaken.sbbt"));
    expect(today.branches.map(({ kind, taken }) => [kind, taken])).toContainEqual([CONDITIONAL, 0]);
    expect(today.notes).toContain(noteOf(1));
    const older = await readBranches(dataOf("sbbt-untaken-older.sbbt"));
    expect(older.notes).toContain(noteOf(2));
    const many = Array.from(
      { length: 20_000 },
      (_, i) => ({ pc: 0x1000n, target: 0x2000n, kind: JUMP, taken: i < 9000 ? 1 : 0, gap: 1 }) as const,
    );
    const counted = await readBranches(fileOf("many.sbbt", writeSbbt(many)));
    expect(counted.branches.filter(({ kind, taken }) => kind === CONDITIONAL && taken === 0)).toHaveLength(11_000);
    expect(counted.notes).toContain(noteOf(11_000).replace("11000", "11,000"));
  });

  it("in CSV", async () => {
    const path = fileOf("a.csv", "pc,target,kind,taken\n0x10,0x20,jump,0\n0x10,0x20,call,0\n0x10,0x20,return,1\n");
    const { branches, notes } = await readBranches(path);
    expect(branches.map(({ kind, taken }) => [kind, taken])).toEqual([
      [CONDITIONAL, 0],
      [CALL | CONDITIONAL, 0],
      [RETURN, 1],
    ]);
    expect(notes).toContain(noteOf(2));
  });

  it("in our own format, for a branch and for runs that hold it", async () => {
    const branch = (pc: number, kind: number, taken: 0 | 1) => ({ pc, pcHigh: 0, target: pc + 16, targetHigh: 0, kind, taken, gap: 1 });
    const branches = [branch(16, JUMP, 0), branch(32, CALL, 0), branch(64, RETURN, 1)];
    const runs = [[], [0, 1, 2], [2]];
    const chunks: Uint8Array[] = [];
    const writer = createBptWriter(
      (bytes) => chunks.push(bytes),
      { count: 3, branchesOf: (block) => runs[block], branch: (number) => branches[number] },
      {},
    );
    writer.blocks(Int32Array.of(1, 2, 1), 3);
    writer.finish(7);
    const read = await readBranches(fileOf("a.bpt", Buffer.concat(chunks)));
    const once = [
      [CONDITIONAL, 0],
      [CALL | CONDITIONAL, 0],
      [RETURN, 1],
    ];
    expect(read.branches.map(({ kind, taken }) => [kind, taken])).toEqual([...once, [RETURN, 1], ...once]);
    expect(read.notes).toContain(noteOf(4));
  });

  it("in text of perf", async () => {
    const path = fileOf("a.perf", "  return/not_taken/ 10 => 14\n  jcc/not_taken/ 14 => 18\n");
    const { branches, notes } = await readBranches(path);
    expect(branches.map(({ kind, taken }) => [kind, taken])).toEqual([
      [RETURN | CONDITIONAL, 0],
      [CONDITIONAL, 0],
    ]);
    expect(notes).toContain(noteOf(1));
    expect((await readBranches(fileOf("b.perf", "  1 f 0x1/0x2/PN/-/-/1/IND/-\n"))).branches).toMatchObject([
      { kind: INDIRECT_JUMP | CONDITIONAL, taken: 0 },
    ]);
  });

  it("in ChampSim's traces, where the next instruction follows it; it went elsewhere if that stands elsewhere", async () => {
    const bytes = Buffer.concat([
      record(0x1000, 0, RETURNS),
      record(0x1004, 0, RETURNS),
      record(0x3000, 1, RETURNS),
      record(0x4000, 0, RETURNS),
    ]);
    const { branches, notes } = await readBranches(fileOf("a.champsim", bytes));
    expect(branches.map(({ kind, taken, target }) => [kind, taken, target])).toEqual([
      [RETURN | CONDITIONAL, 0, 0x1004n],
      [RETURN, 1, 0x3000n],
      [RETURN, 1, 0x4000n],
    ]);
    expect(notes).toContain(noteOf(1));
  });

  it("in BT9", async () => {
    const text = `BT9_SPA_TRACE_FORMAT
BT9_NODES
NODE 0 0 - 0 0
NODE 1 0x1000 - 0 4 class: JMP+DIR+UCD
BT9_EDGES
EDGE 0 0 1 N 0 - 2
EDGE 1 1 1 N 0x1004 - 1
BT9_EDGE_SEQUENCE
0
1
1
EOF
`;
    const { branches, notes } = await readBranches(fileOf("a.bt9", text));
    expect(branches.every(({ kind, taken }) => kind === CONDITIONAL && taken === 0)).toBe(true);
    expect(notes).toContain(noteOf(branches.length));
  });
});
