// Traces of small Java programs, instruction by instruction as their class files say. The JDK's classes are left out: what runs is known.
// @module-tag slow
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkshop, NO_JDK, trace, type Workshop } from "./programs.ts";

const SOURCES = {
  "Fib.java": `public class Fib {
    static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
    public static void main(String[] args) { fib(Integer.parseInt(args[0])); }
  }`,
  "Cell.java": `public class Cell {
    int value;
    final int get() { return value; }
    public static void main(String[] args) { Cell cell = new Cell(); for (int i = 0; i < 4; i++) cell.get(); }
  }`,
  "Initialiser.java": `public class Initialiser {
    static class Counted { static int count = 3; static { count++; } int one = count; }
    public static void main(String[] args) { int a = 1; Object o = new Counted(); a += 2; }
  }`,
  "Unwinding.java": `public class Unwinding {
    static int[] cells = new int[2];
    static int inner(int i) { int before = 1; return before + cells[i] + 5; }
    static int middle(int i) { return inner(i) + 1; }
    public static void main(String[] args) {
      int caught = 0;
      try { middle(2); } catch (ArrayIndexOutOfBoundsException e) { caught = 1; }
      try { middle(1); } catch (RuntimeException e) { caught = 2; }
    }
  }`,
};

const spelled = (text: string): string[] => text.trim().split(/\s+/);

describe.skipIf(NO_JDK !== undefined)("traces of Java programs", { timeout: 120_000 }, () => {
  let workshop: Workshop;
  const traceOf = (name: string, rest = "", options = "") =>
    trace(`${join(workshop.folder, `${name}.class`)} --jdk=off ${options} -- ${rest}`);
  beforeAll(() => {
    workshop = createWorkshop();
    workshop.compile(SOURCES);
  }, 600_000);
  afterAll(() => workshop?.remove());

  it("are as long as their calls say", async () => {
    // a leaf executes 6 instructions, any other call 13; main executes 7
    const { opcodes } = await traceOf("Fib", "15");
    expect(opcodes.length).toBe(987 * 6 + 986 * 13 + 7);
  });

  it("show a class initialiser between the instruction that needs the class and the next one", async () => {
    const { names } = await traceOf("Initialiser");
    expect(names()).toEqual(
      spelled(`iconst_1 istore_1 new
        iconst_3 putstatic getstatic iconst_1 iadd putstatic return
        dup invokespecial
        aload_0 invokespecial aload_0 getstatic putfield return
        astore_2 iinc return`),
    );
  });

  it("end a block with the instruction that threw, and go on at the handler, several frames away", async () => {
    const { names, program, blocks } = await traceOf("Unwinding");
    const call = "iload_0 invokestatic iconst_1 istore_1 iload_1 getstatic iload_0 iaload";
    expect(names()).toEqual(
      spelled(`iconst_0 istore_1 iconst_2 invokestatic ${call}
        astore_2 iconst_1 istore_1
        iconst_1 invokestatic ${call} iadd iconst_5 iadd ireturn iconst_1 iadd ireturn pop goto return`),
    );
    const last = blocks.map((block) => program.blockStart(block) + program.blockLength(block) - 1);
    expect(last.map((address) => program.opcodes[program.opcodeAt(address)].name)).toContain("iaload");
  });

  it.each([
    ["hotspot", "invokevirtual"],
    ["zero", "fast_invokevfinal"],
  ])("show opcodes as HotSpot rewrites them, with --quicken=%s", async (quicken, again) => {
    const { names } = await traceOf("Cell", "", `--quicken=${quicken}`);
    const all = names()
      .join(" ")
      .split(/ iload_2 iconst_4 /);
    expect(all.slice(1, -1)).toEqual([
      "if_icmpge aload_1 invokevirtual aload_0 getfield ireturn pop iinc goto",
      `if_icmpge aload_1 ${again} aload_0 fast_igetfield ireturn pop iinc goto`,
      `if_icmpge aload_1 ${again} fast_iaccess_0 ireturn pop iinc goto`,
      `if_icmpge aload_1 ${again} fast_iaccess_0 ireturn pop iinc goto`,
    ]);
  });

  it("show a quick opcode from an instruction's second execution on", async () => {
    const { names } = await traceOf("Fib", "3", "--quicken=sablevm");
    const calls = names().filter((name) => name.startsWith("invokestatic"));
    const slow = "invokestatic";
    const quick = "invokestatic_quick";
    // parseInt, fib(3), fib(2), fib(1), and from the other place fib(0), fib(1)
    expect(calls).toEqual([slow, slow, slow, quick, slow, quick]);
  });

  it("end with an error in one line where the program throws", async () => {
    await expect(traceOf("Fib", "many")).rejects.toThrow(
      /Fib\.class.*: the program ended with exit code 1: Exception in thread "main" java\.lang\.NumberFormatException: For input string: "many"$/,
    );
  });

  it("end after the instructions that they may take", async () => {
    const { opcodes } = await trace(`${join(workshop.folder, "Fib.class")} --jdk=off -- 40`, 100_000);
    expect(opcodes.length).toBeGreaterThanOrEqual(100_000);
    expect(opcodes.length).toBeLessThan(100_020);
  });
});
