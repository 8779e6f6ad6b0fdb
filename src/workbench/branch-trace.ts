// Writes a program's branches under a technique as recorded branches, for other simulators and for this one.
//
// The branches of a block depend on whether control falls through, on where its NEXT goes, and, for the instructions up to its
// first branch, on what ran before it: for each of these that occurs there is a run of recorded branches.
import { NONE } from "../branch.ts";
import { type ExpandedBlock, type LoweredBranch, type Lowering, SUCCESSOR } from "../dispatch/lowering.ts";
import { NEXT } from "../dispatch/native-code.ts";
import type { RecordingSink } from "../recordings/recording.ts";
import type { RecordedModule } from "../recordings/symbols.ts";
import type { BlockWatcher } from "../replay/block-watcher.ts";

export interface BranchTrace extends BlockWatcher {
  /** Native instructions so far. */
  instructions(): number;
  /** Branch sites by the owners of their code. @param path name of the program and its technique */
  sites(path: string): RecordedModule;
}

/** One execution of a block. */
interface Step {
  /** The number of its run; 0 if it has no branches. */
  readonly block: number;
  /** Instructions after its last branch; negative if there are more branches than instructions. */
  readonly behind: number;
  readonly instructions: number;
}

/** Fall through, transfer, end of the trace. */
type Way = 0 | 1 | 2;

export function createBranchTrace(lowering: Lowering, sink: RecordingSink): BranchTrace {
  let instructions = 0;
  let behind = 0;
  const branches = new Map<string, number>();
  const steps: Map<number | string, Step>[] = [];
  const ids = new Int32Array(1 << 12);
  let count = 0;

  function hand(): void {
    sink.blocks(ids, count);
    count = 0;
  }
  function branchOf({ site, target, taken, staticTarget }: LoweredBranch, gap: number): number {
    // the static target, if known
    const shown = taken === 0 && staticTarget !== NONE ? staticTarget : target;
    const key = `${site.address} ${site.kind} ${shown} ${taken} ${gap}`;
    const known = branches.get(key);
    if (known !== undefined) return known;
    const number = sink.branch({ pc: site.address, pcHigh: 0, target: shown, targetHigh: 0, kind: site.kind, taken, gap });
    branches.set(key, number);
    return number;
  }
  function runOf(records: readonly LoweredBranch[], gaps: readonly number[]): number {
    const branchNumbers = records.map((record, i) => branchOf(record, gaps[i]));
    return records.length === 0 ? 0 : sink.block(branchNumbers, records.length);
  }
  function stepOf({ start, instructions, transferExtra, interior, tails }: ExpandedBlock, way: Way, next: number): Step {
    const tail = way === 2 ? [] : tails[way];
    const records = [...interior, ...tail].map((record) => (record.target === NEXT ? { ...record, target: next } : record));
    let total = 0;
    const ends = instructions.map(({ nativeInstructions: own }, i) => {
      total += own + (way === 1 && i === instructions.length - 1 ? transferExtra : 0);
      return total;
    });
    // branches of one virtual instruction are its last native instructions
    let last = -behind;
    const gaps = records.map(({ virtualAddress }, i) => {
      const later = records.findIndex((other, at) => at > i && other.virtualAddress !== virtualAddress);
      const place = (ends[virtualAddress - start] ?? total) - ((later < 0 ? records.length : later) - 1 - i);
      const gap = Math.max(1, place - last);
      last += gap;
      return gap;
    });
    return { block: runOf(records, gaps), behind: total - last, instructions: total };
  }
  function execute(id: number, way: Way, next: number): void {
    const block = lowering.block(id);
    steps[id] ??= new Map();
    const known = steps[id];
    const goes = way !== 2 && block.tails[way].some(({ target }) => target === NEXT) ? next : 0;
    const key = behind === 0 && goes >= 0 ? goes * 4 + way : `${goes} ${way} ${behind}`;
    const step = known.get(key) ?? stepOf(block, way, next);
    known.set(key, step);
    behind = step.behind;
    instructions += step.instructions;
    if (step.block === 0) return;
    ids[count++] = step.block;
    if (count === ids.length) hand();
  }
  return {
    enter(first) {
      const { entry } = lowering;
      const target = entry.target === NEXT ? lowering.block(first).entry : entry.target;
      ids[count++] = runOf([{ site: entry, virtualAddress: NONE, pointsTo: SUCCESSOR, target, taken: 1, staticTarget: target }], [1]);
      // its own instruction is not counted here: it is one of those that come next
      behind = -1;
    },
    run(blocks, from, to) {
      for (let i = from; i < to; i++) {
        const next = lowering.block(blocks[i + 1]);
        execute(blocks[i], next.start === lowering.block(blocks[i]).end ? 0 : 1, next.entry);
      }
    },
    finish(block) {
      execute(block, 2, NONE);
      hand();
    },
    reset() {},
    instructions: () => instructions,
    sites(path) {
      const sorted = [...lowering.sites].sort((a, b) => (a.address >>> 0) - (b.address >>> 0));
      const distinct = sorted.filter(({ address }, i) => i === 0 || address !== sorted[i - 1].address);
      const symbols = distinct.map(({ address, owner }) => ({ start: BigInt(address >>> 0), size: 1n, name: owner }));
      const { start } = symbols[0];
      return { path, buildId: "", base: 0n, start, size: symbols[symbols.length - 1].start + 1n - start, symbols };
    },
  };
}
