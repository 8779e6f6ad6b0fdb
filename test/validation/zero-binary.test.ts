// HotSpot's interpreter in C++: what was measured of it fits the opcodes under its rewriting; the file of another program is refused.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMeasuredBodies } from "../../dist/src/bodies/measured-bodies.js";
import { readMergeMap } from "../../dist/src/dispatch/layouts/merge-map.js";
import { hotspotOpcodes } from "../../dist/src/guests/java/hotspot/codes.js";
import { instructions } from "../../dist/src/guests/java/instructions.js";
import { findZero } from "../../dist/src/validation/zero.js";
import { readZero } from "../../dist/src/validation/zero-binary.js";

const ID = "zero-17-gcc12";
const map = readMergeMap(ID);
const siteOf = (name: string) => map(name).site;

describe("what was measured of Zero", () => {
  it("has a body for each instruction of class files and for each of its own opcodes, and no others", () => {
    const { bodies } = readMeasuredBodies(ID);
    const names = bodies.map(({ opcode }) => opcode);
    const known = hotspotOpcodes.map(({ name }) => name);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(names.slice(0, instructions.length)).toEqual(instructions.map(({ name }) => name));
    for (const name of ["fast_iaccess_0", "fast_iload2", "fast_icaload", "fast_invokevfinal", "fast_aldc", "invokehandle"])
      expect(names).toContain(name);
    for (const name of ["fast_linearswitch", "nofast_getfield", "breakpoint"]) expect(names).not.toContain(name);
  });

  it("dispatches what follows a call, a return or an exception where a run is entered, and elsewhere mostly from each body", () => {
    for (const name of ["invokestatic", "fast_invokevfinal", "ireturn", "return", "athrow", "invokedynamic"])
      expect([name, siteOf(name)]).toEqual([name, siteOf("(entry)")]);
    expect(siteOf("iadd")).not.toBe(siteOf("isub"));
    // bodies that the source has once
    expect([siteOf("iload_0"), map("iload_0").body]).toEqual([siteOf("fload_0"), map("fload_0").body]);
    expect(map("getfield").body).toBe(map("getstatic").body);
    expect(map("fast_iload").body).toBe(map("fload").body);
    expect(map("iload").body).not.toBe(map("fast_iload").body);
  });

  it("names the binary that it was read off", () => {
    for (const file of [`${ID}.csv`, `${ID}.sites.csv`])
      expect(readFileSync(new URL(`../../native-code/${file}`, import.meta.url), "utf8")).toMatch(/SHA-256 [0-9a-f]{64}/);
  });
});

it("a program that is no such interpreter is refused", () => {
  expect(() => readZero("/bin/sh")).toThrow(/expected a symbol of the interpreter|binutils/);
});

it("a java without Zero is told, with the package of its version", () => {
  const folder = mkdtempSync(join(tmpdir(), "bplab-no-zero-"));
  const { PATH } = process.env;
  try {
    writeFileSync(join(folder, "java"), "#!/bin/sh\necho 'openjdk version \"21.0.4\" 2024-07-16' >&2\n", { mode: 0o755 });
    process.env.PATH = folder;
    expect(() => findZero()).toThrow("java -zero is not installed: apt-get install openjdk-21-jre-zero");
    mkdirSync(join(folder, "jdk", "bin"), { recursive: true });
    mkdirSync(join(folder, "jdk", "lib", "zero"), { recursive: true });
    writeFileSync(join(folder, "jdk", "lib", "zero", "libjvm.so"), "");
    writeFileSync(join(folder, "jdk", "bin", "java"), "#!/bin/sh\necho 'openjdk version \"25\" 2025-09-16' >&2\n", { mode: 0o755 });
    process.env.PATH = join(folder, "jdk", "bin");
    expect(() => findZero()).toThrow("java -zero: expected that of a JDK of version 17 to 22, which number opcodes alike, got 25");
    process.env.PATH = folder;
    rmSync(join(folder, "java"));
    expect(() => findZero()).toThrow("java is not installed: apt-get install default-jdk-headless openjdk-17-jre-zero");
  } finally {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true, force: true });
  }
});
