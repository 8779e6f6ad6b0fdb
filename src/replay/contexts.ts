// The context problem, measured: the number of targets of a technique's dispatch branches, and the entropy of the target without
// context, given the branch's address, and given the virtual address. Properties of the branches, not of a predictor.
import { CALL } from "../branch.ts";
import type { LoweredBranch, Lowering, NumberedSite } from "../dispatch/lowering.ts";
import { NEXT } from "../dispatch/native-code.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { BlockWatcher } from "./block-watcher.ts";

/** How often a dispatch branch went to one target. */
export interface SiteTarget {
  readonly site: NumberedSite;
  readonly target: number;
  /** The opcode that executes next there. */
  readonly targetOwner: string;
  readonly branches: number;
}

export interface Contexts {
  /** Dispatch branches that executed, by site and target, in order of first execution. */
  readonly pairs: readonly SiteTarget[];
  /** Dispatch sites that executed. */
  readonly sites: number;
  /** Distinct targets of a site, the mean over sites, and over executed dispatches. */
  readonly targetsPerSite: number;
  readonly targetsPerDispatch: number;
  /** Entropy of the target in bits: without context, given the site, given the virtual address of the dispatching instruction. */
  readonly entropy: number;
  readonly entropyGivenSite: number;
  readonly entropyGivenVirtualAddress: number;
}

export interface ContextCensus extends BlockWatcher {
  contexts(): Contexts;
}

/** Blocks have smaller ids, so that two of them fit in one safe integer. */
const PAIR = 2 ** 26;
const NOTHING = PAIR - 1;

/** Counts of targets under some condition. */
type Histogram = Map<number, number>;

function count(histograms: Map<number, Histogram>, condition: number, target: number, times: number): void {
  const histogram = histograms.get(condition) ?? new Map<number, number>();
  histograms.set(condition, histogram);
  histogram.set(target, (histogram.get(target) ?? 0) + times);
}

const total = (histogram: Histogram): number => [...histogram.values()].reduce((sum, times) => sum + times, 0);

/** Conditional entropy in bits: the mean over everything counted. */
function entropyOf(histograms: Map<number, Histogram>): number {
  let bits = 0;
  let all = 0;
  for (const histogram of histograms.values()) {
    const sum = total(histogram);
    all += sum;
    for (const times of histogram.values()) bits -= times * Math.log2(times / sum);
  }
  return all === 0 ? 0 : bits / all;
}

/** Counts pairs of successive blocks, from which the branches between them follow. */
export function createContextCensus(program: VirtualProgram, lowering: Lowering): ContextCensus {
  const followed = new Map<number, number>();
  const add = (block: number, next: number): void => {
    const pair = block * PAIR + next;
    followed.set(pair, (followed.get(pair) ?? 0) + 1);
  };
  return {
    run(ids, from, to) {
      for (let i = from; i < to; i++) add(ids[i], ids[i + 1]);
    },
    enter: (block) => add(NOTHING, block),
    finish: (block) => add(block, NOTHING),
    reset: () => followed.clear(),
    contexts() {
      const bySite = new Map<number, Histogram>();
      const byVirtualAddress = new Map<number, Histogram>();
      const overall = new Map<number, Histogram>();
      const { entry } = lowering;
      const owners = new Map<number, string>();
      const nameOf = (address: number): string => program.opcodes[program.opcodeAt(address)]?.name ?? "";
      const record = (site: NumberedSite, virtualAddress: number, target: number, executed: number, times: number): void => {
        if (!site.dispatch) return;
        if (!owners.has(target)) owners.set(target, nameOf(executed));
        count(bySite, site.id, target, times);
        count(byVirtualAddress, virtualAddress, target, times);
        count(overall, 0, target, times);
      };
      for (const [pair, times] of followed) {
        const [block, next] = [Math.floor(pair / PAIR), pair % PAIR];
        const following = next === NOTHING ? undefined : lowering.block(next);
        if (block === NOTHING) {
          record(entry, -1, entry.target === NEXT ? (following?.entry ?? NEXT) : entry.target, following?.start ?? -1, times);
          continue;
        }
        const { interior, tails, end } = lowering.block(block);
        const tail: readonly LoweredBranch[] = following === undefined ? [] : tails[program.blockStart(next) !== end ? 1 : 0];
        for (const { site, virtualAddress, target } of [...interior, ...tail]) {
          // a direct call leads to the body of the instruction that makes it; all others to the next one
          const executed = site.kind === CALL ? virtualAddress : virtualAddress === end - 1 ? (following?.start ?? -1) : virtualAddress + 1;
          record(site, virtualAddress, target === NEXT ? (following?.entry ?? NEXT) : target, executed, times);
        }
      }
      const histograms = [...bySite.values()];
      const dispatches = histograms.reduce((sum, histogram) => sum + total(histogram), 0);
      return {
        pairs: [...bySite].flatMap(([id, histogram]) =>
          [...histogram].map(([target, branches]) => ({
            site: lowering.sites[id],
            target,
            targetOwner: owners.get(target) ?? "",
            branches,
          })),
        ),
        sites: histograms.length,
        targetsPerSite: histograms.reduce((sum, { size }) => sum + size, 0) / Math.max(1, histograms.length),
        targetsPerDispatch: histograms.reduce((sum, histogram) => sum + histogram.size * total(histogram), 0) / Math.max(1, dispatches),
        entropy: entropyOf(overall),
        entropyGivenSite: entropyOf(bySite),
        entropyGivenVirtualAddress: entropyOf(byVirtualAddress),
      };
    },
  };
}
