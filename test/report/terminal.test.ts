// Tables on a terminal: columns that do not fit, colours, marks, order.
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { terminalOf } from "../../dist/src/cli/terminal.js";
import { checkArrangement, sheetOf } from "../../dist/src/report/tables/arrangement.js";
import { percentText } from "../../dist/src/report/tables/cells.js";
import { toText } from "../../dist/src/report/tables/text-table.js";

const SHEET = {
  title: "A table",
  head: ["program", "technique", "dispatches", "rate"],
  rows: [
    ["queens", "switch", "210,129", "98.7 %"],
    ["", "direct-threading", "210,129", "2.1 %"],
  ],
  left: 2,
  drops: ["dispatches"],
  marks: ["worst", "best"],
} as const;

const widest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));
const terminal = (columns: number, colours = false) => ({ columns, colours, elsewhere: "a wider terminal has them" });

it("a pipe gets all columns, no colours and no marks", () => {
  expect(toText([SHEET])).toBe(
    "A table\n\nprogram  technique         dispatches    rate\nqueens   switch               210,129  98.7 %\n         direct-threading     210,129   2.1 %\n",
  );
});

it("a terminal that is wide enough gets all columns, and signs for the best and the worst row", () => {
  const text = toText([SHEET], terminal(80));
  expect(text).toContain("queens   switch ▽               210,129  98.7 %");
  expect(text).toContain("         direct-threading ★     210,129   2.1 %");
  expect(text).not.toContain("No room");
});

it("a narrow terminal loses the least important columns, which are named below the table", () => {
  const text = toText([SHEET], terminal(40));
  expect(text).toBe(
    "A table\n\nprogram  technique             rate\nqueens   switch ▽            98.7 %\n         direct-threading ★   2.1 %\n\nNo room for dispatches: a wider terminal\nhas them.\n",
  );
});

it("colours the marked rows' names, and nothing that a reader of numbers would have to strip", () => {
  const text = toText([SHEET], terminal(80, true));
  expect(text).toContain("\u001b[31mswitch ▽\u001b[39m");
  expect(text).toContain("\u001b[32mdirect-threading ★\u001b[39m");
  expect(stripVTControlCharacters(text)).toBe(toText([SHEET], terminal(80)));
});

it("breaks long texts at blanks, and long specifications after their punctuation", () => {
  const sheet = {
    head: ["predictor", "what it is"],
    rows: [["btb:sets=1024:ways=4:holds=taken", "a buffer of branch targets with true LRU replacement"]],
    left: 2,
  };
  for (const columns of [40, 50, 60]) expect(widest(toText([sheet], terminal(columns)))).toBeLessThanOrEqual(columns);
  const letters = (text: string): string => [...text.replaceAll(/\s+/g, "")].sort().join("");
  expect(letters(toText([sheet], terminal(40)))).toBe(letters(toText([sheet])));
});

it("shows a wide table as several, each with its names", () => {
  const heads = ["btb", "ittage", "two-level", "perfect"];
  const sheet = {
    title: "Rates",
    head: ["program", ...heads],
    rows: [["queens", "1 %", "2 %", "3 %", "4 %"]],
    left: 1,
    folds: true,
  } as const;
  const text = toText([sheet], terminal(31));
  expect(widest(text)).toBeLessThanOrEqual(31);
  expect(text.match(/^queens/gm)).toHaveLength(2);
  for (const head of heads) expect(text).toContain(head);
});

it.each([
  [{ isTTY: true, columns: 80 }, {}, { columns: 80, colours: true }],
  [{ isTTY: true, columns: 80 }, { NO_COLOR: "1" }, { columns: 80, colours: false }],
  [{ isTTY: true, columns: 80 }, { TERM: "dumb" }, { columns: 80, colours: false }],
  [
    { isTTY: true, columns: 0 },
    { NO_COLOR: "1", FORCE_COLOR: "1" },
    { columns: Number.POSITIVE_INFINITY, colours: true },
  ],
  [{}, { FORCE_COLOR: "1" }, { columns: Number.POSITIVE_INFINITY, colours: true }],
  [{}, { FORCE_COLOR: "0" }, undefined],
  [{}, {}, undefined],
])("a screen %j in the environment %j is %j", (screen, environment, expected) => {
  const found = terminalOf(screen, environment);
  expect(found === undefined ? undefined : { columns: found.columns, colours: found.colours }).toEqual(expected);
});

it("percentages have at least two digits that say something, down to a thousandth", () => {
  expect([98.68, 17.25, 2.14, 1, 0.999, 0.994, 0.34, 0.0999, 0.0123, 0.0004, 0, null].map(percentText)).toEqual([
    "98.7 %",
    "17.3 %",
    "2.1 %",
    "1.0 %",
    "1.0 %",
    "0.99 %",
    "0.34 %",
    "0.10 %",
    "0.012 %",
    "0.000 %",
    "0.0 %",
    "–",
  ]);
});

const lines = {
  title: "t",
  names: [
    ["program", "program"],
    ["technique", "technique"],
  ],
  namesOf: ([program, technique]: readonly [string, string, number | undefined]) => [program, technique],
  lines: [
    ["a", "x", 3],
    ["a", "y", 1],
    ["b", "x", undefined],
    ["b", "y", 2],
  ],
  columns: [
    { id: "misses", head: "Misses", of: ([, , value]) => (value === undefined ? { text: "–" } : { text: `${value}`, value }) },
    { id: "extra", head: "Extra", of: () => ({ text: "e" }), onDemand: true },
  ],
  merit: ([, , value]) => (value === undefined ? undefined : -value),
} as const satisfies Parameters<typeof sheetOf<readonly [string, string, number | undefined]>>[0];

const order = (sort: string | undefined, top?: number): string =>
  sheetOf(lines, { sort, top })
    .rows.map(([program, technique]) => program + technique)
    .join(" ");

it("sorts lines by a column or a name, unknown values last, and names every program again", () => {
  expect(order(undefined)).toBe("ax y bx y");
  expect(order("misses")).toBe("ay by ax bx");
  expect(order("-misses")).toBe("ax by ay bx");
  expect(order("-program")).toBe("bx by ax ay");
});

it("takes the best lines, or the first ones of the order asked for", () => {
  expect(order(undefined, 2)).toBe("ay by");
  expect(order("-misses", 1)).toBe("ax");
});

it("shows the columns asked for, those on demand only then, and marks the best and the worst line of each program", () => {
  expect(sheetOf(lines, {}).head).toEqual(["program", "technique", "Misses"]);
  expect(sheetOf(lines, { columns: ["extra", "misses"] }).head).toEqual(["program", "technique", "Extra", "Misses"]);
  expect(sheetOf(lines, {}).marks).toEqual(["worst", "best", undefined, undefined]);
});

it("refuses a column that there is not", () => {
  expect(() => checkArrangement({ columns: ["miss"] }, ["misses"], ["program"])).toThrow(/unknown column: miss; did you mean misses/);
  expect(() => checkArrangement({ sort: "-mises" }, ["misses"], ["program"])).toThrow(
    /unknown column to sort by: mises; did you mean misses/,
  );
  expect(() => checkArrangement({ sort: "-program", columns: ["misses"] }, ["misses"], ["program"])).not.toThrow();
});

it("breaks long heads of numbers at blanks before it breaks texts, and keeps every number and word whole", () => {
  const sheet = {
    head: ["program", "technique", "targets a dispatch", "given the virtual address"],
    rows: [["queens", "direct-threading", "8.0", "123,456.22"]],
    left: 2,
  };
  expect(toText([sheet], terminal(56))).toBe(
    "program  technique         targets a   given the\n                            dispatch     virtual\n                                         address\nqueens   direct-threading        8.0  123,456.22\n",
  );
  const narrow = toText([sheet], terminal(48));
  expect(widest(narrow)).toBeLessThanOrEqual(48);
  expect(narrow).toContain("queens   direct-threading        8.0  123,456.22");
  expect(toText([sheet], terminal(80))).toBe(toText([sheet]));
});
