// The installed Zero, HotSpot's interpreter in C++: recordings of it beside the guest's model of the same program, with the opcodes that
// both rewrite while it runs.
// @module-tag slow
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jdkVersion } from "../../dist/src/guests/java/jdk.js";
import { type Validation, validate } from "../../dist/src/validation/validate.js";
import { findZero } from "../../dist/src/validation/zero.js";

const SOURCE = `public class Pairs {
  int count; long sum; Object self = this; volatile int seen; final char[] text = "the quick brown fox".toCharArray();
  static int calls;
  final int once(int i) { calls++; return i + 1; }
  int letters() { int n = 0; int step = 1; int from = 0; for (int i = from; i < text.length; i += step) { int at = i; n += text[at]; } return n; }
  void round(int i) {
    count += i; sum += count; seen = seen + once(i);
    if (self == null) throw new IllegalStateException("none");
    try { if (i % 7 == 0) throw new IllegalArgumentException("seven"); } catch (IllegalArgumentException e) { count--; }
  }
  public static void main(String[] args) {
    Pairs pairs = new Pairs();
    int letters = 0;
    for (int i = 0; i < 300; i++) { pairs.round(i); letters += pairs.letters(); }
    System.out.println(pairs.count + " " + pairs.sum + " " + pairs.seen + " " + letters + " " + calls);
  }
}`;

function missing(): string | undefined {
  if (jdkVersion() === undefined) return "needs default-jdk-headless";
  for (const command of ["qemu-x86_64", "objdump", "gcc"]) if (spawnSync(command, ["--version"]).status !== 0) return `needs ${command}`;
  try {
    findZero();
    return undefined;
  } catch {
    return "needs openjdk-17-jre-zero";
  }
}

interface Sites {
  readonly sites: readonly string[];
  readonly body: string;
}
/** Sites and bodies by opcode, the site that is mostly used first. */
function readMap(text: string): Map<string, Sites> {
  const [head, ...rows] = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const columns = head.split(",");
  return new Map(
    rows.map((row) => {
      const cells = row.split(",");
      return [
        cells[0],
        { sites: [cells[1], ...(cells[columns.indexOf("other_sites")] ?? "").split(" ")], body: cells[columns.indexOf("body_address")] },
      ];
    }),
  );
}

const lacks = missing();

describe.skipIf(lacks !== undefined)(`Zero${lacks === undefined ? "" : ` (skipped: ${lacks})`}`, { timeout: 300_000 }, () => {
  let folder: string;
  let validation: Validation;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bplab-zero-test-"));
    writeFileSync(join(folder, "Pairs.java"), SOURCE);
    // texts joined without invokedynamic, which executes a million instructions when it does so first
    execFileSync("javac", ["-nowarn", "-XDstringConcat=inline", "-d", folder, join(folder, "Pairs.java")], { stdio: "pipe" });
    const predictor = "btb:unbounded,two-level:targets=8:unbounded";
    validation = await validate({ inputs: [join(folder, "Pairs.class")], technique: "none", predictor });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("dispatches what the model does, but for what other classes of the agent had done before main", () => {
    expect(validation.skipped).toEqual([]);
    const [note, ...others] = validation.notes;
    expect(others).toEqual([]);
    const [, matched, recorded = "0", modelled = "0"] =
      /main thread alone; (?:all )?([\d,]+) dispatches are the same(?:; in [\d,]+ places? the recording has ([\d,]+) others and the model ([\d,]+))?/.exec(
        note,
      ) ?? [];
    const [same, more, less] = [matched, recorded, modelled].map((text) => Number(text.replaceAll(",", "")));
    expect(same).toBeGreaterThan(100_000);
    // tables of class loaders that grow at another moment, classes that are loaded in another order
    expect(more).toBeLessThan(0.1 * same);
    expect(less).toBeLessThan(0.1 * same);
    const [row] = validation.rows;
    expect(row.virtualInstructions).toBe(same + less);
    expect(row.dispatches).toBe(same + more);
  });

  it("enters each opcode's body at one address, pairs and other rewritten opcodes included, and predicts as the model does", () => {
    for (const row of validation.rows) {
      expect(row.splitEntries).toEqual([]);
      expect(Math.abs(row.ownMisses - row.recordedMisses) / row.dispatches).toBeLessThan(0.02);
    }
    const map = readMap(validation.binaries[0].map);
    for (const name of [
      "fast_iaccess_0",
      "fast_aaccess_0",
      "fast_iload2",
      "fast_icaload",
      "fast_lputfield",
      "fast_invokevfinal",
      "getfield",
      "athrow",
    ])
      expect([...map.keys()]).toContain(name);
  });

  it("is measured as native-code/ has it, if it is the same build", async ({ skip }) => {
    const { measureZero } = await import("../../dist/scripts/measure-zero.js");
    const { bodies, sites } = measureZero();
    const ours = (file: string): string => readFileSync(new URL(`../../native-code/${file}`, import.meta.url), "utf8");
    const sha256 = /SHA-256 [0-9a-f]{64}/;
    skip(sha256.exec(bodies)?.[0] !== sha256.exec(ours("zero-17-gcc12.csv"))?.[0], "another build than the one that was measured");
    expect(bodies).toBe(ours("zero-17-gcc12.csv"));
    expect(sites).toBe(ours("zero-17-gcc12.sites.csv"));
  });

  it("leaves its bodies through the sites that its disassembly has", ({ skip }) => {
    const text = readFileSync(new URL("../../native-code/zero-17-gcc12.sites.csv", import.meta.url), "utf8");
    const sha256 = createHash("sha256").update(readFileSync(findZero().library)).digest("hex");
    if (!text.includes(sha256)) skip("another build of Zero is installed");
    const inFile = readMap(text);
    for (const [name, { sites, body }] of readMap(validation.binaries[0].map)) {
      expect([name, inFile.get(name)?.body]).toEqual([name, body]);
      expect([name, inFile.get(name)?.sites.includes(sites[0])]).toEqual([name, true]);
    }
  });
});
