// Compares two runs of branches, modelled and recorded, which should be the same up to a renaming of addresses. Then every predictor
// that sees no address bits predicts every branch of both alike.
import { DIRECT, hexadecimal, kindNames } from "../branch.ts";
import type { Lowering } from "../dispatch/lowering.ts";
import type { RecordedBranch } from "../recordings/recording.ts";
import type { BlockWatcher } from "../replay/block-watcher.ts";
import { createBranchTrace } from "../workbench/branch-trace.ts";
import { addressOf } from "./dispatches.ts";

/** Distinct branches, and the executed ones in order, as indices into them. */
export interface BranchStream {
  readonly branches: readonly RecordedBranch[];
  readonly sequence: Int32Array;
}

/** Captures a technique's branches of a run: an observer for its lane, then the branches. */
export function captureBranches(): { readonly observer: (lowering: Lowering) => BlockWatcher; stream(): BranchStream } {
  const branches: RecordedBranch[] = [];
  const blocks: (readonly number[])[] = [[]];
  let sequence = new Int32Array(1 << 16);
  let length = 0;
  function take(number: number): void {
    if (length === sequence.length) {
      const longer = new Int32Array(2 * length);
      longer.set(sequence);
      sequence = longer;
    }
    sequence[length++] = number;
  }
  return {
    observer: (lowering) =>
      createBranchTrace(lowering, {
        packets() {
          throw new Error("expected blocks of branches, got packets");
        },
        branch: (branch) => branches.push(branch) - 1,
        block: (run, count) => blocks.push(Array.from({ length: count }, (_, i) => run[i])) - 1,
        blocks(ids, count) {
          for (let i = 0; i < count; i++) for (const number of blocks[ids[i]]) take(number);
        },
      }),
    stream: () => ({ branches, sequence: sequence.subarray(0, length) }),
  };
}

export interface StreamComparison {
  /** Number of equal branches from the start. */
  readonly same: number;
  /** The first difference, in a sentence; undefined if there is none. */
  readonly difference: string | undefined;
  /** Recorded branches after the end of the modelled ones. */
  readonly after: number;
  /** Address of a modelled site → address in the recording. */
  readonly sites: ReadonlyMap<number, number>;
}

const shown = ({ pc, pcHigh, target, targetHigh, kind, taken }: RecordedBranch): string =>
  `${kindNames(kind)} at ${hexadecimal(addressOf(pc, pcHigh))} ${taken ? "" : "not "}to ${hexadecimal(addressOf(target, targetHigh))}`;

/**
 * Whether modelled and recorded branches correspond: sites, and targets of indirect branches and returns, one to one, with the same
 * kinds and directions. A direct branch's target is determined by its site.
 */
export function compareStreams(modelled: BranchStream, recorded: BranchStream): StreamComparison {
  /** Modelled address → recorded address and the reverse, for sites and for targets. */
  const names = {
    site: [new Map<number, number>(), new Map<number, number>()],
    target: [new Map<number, number>(), new Map<number, number>()],
  };
  function agree(what: "site" | "target", a: number, b: number): boolean {
    const [there, back] = names[what];
    if (!there.has(a) && !back.has(b)) {
      there.set(a, b);
      back.set(b, a);
    }
    return there.get(a) === b && back.get(b) === a;
  }
  const [sites] = names.site;
  /** Pairs that are known to agree. */
  const known = modelled.branches.map(() => new Set<number>());
  function differs(m: number, r: number): string | undefined {
    if (known[m].has(r)) return undefined;
    const a = modelled.branches[m];
    const b = recorded.branches[r];
    const why =
      a.kind !== b.kind
        ? "of another kind"
        : a.taken !== b.taken
          ? "in another direction"
          : !agree("site", addressOf(a.pc, a.pcHigh), addressOf(b.pc, b.pcHigh))
            ? "through another site than before"
            : (a.kind & DIRECT) === 0 && !agree("target", addressOf(a.target, a.targetHigh), addressOf(b.target, b.targetHigh))
              ? "to another place than before"
              : undefined;
    if (why === undefined) known[m].add(r);
    return why;
  }
  const { sequence } = modelled;
  for (let i = 0; i < sequence.length; i++) {
    const m = modelled.branches[sequence[i]];
    if (i === recorded.sequence.length)
      return { same: i, difference: `the recording ends after ${i} branches of ${sequence.length}`, after: 0, sites };
    const r = recorded.branches[recorded.sequence[i]];
    const why = differs(sequence[i], recorded.sequence[i]);
    if (why !== undefined)
      return { same: i, difference: `branch ${i + 1} is ${why}: modelled ${shown(m)}, recorded ${shown(r)}`, after: 0, sites };
  }
  return { same: sequence.length, difference: undefined, after: recorded.sequence.length - sequence.length, sites };
}
