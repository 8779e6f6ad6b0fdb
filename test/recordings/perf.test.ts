// Text of perf script in both layouts: the kinds that perf says, and a rule for those that it does not.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../dist/src/branch.js";
import { findRecording } from "../../dist/src/recordings/find-recording.js";
import { temporaryFolder } from "../support.ts";
import { readBranches } from "./read-branches.ts";
import { refusalOf } from "./refusal.ts";

const folder = temporaryFolder();
let files = 0;
function fileOf(text: string, name = `${files++}.txt`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const kindsOf = async (text: string): Promise<number[]> => (await readBranches(fileOf(text))).branches.map(({ kind }) => kind);
const refusal = async (text: string): Promise<string> => {
  return refusalOf(fileOf(text, `${files++}.perf`));
};

const SAMPLE =
  "          401055 _start 0x401061/0x401055/P/-/-/5/RET  0x401050/0x401061/M/-/-/1023/CALL  0x40101e/0x401021/-/X/-/0/IND  0x401007/0x401005/P/-/A/0/COND  0xffffffff81000010/0x401005/-/-/-/0/ \n";
const BRANCHES = `  tr strt                               0 =>           401000
  jcc                              401007 =>           401005
  call                             401009 =>           40105e
  return                           40105e =>           40100e
  jmp                              40101e =>           401021
  syscall                          40104c => ffffffff81000000
  tr end                           401050 =>                0
`;
const UNSAID = "perf does not print how many instructions ran: each branch counts as one.";

describe("samples of branch stacks (perf script -F ip,sym,brstack)", () => {
  it("are read oldest first, with the kinds that perf says", async () => {
    expect(await readBranches(fileOf(SAMPLE))).toEqual({
      format: "perf-brstack",
      sampled: true,
      instructions: 5,
      sha256: expect.any(String),
      notes: [
        UNSAID,
        "Its samples overlap or leave branches out between them, and most processors record only taken ones.",
        "Of 1 branch perf does not say which kind they are (perf record -j any,u,save_type does): conditionals, calls and returns among them count as jumps.",
        "Of 1 branch perf does not say whether they are indirect: they are so from the second target of their address on.",
      ],
      branches: [
        { pc: -0x7efffff0n, target: 0x401005n, kind: JUMP, taken: 1, gap: 1 },
        { pc: 0x401007n, target: 0x401005n, kind: CONDITIONAL, taken: 1, gap: 1 },
        { pc: 0x40101en, target: 0x401021n, kind: INDIRECT_JUMP, taken: 1, gap: 1 },
        { pc: 0x401050n, target: 0x401061n, kind: CALL, taken: 1, gap: 1 },
        { pc: 0x401061n, target: 0x401055n, kind: RETURN, taken: 1, gap: 1 },
      ],
    });
  });

  it("may be of older and newer versions, with blanks in symbols and branches that fall through", async () => {
    const text =
      "# captured\n\n 10 operator() const 0x1/0x2/PN/-/-/1/COND/NON_SPEC_CORRECT_PATH 0x3/0x4/P/-/-/1/COND/SPEC_WRONG_PATH 0x5/0x6/P/-/-/1/SYSCALL/-\n" +
      " 20 f \n 30 f 0x7/0x8/P/-/-/1 0x9/0xa/M/-/-/1/IND_CALL 0xb/0xc/P/-/-/2/COND_RET/-\n";
    const { branches, notes } = await readBranches(fileOf(text));
    expect(branches.map(({ pc, kind, taken }) => [pc, kind, taken])).toEqual([
      [1n, CONDITIONAL, 0],
      [11n, RETURN | CONDITIONAL, 1],
      [9n, INDIRECT_CALL, 1],
      [7n, JUMP, 1],
    ]);
    expect(notes.at(-1)).toBe("2 entries that are no branches of the program are left out: SYSCALL (1), SPEC_WRONG_PATH (1).");
  });

  it("name kinds that perf does not have on one line, without what controls a terminal, and not all of any number", async () => {
    const entry = (kind: string): string => ` 0x1/0x2/P/-/-/1/${kind}/-`;
    const notesOf = async (kinds: readonly string[]) =>
      (await readBranches(fileOf(`10 f${entry("COND")}${kinds.map(entry).join("")}\n`))).notes.at(-1);
    expect(await notesOf(["A\0\x1b[2J\x9b"])).toBe("1 entry that is no branch of the program is left out: A??[2J?? (1).");
    const many = await notesOf(Array.from({ length: 500 }, (_, i) => `KIND${i}${"X".repeat(100)}`));
    expect(many).toMatch(/^500 entries that are no branches .*, others \(470\)\.$/);
    expect(many?.length).toBeLessThan(1600);
  });

  it("are refused in one line where they are wrong", async () => {
    expect(await refusal(SAMPLE.replace("/P/-/-/5/RET", "/P"))).toBe(
      'expected a branch such as 0x401061/0x401055/P/-/-/5/RET, got "0x401061/0x401055/P" in line 1',
    );
    expect(await refusal(SAMPLE.replace("/P/-/-/5/RET", "/PZ/-/-/5/RET"))).toBe(
      'expected M, P, - or N after the addresses of a branch, got "PZ" in line 1',
    );
    expect(await refusal(SAMPLE.replace("0xffffffff81000010", "0x1ffffffff81000010"))).toBe(
      'expected an address of at most 64 bits, got "1ffffffff81000010" in line 1',
    );
  });
});

const PRINT = "print them with perf script -F ip,sym,brstack or perf script --itrace=b -F ip,addr,flags";
const dataOf = (name: string): string => join(import.meta.dirname, "../data/recordings", name);
const shortOf = async (path: string): Promise<unknown[]> =>
  (await readBranches(path)).branches.map(({ pc, target, kind, taken }) => [pc.toString(16), target.toString(16), kind, taken]);

describe("what perf prints with other options and in later versions", () => {
  it("is not taken where the slashes after the kind say so", async () => {
    const { branches, notes } = await readBranches(dataOf("perf-not-taken.perf"));
    expect(branches.map(({ kind, taken }) => [kind, taken])).toEqual([
      [CONDITIONAL, 1],
      [CONDITIONAL, 0],
      [CONDITIONAL, 0],
      [JUMP, 1],
      [CONDITIONAL, 0],
    ]);
    expect(notes.join()).not.toContain("every conditional in it is taken");
  });

  it("may have the file after each address, and what is printed without -F", async () => {
    expect(await shortOf(dataOf("perf-dso.perf"))).toEqual([
      ["401130", "401131", CONDITIONAL, 1],
      ["401136", "401120", CONDITIONAL, 1],
      ["401136", "401120", CONDITIONAL, 1],
    ]);
    expect(await shortOf(fileOf("  10 f 0x10(/tmp/x (deleted))/0x20 ([kernel.kallsyms])/M/-/-/1/IND/-\n"))).toEqual([
      ["10", "20", INDIRECT_JUMP, 1],
    ]);
    expect(await shortOf(dataOf("perf-itrace-default.perf"))).toEqual([["401007", "401005", CONDITIONAL, 1]]);
  });

  it("may be one entry a line, from the first column on", async () => {
    const { branches, notes } = await readBranches(dataOf("perf-column-0.txt"));
    expect(branches.map(({ pc }) => pc)).toEqual([0x4edabdn, 0x4edaf9n]);
    expect(notes.join()).toContain("Of 2 branches perf does not say which kind they are");
  });

  it("is refused with the option to print it with where it has no addresses", async () => {
    expect(await refusalOf(dataOf("perf-brstacksym.perf"))).toBe(
      `it holds no branches that can be read: it looks like what perf prints with -F brstacksym, which prints no addresses; ${PRINT}`,
    );
    expect(await refusalOf(fileOf("main:\n\t0000000000401136\tinsn: 55 \t# PRED 5 cycles [5]\n"))).toContain("-F brstackinsn");
  });

  it("may have other records and lines, which are counted and named", async () => {
    const mmap = "  prog 2342 7721.1: PERF_RECORD_MMAP2 2342/2342: [0x400000(0x1000) @ 0 08:01 123 0]: r-xp /opt/prog\n";
    const error = " instruction trace error type 1 time 1.2 cpu 0\n";
    const { branches, notes } = await readBranches(fileOf(`${mmap}${mmap}${BRANCHES}${error}  jcc 10 => 20\n`));
    expect(branches).toHaveLength(5);
    expect(notes.slice(-2)).toEqual([
      "2 lines with other records of perf are left out: PERF_RECORD_MMAP2 (2).",
      '1 line with no branch is left out; the first is "instruction trace error type 1 time 1.2 …" in line 10.',
    ]);
    const sampled = await readBranches(fileOf(`${SAMPLE}hello there\n${mmap}`));
    expect(sampled.branches).toHaveLength(5);
    expect(sampled.notes.slice(-2)).toEqual([
      "1 line with other records of perf is left out: PERF_RECORD_MMAP2 (1).",
      '1 line with no branch is left out; the first is "hello there" in line 2.',
    ]);
  });
});

describe("branches of a processor trace (perf script --itrace=b -F ip,addr,flags)", () => {
  it("are those of the program, without where the kernel takes over", async () => {
    const { branches, format, notes } = await readBranches(fileOf(BRANCHES));
    expect(format).toBe("perf-itrace");
    expect(branches).toEqual([
      { pc: 0x401007n, target: 0x401005n, kind: CONDITIONAL, taken: 1, gap: 1 },
      { pc: 0x401009n, target: 0x40105en, kind: CALL, taken: 1, gap: 1 },
      { pc: 0x40105en, target: 0x40100en, kind: RETURN, taken: 1, gap: 1 },
      { pc: 0x40101en, target: 0x401021n, kind: JUMP, taken: 1, gap: 1 },
    ]);
    expect(notes).toEqual([
      UNSAID,
      "perf printed no branches that fall through: every conditional in it is taken.",
      "Of 2 branches perf does not say whether they are indirect: they are so from the second target of their address on.",
      "3 entries that are no branches of the program are left out: tr strt (1), syscall (1), tr end (1).",
    ]);
  });

  it("are indirect from the second target of their address on", async () => {
    const lines = ["jmp 10 => 20", "jmp 10 => 20", "jmp 10 => 30", "jmp 10 => 20", "call 11 => 20", "call 11 => 30"];
    expect(await kindsOf(`  ${lines.join("\n  ")}\n`)).toEqual([JUMP, JUMP, INDIRECT_JUMP, INDIRECT_JUMP, CALL, INDIRECT_CALL]);
  });

  it("may have symbols, states, events, letters, or no flags", async () => {
    const lines = [
      "  jmp/miss/             (x)          401007 main+0x7 => 401005 operator => (inlined)",
      "  boc                                401009 f => 40105e g",
      "  bA                                 40100b f => 40105e g",
      "  br                                     bc f => 40105e g",
      "                               ffffffff81000010 => 40100e",
      "                                         bc => b0",
      "  tr end  syscall                    40104c => 0",
      "  tr end  hw int                     40104c => 0",
      "  hw int                             40104c => 1",
    ];
    const { branches, notes } = await readBranches(fileOf(`${lines.join("\n")}\n`));
    expect(branches.map(({ pc, kind }) => [pc, kind])).toEqual([
      [0x401007n, JUMP],
      [0x401009n, CALL | CONDITIONAL],
      [0xbcn, RETURN],
      [-0x7efffff0n, JUMP],
      [0xbcn, JUMP],
    ]);
    expect(notes.at(-1)).toBe("4 entries that are no branches of the program are left out: bA (1), tr end (2), hw int (1).");
  });

  it("are refused in one line where they are wrong", async () => {
    expect(await refusal("")).toBe("it is empty, expected text of perf script");
    expect(await refusal("  syscall 10 => 20\n")).toBe(`it holds no branches that can be read: ${PRINT}`);
    expect(await refusal("  jmp 10 => 20\n  jcc/miss,untaken/ 10 => 20\n")).toBe(
      'expected miss or not_taken in slashes after the kind of a branch, got "untaken" in line 2',
    );
    expect(await refusal("  10 => 20\n  30 => 40\n")).toBe(
      "it does not say of any branch which kind it is: print them with perf script --itrace=b -F ip,addr,flags",
    );
    expect(await refusal(`  jcc 10 => 20\n  jcc 12345678901234567 => 0\n`)).toMatch(/at most 64 bits, got "12345678901234567" in line 2$/);
  });

  it("are not what other text is taken for", async () => {
    for (const text of ["a => b\n", ": x 1 ;", "hello => world\n", "x 0x12 / 0x13\n"])
      expect(await findRecording(fileOf(text))).toBeUndefined();
  });
});
