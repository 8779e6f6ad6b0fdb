// Turns any layout and any trace into native branches: expands each virtual block once into flat typed arrays, in two
// variants, because what follows a block decides which branches of its last instruction execute:
//
//   variant 2b      the next block is the one directly after b: control fell through
//   variant 2b + 1  control was transferred
//
// A variant is a range of records, one a branch. One of them may go to NEXT: its target is filled in for each execution.
import { CONDITIONAL, DIRECT, NONE } from "../branch.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { type NativeCode, type NativeInstruction, NEXT, type Site } from "./native-code.ts";

/** A site with a dense id, for per-site counts. */
export interface NumberedSite extends Site {
  readonly id: number;
}

/** Stands for the virtual address of the first instruction of the block that comes next. */
export const SUCCESSOR = -1;

/** One branch of an expanded block. */
export interface LoweredBranch {
  readonly site: NumberedSite;
  /** Virtual address of the instruction that executes it. */
  readonly virtualAddress: number;
  /**
   * Where the virtual program counter points while it executes: for a branch that dispatches, to the virtual instruction that is
   * dispatched, or `SUCCESSOR`; for another to the one that executes it.
   */
  readonly pointsTo: number;
  /** Address of the next instruction when it executes here, or NEXT. For a conditional that falls through, the address after it. */
  readonly target: number;
  readonly taken: 0 | 1;
  /** Static target of a direct branch; NONE for others. */
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
  /** The native code of each instruction. */
  readonly instructions: readonly NativeInstruction[];
  /** Branches of all instructions except the last, and the last one's branches of arrival. */
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
  /** The expansion of a block, made when first needed. */
  block(id: number): ExpandedBlock;
}

/** Whether two sites at one address are one branch. */
const alike = (a: Site, b: Site): boolean => a.kind === b.kind && a.after === b.after && a.dispatch === b.dispatch && a.owner === b.owner;

export function createLowering(program: VirtualProgram, code: NativeCode): Lowering {
  const sites: NumberedSite[] = [];
  /** The first site at each address; where code has been patched, the ids of those that came there later. */
  const numbered = new Map<number, NumberedSite>();
  const later = new Map<number, NumberedSite[]>();
  // written out, so that all have one shape
  function add({ address, kind, target, after, dispatch, when, owner, virtualTarget, table }: Site): NumberedSite {
    const site = { id: sites.length, address, kind, target, after, dispatch, when, owner, virtualTarget, table };
    sites.push(site);
    return site;
  }
  function number(site: Site): NumberedSite {
    const first = numbered.get(site.address);
    if (first === undefined) {
      const added = add(site);
      numbered.set(site.address, added);
      return added;
    }
    if (alike(site, first)) return first;
    const others = later.get(site.address) ?? [];
    later.set(site.address, others);
    const known = others.find((other) => alike(site, other));
    if (known !== undefined) return known;
    const added = add(site);
    others.push(added);
    return added;
  }
  const entry = number(code.entry);
  const expanded: ExpandedBlock[] = [];

  const staticTargetOf = ({ kind, target, virtualTarget }: Site): number => {
    if ((kind & DIRECT) === 0) return NONE;
    if (target !== NEXT) return target;
    return virtualTarget === undefined ? NONE : code.at(virtualTarget).entry;
  };

  /**
   * Appends those of an instruction's branches that execute, given whether it transfers control.
   * @param next       where NEXT is, if known
   * @param dispatched the virtual instruction that these branches dispatch
   */
  function append(
    records: LoweredBranch[],
    branches: readonly Site[],
    virtualAddress: number,
    transferred: boolean,
    next: number,
    dispatched: number,
  ): void {
    for (const site of branches) {
      const { when, target } = site;
      const taken = when === "always" || (when === "taken" && transferred) || (when === "fall-through" && !transferred);
      if (!taken && site.kind !== CONDITIONAL) continue;
      const goes = taken ? (target === NEXT ? next : target) : site.after;
      records.push({
        site: number(site),
        virtualAddress,
        pointsTo: site.dispatch ? dispatched : virtualAddress,
        target: goes,
        taken: taken ? 1 : 0,
        staticTarget: staticTargetOf(site),
      });
    }
  }

  function expand(id: number): ExpandedBlock {
    const start = program.blockStart(id);
    const length = program.blockLength(id);
    const end = start + length;
    const last = end - 1;
    const instructions: NativeInstruction[] = [];
    for (let address = start; address < end; address++) instructions.push(code.at(address));
    const interior: LoweredBranch[] = [];
    let nativeInstructions = 0;
    for (let i = 0; i < length; i++) {
      const { arrival, sites: branches, nativeInstructions: own } = instructions[i];
      nativeInstructions += own;
      if (arrival !== undefined) append(interior, arrival, start + i, false, NONE, start + i);
      if (i + 1 < length) append(interior, branches, start + i, false, instructions[i + 1].entry, start + i + 1);
    }
    const { sites: branches, nativeInstructions: own, transferInstructions = own } = instructions[length - 1];
    const byHost: LoweredBranch = {
      site: entry,
      virtualAddress: last,
      pointsTo: SUCCESSOR,
      target: entry.target,
      taken: 1,
      staticTarget: staticTargetOf(entry),
    };
    // If the host took over (EVALUATE, an exception, a rewritten instruction), control entered again elsewhere. An indirect
    // branch of the instruction itself may have gone there, but a direct one may not: then the entry site dispatched.
    const leadsOn = ({ target, site }: LoweredBranch): boolean => (target === NEXT ? (site.kind & DIRECT) === 0 : target === entry.target);
    const orHost = (tail: LoweredBranch[]): LoweredBranch[] =>
      tail.some(leadsOn) ? tail : [...tail.filter(({ target }) => target !== NEXT), byHost];
    const fallThrough: LoweredBranch[] = [];
    append(fallThrough, branches, last, false, NEXT, SUCCESSOR);
    let transfer = fallThrough;
    if (branches.some(({ when }) => when !== "always")) {
      transfer = [];
      append(transfer, branches, last, true, NEXT, SUCCESSOR);
    }
    const left = program.leftByHost(id);
    const tails = [
      left ? orHost(fallThrough) : fallThrough,
      left || program.flowAt(last) === "next" ? orHost(transfer) : transfer,
    ] as const;
    return {
      start,
      end,
      entry: instructions[0].entry,
      nativeInstructions,
      transferExtra: transferInstructions - own,
      instructions,
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
