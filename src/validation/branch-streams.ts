// Two runs of branches, modelled and recorded, that ought to be the same but for addresses: as if one had been renamed into the
// other. Then every predictor that sees no address bits predicts both alike, to the last branch.
import { DIRECT, hexadecimal, kindNames } from "../branch.ts";
import type { Lowering } from "../dispatch/lowering.ts";
import type { RecordedBranch } from "../recordings/recording.ts";
import type { BlockWatcher } from "../replay/block-watcher.ts";
import { createBranchTrace } from "../workbench/branch-trace.ts";
import { addressOf } from "./dispatches.ts";

/** Distinct branches, and which executed, in order: indices into them. */
export interface BranchStream {
  readonly branches: readonly RecordedBranch[];
  readonly sequence: Int32Array;
}

/** What a technique makes of a run, kept: an observer of its lane, and then the branches. */
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
        block: (run) => blocks.push(run) - 1,
        blocks(ids, count) {
          for (let i = 0; i < count; i++) for (const number of blocks[ids[i]]) take(number);
        },
      }),
    stream: () => ({ branches, sequence: sequence.subarray(0, length) }),
  };
}

export interface StreamComparison {
  /** Branches that are the same from the start on. */
  readonly same: number;
  /** Where they first differ, in a sentence; undefined where they do not. */
  readonly difference: string | undefined;
  /** Recorded branches after the end of the modelled ones. */
  readonly after: number;
  /** What a modelled site's address is in the recording. */
  readonly sites: ReadonlyMap<number, number>;
}

const shown = ({ pc, pcHigh, target, targetHigh, kind, taken }: RecordedBranch): string =>
  `${kindNames(kind)} at ${hexadecimal(addressOf(pc, pcHigh))} ${taken ? "" : "not "}to ${hexadecimal(addressOf(target, targetHigh))}`;

/**
 * Whether each modelled branch is a recorded one, one to one in sites and in targets of indirect branches and returns, of the same
 * kind and direction. Where a direct branch goes, its site says.
 */
export function compareStreams(modelled: BranchStream, recorded: BranchStream): StreamComparison {
  /** What a modelled address is in the recording, and the other way around: sites, and places where control arrives. */
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
