import { describe, expect, it } from "vitest";
import { textTable } from "../../dist/src/report/tables/text-table.js";

describe("a table of text", () => {
  it("aligns its first columns left, the others right, two blanks apart, without blanks at the ends of lines", () => {
    const table = textTable(
      ["program", "rate", "note"],
      [
        ["queens", "97.8 %", ""],
        ["lz", "1 %", "a"],
      ],
      1,
    );
    expect(table).toBe(["program    rate  note", "queens   97.8 %", "lz          1 %     a"].join("\n"));
  });

  it("gives a cell of several lines as many lines", () => {
    expect(textTable(["a", "b"], [["one\ntwo", "1"]], 1)).toBe(["a    b", "one  1", "two"].join("\n"));
  });

  it("has the same columns in all of many rows", () => {
    const rows = Array.from({ length: 2500 }, (_, row) => [`site ${row}`, `${row ** 2}`]);
    rows[1234][0] = "a site with a long name";
    const lines = textTable(["site", "branches"], rows, 1).split("\n");
    expect(lines).toEqual([
      "site                     branches",
      ...rows.map(([site, branches]) => `${site.padEnd("a site with a long name".length)}  ${branches.padStart("branches".length)}`),
    ]);
  });

  it("may have more rows than a call takes arguments", { tags: "slow" }, () => {
    const lines = textTable(["a"], Array(126_000).fill(["1"]), 1).split("\n");
    expect(lines).toHaveLength(126_001);
    expect([lines[0], lines[126_000]]).toEqual(["a", "1"]);
  });

  it("knows that some characters are two columns wide, and that colours are none", () => {
    const table = textTable(
      ["a", "b"],
      [
        ["日本", "1"],
        ["\u001b[1mbold\u001b[22m", "2"],
        ["0.7–0.9", "3"],
      ],
      1,
    );
    expect(table).toBe(["a        b", "日本     1", "\u001b[1mbold\u001b[22m     2", "0.7–0.9  3"].join("\n"));
  });
});
