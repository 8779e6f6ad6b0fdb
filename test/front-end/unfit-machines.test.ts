// Machines that cannot serve programs are marked wherever rows on them appear, and refused where an answer rests on them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const LINE = /^zen-2 is unfit for programs: .* Its numbers are those of another front end\.$/;
const folder = temporaryFolder();
const shown = (...flags: string[]) => bplab(["simulate", "queens", "--technique=switch", "--max-instructions=20000", ...flags]);

describe("a machine that is unfit for programs", () => {
  it("is marked in a table, and on the error output of rows without room for a sentence", () => {
    expect(shown("--machine=zen-2").stdout).toContain("zen-2 is unfit for programs: ");
    for (const flag of ["--format=csv", "--format=json", "--wide"]) {
      const { code, stdout, stderr } = shown("--machine=zen-2,haswell", flag);
      expect(code, flag).toBe(0);
      expect(stdout, flag).not.toContain("unfit");
      expect(stderr.trim(), flag).toMatch(LINE);
    }
  });

  it("is not marked where it replays recorded branches, which contain conditionals", () => {
    const { code, stderr } = bplab(["simulate", "test/data/truth/switch-gcc-r.sbbt.gz", "--machine=zen-2", "--format=csv"]);
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("is marked on a page, before the published facts", () => {
    const page = join(folder, "page.html");
    expect(shown("--machine=zen-2,haswell", `--report=${page}`).code).toBe(0);
    const text = readFileSync(page, "utf8");
    expect(text.match(/<strong>[^<]* is unfit for programs: /g)).toEqual(["<strong>zen-2 is unfit for programs: "]);
  });

  it("says of which technique its cycles are not to be believed, beside rows of that technique alone", () => {
    const line = "zen-4, switch: do not believe the cycles of a switch that gcc compiles";
    expect(shown("--machine=zen-4").stdout.replace(/\s+/g, " ")).toContain(line);
    expect(shown("--machine=zen-4", "--format=csv").stderr.trim()).toMatch(new RegExp(`^${line}.*1\\.7 times the estimated cycles.*$`));
    const others = bplab([
      "simulate",
      "queens",
      "--technique=direct-threading,replicated-switch",
      "--max-instructions=20000",
      "--machine=zen-4",
      "--format=csv",
    ]);
    expect([others.code, others.stderr]).toEqual([0, ""]);
    const advised = bplab(["advise", "queens", "--machine=zen-4", "--max-instructions=20000"]);
    expect(advised.stdout.replace(/\s+/g, " ")).toContain(line);
    expect(bplab(["list", "machines", "zen-4"]).stdout.replace(/\s+/g, " ")).toContain("switch: do not believe the cycles");
  });

  it("is refused where verdicts or advice would rest on it", () => {
    for (const command of [
      ["reproduce", "C3", "--machine=zen-2"],
      ["advise", "queens", "--machine=zen-2"],
    ]) {
      const { code, stdout, stderr } = bplab(command);
      expect([code, stdout], command[0]).toEqual([2, ""]);
      expect(stderr, command[0]).toMatch(/machine zen-2: its indirect predictor sees outcomes .*: choose another one/);
    }
  });
});
