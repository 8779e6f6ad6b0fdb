// Instructions that rewrite themselves while the program runs: control must come to what executes, in code as it was laid out
// when a block was first seen, and the lab must count what a walk along that code counts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { techniqueDefinition } from "../../dist/src/dispatch/techniques.js";
import { findProgram, readTechniques, techniqueIds } from "../../dist/src/index.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import type { Opcode } from "../../dist/src/trace/virtual.js";
import { temporaryFolder } from "../support.js";
import { tinyProgram } from "./tiny-program.js";
import { checkWalk } from "./walk-run.js";

const definitions = await Promise.all(techniqueIds().map(async (id) => ({ id, definition: await techniqueDefinition(id) })));
/** A view renames addresses: the walk does not know them. */
const TECHNIQUES = [
  ...definitions.filter(({ definition }) => definition.view === undefined).map(({ id }) => id),
  "subroutine-threading:leave=body",
  "subroutine-threading:tiny=32:branches",
  "context-threading:tiny=0",
  "dynamic-both:relocatable=all",
  "across-basic-blocks:relocatable=all",
  "static-superinstructions:parse=optimal",
  "static-across-basic-blocks:relocatable=all",
];
const folder = temporaryFolder();
/** Runs of a stream, each line "address,opcode". */
async function stream(lines: readonly string[]): Promise<() => VirtualRun> {
  const path = join(folder, "stream.opcodes");
  writeFileSync(path, `address,opcode\n${lines.join("\n")}\n`);
  const program = await findProgram(path);
  return () => program.start("test", 1e7);
}
/** The same with bodies of different lengths, some of which may not be copied. */
function withBodies(start: () => VirtualRun, bodyOf: (opcode: Opcode, index: number) => Partial<Opcode>): () => VirtualRun {
  return () => {
    const run = start();
    const opcodes = run.program.opcodes.map((opcode, i) => ({ ...opcode, ...bodyOf(opcode, i) }));
    return { program: Object.create(run.program, { opcodes: { value: opcodes } }), run: (sink) => run.run(sink) };
  };
}
const unlike = (_: Opcode, index: number): Partial<Opcode> => ({ bodyBytes: 3 + 9 * (index % 4), relocatable: index % 3 !== 1 });
/** Room is left for what may not be copied. */
const quickening = (opcode: Opcode, index: number): Partial<Opcode> => {
  const body = unlike(opcode, index);
  return body.relocatable ? body : { ...body, quickens: true };
};

/** Walks over a few addresses that execute one of a few opcodes, some of which another one replaces, now or when it next runs. */
const lines = fc
  .tuple(
    fc.array(fc.nat(4), { minLength: 3, maxLength: 9 }),
    fc.array(fc.record({ jump: fc.nat(30), rewrite: fc.nat(40), again: fc.boolean() }), { minLength: 5, maxLength: 60 }),
  )
  .map(([loaded, steps]) => {
    const standing = [...loaded];
    const text: string[] = [];
    let at = 0;
    for (const { jump, rewrite, again } of steps) {
      if (rewrite < 5) {
        if (again) text.push(`${at},op${standing[at]}`);
        standing[at] = rewrite;
      }
      text.push(`${at},op${standing[at]}`);
      at = jump < standing.length ? jump : (at + 1) % standing.length;
    }
    return text;
  });
const SEEDED = { seed: 20261120, numRuns: 12 };

describe("a program that rewrites itself", () => {
  it.each(TECHNIQUES)("is executed as it stands, and counted so, under %s", { tags: "slow" }, async (technique) => {
    const program = await findProgram("quickening");
    const start = () => program.start("test", 1e7);
    await checkWalk(start, technique);
    // bodies of different lengths that may or may not be copied
    await checkWalk(withBodies(start, unlike), technique);
  });

  it.each([
    // loaded as A B, which becomes A A
    ["A B C A A A A", [0, 1, 2, 0, 1, 0, 1]],
    // longer than what it replaces, before what follows is loaded
    ["B A A A A A", [0, 1, 0, 0, 1, 2]],
    ["A A B C A A A A", [0, 0, 0, 0, 1, 0, 0, 1]],
    // what could not be copied and what could take turns
    ["B A A B A A", [0, 0, 0, 0, 0, 0]],
    ["A A A B A A", [0, 0, 0, 1, 0, 1]],
    // B, which may not be copied, becomes C, which may; then what stands in front of it is rewritten
    ["A B C A C C C C C", [0, 1, 2, 0, 1, 2, 0, 1, 2]],
  ])("is executed as it stands by every technique: %s at %j", { tags: "slow" }, async (names, addresses) => {
    const text = names.split(" ").map((name, i) => `${addresses[i]},${name}`);
    const failures: string[] = [];
    for (const technique of TECHNIQUES) {
      const start = await stream(text);
      for (const started of [start, withBodies(start, unlike)]) {
        await checkWalk(started, technique).catch((error) => failures.push(`${technique}: ${error.message}`));
      }
    }
    expect(failures).toEqual([]);
  });

  it.each(["static-superinstructions", "dynamic-both", "dynamic-superinstructions", "selective-inlining"])(
    "has its whole basic block combined anew under %s, wherever the new block is asked for first",
    async (name) => {
      const profile = { programs: [], runs: [{ opcodes: ["A", "C"], count: 1 }] };
      const context = { layoutSeed: 0, profile };
      const [technique] = await readTechniques(name);
      const program = tinyProgram(["A", "B", "JZ 0", "C"]);
      let rewritten = false;
      const code = technique.layout(
        {
          ...program,
          opcodeAt: (address) => program.opcodeAt(rewritten && address === 1 ? 3 : address),
          // blocks that hold a rewritten instruction get new ids
          get blockCount() {
            return rewritten ? 2 : 1;
          },
        },
        context,
      );
      const before = [0, 1, 2].map((address) => code.at(address));
      rewritten = true;
      const after = [0, 1, 2].map((address) => code.at(address));
      // A C is one piece of code: control runs from the one into the other
      expect(after[0].sites).toEqual([]);
      expect(after[1].entry).toBe(after[0].code[0].end);
      expect(after[0].entry).not.toBe(before[0].entry);
      // and what is as it was is not laid out once more
      expect([0, 1, 2].map((address) => code.at(address).entry)).toEqual(after.map(({ entry }) => entry));
    },
  );

  it.each(TECHNIQUES)("may do so anywhere under %s", async (technique) => {
    await fc.assert(
      fc.asyncProperty(lines, async (text) => void (await checkWalk(await stream(text), technique))),
      SEEDED,
    );
  });

  it.each(TECHNIQUES)("may do so anywhere under %s, to bodies of any length that may or may not be copied", async (technique) => {
    await fc.assert(
      fc.asyncProperty(lines, async (text) => void (await checkWalk(withBodies(await stream(text), unlike), technique))),
      SEEDED,
    );
  });

  it.each(TECHNIQUES.filter((name) => name.includes("across")))("may do so anywhere under %s, which leaves room", async (technique) => {
    await fc.assert(
      fc.asyncProperty(lines, async (text) => void (await checkWalk(withBodies(await stream(text), quickening), technique))),
      SEEDED,
    );
  });
});
