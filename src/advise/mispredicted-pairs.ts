// Which opcode after which one costs most: mispredicted dispatches by the opcode that dispatches and the one that comes.
import { createLowering } from "../dispatch/lowering.ts";
import type { LayoutContext } from "../dispatch/native-code.ts";
import type { Technique } from "../dispatch/techniques.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { createReplay } from "../replay/replay.ts";
import { watchRun } from "../replay/watch-run.ts";
import type { VirtualRun } from "../trace/run.ts";

export interface OpcodePair {
  readonly opcode: string;
  /** The opcode whose code comes; the first of several, where a technique executes them with one dispatch. */
  readonly next: string;
  readonly mispredictions: number;
}

/**
 * Replays one run through one front end, watched branch by branch: the most mispredicted pairs first.
 * @param brief whether the run is so short that its replay shares the code of others
 */
export async function mispredictedPairs(
  run: VirtualRun,
  technique: Technique,
  frontEnd: FrontEnd,
  { context, brief }: { readonly context: LayoutContext; readonly brief: boolean },
): Promise<OpcodePair[]> {
  const { program } = run;
  const view = technique.view(program);
  const seen = view?.program ?? program;
  const lowering = createLowering(seen, technique.layout(seen, context));
  const nameAt = (address: number): string => seen.opcodes[seen.opcodeAt(address)]?.name ?? "the start";
  /** Mispredicted dispatches by the virtual address that dispatches, then by the native address that comes. */
  const missed = new Map<number, Map<number, number>>();
  const replay = await createReplay(seen, lowering, frontEnd, {
    brief,
    observer: (row, predicted, target) => {
      const { site, virtualAddress } = replay.record(row);
      if (!site.dispatch || predicted === target) return;
      const targets = missed.get(virtualAddress) ?? new Map<number, number>();
      missed.set(virtualAddress, targets);
      targets.set(target, (targets.get(target) ?? 0) + 1);
    },
  });
  watchRun(run, view, replay);
  const failure = replay.failure();
  if (failure !== undefined) throw failure;

  const owners = new Map<number, string>();
  for (let id = 0; id < seen.blockCount; id++)
    for (let i = 0; i < seen.blockLength(id); i++) {
      const address = seen.blockStart(id) + i;
      owners.set(lowering.code.at(address).entry | 0, nameAt(address));
    }
  const pairs = new Map<string, OpcodePair>();
  for (const [address, targets] of missed)
    for (const [target, count] of targets) {
      const [opcode, next] = [nameAt(address), owners.get(target) ?? "elsewhere"];
      const key = JSON.stringify([opcode, next]);
      pairs.set(key, { opcode, next, mispredictions: (pairs.get(key)?.mispredictions ?? 0) + count });
    }
  return [...pairs.values()].sort((a, b) => b.mispredictions - a.mispredictions);
}
