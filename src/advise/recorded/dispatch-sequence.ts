// The dispatches of a recorded interpreter, in order. Where control goes at a dispatch is the body of the next virtual instruction, so
// that the targets are its opcodes; the native instructions up to the next dispatch are those of the body and of all that it calls.
import { INDIRECT, INDIRECT_CALL, INDIRECT_JUMP } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { grown } from "../../files/grown.ts";
import { unsignedOf } from "../../recordings/addresses.ts";
import { busiestConnected, MANY_TARGETS } from "../../recordings/connected-sites.ts";
import type { Recording } from "../../recordings/find-recording.ts";
import { createRecordedRun } from "../../recordings/recorded-run.ts";
import type { RecordingTotals } from "../../recordings/recording.ts";
import { BUSIEST, readSiteSelection } from "../../recordings/site-selection.ts";
import type { SymbolTable } from "../../recordings/symbols.ts";

/** All executions of indirect branches. */
interface IndirectBranches {
  /** The distinct ones: a site and where it went. */
  readonly branches: readonly { readonly site: bigint; readonly target: bigint; readonly kind: number }[];
  /** Indices into `branches`, in order. */
  readonly sequence: Int32Array;
  /** Of each execution: native instructions since the one before, its own included. */
  readonly gaps: Float64Array;
  readonly symbols: SymbolTable;
  readonly totals: RecordingTotals;
}

async function indirectBranchesOf(recording: Recording): Promise<IndirectBranches> {
  const branches: IndirectBranches["branches"][number][] = [];
  /** By number of a recorded branch: index into `branches`, or this; and its native instructions. */
  const NONE = -1;
  const indices: number[] = [];
  const instructions: number[] = [];
  let sequence = new Int32Array(1 << 16);
  let gaps = new Float64Array(1 << 16);
  let length = 0;
  let pending = 0;
  const run = createRecordedRun((ids, count) => {
    for (let i = 0; i < count; i++)
      for (const number of run.blocks.branchesOf(ids[i])) {
        if (indices[number] === undefined) {
          const { pc, pcHigh, target, targetHigh, kind, gap, taken } = run.blocks.branch(number);
          instructions[number] = gap;
          indices[number] =
            (kind & INDIRECT) === 0 || taken === 0
              ? NONE
              : branches.push({ site: unsignedOf(pc, pcHigh), target: unsignedOf(target, targetHigh), kind: kind & INDIRECT }) - 1;
        }
        pending += instructions[number];
        if (indices[number] === NONE) continue;
        sequence = grown(sequence, length + 1);
        gaps = grown(gaps, length + 1);
        sequence[length] = indices[number];
        gaps[length++] = pending;
        pending = 0;
      }
  });
  const totals = await recording.read(run.sink, false);
  run.finish();
  return { branches, sequence: sequence.subarray(0, length), gaps: gaps.subarray(0, length), symbols: run.blocks.symbols, totals };
}

/** Which sites dispatch. @param named by the user, as `--dispatch` takes it */
function dispatchSites(all: IndirectBranches, named: string | undefined, id: string): (branch: number) => boolean {
  if (named !== undefined && named !== BUSIEST) {
    const selection = readSiteSelection("dispatch", named);
    return (branch) => selection.matches(all.branches[branch].site, all.branches[branch].kind, all.symbols);
  }
  const times = new Float64Array(all.branches.length);
  for (const branch of all.sequence) times[branch]++;
  const counted = all.branches.map((branch, i) => ({ ...branch, executed: times[i] }));
  const [jumps, calls] = [INDIRECT_JUMP, INDIRECT_CALL].map((kind) => busiestConnected(counted.filter((branch) => branch.kind === kind)));
  // bodies call through pointers as well: calls dispatch only where they are far more frequent than the jumps that could
  const [group, kind] =
    jumps !== undefined && jumps.executed * 2 >= (calls?.executed ?? 0) ? [jumps, INDIRECT_JUMP] : [calls, INDIRECT_CALL];
  if (group === undefined)
    throw new UsageError(
      `${id}: no indirect branch goes to ${MANY_TARGETS} places or more, so none looks like dispatch; which ones are: --dispatch=FUNCTION or addresses (bplab info ${id})`,
    );
  return (branch) => all.branches[branch].kind === kind && group.sites.has(all.branches[branch].site);
}

/** A place to which dispatches go: the body of an opcode. */
export interface DispatchTarget {
  readonly address: bigint;
  readonly executed: number;
  /** Native instructions from its entry to the next dispatch, that included: the mean over its executions but for the last of all. */
  readonly instructions: number;
  /** The site through which it is mostly left; undefined where nothing follows it. */
  readonly site: bigint | undefined;
  /** All sites through which it is left. */
  readonly sites: number;
}

export interface DispatchSequence {
  readonly targets: readonly DispatchTarget[];
  /** Indices into `targets`, in the order in which they executed. */
  readonly sequence: Int32Array;
  /** The busiest first. */
  readonly sites: readonly bigint[];
  /** Whether dispatches are calls. */
  readonly calls: boolean;
  /** Native instructions of the whole recording, and those from the first dispatch to the last. */
  readonly nativeInstructions: number;
  readonly interpreting: number;
  readonly symbols: SymbolTable;
  readonly totals: RecordingTotals;
}

/**
 * @param named dispatches, as `--dispatch` takes them; default: those that look like it
 * @param most  dispatches that are read, at most
 * @param tableOf addresses of all bodies, where they can be found out from some: whatever goes to one of them is a dispatch, too
 * @throws UsageError where none is found
 */
export async function readDispatchSequence(
  recording: Recording,
  named: string | undefined,
  most: number,
  tableOf?: (found: DispatchSequence) => ReadonlySet<bigint> | undefined,
): Promise<DispatchSequence> {
  const all = await indirectBranchesOf(recording);
  const isDispatch = dispatchSites(all, named, recording.id);
  const found = sequenceOf(all, isDispatch, most);
  if (found.sequence.length === 0)
    throw new UsageError(`${recording.id}: no indirect branch in ${named} executed, so there is no dispatch to advise on`);
  const table = named === undefined ? tableOf?.(found) : undefined;
  if (table === undefined) return found;
  const kind = found.calls ? INDIRECT_CALL : INDIRECT_JUMP;
  return sequenceOf(
    all,
    (branch) => isDispatch(branch) || (all.branches[branch].kind === kind && table.has(all.branches[branch].target)),
    most,
  );
}

/** The dispatches among all indirect branches, the first ones up to a number. */
function sequenceOf(all: IndirectBranches, isDispatch: (branch: number) => boolean, most: number): DispatchSequence {
  const numbers = new Map<bigint, number>();
  const addresses: bigint[] = [];
  /** By branch: the number of its target; -1 where it does not dispatch. */
  const targetOf = all.branches.map(({ target }, branch) => {
    if (!isDispatch(branch)) return -1;
    const number = numbers.get(target) ?? addresses.push(target) - 1;
    numbers.set(target, number);
    return number;
  });
  const executed = new Float64Array(addresses.length);
  const left = new Float64Array(addresses.length);
  const instructions = new Float64Array(addresses.length);
  const exits = addresses.map(() => new Map<bigint, number>());
  const bySite = new Map<bigint, number>();
  const sequence = new Int32Array(Math.min(most, all.sequence.length));
  let length = 0;
  let last = -1;
  let pending = 0;
  let interpreting = 0;
  for (let i = 0; i < all.sequence.length && length < most; i++) {
    pending += all.gaps[i];
    const branch = all.sequence[i];
    const target = targetOf[branch];
    if (target < 0) continue;
    const { site } = all.branches[branch];
    bySite.set(site, (bySite.get(site) ?? 0) + 1);
    if (last >= 0) {
      interpreting += pending;
      instructions[last] += pending;
      left[last]++;
      exits[last].set(site, (exits[last].get(site) ?? 0) + 1);
    }
    pending = 0;
    executed[target]++;
    sequence[length++] = target;
    last = target;
  }
  const dispatching = all.branches.filter((_, branch) => isDispatch(branch));
  return {
    targets: addresses.map((address, i) => ({
      address,
      executed: executed[i],
      instructions: left[i] === 0 ? 1 : instructions[i] / left[i],
      site: [...exits[i]].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0],
      sites: exits[i].size,
    })),
    sequence: sequence.subarray(0, length),
    sites: [...bySite].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([site]) => site),
    calls: dispatching.every(({ kind }) => kind === INDIRECT_CALL),
    nativeInstructions: all.totals.instructions,
    interpreting,
    symbols: all.symbols,
    totals: all.totals,
  };
}
