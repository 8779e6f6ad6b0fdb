// Walks a run of a program that may rewrite itself along the native code of a technique, each block with the code that it got when its
// id first came, and compares the lab's counts with those of the walk.
import { expect } from "vitest";
import { CALL, CONDITIONAL, JUMP } from "../../dist/src/branch.js";
import { type LayoutContext, NEXT, type Place } from "../../dist/src/dispatch/native-code.js";
import { readTechniques, type Technique } from "../../dist/src/index.js";
import type { Counts } from "../../dist/src/replay/statistics.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import { countAll, execute, loopProfile } from "../support.js";
import { type NativeWalk, type Step, startWalk } from "./native-walk.js";

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

/**
 * Checks a technique on a run that can be started again and again.
 * @returns the lab's counts
 */
export async function checkWalk(start: () => VirtualRun, name: string): Promise<Counts> {
  const trained = start();
  const context = { layoutSeed: 0, profile: loopProfile(trained.program, execute(trained).addresses) };
  const predictor = "btb:unbounded+return-stack:depth=1024";
  const [technique] = await readTechniques(name);
  const walk = walkRun(start(), technique, context);
  const counts = (await countAll(start(), name, predictor, { context })).get(`${technique.name} ${predictor}`);
  if (counts === undefined) throw new Error(`not measured: ${technique.name}`);
  expect({
    branches: counts.byKind.all.branches,
    dispatches: counts.byKind.dispatch.branches,
    calls: counts.calls,
    nativeInstructions: counts.nativeInstructions,
    indirectMisses: counts.byKind.indirect.mispredictions,
    returnMisses: counts.byKind.return.mispredictions,
  }).toEqual({
    branches: walk.branches,
    dispatches: walk.dispatches,
    calls: walk.calls,
    nativeInstructions: walk.nativeInstructions,
    indirectMisses: walk.indirectMisses,
    // a return stack holds 1024 entries, the one of the walk any number
    returnMisses: walk.calls === 0 || walk.deepest < 1024 ? walk.returnMisses : expect.any(Number),
  });
  return counts;
}
