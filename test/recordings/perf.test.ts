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
      instructions: 5,
      sha256: expect.any(String),
      notes: [
        UNSAID,
        "Its samples overlap or leave branches out between them, and most processors record only taken ones.",
        "Of 1 branches perf does not say whether they are indirect: they are so from the second target of their address on.",
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
    expect(notes.at(-1)).toBe("2 lines or entries are left out: interrupts, system calls, wrong paths, where tracing begins and ends.");
  });

  it("are refused in one line where they are wrong", async () => {
    expect(await refusal(SAMPLE.replace("/P/-/-/5/RET", "/P"))).toBe(
      'expected a branch such as 0x401061/0x401055/P/-/-/5/RET, got "0x401061/0x401055/P" in line 1',
    );
    expect(await refusal(`${SAMPLE}hello there\n`)).toBe('expected a sample: address, symbol, branches, got "hello there" in line 2');
    expect(await refusal(SAMPLE.replace("0xffffffff81000010", "0x1ffffffff81000010"))).toBe(
      'expected an address of at most 64 bits, got "1ffffffff81000010" in line 1',
    );
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
      "perf prints no branches that fall through: every conditional in it is taken.",
      "Of 2 branches perf does not say whether they are indirect: they are so from the second target of their address on.",
      "3 lines or entries are left out: interrupts, system calls, wrong paths, where tracing begins and ends.",
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
    expect(notes.at(-1)).toMatch(/^4 lines/);
  });

  it("are refused in one line where they are wrong", async () => {
    expect(await refusal("")).toBe("it is empty, expected text of perf script");
    expect(await refusal(`${BRANCHES}  jcc 401007 -> 401005\n`)).toBe(
      'expected a branch such as jcc 401007 => 401005, got "jcc 401007 -> 401005" in line 8',
    );
    expect(await refusal("  syscall 10 => 20\n")).toBe("it holds no branches");
    expect(await refusal(`  jcc 10 => 20\n  jcc 12345678901234567 => 0\n`)).toMatch(/at most 64 bits, got "12345678901234567" in line 2$/);
  });

  it("are not what other text is taken for", async () => {
    for (const text of ["a => b\n", ": x 1 ;", "hello => world\n", "x 0x12 / 0x13\n"])
      expect(await findRecording(fileOf(text))).toBeUndefined();
  });
});
