// Instructions that rewrite themselves while the program runs: control must come to what executes, in code as it was laid out
// when a block was first seen, and the lab must count what a walk along that code counts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, JUMP } from "../../dist/src/branch.js";
import { type LayoutContext, NEXT, type Place } from "../../dist/src/dispatch/native-code.js";
import { techniqueDefinition } from "../../dist/src/dispatch/techniques.js";
import { findProgram, readTechniques, type Technique, techniqueIds } from "../../dist/src/index.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import type { Opcode } from "../../dist/src/trace/virtual.js";
import { countAll, execute, loopProfile, temporaryFolder } from "../support.js";
import { type NativeWalk, type Step, startWalk } from "./native-walk.js";
import { tinyProgram } from "./tiny-program.js";

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
const DIRECT = CONDITIONAL | JUMP | CALL;

/** Bytes of native code, and the virtual addresses whose code they are. */
interface Range extends Place {
  readonly addresses: Set<number>;
}

/** Instructions share code as a whole, or stand apart; an instruction's new code may stand where its old code did. */
function checkApart(ranges: readonly Range[]): void {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  sorted.forEach((range, i) => {
    for (let j = i + 1; j < sorted.length && sorted[j].start < range.end; j++) {
      const [some, others] = [range, sorted[j]].map(({ addresses }) => [...addresses].join(" "));
      if (some !== others || some.includes(" ")) throw new Error(`code of the instructions at ${some} overlaps that at ${others}`);
    }
  });
}

/** Walks a run, each block with the code that it got when its id first came, as replays see it. */
function walkRun({ program, run }: VirtualRun, technique: Technique, context: LayoutContext): NativeWalk {
  const code = technique.layout(program, context);
  const { step, walk } = startWalk(code);
  const expanded: Step[][] = [];
  /** What stood at an address when its code was asked for, by address and entry; and entries at which other code stands now. */
  const stood = new Map<string, string>();
  const patched = new Set<number>();
  const ranges = new Map<string, Range>();
  const expand = (id: number): Step[] => {
    const steps = Array.from({ length: program.blockLength(id) }, (_, i): Step => {
      const address = program.blockStart(id) + i;
      const { name } = program.opcodes[program.opcodeAt(address)];
      const leftByHost = program.leftByHost(id) && i === program.blockLength(id) - 1;
      return { address, opcode: name, flow: program.flowAt(address), instruction: code.at(address), leftByHost };
    });
    for (const { address, opcode, instruction, leftByHost } of steps) {
      const place = `${address} ${instruction.entry}`;
      for (const { start, end } of instruction.code) {
        const range = `${start} ${end}`;
        const known = ranges.get(range) ?? { start, end, addresses: new Set() };
        known.addresses.add(address);
        ranges.set(range, known);
      }
      if ((stood.get(place) ?? opcode) !== opcode) patched.add(instruction.entry);
      stood.set(place, opcode);
      // where a decoder sees a direct branch go is looked up then, too, which loads what stands there
      for (const { kind, target, virtualTarget } of leftByHost ? [] : instruction.sites) {
        if (kind & DIRECT && target === NEXT && virtualTarget !== undefined) code.at(virtualTarget);
      }
    }
    return steps;
  };
  run((chunk, count, next) => {
    while (expanded.length < program.blockCount) expanded.push(expand(expanded.length));
    for (const executed of [...chunk.subarray(0, count)].flatMap((id) => expanded[id])) {
      if (patched.has(executed.instruction.entry)) walk.opcodeOf.delete(executed.instruction.entry);
      step(executed);
    }
    chunk[count] = next;
  });
  checkApart([...ranges.values()]);
  return walk;
}

/** Checks a technique on a run that can be started again and again. */
async function check(start: () => VirtualRun, name: string): Promise<void> {
  const trained = start();
  const context = { layoutSeed: 0, profile: loopProfile(trained.program, execute(trained).addresses) };
  const predictor = "btb:unbounded+return-stack:depth=1024";
  const [technique] = await readTechniques(name);
  const walk = walkRun(start(), technique, context);
  const counts = (await countAll(start(), name, predictor, { context })).get(`${technique.name} ${predictor}`);
  expect({
    branches: counts?.byKind.all.branches,
    dispatches: counts?.byKind.dispatch.branches,
    calls: counts?.calls,
    nativeInstructions: counts?.nativeInstructions,
    indirectMisses: counts?.byKind.indirect.mispredictions,
    returnMisses: counts?.byKind.return.mispredictions,
  }).toEqual({
    branches: walk.branches,
    dispatches: walk.dispatches,
    calls: walk.calls,
    nativeInstructions: walk.nativeInstructions,
    indirectMisses: walk.indirectMisses,
    // a return stack holds 1024 entries, the one of the walk any number
    returnMisses: walk.calls === 0 || walk.deepest < 1024 ? walk.returnMisses : expect.any(Number),
  });
}

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
    await check(start, technique);
    // bodies of different lengths that may or may not be copied
    await check(withBodies(start, unlike), technique);
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
        await check(started, technique).catch((error) => failures.push(`${technique}: ${error.message}`));
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
      fc.asyncProperty(lines, async (text) => check(await stream(text), technique)),
      SEEDED,
    );
  });

  it.each(TECHNIQUES)("may do so anywhere under %s, to bodies of any length that may or may not be copied", async (technique) => {
    await fc.assert(
      fc.asyncProperty(lines, async (text) => check(withBodies(await stream(text), unlike), technique)),
      SEEDED,
    );
  });
});
