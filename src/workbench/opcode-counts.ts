// How often each opcode of a program executes, and how often each follows each other one.
import type { VirtualRun } from "../trace/run.ts";

export interface OpcodeCount {
  /** One opcode, or an opcode and the one that executes next. */
  readonly opcodes: readonly string[];
  readonly executed: number;
  /** Of all of them. */
  readonly share: number;
}

/** Counts of a run, the most frequent first; ties in alphabetical order. @throws RunError as the run does */
export function countOpcodes({ program, run }: VirtualRun, what: "opcodes" | "pairs"): OpcodeCount[] {
  const counts = new Map<number, number>();
  const most = 1 << 16;
  let last = -1;
  /** Opcodes of each block when it first occurs: instructions may be rewritten later. */
  const blocks: number[][] = [];
  const learn = (id: number): number[] =>
    Array.from({ length: program.blockLength(id) }, (_, i) => program.opcodeAt(program.blockStart(id) + i));
  run((ids, length) => {
    while (blocks.length < program.blockCount) blocks.push(learn(blocks.length));
    for (let i = 0; i < length; i++) {
      for (const opcode of blocks[ids[i]]) {
        if (what === "opcodes") counts.set(opcode, (counts.get(opcode) ?? 0) + 1);
        else if (last >= 0) counts.set(last * most + opcode, (counts.get(last * most + opcode) ?? 0) + 1);
        last = opcode;
      }
    }
  });
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const nameOf = (opcode: number): string => program.opcodes[opcode].name;
  return [...counts]
    .map(([key, executed]) => ({
      opcodes: what === "opcodes" ? [nameOf(key)] : [nameOf(Math.floor(key / most)), nameOf(key % most)],
      executed,
      share: executed / all,
    }))
    .sort((a, b) => b.executed - a.executed || (a.opcodes.join(" ") < b.opcodes.join(" ") ? -1 : 1));
}
