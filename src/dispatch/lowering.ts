// Turns any layout and any trace into native branches: expands each virtual block once into flat typed arrays, in two
// variants, because what follows a block decides which branches of its last instruction execute:
//
//   variant 2b      the next block is the one directly after b: control fell through
//   variant 2b + 1  control was transferred
//
// A branch is a row of numbers, and a variant is two ranges of rows. One of them may go to NEXT: its target is filled in for each
// execution.
import { CONDITIONAL, DIRECT, NONE } from "../branch.ts";
import { grown } from "../files/grown.ts";
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

/** Where a row of `Lowering.rows` has what, the fields of a `LoweredBranch`; and numbers of a row. */
export const FIELD = { site: 0, virtualAddress: 1, pointsTo: 2, target: 3, taken: 4, staticTarget: 5 } as const;
export const ROW_LENGTH = 6;

/** The row of the branch that dispatches the first instruction. */
export const ENTRY = 0;

/** A range of rows, the end not included. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/** One block expanded, in both variants; they share the branches of all instructions but the last. */
export interface LoweredBlock {
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
  readonly interiorRows: Rows;
  /** Branches of the last instruction when control falls through, and when it is transferred; one range if they are the same. */
  readonly tailRows: readonly [fallThrough: Rows, transfer: Rows];
}

/** The same with its branches as objects. */
export interface ExpandedBlock extends LoweredBlock {
  readonly interior: readonly LoweredBranch[];
  readonly tails: readonly [fallThrough: readonly LoweredBranch[], transfer: readonly LoweredBranch[]];
}

export interface Lowering {
  readonly code: NativeCode;
  readonly sites: readonly NumberedSite[];
  readonly entry: NumberedSite;
  /** Set when lengths of instructions are unknown: `after` of a branch is then its own address. */
  readonly lengthsUnknown?: true;
  /** All branches of the blocks that were expanded, `ROW_LENGTH` numbers each; replaced by a longer array as they grow. */
  readonly rows: Int32Array;
  /** The expansion of a block, made when first needed. */
  lower(id: number): LoweredBlock;
  /** The branch of a row. */
  branch(row: number): LoweredBranch;
  /** The same as `lower`, for code that looks at few blocks: with its branches as objects. */
  block(id: number): ExpandedBlock;
}

/** The virtual address of an instruction before all others, which dispatches the first one. */
const BEFORE_ALL = 0x7fff_ffff;

/** Rows that there is room for at first. */
const FIRST_ROWS = 512;

/** Whether two sites at one address are one branch. */
const alike = (a: Site, b: Site): boolean => a.kind === b.kind && a.after === b.after && a.dispatch === b.dispatch && a.owner === b.owner;

/** Whether all branches execute however control leaves their instruction. */
function allAlways(branches: readonly Site[]): boolean {
  for (let i = 0; i < branches.length; i++) if (branches[i].when !== "always") return false;
  return true;
}

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
  const lowered: (LoweredBlock | undefined)[] = [];
  const expanded: ExpandedBlock[] = [];
  let rows = new Int32Array(ROW_LENGTH * FIRST_ROWS);
  let count = 0;

  const staticTargetOf = ({ kind, target, virtualTarget }: Site): number => {
    if ((kind & DIRECT) === 0) return NONE;
    if (target !== NEXT) return target;
    return virtualTarget === undefined ? NONE : code.at(virtualTarget).entry;
  };

  function addRow(site: number, virtualAddress: number, pointsTo: number, target: number, taken: 0 | 1, staticTarget: number): void {
    const at = ROW_LENGTH * count++;
    rows = grown(rows, at + ROW_LENGTH);
    rows[at + FIELD.site] = site;
    rows[at + FIELD.virtualAddress] = virtualAddress;
    rows[at + FIELD.pointsTo] = pointsTo;
    rows[at + FIELD.target] = target;
    rows[at + FIELD.taken] = taken;
    rows[at + FIELD.staticTarget] = staticTarget;
  }
  addRow(entry.id, BEFORE_ALL, SUCCESSOR, entry.target, 1, NONE);

  /**
   * Adds those of an instruction's branches that execute, given whether it transfers control.
   * @param next       where NEXT is, if known
   * @param dispatched the virtual instruction that these branches dispatch
   */
  function append(branches: readonly Site[], virtualAddress: number, transferred: boolean, next: number, dispatched: number): void {
    for (let i = 0; i < branches.length; i++) {
      const site = branches[i];
      const { when, target } = site;
      const taken = when === "always" || (when === "taken" && transferred) || (when === "fall-through" && !transferred);
      if (!taken && site.kind !== CONDITIONAL) continue;
      const goes = taken ? (target === NEXT ? next : target) : site.after;
      const { id } = number(site);
      addRow(id, virtualAddress, site.dispatch ? dispatched : virtualAddress, goes, taken ? 1 : 0, staticTargetOf(site));
    }
  }

  /**
   * If the host took over (EVALUATE, an exception, a rewritten instruction), control entered again elsewhere. An indirect branch
   * of the instruction itself may have gone there, but a direct one may not: then the entry site dispatched.
   */
  function orHost(tail: Rows, last: number): Rows {
    const { from, to } = tail;
    for (let row = from; row < to; row++) {
      const target = rows[ROW_LENGTH * row + FIELD.target];
      const { kind } = sites[rows[ROW_LENGTH * row + FIELD.site]];
      if (target === NEXT ? (kind & DIRECT) === 0 : target === entry.target) return tail;
    }
    const start = count;
    for (let row = from; row < to; row++) {
      const { site, virtualAddress, pointsTo, target, taken, staticTarget } = branch(row);
      if (target !== NEXT) addRow(site.id, virtualAddress, pointsTo, target, taken, staticTarget);
    }
    addRow(entry.id, last, SUCCESSOR, entry.target, 1, staticTargetOf(entry));
    return { from: start, to: count };
  }

  function expand(id: number): LoweredBlock {
    const start = program.blockStart(id);
    const length = program.blockLength(id);
    const end = start + length;
    const last = end - 1;
    const instructions = new Array<NativeInstruction>(length);
    for (let i = 0; i < length; i++) instructions[i] = code.at(start + i);
    const first = count;
    let nativeInstructions = 0;
    for (let i = 0; i < length; i++) {
      const { arrival, sites: branches, nativeInstructions: own } = instructions[i];
      nativeInstructions += own;
      if (arrival !== undefined) append(arrival, start + i, false, NONE, start + i);
      if (i + 1 < length) append(branches, start + i, false, instructions[i + 1].entry, start + i + 1);
    }
    const interiorRows = { from: first, to: count };
    const { sites: branches, nativeInstructions: own, transferInstructions = own } = instructions[length - 1];
    append(branches, last, false, NEXT, SUCCESSOR);
    const fallThrough = { from: interiorRows.to, to: count };
    let transfer = fallThrough;
    if (!allAlways(branches)) {
      append(branches, last, true, NEXT, SUCCESSOR);
      transfer = { from: fallThrough.to, to: count };
    }
    const left = program.leftByHost(id);
    return {
      start,
      end,
      entry: instructions[0].entry,
      nativeInstructions,
      transferExtra: transferInstructions - own,
      instructions,
      interiorRows,
      tailRows: [
        left ? orHost(fallThrough, last) : fallThrough,
        left || program.flowAt(last) === "next" ? orHost(transfer, last) : transfer,
      ],
    };
  }
  function lower(id: number): LoweredBlock {
    const known = lowered[id];
    if (known !== undefined) return known;
    const block = expand(id);
    lowered[id] = block;
    return block;
  }
  function branch(row: number): LoweredBranch {
    const at = ROW_LENGTH * row;
    return {
      site: sites[rows[at + FIELD.site]],
      virtualAddress: rows[at + FIELD.virtualAddress],
      pointsTo: rows[at + FIELD.pointsTo],
      target: rows[at + FIELD.target],
      taken: rows[at + FIELD.taken] === 1 ? 1 : 0,
      staticTarget: rows[at + FIELD.staticTarget],
    };
  }
  const branchesOf = ({ from, to }: Rows): LoweredBranch[] => Array.from({ length: to - from }, (_, i) => branch(from + i));
  function withBranches(block: LoweredBlock): ExpandedBlock {
    const [fallThrough, transfer] = block.tailRows;
    const tail = branchesOf(fallThrough);
    const tails = [tail, transfer === fallThrough ? tail : branchesOf(transfer)] as const;
    return { ...block, interior: branchesOf(block.interiorRows), tails };
  }

  return {
    code,
    sites,
    entry,
    get rows() {
      return rows;
    },
    lower,
    branch,
    block(id) {
      expanded[id] ??= withBranches(lower(id));
      return expanded[id];
    },
  };
}
