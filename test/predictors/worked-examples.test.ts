// The loops with which the literature explains indirect prediction: mispredictions per iteration once warm, with
// unbounded tables. Words are virtual opcodes, the last jumps back to the first.
import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import btb2bit from "../../dist/predictors/btb-2bit.js";
import twoLevel from "../../dist/predictors/two-level.js";
import { INDIRECT_JUMP } from "../../dist/src/branch.js";
import { type Branches, branchesOf, missesOf, sum } from "./replay.ts";

const ITERATIONS = 60;
const ENTRY = 0x1000;
const SHARED = 0x2000;

type SiteOf = (position: number, opcode: string, bodyOf: (opcode: string) => number) => number;

/** One branch for all. */
const atSharedSite: SiteOf = () => SHARED;
/** The branch at the end of every body. */
const atEndOfBody: SiteOf = (_, opcode, bodyOf) => bodyOf(opcode) + 40;
/** A branch for every instance of an instruction. */
const atInstance: SiteOf = (position) => 0x8000 + 64 * position;

/** The dispatches of a loop: the first from an entry site, unless the site is shared, the others from where the last instruction ended. */
function dispatches(loop: string, siteOf: SiteOf): Branches {
  const words = loop.split(" ");
  const opcodes = [...new Set(words)];
  const bodyOf = (opcode: string): number => 0x4000 + 48 * opcodes.indexOf(opcode);
  const pairs: [number, number][] = [];
  for (let i = 0; i < words.length * ITERATIONS; i++) {
    const before = (i - 1) % words.length;
    const site = i === 0 && siteOf !== atSharedSite ? ENTRY : siteOf(before, words[before], bodyOf);
    const target = siteOf === atInstance ? 0x8000 + 64 * (i % words.length) - 32 : bodyOf(words[i % words.length]);
    pairs.push([site, target]);
  }
  return branchesOf(INDIRECT_JUMP, pairs);
}

/** Misses in the last 12 iterations; an exact multiple of 12 when the loop has settled. */
function late(misses: number[], loop: string): number {
  return sum(misses.slice(-12 * loop.split(" ").length)) / 12;
}

const last = (branches: Branches) => missesOf(btb, { unbounded: true }, branches);
const twice = (branches: Branches) => missesOf(btb2bit, { unbounded: true }, branches);
const path = (targets: number) => (branches: Branches) => missesOf(twoLevel, { targets, unbounded: true }, branches);

const COLUMNS = [
  ["a switch on a BTB", atSharedSite, last],
  ["a switch on a 2-bit BTB", atSharedSite, twice],
  ["direct threading on a BTB", atEndOfBody, last],
  ["direct threading on a 2-bit BTB", atEndOfBody, twice],
  ["a switch on a path of one target", atSharedSite, path(1)],
  ["direct threading on a path of one target", atEndOfBody, path(1)],
  ["a switch on a path of two targets", atSharedSite, path(2)],
  ["direct threading on a path of two targets", atEndOfBody, path(2)],
  ["a switch on a path of four targets", atSharedSite, path(4)],
  ["a site for every instance on a BTB", atInstance, last],
] as const;

const LOOPS: readonly (readonly [loop: string, misses: readonly number[]])[] = [
  ["A B A GOTO", [4, 2, 2, 1, 2, 2, 0, 0, 0, 0]],
  ["A1 B A2 GOTO", [4, 4, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["A B A B A GOTO", [6, 3, 2, 1, 2, 2, 2, 2, 0, 0]],
  ["A1 B A2 B A1 GOTO", [6, 5, 4, 2, 4, 4, 0, 0, 0, 0]],
  ["A BA GOTO", [3, 3, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["iload iload iconst iadd iadd istore goto", [5, 6, 4, 2, 4, 4, 0, 0, 0, 0]],
  ["a b c d e f", [6, 6, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["x x x x x x goto", [2, 1, 2, 1, 2, 2, 2, 2, 2, 0]],
];

describe.each(LOOPS)("the loop %s", (loop, misses) => {
  it.each(COLUMNS.map(([title, siteOf, model], i) => ({ title, siteOf, model, expected: misses[i] })))(
    "is mispredicted $expected times an iteration by $title",
    ({ siteOf, model, expected }) => {
      expect(late(model(dispatches(loop, siteOf)), loop)).toBe(expected);
    },
  );
});

describe("on any trace of opcodes", () => {
  const opcodes = Array.from({ length: 3000 }, (_, i) => (Math.imul(i * i + 7 * i, 0x9e3779b1) >>> 20) % 5);
  const body = (opcode: number): number => 0x4000 + 48 * opcode;
  const shared = branchesOf(
    INDIRECT_JUMP,
    opcodes.map((opcode) => [SHARED, body(opcode)] as const),
  );
  const threaded = branchesOf(
    INDIRECT_JUMP,
    opcodes.map((opcode, i) => [i === 0 ? ENTRY : body(opcodes[i - 1]) + 40, body(opcode)] as const),
  );

  it("a switch on a BTB is mispredicted wherever the opcode is not the one before", () => {
    const changes = opcodes.filter((opcode, i) => opcode !== opcodes[i - 1]).length;
    expect(sum(last(shared))).toBe(changes);
  });

  it("one target of path gives a switch exactly what threading gives a BTB", () => {
    expect(path(1)(shared)).toEqual(last(threaded));
  });

  it.each([1, 2, 3, 5])("with %i targets of path it makes no difference whether the site is shared", (targets) => {
    expect(path(targets)(shared)).toEqual(path(targets)(threaded));
  });
});
