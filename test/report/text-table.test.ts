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
