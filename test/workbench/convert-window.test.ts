// convert --skip and --max: what is written is exactly the branches of the window.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);

function must(...words: string[]): { readonly stdout: string; readonly stderr: string } {
  const { code, stdout, stderr } = bplab(words);
  if (code !== 0) throw new Error(stderr);
  return { stdout, stderr };
}
/** Branches as lines of CSV, without header and comments. */
const branchesIn = (name: string): string[] =>
  readFileSync(at(name), "utf8")
    .trimEnd()
    .split("\n")
    .filter((line) => /^\d/.test(line));
const gapOf = (line: string): number => Number(line.split(",").at(-1));

/** The lines of a window, and their instructions. */
function windowOf(lines: readonly string[], skip: number, max: number): { readonly lines: string[]; readonly instructions: number } {
  const ends = lines.map(
    (
      (sum) => (line) =>
        (sum += gapOf(line))
    )(0),
  );
  const first = lines.findIndex((_, i) => (ends[i - 1] ?? 0) >= skip);
  const begin = ends[first - 1] ?? 0;
  const inside = lines.filter((_, i) => i >= first && (ends[i - 1] ?? 0) - begin < max);
  return { lines: inside, instructions: inside.reduce((sum, line) => sum + gapOf(line), 0) };
}

describe("a window of a recording", () => {
  beforeAll(() => {
    // two recordings of the same branches: read as runs of them, and as packets
    must("trace", "queens", "--technique=direct-threading", "-o", at("all.bpt"), "--max-instructions=20000");
    must("convert", at("all.bpt"), at("all.sbbt"));
    must("convert", at("all.bpt"), at("all.csv"));
  });

  it.each([
    { skip: 0, max: 1 },
    { skip: 1, max: 1 },
    { skip: 0, max: 12345 },
    { skip: 4567, max: 12345 },
    { skip: 50_000, max: 1e9 },
    { skip: 123, max: 4 },
  ])("is the branches after $skip instructions, $max instructions long, from any format", { tags: "slow" }, ({ skip, max }) => {
    const expected = windowOf(branchesIn("all.csv"), skip, max);
    expect(expected.lines.length).toBeGreaterThan(0);
    for (const from of ["all.bpt", "all.sbbt"]) {
      const { stderr } = must("convert", at(from), at("part.csv"), ...(skip > 0 ? [`--skip=${skip}`] : []), `--max=${max}`);
      expect(branchesIn("part.csv")).toEqual(expected.lines);
      if (max < 1e9) expect(stderr).toBe(`${at("part.csv")}: ${expected.instructions.toLocaleString("en-US")} native instructions\n`);
    }
  });

  it.each(["part.bpt", "part.sbbt", "part.bt9", "part.csv.gz"])(
    "holds the same in %s, and its rows are those of the window",
    { tags: "slow" },
    (name) => {
      must("convert", at("all.bpt"), at(name), "--max=30000");
      // columns up to the estimate; those after it name the file
      const rows = (...words: string[]): string[][] =>
        must("simulate", ...words, "--predictor=btb,ittage", "--format=csv")
          .stdout.trimEnd()
          .split("\n")
          .map((line) => line.split(",").slice(3, 11));
      expect(rows(at(name))).toEqual(rows(at("all.bpt"), "--max-instructions=30000"));
    },
  );

  it("follows another without a gap: windows put together are the whole", { tags: "slow" }, () => {
    must("convert", at("all.bpt"), at("first.csv"), "--max=20000");
    must("convert", at("all.bpt"), at("rest.csv"), "--skip=20000");
    expect([...branchesIn("first.csv"), ...branchesIn("rest.csv")]).toEqual(branchesIn("all.csv"));
  });

  it("that holds nothing is refused, and no file is left", { tags: "slow" }, () => {
    const { code, stderr } = bplab(["convert", at("all.bpt"), at("none.csv"), "--skip=1e9"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/all\.bpt: no branch comes after the first 1000000000 of its \d+ instructions\n$/);
    expect(existsSync(at("none.csv"))).toBe(false);
    expect(bplab(["convert", at("all.bpt"), at("none.csv"), "--max=0"]).stderr).toBe("--max must be a whole number above 0, got 0\n");
  });
});
