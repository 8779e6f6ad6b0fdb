// advise on a recorded Gforth: its primitives have the names that the Forth itself gives them.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const tools = [
  ["gforth", "--version"],
  ["qemu-x86_64", "--version"],
  ["gcc", "--version"],
] as const;
const installed = tools.every(([tool, ...args]) => spawnSync(tool, args).status === 0);

describe.skipIf(!installed)("advise on gforth (where gforth and qemu are)", () => {
  it("speaks of primitives by name", () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "work.fs"), ": work 0 2000 0 do i 7 mod + i 3 * xor loop ;\nwork drop bye\n");
    const args = ["advise", "--machine=zen-4", "--technique=switch", "--format=json", "--", "gforth", "work.fs"];
    const { code, stdout } = bplab(args, { cwd });
    expect(code).toBe(0);
    const { recorded } = JSON.parse(stdout);
    // where Gforth copies its bodies into generated code, no table leads to what was dispatched to
    if (recorded.tableBodies === null || recorded.tableBodies === undefined) return;
    expect(recorded.known).toBe("Gforth");
    const executed = new Map<string, number>(recorded.opcodes.map((one: { name: string; executed: number }) => [one.name, one.executed]));
    // once in each of the 2000 turns, which the start of the Forth itself does not reach
    for (const word of ["xor", "(loop)", "mod"])
      expect([word, executed.get(word) ?? 0]).toEqual([word, expect.toSatisfy((n) => n >= 2000)]);
    for (const word of ["lit", "call", ";s", "?branch"]) expect(executed.has(word)).toBe(true);
  });
});
