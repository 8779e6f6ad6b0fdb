// Every technique in the folder, over real programs: a new file is tested before its author writes a test.
import { describe, expect, it } from "vitest";
import { KINDS } from "../../dist/src/branch.js";
import { createLowering } from "../../dist/src/dispatch/lowering.js";
import { NEXT, type Piece } from "../../dist/src/dispatch/native-code.js";
import { techniqueDefinition } from "../../dist/src/dispatch/techniques.js";
import { findProgram, readTechniques, techniqueIds } from "../../dist/src/index.js";
import { execute, loopProfile, recordBlocks } from "../support.js";
import { type NativeWalk, walkNative } from "./native-walk.js";
import { seenBy } from "./views.js";

/** A program with exceptions, one with EXECUTE and strings, one of another guest. */
const PROGRAMS = ["queens", "word-count", "unpredictable"];
/** Techniques with the parameters that change their shape. */
const VARIANTS = [
  ...techniqueIds(),
  "switch:range-check:counted:conditional=branch",
  "switch:sentinel",
  "direct-threading:merge=all",
  "direct-threading:conditional=branch",
  "direct-threading:conditional=two-exits",
  "token-threading:merge=gforth-fast-0.7.3",
  "replicated-switch:tables=private:range-check",
  "unrolled-switch:copies=3",
  "subroutine-threading:leave=body",
  "subroutine-threading:tiny=24:branches",
  "subroutine-threading:leave=body:tiny=24:branches",
  "context-threading:tiny=0",
  "context-threading:relocatable=all:tiny=256",
  "dynamic-replication:relocatable=all",
  "dynamic-both:relocatable=all",
  "across-basic-blocks:relocatable=all",
  "static-superinstructions:parse=optimal:longest=8",
  "static-both:assign=random:seed=7",
];

async function executed(name: string) {
  const run = (await findProgram(name)).start("test", 1e7);
  const { addresses } = execute(run);
  return { program: run.program, addresses, profile: loopProfile(run.program, addresses) };
}
/** Each program executes once for all techniques. */
const executions = new Map<string, ReturnType<typeof executed>>();

async function walkOf(spec: string, name: string, layoutSeed = 0): Promise<{ walk: NativeWalk; pieces: readonly Piece[] }> {
  const known = executions.get(name) ?? executed(name);
  executions.set(name, known);
  const { program, addresses, profile } = await known;
  const [technique] = await readTechniques(spec);
  const seen = seenBy(technique, program, addresses);
  const code = technique.layout(seen.program, { layoutSeed, profile });
  const walk = walkNative(seen.program, code, seen.addresses, seen.epilogue);
  return { walk, pieces: code.pieces() };
}

describe.each(techniqueIds())("technique %s", (id) => {
  it("says what it is and where it comes from", async () => {
    const { title, description, source } = await techniqueDefinition(id);
    for (const text of [title, description, source]) expect(text.length).toBeGreaterThan(5);
  });
});

describe.each(techniqueIds())("technique %s", (spec) => {
  it.each([1, 8, 64])("stands with bodies at multiples of %i, sites apart from each other", { tags: "slow" }, async (align) => {
    const run = (await findProgram("queens")).start("test", 1e7);
    const ids = recordBlocks(run);
    const [technique] = await readTechniques(`${spec}:align=${align}`);
    const view = technique.view(run.program);
    const program = view?.program ?? run.program;
    const lowering = createLowering(program, technique.layout(program));
    const seen = new Set(view === undefined ? ids : view.translate(Int32Array.from(ids), 0, ids.length - 1));
    for (const block of seen) {
      const { interior, tails } = lowering.block(block);
      for (const { site, target, taken } of [...interior, ...tails[0], ...tails[1]]) {
        expect(KINDS.some(([flag]) => flag === site.kind)).toBe(true);
        expect(site.after).toBeGreaterThan(site.address);
        expect(site.after - site.address).toBeLessThanOrEqual(7);
        if (target !== NEXT) expect(target).toBeGreaterThan(0x400000);
        if (taken === 0) expect(target).toBe(site.after);
      }
      // NEXT can be reached by one branch only
      for (const tail of tails) expect(tail.filter(({ target }) => target === NEXT).length).toBeLessThanOrEqual(1);
      for (const record of interior) expect(record.target).not.toBe(NEXT);
    }
    const sorted = [...lowering.sites].sort((a, b) => a.address - b.address);
    sorted.forEach((site, i) => {
      if (i > 0) expect(site.address).toBeGreaterThanOrEqual(sorted[i - 1].after);
    });
    const bodies = lowering.code.pieces().filter(({ kind }) => kind === "body");
    for (const { start } of bodies) expect(start % align).toBe(0);
  });
});

describe.each(VARIANTS)("technique %s", (spec) => {
  it.each(PROGRAMS)("executes %s: control comes to every instruction, in code that belongs to it", { tags: "slow" }, async (name) => {
    const { walk, pieces } = await walkOf(spec, name);
    const sorted = [...pieces].sort((a, b) => a.start - b.start);
    sorted.forEach((piece, i) => {
      expect(piece.end).toBeGreaterThan(piece.start);
      if (i > 0) expect(piece.start).toBeGreaterThanOrEqual(sorted[i - 1].end);
    });
    const code = sorted.filter(({ kind }) => kind !== "table");
    /** Whether every byte from start to end belongs to a piece. */
    const covered = (start: number, end: number): boolean => {
      let at = start;
      for (const piece of code) if (piece.start <= at && at < piece.end) at = piece.end;
      return at >= end;
    };
    for (const { address, after, owner } of walk.sites.values()) expect(covered(address, after), `a branch of ${owner}`).toBe(true);
    // what executes is shared as a whole, or apart
    const ranges = [...walk.ranges.values()].sort((a, b) => a.start - b.start || a.end - b.end);
    ranges.forEach(({ start, end }, i) => {
      expect(covered(start, end)).toBe(true);
      if (i > 0) expect(start).toBeGreaterThanOrEqual(ranges[i - 1].end);
    });
    expect(walk.opcodeOf.size).toBeGreaterThan(5);
    const tables = sorted.filter(({ kind }) => kind === "table");
    for (const { table } of walk.sites.values()) {
      if (table !== undefined) expect(tables.some(({ start }) => start === table)).toBe(true);
    }
  });

  it("moves and pads its bodies by a layout seed, and branches as often", { tags: "slow" }, async () => {
    const [plain, moved] = [await walkOf(spec, "sieve"), await walkOf(spec, "sieve", 5)];
    const bodies = (pieces: readonly Piece[]): number[] => pieces.filter(({ kind }) => kind === "body").map(({ start }) => start);
    expect(bodies(moved.pieces)).not.toEqual(bodies(plain.pieces));
    expect(moved.walk.branches).toBe(plain.walk.branches);
    const bytes = (pieces: readonly Piece[]): number => pieces.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(bytes(moved.pieces)).toBe(bytes(plain.pieces));
  });
});
