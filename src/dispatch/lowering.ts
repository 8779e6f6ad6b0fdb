// Turns any layout and any trace into native branches: expands each virtual block once into flat typed arrays, in two
// variants, because what follows a block decides which branches of its last instruction execute:
//
//   variant 2b      the next block is the one directly after b: control fell through
//   variant 2b + 1  control was transferred
//
// A variant is a range of records, one a branch. One of them may go to NEXT: its target is filled in for each execution.
import { CONDITIONAL, DIRECT, NONE } from "../branch.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { type NativeCode, type NativeInstruction, NEXT, type Place, type Site } from "./native-code.ts";

/** A site with a dense id, for per-site counts. */
export interface NumberedSite extends Site {
  readonly id: number;
}

/** One branch of an expanded block. */
export interface LoweredBranch {
  readonly site: NumberedSite;
  /** Virtual address of the instruction that executes it. */
  readonly virtualAddress: number;
  /** Where it goes when it executes here: an address, or NEXT. For a conditional that falls through, the address after it. */
  readonly target: number;
  readonly taken: 0 | 1;
  /** Where a direct branch goes when taken, as a decoder sees it; NONE for others. */
  readonly staticTarget: number;
}

/** One block expanded, in both variants; they share the records of all instructions but the last. */
export interface ExpandedBlock {
  /** Virtual address of the first instruction, and of the one after the block. */
  readonly start: number;
  readonly end: number;
  /** Native address at which control arrives. */
  readonly entry: number;
  /** Native instructions that one execution takes, and how many more if control is transferred. */
  readonly nativeInstructions: number;
  readonly transferExtra: number;
  /** The former of each instruction. */
  readonly instructionCounts: readonly number[];
  /** The bytes that one execution fetches, in order. */
  readonly code: readonly Place[];
  /** Branches of all instructions but the last, and those with which control arrives at the last. */
  readonly interior: readonly LoweredBranch[];
  /** Branches of the last instruction when control falls through, and when it is transferred. */
  readonly tails: readonly [fallThrough: readonly LoweredBranch[], transfer: readonly LoweredBranch[]];
}

export interface Lowering {
  readonly code: NativeCode;
  readonly sites: readonly NumberedSite[];
  readonly entry: NumberedSite;
  /** Set when lengths of instructions are unknown: `after` of a branch is then its own address. */
  readonly lengthsUnknown?: true;
  /** The expansion of a block; made when first asked for. */
  block(id: number): ExpandedBlock;
}

/** Whether two sites at one address are one branch. */
const alike = (a: Site, b: Site): boolean => a.kind === b.kind && a.after === b.after && a.dispatch === b.dispatch && a.owner === b.owner;

export function createLowering(program: VirtualProgram, code: NativeCode): Lowering {
  const sites: NumberedSite[] = [];
  /** Sites by address: several where code has been patched. */
  const numbered = new Map<number, NumberedSite[]>();
  const number = (site: Site): NumberedSite => {
    const there = numbered.get(site.address) ?? [];
    let known = there.find((other) => alike(site, other));
    if (known === undefined) {
      known = { ...site, id: sites.length };
      sites.push(known);
      there.push(known);
      numbered.set(site.address, there);
    }
    return known;
  };
  const entry = number(code.entry);
  const expanded: ExpandedBlock[] = [];

  const staticTargetOf = ({ kind, target, virtualTarget }: Site): number => {
    if ((kind & DIRECT) === 0) return NONE;
    if (target !== NEXT) return target;
    return virtualTarget === undefined ? NONE : code.at(virtualTarget).entry;
  };

  /** Those of an instruction's branches that execute, given whether it transfers control; `next` is where NEXT is, if known. */
  function records(branches: readonly Site[], virtualAddress: number, transferred: boolean, next: number): LoweredBranch[] {
    const result: LoweredBranch[] = [];
    for (const site of branches) {
      const taken = site.when === "always" || (site.when === "taken" && transferred) || (site.when === "fall-through" && !transferred);
      if (!taken && site.kind !== CONDITIONAL) continue;
      const target = taken ? (site.target === NEXT ? next : site.target) : site.after;
      result.push({ site: number(site), virtualAddress, target, taken: taken ? 1 : 0, staticTarget: staticTargetOf(site) });
    }
    return result;
  }

  function expand(id: number): ExpandedBlock {
    const start = program.blockStart(id);
    const end = start + program.blockLength(id);
    const last = end - 1;
    const instructions: NativeInstruction[] = [];
    for (let address = start; address < end; address++) instructions.push(code.at(address));
    const interior = instructions.flatMap(({ arrival = [], sites: branches }, i) => [
      ...records(arrival, start + i, false, NONE),
      ...(start + i < last ? records(branches, start + i, false, instructions[i + 1].entry) : []),
    ]);
    const { sites: branches, nativeInstructions, transferInstructions = nativeInstructions } = instructions[instructions.length - 1];
    const byHost: LoweredBranch = {
      site: entry,
      virtualAddress: last,
      target: entry.target,
      taken: 1,
      staticTarget: staticTargetOf(entry),
    };
    // Where the host took over (EVALUATE, an exception, a rewritten instruction), it entered again somewhere else. An indirect
    // branch of the instruction itself may have gone there, but no direct one: then the entry site did.
    const leadsOn = ({ target, site }: LoweredBranch): boolean => (target === NEXT ? (site.kind & DIRECT) === 0 : target === entry.target);
    const orHost = (tail: LoweredBranch[]): LoweredBranch[] =>
      tail.some(leadsOn) ? tail : [...tail.filter(({ target }) => target !== NEXT), byHost];
    const fallThrough = records(branches, last, false, NEXT);
    const transfer = records(branches, last, true, NEXT);
    const left = program.leftByHost(id);
    const tails = [
      left ? orHost(fallThrough) : fallThrough,
      left || program.flowAt(last) === "next" ? orHost(transfer) : transfer,
    ] as const;
    return {
      start,
      end,
      entry: instructions[0].entry,
      nativeInstructions: instructions.reduce((sum, instruction) => sum + instruction.nativeInstructions, 0),
      transferExtra: transferInstructions - nativeInstructions,
      instructionCounts: instructions.map((instruction) => instruction.nativeInstructions),
      code: instructions.flatMap((instruction) => instruction.code),
      interior,
      tails,
    };
  }

  return {
    code,
    sites,
    entry,
    block(id) {
      expanded[id] ??= expand(id);
      return expanded[id];
    },
  };
}
