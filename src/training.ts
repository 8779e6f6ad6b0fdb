// Training: what programs execute, as techniques need it that choose their bodies by it.

import { endOfBasicBlock } from "./dispatch/load-order.ts";
import type { Profile, ProfiledRun } from "./dispatch/profile.ts";
import { createCensus } from "./statistics.ts";
import type { VirtualRun } from "./trace/run.ts";

/** Runs a program and counts its straight runs within static basic blocks. */
export function profileOf(run: VirtualRun): ProfiledRun[] {
  const { program } = run;
  const census = createCensus(program);
  run.run((ids, count, next) => {
    ids[count] = next;
    census.run(ids, 0, next < 0 ? count - 1 : count);
    if (next < 0) census.finish(ids[count - 1]);
  });
  const counts = new Map<string, { opcodes: string[]; count: number }>();
  census.forEach((block, fell, transferred, ended) => {
    const start = program.blockStart(block);
    const end = start + program.blockLength(block);
    for (let at = start; at < end; ) {
      const runEnd = Math.min(end, endOfBasicBlock(program, at));
      const opcodes = Array.from({ length: runEnd - at }, (_, i) => program.opcodes[program.opcodeAt(at + i)].name);
      const key = opcodes.join(" ");
      const known = counts.get(key) ?? { opcodes, count: 0 };
      known.count += fell + transferred + ended;
      counts.set(key, known);
      at = runEnd;
    }
  });
  return [...counts.values()];
}

/** Several profiles as one: each program counts as much as it executes. */
export function combine(profiles: readonly (readonly [program: string, runs: readonly ProfiledRun[]])[]): Profile {
  const counts = new Map<string, { opcodes: readonly string[]; count: number }>();
  for (const { opcodes, count } of profiles.flatMap(([, runs]) => runs)) {
    const key = opcodes.join(" ");
    const known = counts.get(key) ?? { opcodes, count: 0 };
    known.count += count;
    counts.set(key, known);
  }
  return { programs: profiles.map(([program]) => program), runs: [...counts.values()] };
}
