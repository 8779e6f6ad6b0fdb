// The branches of every block that a technique's lowering knows, laid out in flat tables as the hot loop reads them.
import { NONE } from "../branch.ts";
import { type LoweredBranch, type Lowering, SUCCESSOR } from "../dispatch/lowering.ts";
import { NEXT } from "../dispatch/native-code.ts";
import { grown, reserve } from "../files/grown.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { RowSites } from "./branch-counts.ts";
import { type Merging, mergeBranches } from "./merged-branches.ts";
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
  /** Lays out the branches of all instructions of a block except the last, one by one; returns their rows. */
  interiorRows(block: number): { readonly start: number; readonly stop: number };
  /** Kinds of branches in the tables. */
  readonly kinds: number;
  /** Whether the two variants of some block differ. */
  readonly sided: boolean;
  /** Whether some branch has the target NEXT. */
  readonly patched: boolean;
  /** Kinds of branches that are merged. */
  readonly merged: number;
}

export interface BlockTablesOptions {
  /** Kinds of branches that are laid out. */
  readonly wanted: number;
  /** Whether a model is told more of branches than their addresses. */
  readonly contextual: boolean;
  /** Default: each branch has a row of its own. */
  readonly merging?: Merging | undefined;
  /** Called before all rows are replaced, because branches can no longer be merged. */
  readonly beforeAnew?: () => void;
  /** Called with the branch of each row, in order. */
  readonly onRow?: ((record: LoweredBranch) => void) | undefined;
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

export function createBlockTables(
  program: VirtualProgram,
  lowering: Lowering,
  { wanted, contextual, merging, beforeAnew, onRow }: BlockTablesOptions,
): BlockTables {
  const column = (): Int32Array => new Int32Array(ROWS);
  const blocks = { firsts: column(), ends: column(), entries: column(), opcodes: column() };
  const variants = { starts: column(), stops: column(), patches: column(), runs: column() };
  const branches = {
    pcs: column(),
    targets: column(),
    kinds: column(),
    afters: column(),
    takens: column(),
    statics: column(),
    learns: column(),
  };
  const contexts = { virtualAddresses: column(), pointsTo: column(), opcodesThere: column() };
  let siteOf = column();
  let repeatedMisses = column();
  let merged = merging?.kinds ?? 0;
  let executed = column();
  let rows = 0;
  let known = 0;
  let kinds = 0;
  let sided = false;
  let patched = lowering.entry.target === NEXT;
  let changed = true;

  function add(record: LoweredBranch, learned = record.target, repeated = 0): void {
    const { site, target, taken, staticTarget } = record;
    const row = rows++;
    if (rows > siteOf.length) {
      siteOf = grown(siteOf, rows);
      repeatedMisses = grown(repeatedMisses, siteOf.length);
      if (reserve(branches, siteOf.length)) changed = true;
      if (contextual) reserve(contexts, siteOf.length);
    }
    siteOf[row] = site.id;
    repeatedMisses[row] = repeated;
    branches.pcs[row] = site.address;
    branches.targets[row] = target;
    branches.kinds[row] = site.kind;
    branches.afters[row] = site.after;
    branches.takens[row] = taken;
    branches.statics[row] = staticTarget;
    branches.learns[row] = learned;
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
  const isWanted = ({ site }: LoweredBranch): boolean => (site.kind & wanted) !== 0;
  function addWanted(variant: number, record: LoweredBranch, learned?: number, repeated?: number): void {
    if (!isWanted(record)) return;
    if (record.target === NEXT) {
      variants.patches[variant] = rows;
      if (!patched) changed = true;
      patched = true;
    }
    add(record, learned, repeated);
  }
  function layOut(variant: number, records: readonly LoweredBranch[], tail: readonly LoweredBranch[]): void {
    variants.starts[variant] = rows;
    variants.patches[variant] = 0;
    if (merged !== 0) {
      for (const { first, learned, repeatedMisses } of mergeBranches([...records, ...tail], merged))
        addWanted(variant, first, learned, repeatedMisses);
    } else {
      for (const record of records) addWanted(variant, record);
      for (const record of tail) addWanted(variant, record);
    }
    variants.stops[variant] = rows;
  }
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
  /** Sites up to here do not disturb each other; their addresses. */
  let sitesSeen = 0;
  const addresses = new Set<number>();
  /** Whether the sites of the blocks up to `count`, which are lowered for it, do not disturb each other. */
  function separate(count: number): boolean {
    for (let block = known; block < count; block++) lowering.block(block);
    const { sites } = lowering;
    const before = addresses.size;
    for (; sitesSeen < sites.length; sitesSeen++) {
      const { kind, address } = sites[sitesSeen];
      if (merging === undefined || (kind & merging.owned) === 0) continue;
      if (addresses.has(address)) return false;
      addresses.add(address);
    }
    return addresses.size === before || (merging?.separates([...addresses]) ?? false);
  }
  function splitMerged(): void {
    beforeAnew?.();
    merged = 0;
    known = 0;
    rows = 0;
    changed = true;
  }
  /** Adds the mispredictions within blocks to the counts of sites. */
  function addRepeated(misses: Float64Array): void {
    const { starts, stops, runs } = variants;
    for (let variant = 0; variant < 2 * known; variant++) {
      const times = runs[variant];
      if (times === 0) continue;
      for (let row = starts[variant]; row < stops[variant]; row++) misses[siteOf[row]] += repeatedMisses[row] * times;
      runs[variant] = 0;
    }
  }
  return {
    blocks,
    variants,
    branches,
    contexts,
    admit() {
      const count = program.blockCount;
      if (rows === 0 || count > known) {
        if (merged !== 0 && !separate(count)) splitMerged();
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
      return { siteOf, rows, sites: lowering.sites.length, addRepeated: merged === 0 ? undefined : addRepeated };
    },
    get executed() {
      return executed;
    },
    interiorRows(block) {
      const start = rows;
      for (const record of lowering.block(block).interior) if (isWanted(record)) add(record);
      return { start, stop: rows };
    },
    get kinds() {
      return kinds;
    },
    get sided() {
      return sided;
    },
    get patched() {
      return patched;
    },
    get merged() {
      return merged;
    },
  };
}
