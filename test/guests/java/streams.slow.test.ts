// @module-tag slow
// A program that uses every construct, instruction by instruction beside the single steps of the virtual
// machine's own interpreter (single-steps.c).
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tracingOptions } from "../../../dist/src/guests/java/jdk.js";
import { traceProgram } from "../../../dist/src/guests/java/traced.js";
import { createWorkshop, NO_JDK, type Trace, trace, type Workshop } from "./programs.ts";

const here = (file: string): string => join(dirname(fileURLToPath(import.meta.url)), file);
const NO_GCC = spawnSync("gcc", ["--version"]).status !== 0;

/** Steps are not reported twice at one place: of a recursive function's returns, for example, only the first. */
function withoutRepetition({ program, blocks }: Trace): Uint8Array {
  const opcodes: number[] = [];
  let before = -1;
  for (const block of blocks) {
    const start = program.blockStart(block);
    for (let at = start; at < start + program.blockLength(block); at++) {
      if (at !== before) opcodes.push(program.opcodeAt(at));
      before = at;
    }
  }
  return Uint8Array.from(opcodes);
}

/** Three times lneg, as the method `mark` has it: what follows runs with everything resolved and initialised. */
const MARK = Uint8Array.of(117, 117, 117);
const afterMark = (opcodes: Uint8Array): Buffer => Buffer.from(opcodes.subarray(Buffer.from(opcodes).lastIndexOf(MARK)));

describe.skipIf(NO_JDK !== undefined || NO_GCC)("streams of Java programs", { timeout: 240_000 }, () => {
  let workshop: Workshop;
  beforeAll(() => {
    workshop = createWorkshop();
    copyFileSync(here("Constructs.java"), join(workshop.folder, "Constructs.java"));
    execFileSync("javac", ["-d", workshop.folder, join(workshop.folder, "Constructs.java")]);
    const java = dirname(dirname(realpathSync(execFileSync("which", ["javac"], { encoding: "utf8" }).trim())));
    const include = ["", "/linux"].map((part) => `-I${java}/include${part}`);
    execFileSync("gcc", ["-O1", "-shared", "-fPIC", ...include, "-o", join(workshop.folder, "steps.so"), here("single-steps.c")]);
  }, 240_000);
  afterAll(() => workshop?.remove());

  /** Opcodes that the interpreter executes, from main's first instruction to its return. */
  function steps(...words: string[]): Uint8Array {
    const file = join(workshop.folder, "steps");
    const agent = `-agentpath:${workshop.folder}/steps.so=${file},Constructs,off`;
    const env = { PATH: process.env.PATH, LANG: "C.UTF-8", TZ: "UTC" };
    execFileSync("java", ["-XX:+UseSerialGC", agent, "-cp", workshop.folder, "Constructs", ...words], { env });
    return readFileSync(file);
  }

  it("are the interpreter's, once everything is resolved", async () => {
    const expected = afterMark(steps("2"));
    const got = afterMark(withoutRepetition(await trace(`${join(workshop.folder, "Constructs.class")} --jdk=off -- 2`)));
    expect(expected.length).toBeGreaterThan(1000);
    expect(got.equals(expected)).toBe(true);
  });

  /** Instructions of the whole program, the JDK's included: how many there are, and a checksum of their opcodes. */
  function executed(...options: string[]): readonly [count: number, checksum: number] {
    const tracing = tracingOptions("Constructs", { mainClass: "Constructs", jdk: true, thread: "", asZero: false });
    // the order in which a class's methods are verified, and so classes are loaded, differs from run to run
    const args = [...tracing, "-XX:-BytecodeVerificationRemote", ...options, "-cp", workshop.folder, "Constructs", "1"];
    const { program, execute } = traceProgram({
      path: "Constructs",
      args,
      quicken: "none",
      maxInstructions: Number.POSITIVE_INFINITY,
      input: undefined,
      terminal: false,
      say: () => {},
    });
    let count = 0;
    let checksum = 0;
    execute((ids, length) => {
      for (let i = 0; i < length; i++) {
        const start = program.blockStart(ids[i]);
        const end = start + program.blockLength(ids[i]);
        for (let at = start; at < end; at++) checksum = (Math.imul(checksum, 31) + program.opcodeAt(at)) | 0;
        count += end - start;
      }
    });
    return [count, checksum];
  }

  it("are the interpreter's from the first instruction to the last, those of the JDK included", () => {
    // only the agent is compiled then, and the library that it uses: it counts nothing there
    const compiled = ["jdk/internal/org/objectweb/asm*::*", "bplab/agent/*::*"].map((what) => `-XX:CompileCommand=compileonly,${what}`);
    const [count, checksum] = executed("-XX:CompileCommand=quiet", ...compiled);
    expect(count).toBeGreaterThan(5_000_000);
    expect(executed()).toEqual([count, checksum]);
  });

  it("are the same every time", async () => {
    const [one, other] = [
      await trace(`${join(workshop.folder, "Constructs.class")} --jdk=off -- 1`),
      await trace(`${join(workshop.folder, "Constructs.class")} --jdk=off -- 1`),
    ];
    expect(Buffer.from(one.opcodes.buffer).equals(Buffer.from(other.opcodes.buffer))).toBe(true);
    expect(one.blocks).toEqual(other.blocks);
  });
});
