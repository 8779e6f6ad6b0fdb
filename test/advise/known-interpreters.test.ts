// Names of opcodes of interpreters that are known, from the numbers in their tables.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { JAVA_ZERO } from "../../dist/src/advise/recorded/interpreters/java-zero.js";
import { temporaryFolder } from "../support.js";

/** A JDK's folder, as far as its version is concerned. */
function namesIn(release: string | undefined): readonly string[] {
  const home = temporaryFolder();
  mkdirSync(join(home, "lib", "zero"), { recursive: true });
  if (release !== undefined) writeFileSync(join(home, "release"), `IMPLEMENTOR="N/A"\nJAVA_VERSION="${release}"\n`);
  const path = join(home, "lib", "zero", "libjvm.so");
  const found = { file: "libjvm.so", path, interpreter: "_ZN19BytecodeInterpreter3runILb0ELb1EEEvPS_", program: "java", entries: 256 };
  expect(JAVA_ZERO.recognises(found)).toBe(true);
  return JAVA_ZERO.names({ ...found, table: [] }) ?? [];
}

describe("HotSpot without generated code", () => {
  it("has the opcodes of class files by their codes, in every version", () => {
    for (const release of ["17.0.21", "11.0.2", "25", undefined]) {
      const names = namesIn(release);
      expect([names.length, names[0], names[167], names[201]]).toEqual([256, "nop", "goto", "jsr_w"]);
    }
  });

  it("has HotSpot's own where its version is known to number them so", () => {
    // recorded in 17: fload and fast_iload have one body
    const own = [203, 220, 222, 224, 227, 237];
    const names = namesIn("17.0.21.1");
    expect(own.map((number) => names[number])).toEqual([
      "fast_agetfield",
      "fast_aload_0",
      "fast_aaccess_0",
      "fast_iload",
      "fast_invokevfinal",
      "nofast_iload",
    ]);
    expect(names[239]).toBe("op239");
    for (const release of ["11.0.2", "170", "25", undefined]) expect(namesIn(release)[220]).toBe("op220");
  });

  it("may go elsewhere after a call or a jump, and after a body that also belongs to one", () => {
    const { transfers } = JAVA_ZERO;
    for (const name of ["goto", "if_icmplt", "fast_invokevfinal", "invokespecial|invokestatic"])
      expect([name, transfers.test(name)]).toEqual([name, true]);
    for (const name of ["iadd", "fload|fast_iload"]) expect([name, transfers.test(name)]).toEqual([name, false]);
  });
});
