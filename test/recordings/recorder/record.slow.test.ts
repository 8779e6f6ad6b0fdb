// bplab record: real programs under qemu-user, assembled and compiled here.
// @module-tag slow
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../../dist/src/branch.js";
import { readRecording } from "../../../dist/src/recordings/find-recording.js";
import { createRecordedRun } from "../../../dist/src/recordings/recorded-run.js";
import { summariseRecording } from "../../../dist/src/recordings/summary.js";
import { BIN, bplab, type Outcome, temporaryFolder } from "../../support.ts";
import { readBranches } from "../read-branches.ts";

const folder = temporaryFolder();
const cache = join(folder, "a cache, with a comma");

const runs = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
const missing = ["qemu-x86_64", "gcc"].filter((command) => !runs(command));
if (missing.length > 0) console.warn(`record is not tested: ${missing.join(" and ")} missing (apt-get install qemu-user gcc libc6-dev)`);

/** 33 instructions, counted by hand. */
const COUNTED = `
.globl _start
.bss
buffer: .skip 16
.data
pointer: .quad there
.text
_start:
  mov $3, %ecx
again:
  dec %ecx
  jne again
  call there
  lea prefixed(%rip), %rax
  call *%rax
  lea onward(%rip), %rdx
  .byte 0x3e, 0xff, 0xe2          # notrack jmp *%rdx
onward:
  .byte 0xf2, 0xeb, 0x00          # bnd jmp
  lea buffer(%rip), %rdi
  mov $4, %ecx
  rep stosb
  call *pointer(%rip)
  lea far(%rip), %r8
  xor %ecx, %ecx
  jmp *%r8
far:
  nop
  jrcxz beyond
beyond:
  mov $39, %eax
  syscall
  jmp last
last:
  call popping
  mov $60, %eax
  xor %edi, %edi
  syscall
.type there, @function
there:
  ret
prefixed:
  .byte 0xf2, 0xc3                # bnd ret
popping:
  ret $0
`;

const COUNTED_BRANCHES: readonly (readonly [instruction: number, kind: number, pc: number, target: number, taken: 0 | 1])[] = [
  [3, CONDITIONAL, 0x401007, 0x401005, 1],
  [5, CONDITIONAL, 0x401007, 0x401005, 1],
  [7, CONDITIONAL, 0x401007, 0x401005, 0],
  [8, CALL, 0x401009, 0x40105e, 1],
  [9, RETURN, 0x40105e, 0x40100e, 1],
  [11, INDIRECT_CALL, 0x401015, 0x40105f, 1],
  [12, RETURN, 0x40105f, 0x401017, 1],
  [14, INDIRECT_JUMP, 0x40101e, 0x401021, 1],
  [15, JUMP, 0x401021, 0x401024, 1],
  [19, INDIRECT_CALL, 0x401032, 0x40105e, 1],
  [20, RETURN, 0x40105e, 0x401038, 1],
  [23, INDIRECT_JUMP, 0x401041, 0x401044, 1],
  [25, CONDITIONAL, 0x401045, 0x401047, 1],
  [28, JUMP, 0x40104e, 0x401050, 1],
  [29, CALL, 0x401050, 0x401061, 1],
  [30, RETURN, 0x401061, 0x401055, 1],
];

const THREADS = `
#include <pthread.h>
static volatile long sums[4];
/* all live at a time: one that has ended leaves its number to the next */
static pthread_barrier_t together;
__attribute__((noinline)) static void step(long i, long n) { if (n % 3 == 0) sums[i] += n; }
static void *work(void *p) { pthread_barrier_wait(&together); for (long n = 0; n < 100000; n++) step((long)p, n); return 0; }
int main() { pthread_t t[4]; pthread_barrier_init(&together, 0, 4); for (long i = 0; i < 4; i++) pthread_create(&t[i], 0, work, (void *)i);
  for (int i = 0; i < 4; i++) pthread_join(t[i], 0); return 0; }
`;

const TALKING = `
#include <stdio.h>
int main(int count, char **words) { char line[99]; for (int i = 1; i < count; i++) printf("[%s]", words[i]);
  if (fgets(line, 99, stdin)) printf("<%s>", line); fprintf(stderr, "aside\\n"); return 7; }
`;

const CRASHING = `
#include <stdio.h>
#include <unistd.h>
static volatile int n;
__attribute__((noinline)) void loop(void) { for (int i = 0; i < 1000; i++) n++; }
int main(int count, char **words) { loop(); if (count > 1) { puts("ready"); fflush(stdout); for (;;) pause(); } *(volatile int *)0 = 1; return 0; }
`;

/** A signal's handler returns into a loop of calls; a child does the same work. */
const SIGNALS = `
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int n;
static void handler(int s) { n++; }
__attribute__((noinline)) void callee(void) { n++; }
__attribute__((noinline)) void loop(void) { for (int i = 0; i < 5000; i++) callee(); }
int main() { signal(SIGUSR1, handler); for (int i = 0; i < 50; i++) { raise(SIGUSR1); callee(); }
  if (fork() == 0) { loop(); _exit(0); } int status; wait(&status); loop(); return 0; }
`;

/** Leaves a child behind that outlives it; or closes every file and goes on, as another program if there is a second word. */
const LEAVING = `
#include <stdio.h>
#include <unistd.h>
static volatile int n;
int main(int count, char **words) {
  if (count == 1) { if (fork() == 0) { for (int i = 0; i < 3; i++) close(i); sleep(30); _exit(0); } return 5; }
  for (int i = 3; i < 2000; i++) close(i);
  for (int i = 0; i < 100000; i++) n++;
  if (count > 2) execlp("echo", "echo", "became", (char *)0);
  return 6; }
`;

const run = (
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Outcome => bplab(args, { cwd: folder, input: options.input, env: { BPLAB_CACHE: cache, ...options.env } });
const at = (name: string): string => join(folder, name);

describe.skipIf(missing.length > 0)("bplab record", () => {
  beforeAll(() => {
    writeFileSync(at("counted.s"), COUNTED);
    execFileSync("gcc", ["-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none", "-o", at("counted"), at("counted.s")]);
    for (const [name, text] of Object.entries({
      threads: THREADS,
      talking: TALKING,
      crashing: CRASHING,
      signals: SIGNALS,
      leaving: LEAVING,
    })) {
      writeFileSync(at(`${name}.c`), text);
      execFileSync("gcc", ["-O1", "-static", "-pthread", "-o", at(name), at(`${name}.c`)]);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("records every branch of a program that was counted by hand, and all of its instructions", async () => {
    expect(run(["record", "./counted"]).code).toBe(0);
    const { branches, instructions } = await readBranches(at("counted.bpt"));
    let instruction = 0;
    const recorded = branches.map(({ pc, target, kind, taken, gap }) => {
      instruction += gap;
      return [instruction, kind, Number(pc), Number(target), taken];
    });
    expect(recorded).toEqual(COUNTED_BRANCHES);
    expect(instructions).toBe(33);
  });

  it("names addresses by functions, and by the file where there are none", async () => {
    const recording = await readRecording(at("counted.bpt"));
    const run = createRecordedRun(() => {});
    await recording.read(run.sink);
    expect(run.blocks.symbols.find(0x40105en)).toEqual({ name: "there", offset: 0n, module: "counted" });
    expect(run.blocks.symbols.find(0x401008n)).toEqual({ name: "again", offset: 3n, module: "counted" });
    expect(run.blocks.symbols.find(0x999n)).toBeUndefined();
  });

  it("keeps names when it is converted", async () => {
    run(["convert", "counted.bpt", "converted.bpt"]);
    const names = async (name: string) => {
      const summary = await summariseRecording(await readRecording(at(name)));
      return summary.sites.map(({ owner }) => owner);
    };
    expect(await names("converted.bpt")).toEqual(await names("counted.bpt"));
    expect(await names("converted.bpt")).toContain("there+0x0");
  });

  it("says of a recording where it comes from, and no date unless one is given", async () => {
    const { provenance } = await readBranches(at("counted.bpt"));
    expect(provenance).toEqual({ command: "./counted", program: at("counted"), recorder: expect.stringContaining("qemu-x86_64 version") });
    run(["record", "-o", "dated.bpt", "--date=today", "--", "./counted", "a b"]);
    expect((await readBranches(at("dated.bpt"))).provenance).toMatchObject({ command: "./counted 'a b'", date: "today" });
  });

  it("makes the same file of the same run", () => {
    for (const name of ["one.bpt", "two.bpt"]) run(["record", "-o", name, "--", "./talking", "x"]);
    expect(readFileSync(at("one.bpt")).equals(readFileSync(at("two.bpt")))).toBe(true);
  });

  it("hands on input, output, words with spaces and the exit code", () => {
    const { code, stdout, stderr } = run(["record", "-o", "talking.bpt", "--", "./talking", "a b", "--in=c", ""], { input: "line" });
    expect(stdout).toBe("[a b][--in=c][]<line>");
    expect(stderr).toMatch(/^aside\ntalking.bpt: [\d,]+ branches, [\d,]+ instructions\n$/);
    expect(code).toBe(7);
  });

  it("records all threads", async () => {
    const { stderr } = run(["record", "--in=step", "./threads"]);
    expect(stderr).toMatch(/^threads.bpt: [\d,]+ branches of 5 threads/);
    const { branches, instructions } = await readBranches(at("threads.bpt"));
    expect(branches.filter(({ kind }) => kind === RETURN)).toHaveLength(400_000);
    expect(instructions).toBeGreaterThan(2_000_000);
  });

  it("keeps what was recorded when the program is killed by a signal", async () => {
    const { code, stderr } = run(["record", "./crashing"]);
    expect(code).toBe(139);
    expect(stderr).toContain("crashing.bpt: The program was killed by SIGSEGV: the recording ends there.\n");
    const { branches, instructions } = await readBranches(at("crashing.bpt"));
    expect(branches.filter(({ kind, taken }) => kind === CONDITIONAL && taken).length).toBeGreaterThanOrEqual(999);
    expect(instructions).toBeGreaterThan(branches.length);
  });

  it("keeps what was recorded at Ctrl-C, even of a few branches", async () => {
    const child = spawn(process.execPath, [BIN, "record", "-o", "stopped.bpt", "./crashing", "forever"], {
      cwd: folder,
      env: { ...process.env, BPLAB_CACHE: cache },
    });
    const ended = new Promise((done) => child.once("exit", done));
    await new Promise((done) => child.stdout.once("data", done));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    const { branches } = await readBranches(at("stopped.bpt"));
    expect(branches.filter(({ kind, taken }) => kind === CONDITIONAL && taken).length).toBeGreaterThanOrEqual(999);
  });

  it("ends after --max-branches, and the program goes on", async () => {
    const { code, stdout } = run(["record", "-o", "short.bpt", "--max-branches=100", "./talking", "x"]);
    expect([code, stdout]).toEqual([7, "[x]"]);
    const short = await readBranches(at("short.bpt"));
    expect(short.branches).toHaveLength(100);
    expect(short.instructions).toBe(short.branches.reduce((sum, { gap }) => sum + gap, 0));
    const whole = await readBranches(at("one.bpt"));
    expect(short.branches).toEqual(whole.branches.slice(0, 100));
  });

  it.each([6, 7, 8, 32])("begins behind %i instructions that are skipped", async (skipped) => {
    const { code, stderr } = run(["record", "-o", "late.bpt", `--skip-instructions=${skipped}`, "./counted"]);
    const left = COUNTED_BRANCHES.filter(([instruction]) => instruction > skipped);
    if (left.length === 0) {
      expect(stderr).toBe("nothing was recorded: the program executed no branch after 32 instructions\n");
      expect(code).toBe(1);
      expect(existsSync(at("late.bpt.part"))).toBe(false);
      return;
    }
    const { branches, instructions } = await readBranches(at("late.bpt"));
    expect(branches.map(({ pc }) => Number(pc))).toEqual(left.map(([, , pc]) => pc));
    expect(branches[0].gap).toBe(left[0][0] - skipped);
    expect(instructions).toBe(33 - skipped);
  });

  it.each([
    ["there", [9, 20]],
    ["0x401007-0x40100a", [3, 5, 7, 8]],
    ["popping,last+0x0", [29, 30]],
    ["counted:indirect-jump,there:return", [9, 14, 20, 23]],
    ["counted", COUNTED_BRANCHES.map(([instruction]) => instruction)],
  ])("records only what is in %s, with all instructions between", async (places, expected) => {
    run(["record", "-o", "part.bpt", `--in=${places}`, "./counted"]);
    const { branches, instructions } = await readBranches(at("part.bpt"));
    let instruction = 0;
    expect(
      branches.map(({ gap }) => {
        instruction += gap;
        return instruction;
      }),
    ).toEqual(expected);
    expect(instructions).toBe(33);
  });

  it("writes nothing where no branch is recorded", () => {
    const { code, stderr } = run(["record", "-o", "none.bpt", "--in=nowhere", "./counted"]);
    expect([code, stderr]).toEqual([1, "nothing was recorded: the program executed no branch in nowhere\n"]);
    expect(existsSync(at("none.bpt"))).toBe(false);
  });

  it("takes no signal for a branch, and no child for its parent", async () => {
    expect(run(["record", "./signals"]).code).toBe(0);
    const { branches } = await readBranches(at("signals.bpt"));
    const callee = branches.filter(({ kind }) => kind === CALL).map(({ target }) => target);
    const counts = new Map<bigint, number>();
    for (const target of callee) counts.set(target, (counts.get(target) ?? 0) + 1);
    // the parent's own loop, and 50 calls behind handlers
    expect([...counts.values()]).toContain(5050);
  });

  it("ends with the program, not with the children that it leaves behind", () => {
    const { code, stderr } = run(["record", "./leaving"]);
    expect([code, stderr]).toEqual([5, expect.stringMatching(/^leaving\.bpt: [\d,]+ branches, [\d,]+ instructions\n$/)]);
  });

  it.each([
    ["closes files that are not its own", ["close"], 6, ""],
    ["becomes another one", ["close", "exec"], 0, "became\n"],
  ])("says where the recording ends when the program %s", async (_, words, code, stdout) => {
    const outcome = run(["record", "-o", "left.bpt", "./leaving", ...words]);
    expect(outcome).toMatchObject({ code, stdout });
    expect(outcome.stderr).toContain("left.bpt: The recording ends where the program became another one (exec), or closed files");
    expect((await readBranches(at("left.bpt"))).branches.length).toBeGreaterThan(4092);
  });

  it("needs nothing but the compiled plug-in again", () => {
    const before = readFileSync(at("counted.bpt"));
    run(["record", "./counted"]);
    expect(readFileSync(at("counted.bpt")).equals(before)).toBe(true);
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
    ["no qemu", ["./counted"], { PATH: "" }, /^recording needs qemu-x86_64, which is not on the PATH: apt-get install qemu-user\n$/],
    ["no program", ["./absent"], {}, /^no such program: \.\/absent \(/],
    [
      "a script",
      ["./script"],
      {},
      /script: expected a program for x86-64 \(ELF\), got something else; of a script, record its interpreter\n$/,
    ],
    ["an empty place", ["--in=,", "./counted"], {}, /^--in must be functions, files or addresses .*, got ""\n$/],
    ["a range backwards", ["--in=0x20-0x10", "./counted"], {}, /^--in: a range must end after its start, got 0x20-0x10\n$/],
    ["a format that cannot be written", ["-o", "x.txt", "./counted"], {}, /^x\.txt: expected a name that says what to write: /],
    ["no folder", ["-o", "no/x.bpt", "./counted"], {}, /^cannot write no\/x\.bpt: its folder does not exist\n$/],
    ["nothing to run", [], {}, /^missing required argument 'command'\n$/],
  ])("refuses %s in one line", (_, args, env, message) => {
    writeFileSync(at("script"), "#!/bin/sh\n", { mode: 0o755 });
    const outcome = run(["record", ...args], { env });
    expect(outcome).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
  });

  it("asks for a compiler where there is none", () => {
    mkdirSync(at("tools"), { recursive: true });
    const qemu = execFileSync("sh", ["-c", "command -v qemu-x86_64"], { encoding: "utf8" }).trim();
    writeFileSync(at("tools/qemu-x86_64"), `#!/bin/sh\nexec ${qemu} "$@"\n`, { mode: 0o755 });
    const { code, stderr } = run(["record", "./counted"], { env: { PATH: at("tools") } });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^recording needs a C compiler \(cc, gcc, clang\), and there is none on the PATH: apt-get install gcc libc6-dev\n$/,
    );
  });
});
