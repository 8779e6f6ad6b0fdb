// The branches of every block that a technique's lowering knows, laid out in flat tables as the hot loop reads them.
import { NONE } from "../branch.ts";
import { type LoweredBranch, type Lowering, SUCCESSOR } from "../dispatch/lowering.ts";
import { NEXT } from "../dispatch/native-code.ts";
import { grown, reserve } from "../files/grown.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { RowSites } from "./branch-counts.ts";
import type { BlockColumns } from "./replay-loop.ts";

/** The virtual address that dispatches the first instruction. */
const BEFORE_ALL = 0x7fff_ffff;

/** Rows 0 and 1 belong to no block: row 0 receives the targets that no branch of a variant needs, row 1 dispatches the first instruction. */
export const ENTRY_ROW = 1;

export interface BlockTables extends BlockColumns {
  /** Lays out the blocks that are new since the last call; returns whether a loop over the tables must be compiled anew. */
  admit(): boolean;
  /** Blocks laid out so far. One more row is free, for the last instruction of a run. */
  readonly known: number;
  readonly rowSites: RowSites;
  /** Native branches of any kind that each variant executes. */
  readonly executed: Int32Array;
  /** Branches in the tables of all instructions of a block except the last. */
  interiorRows(block: number): number;
  /** Kinds of branches in the tables. */
  readonly kinds: number;
  /** Whether the two variants of some block differ. */
  readonly sided: boolean;
  /** Whether some branch has the target NEXT. */
  readonly patched: boolean;
}

/** Initial rows: the loop is made anew whenever the tables grow. */
const ROWS = 256;

/** Whether the same branches execute and go to the same targets. */
function alike(some: readonly LoweredBranch[], others: readonly LoweredBranch[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ site, target, taken }, i) => site === others[i].site && target === others[i].target && taken === others[i].taken)
  );
}

/**
 * @param wanted  kinds of branches that are laid out
 * @param contextual whether a model is told more of branches than their addresses
 * @param onRow   called with the branch of each row, in order
 */
export function createBlockTables(
  program: VirtualProgram,
  lowering: Lowering,
  wanted: number,
  contextual: boolean,
  onRow?: (record: LoweredBranch) => void,
): BlockTables {
  const column = (): Int32Array => new Int32Array(ROWS);
  const blocks = { firsts: column(), ends: column(), entries: column(), opcodes: column() };
  const variants = { starts: column(), stops: column(), patches: column() };
  const branches = { pcs: column(), targets: column(), kinds: column(), afters: column(), takens: column(), statics: column() };
  const contexts = { virtualAddresses: column(), pointsTo: column(), opcodesThere: column() };
  let siteOf = column();
  let executed = column();
  let rows = 0;
  let known = 0;
  let kinds = 0;
  let sided = false;
  let patched = lowering.entry.target === NEXT;
  let changed = true;

  function add(record: LoweredBranch): void {
    const { site, target, taken, staticTarget } = record;
    const row = rows++;
    if (rows > siteOf.length) {
      siteOf = grown(siteOf, rows);
      if (reserve(branches, siteOf.length)) changed = true;
      if (contextual) reserve(contexts, siteOf.length);
    }
    siteOf[row] = site.id;
    branches.pcs[row] = site.address;
    branches.targets[row] = target;
    branches.kinds[row] = site.kind;
    branches.afters[row] = site.after;
    branches.takens[row] = taken;
    branches.statics[row] = staticTarget;
    if (contextual) addContext(row, record);
    if ((kinds & site.kind) === 0) changed = true;
    kinds |= site.kind;
    onRow?.(record);
  }
  function addContext(row: number, { virtualAddress, pointsTo }: LoweredBranch): void {
    contexts.virtualAddresses[row] = virtualAddress;
    contexts.pointsTo[row] = pointsTo;
    if (pointsTo !== SUCCESSOR) contexts.opcodesThere[row] = program.opcodeAt(pointsTo);
  }
  function begin(): void {
    const { entry } = lowering;
    const first = {
      site: entry,
      virtualAddress: BEFORE_ALL,
      pointsTo: SUCCESSOR,
      target: entry.target,
      taken: 1,
      staticTarget: NONE,
    } as const;
    add(first);
    add(first);
  }
  function layOut(variant: number, records: readonly LoweredBranch[], tail: readonly LoweredBranch[]): void {
    variants.starts[variant] = rows;
    for (const some of [records, tail]) {
      for (const record of some) {
        if ((record.site.kind & wanted) === 0) continue;
        if (record.target === NEXT) {
          variants.patches[variant] = rows;
          if (!patched) changed = true;
          patched = true;
        }
        add(record);
      }
    }
    variants.stops[variant] = rows;
  }
  const isWanted = ({ site }: LoweredBranch): boolean => (site.kind & wanted) !== 0;
  function admitBlock(id: number): void {
    const { start, end, entry, interior, tails } = lowering.block(id);
    blocks.firsts[id] = start;
    blocks.ends[id] = end;
    blocks.entries[id] = entry;
    blocks.opcodes[id] = program.opcodeAt(start);
    executed[2 * id] = interior.length + tails[0].length;
    executed[2 * id + 1] = interior.length + tails[1].length;
    layOut(2 * id, interior, tails[0]);
    if (tails[0] === tails[1] || alike(tails[0].filter(isWanted), tails[1].filter(isWanted))) {
      for (const rows of [variants.starts, variants.stops, variants.patches]) rows[2 * id + 1] = rows[2 * id];
    } else {
      layOut(2 * id + 1, interior, tails[1]);
      if (!sided) changed = true;
      sided = true;
    }
  }
  function makeRoom(count: number): void {
    // one more row, for the last instruction of a run
    if (reserve(blocks, count + 1)) changed = true;
    if (reserve(variants, 2 * blocks.firsts.length)) changed = true;
    executed = grown(executed, 2 * blocks.firsts.length);
  }
  return {
    blocks,
    variants,
    branches,
    contexts,
    admit() {
      const count = program.blockCount;
      if (rows === 0 || count > known) {
        makeRoom(count);
        if (rows === 0) begin();
        for (; known < count; known++) admitBlock(known);
      }
      const anew = changed;
      changed = false;
      return anew;
    },
    get known() {
      return known;
    },
    get rowSites() {
      return { siteOf, rows, sites: lowering.sites.length };
    },
    get executed() {
      return executed;
    },
    interiorRows: (block) => lowering.block(block).interior.filter(isWanted).length,
    get kinds() {
      return kinds;
    },
    get sided() {
      return sided;
    },
    get patched() {
      return patched;
    },
  };
}
