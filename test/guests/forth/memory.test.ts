import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaves, session } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "bplab-forth-memory-"));
const path = join(folder, "memory.fs");
writeFileSync(path, ": t 100000000 allocate nip . unused 1024 / . ; t");
const bplab = (...words: readonly string[]) => spawnSync(process.execPath, ["dist/src/bin.js", ...words], { encoding: "utf8" });

describe("memory of a Forth program", () => {
  it("is 64 MiB, or what --memory says, before the file or after it", { tags: "slow" }, () => {
    const run = (...words: readonly string[]): string =>
      execFileSync(process.execPath, ["dist/src/bin.js", "run", ...words], { encoding: "utf8" });
    expect(run(path)).toMatch(/^-59 316\d\d /);
    expect(run("--memory=256M", path)).toMatch(/^0 1299\d\d /);
    expect(run(path, "--memory=4M")).toMatch(/^-59 9\d\d /);
  });

  it("is refused where it is no size, and for programs that have none", { tags: "slow" }, () => {
    expect(bplab("run", path, "--memory=5M")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/expected a multiple of 4M.*got 5M/),
    });
    expect(bplab("simulate", "nested-loop", "--memory=8M")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/no option --memory/),
    });
  });

  it("belongs to the program's name in rows", () => {
    const { stdout } = bplab("simulate", path, "--memory=256M", "--technique=switch", "--format=csv");
    expect(stdout.split("\n")[1]).toMatch(/memory\.fs --memory=256M,test,switch/);
  });
});

describe("a literal that its cells do not hold", () => {
  it("is an error, not cut", () => {
    expect(leaves("4294967295 -2147483648 $ffffffff 18446744073709551615.")).toEqual([-1, -2147483648, -1, -1, -1]);
    expect(session("4294967296").error).toMatch(/4294967296 does not fit a cell of 32 bits/);
    expect(session(": t -2147483649 ;").error).toMatch(/does not fit a cell/);
    expect(session("18446744073709551616.").error).toMatch(/does not fit two cells/);
  });
});
