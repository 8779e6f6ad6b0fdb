// Every technique in the folder, over real programs: a new file is tested before its author writes a test.
import { describe, expect, it } from "vitest";
import { KINDS } from "../../dist/src/branch.js";
import { createLowering } from "../../dist/src/dispatch/lowering.js";
import { NEXT } from "../../dist/src/dispatch/native-code.js";
import { techniqueDefinition } from "../../dist/src/dispatch/techniques.js";
import { findProgram, readTechniques, techniqueIds } from "../../dist/src/index.js";
import { recordBlocks } from "../support.js";

const PROGRAMS = ["queens", "compiler", "word-count"];

describe.each(techniqueIds())("technique %s", (id) => {
  it("says what it is and where it comes from", async () => {
    const { title, description, source } = await techniqueDefinition(id);
    for (const text of [title, description, source]) expect(text.length).toBeGreaterThan(5);
  });

  it.each(PROGRAMS)("lays out %s so that executed entries spell the executed opcodes again", async (name) => {
    const run = findProgram(name).start("test", 1e7);
    const ids = recordBlocks(run);
    const { program } = run;
    const [technique] = await readTechniques(id);
    const lowering = createLowering(program, technique.layout(program));
    const opcodeOfEntry = new Map<number, number>();
    for (const block of new Set(ids)) {
      for (let address = program.blockStart(block); address < program.blockStart(block) + program.blockLength(block); address++) {
        const { entry } = lowering.code.at(address);
        const known = opcodeOfEntry.get(entry);
        expect(known ?? program.opcodeAt(address)).toBe(program.opcodeAt(address));
        opcodeOfEntry.set(entry, program.opcodeAt(address));
      }
    }
  });

  it.each([1, 8, 64])("with bodies aligned to %i, branches stand inside code, apart from each other, and go to code", async (align) => {
    const run = findProgram("queens").start("test", 1e7);
    const ids = recordBlocks(run);
    const { program } = run;
    const [technique] = await readTechniques(`${id}:align=${align}`);
    const lowering = createLowering(program, technique.layout(program));
    const entries = new Set<number>();
    for (const block of new Set(ids)) {
      const { entry, interior, tails } = lowering.block(block);
      entries.add(entry);
      for (const { site, target, taken } of [...interior, ...tails[0], ...tails[1]]) {
        expect(KINDS.some(([flag]) => flag === site.kind)).toBe(true);
        expect(site.after).toBeGreaterThan(site.address);
        expect(site.after - site.address).toBeLessThanOrEqual(6);
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
    expect(entries.size).toBeGreaterThan(10);
  });
});

describe("layouts", () => {
  /** A straight instruction of a loaded program under a technique. */
  const bodyOf = async (technique: string) => {
    const { program } = findProgram("sieve").start("test", 1e7);
    let address = 0;
    while (program.opcodeAt(address) < 0 || program.flowAt(address) !== "next") address++;
    const [found] = await readTechniques(technique);
    return { opcode: program.opcodes[program.opcodeAt(address)], instruction: found.layout(program).at(address) };
  };

  it("direct threading keeps Gforth's measured work and adds a dispatch of 3 instructions", async () => {
    const { opcode, instruction } = await bodyOf("direct-threading");
    expect(instruction.nativeInstructions).toBe(opcode.nativeInstructions + 3);
    expect(instruction.sites).toHaveLength(1);
    expect(instruction.sites[0].after - instruction.entry).toBe(opcode.bodyBytes + 9);
  });

  it("switch adds the loop's 5 instructions and a jump back, and dispatches from one place", async () => {
    const { opcode, instruction } = await bodyOf("switch");
    expect(instruction.nativeInstructions).toBe(opcode.nativeInstructions + 6);
    expect(instruction.sites.map(({ kind }) => KINDS.find(([flag]) => flag === kind)?.[1])).toEqual(["jump", "indirect-jump"]);
  });

  it("call threading returns, tests, and calls through a pointer", async () => {
    const { instruction } = await bodyOf("call-threading");
    expect(instruction.sites.map(({ kind }) => KINDS.find(([flag]) => flag === kind)?.[1])).toEqual([
      "return",
      "conditional",
      "indirect-call",
    ]);
    const [back, , call] = instruction.sites;
    expect(back.target).toBe(call.after);
  });

  it("subroutine threading returns behind its call, far from the bodies", async () => {
    const { instruction } = await bodyOf("subroutine-threading");
    const [call, back] = instruction.sites;
    expect(call.after).toBe(back.target);
    expect(call.address - back.address).toBeGreaterThan(1 << 20);
  });
});
