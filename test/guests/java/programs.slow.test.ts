// Java programs that end early, fail, nest deeply, start threads, or come in jar files of every kind: each is traced, or refused in one
// line. The JDK's classes are left out: what runs is known.
// @module-tag slow
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bplab } from "../../support.js";
import { createWorkshop, NO_JDK, trace, type Workshop } from "./programs.ts";

/** Additions without a jump, and as many jumps: with probes the second method is longer than 64 KB. */
const HUGE = `public class Huge {
  static int small(int n) { return n + 1; }
  static int huge(int n) { ${"if (n > 0) n++; ".repeat(5000)} return n; }
  public static void main(String[] args) { huge(small(-1)); small(2); }
}`;

const SOURCES = {
  "Exit.java": `public class Exit {
    static void leave(int code) { System.exit(code); }
    public static void main(String[] args) { try { leave(args.length); } finally { int never = 1; } }
  }`,
  "Deep.java": `public class Deep {
    static int depth;
    static void down() { depth++; down(); }
    static int count(int n) { return n == 0 ? 0 : 1 + count(n - 1); }
    public static void main(String[] args) {
      try { down(); } catch (StackOverflowError e) { depth = 1; }
      if (count(500) != 500 || depth != 1) System.exit(1);
    }
  }`,
  "Threads.java": `public class Threads {
    static int work(int n) { return n < 2 ? n : work(n - 1) + work(n - 2); }
    public static void main(String[] args) throws Exception {
      Thread worker = new Thread(new Runnable() { public void run() { work(5); } }, "worker");
      Thread waiter = new Thread(new Runnable() { public void run() { while (true) try { Thread.sleep(1000000); } catch (InterruptedException e) { } } });
      waiter.setDaemon(true);
      waiter.start();
      worker.start();
      worker.join();
    }
  }`,
  "Huge.java": HUGE,
  "Handled.java": `public class Handled {
    static class Loud implements AutoCloseable { public void close() { throw new IllegalStateException(); } }
    static { if (Handled.class == null) throw new Error(); }
    static class Broken { static int value = 1 / zero(); static int zero() { return 0; } }
    public static void main(String[] args) {
      try (Loud loud = new Loud()) { int a = 1; } catch (IllegalStateException e) { int b = 2; }
      try { int c = Broken.value; } catch (ExceptionInInitializerError e) { int d = 3; }
      try { int c = Broken.value; } catch (NoClassDefFoundError e) { int f = 4; }
    }
  }`,
};

const LIBRARY = (result: number): string => `package lib; public class Lib { public static int answer() { return ${result}; } }`;
const APP = "package app; public class App { public static void main(String[] a) { if (lib.Lib.answer() != a.length) System.exit(9); } }";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe.skipIf(NO_JDK !== undefined)("Java programs", { timeout: 240_000 }, () => {
  let workshop: Workshop;
  const path = (...names: string[]): string => join(workshop.folder, ...names);
  const traceOf = (name: string, words = "", options = "") => trace(`${path(`${name}.class`)} --jdk=off ${options} -- ${words}`);
  const text = (names: readonly string[]): string => names.join(" ");
  const tool = (name: string, ...args: string[]): void => void execFileSync(name, args, { stdio: "pipe", cwd: workshop.folder });
  beforeAll(() => {
    workshop = createWorkshop();
    workshop.compile(SOURCES);
    // a library in two versions, and an application that needs it
    for (const [folder, source] of [
      ["lib", LIBRARY(1)],
      ["lib9", LIBRARY(2)],
    ]) {
      mkdirSync(path(folder));
      writeFileSync(path(folder, "Lib.java"), source);
      tool("javac", "-d", folder, join(folder, "Lib.java"));
    }
    writeFileSync(path("App.java"), APP);
    tool("javac", "-cp", "lib", "-d", "app", "App.java");
    writeFileSync(path("needs"), "Main-Class: app.App\nClass-Path: lib.jar\n");
    tool("jar", "cfm", "app.jar", "needs", "-C", "app", ".");
    tool("jar", "cf", "lib.jar", "-C", "lib", "lib");
    writeFileSync(path("both"), "Multi-Release: true\n");
    tool("jar", "cfm", "lib2.jar", "both", "-C", "lib", "lib", "--release", "9", "-C", "lib9", "lib");
  }, 240_000);
  afterAll(() => workshop?.remove());

  it("may end inside a call, by System.exit", async () => {
    const { names } = await traceOf("Exit");
    expect(text(names())).toBe("aload_0 arraylength invokestatic iload_0 invokestatic");
    await expect(traceOf("Exit", "1 2 3")).rejects.toThrow(/Exit\.class.*: the program ended with exit code 3$/);
  });

  it("may end their stack, and go on where the error is caught", async () => {
    const all = (await traceOf("Deep")).names();
    // the end of the stack lies before a call or inside one: what is executed of a call is its beginning
    const caught = all.indexOf("astore_1");
    const call = ["getstatic", "iconst_1", "iadd", "putstatic", "invokestatic"];
    expect(all.slice(0, 8)).toEqual(["invokestatic", ...call, ...call.slice(0, 2)]);
    expect(all.slice(1, caught).every((name, i) => name === call[i % 5])).toBe(true);
    expect(caught).toBeGreaterThan(5000);
    // 500 calls that call, one that does not
    const after = all.slice(caught);
    const inner = "iload_0 ifne iconst_1 iload_0 iconst_1 isub invokestatic";
    expect(text(after.slice(0, 12))).toBe(
      "astore_1 iconst_1 putstatic sipush invokestatic iload_0 ifne iconst_1 iload_0 iconst_1 isub invokestatic",
    );
    expect(after.length).toBe(5 + 500 * inner.split(" ").length + 5 + 500 * 2 + 6);
    expect(text(after.slice(-8))).toBe("iadd ireturn sipush if_icmpne getstatic iconst_1 if_icmpeq return");
  });

  it("are traced in one thread, by name, even where others never end", async () => {
    const { names } = await traceOf("Threads", "", "--thread=worker");
    const calls = names().filter((name) => name === "invokestatic").length;
    // run calls once, the others call twice
    expect([names()[0], calls]).toEqual(["iconst_5", 1 + 2 * 7]);
    const { code, stderr } = bplab(["run", "--histogram", `${path("Threads.class")} --jdk=off`]);
    expect([code, stderr]).toEqual([
      0,
      `${path("Threads.class")}: it started 2 more threads, not traced (--thread=NAME traces one of them instead)\n`,
    ]);
    await expect(traceOf("Threads", "", "--thread=nobody")).rejects.toThrow(/: no instruction of it was executed$/);
  });

  it("have methods without probes where there is no room for any, which is said", async () => {
    const { names } = await traceOf("Huge");
    const small = "iload_0 iconst_1 iadd ireturn";
    expect(text(names())).toBe(`iconst_m1 invokestatic ${small} invokestatic pop iconst_2 invokestatic ${small} pop return`);
    expect(bplab(["run", "--histogram", `${path("Huge.class")} --jdk=off`]).stderr).toBe(`${path("Huge.class")}: not traced: Huge.huge\n`);
  });

  it("show handlers of exceptions that a resource's end, an initialiser, and a class that has none throw", async () => {
    const { names } = await traceOf("Handled");
    expect(names().filter((name) => /^(iconst_\d|athrow|idiv|getstatic)$/.test(name))).toEqual([
      "iconst_1",
      "athrow",
      "iconst_2",
      "getstatic",
      "iconst_1",
      "iconst_0",
      "idiv",
      "iconst_3",
      "getstatic",
      "iconst_4",
    ]);
  });

  it("come in jar files that name their main class, other jar files, and classes for later versions", async () => {
    const answer = (await trace(`${path("app.jar")} --jdk=off -- x`)).names();
    expect(text(answer)).toBe("invokestatic iconst_1 ireturn aload_0 arraylength if_icmpeq return");
    const later = await trace(`${path("app", "app", "App.class")} --jdk=off --class-path=${path("lib2.jar")} -- x y`);
    expect(text(later.names())).toBe("invokestatic iconst_2 ireturn aload_0 arraylength if_icmpeq return");
    await expect(trace(`${path("lib.jar")} --jdk=off`)).rejects.toThrow(/lib\.jar: no main manifest attribute, in .*lib\.jar$/);
  });

  it("may load damaged classes: what the virtual machine refuses is refused, what it takes is taken", () => {
    copyFileSync(here("Damaged.java"), path("Damaged.java"));
    tool("javac", "-d", ".", "Damaged.java");
    const words = ["-cp", workshop.folder, "Damaged", here("../../../traces/java/compiler.jar"), "2000"];
    const plain = execFileSync("java", words, { encoding: "utf8" }).split("\n");
    // with a limit it is traced
    const { code, stdout, stderr } = bplab(["run", "--max-instructions=1e10", "java --jdk=off", "--", ...words]);
    expect([code, stdout.split("\n").length]).toEqual([0, plain.length]);
    // damaged frames that ASM leaves out are the exception: such a class may link
    const got = stdout.split("\n").map((what, i) => (plain[i] === "not linked" && what === "linked" ? plain[i] : what));
    expect(got).toEqual(plain);
    expect(plain.filter((what) => what === "linked").length).toBeGreaterThan(10);
    expect(stderr).toMatch(/^(java: not traced: .*\n){10}java: … and \d+ more\n$/);
  });

  it("that java cannot run fail in one line, which names them once and says why", () => {
    const later = readFileSync(path("Exit.class"));
    later.writeUInt16BE(99, 6);
    mkdirSync(path("later"));
    writeFileSync(path("later", "Exit.class"), later);
    const jar = readFileSync(path("app.jar"));
    writeFileSync(path("cut.jar"), jar.subarray(0, jar.length / 2));
    const failing = [
      [`${path("later", "Exit.class")} --jdk=off`, /: Error: LinkageError .*UnsupportedClassVersionError: .*class file version 99\.0/],
      [`${path("cut.jar")} --jdk=off -- 1`, /: Error: Invalid or corrupt jarfile [^ ]*cut\.jar$/],
      [`java --jdk=off -- -cp ${path("lib")} lib.Lib`, /: Error: Main method not found in class lib\.Lib$/],
      [`java --jdk=off -- -cp ${workshop.folder} Exit 1 2`, /: the program ended with exit code 2$/],
    ] as const;
    for (const [program, message] of failing) {
      const { code, stderr } = bplab(["simulate", program, "--technique=switch", "--predictor=btb"]);
      expect([code, stderr.split("\n").length]).toEqual([1, 2]);
      expect(stderr.startsWith(`${program}: `)).toBe(true);
      expect(stderr.trim().slice(program.length)).toMatch(message);
    }
  });

  it("are command lines of java", async () => {
    const { names } = await trace(`java --jdk=off -- -Xss1m -cp ${path("app")}:${path("lib.jar")} app.App x`);
    expect(names()).toContain("if_icmpeq");
    const explained = bplab(["explain", "java --jdk=off", "--", "-cp", `${path("app")}:${path("lib.jar")}`, "app.App", "x"]);
    expect([explained.code, explained.stdout]).toEqual([0, expect.stringContaining("if_icmpeq")]);
    await expect(trace("java --jdk=off -- -cp /nowhere Main")).rejects.toThrow(
      /java: Error: Could not find or load main class Main: java\.lang\.ClassNotFoundException: Main$/,
    );
  });
});
