// The branches of every block that a technique's lowering knows, laid out in flat tables as the hot loop reads them.
import { ENTRY, FIELD, type LoweredBranch, type Lowering, ROW_LENGTH, type Rows, SUCCESSOR } from "../dispatch/lowering.ts";
import { NEXT } from "../dispatch/native-code.ts";
import { grown, reserve } from "../files/grown.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { RowSites } from "./branch-counts.ts";
import { createMerger, type Merging } from "./merged-branches.ts";
import type { BlockColumns } from "./replay-loop.ts";

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

/** A column that has no rows yet: tables get those that the program needs as soon as its first blocks are known. */
const EMPTY = new Int32Array(0);

export function createBlockTables(
  program: VirtualProgram,
  lowering: Lowering,
  { wanted, contextual, merging, beforeAnew, onRow }: BlockTablesOptions,
): BlockTables {
  const blocks = { firsts: EMPTY, ends: EMPTY, entries: EMPTY, opcodes: EMPTY };
  const variants = { starts: EMPTY, stops: EMPTY, patches: EMPTY, runs: EMPTY };
  const branches = { pcs: EMPTY, targets: EMPTY, kinds: EMPTY, afters: EMPTY, takens: EMPTY, statics: EMPTY, learns: EMPTY };
  const contexts = { virtualAddresses: EMPTY, pointsTo: EMPTY, opcodesThere: EMPTY };
  let siteOf = EMPTY;
  let repeatedMisses = EMPTY;
  let merger = merging === undefined ? undefined : createMerger(lowering, wanted, merging);
  let executed = EMPTY;
  let rows = 0;
  let known = 0;
  let kinds = 0;
  let sided = false;
  let patched = lowering.entry.target === NEXT;
  let changed = true;

  /** Makes room for this many rows. */
  function makeRoomForRows(wantedRows: number): void {
    if (wantedRows <= siteOf.length) return;
    siteOf = grown(siteOf, wantedRows);
    repeatedMisses = grown(repeatedMisses, siteOf.length);
    if (reserve(branches, siteOf.length)) changed = true;
    if (contextual) reserve(contexts, siteOf.length);
  }
  /** Adds a branch, by its row in the lowering. */
  function add(branch: number, learned: number, repeated: number): void {
    const from = lowering.rows;
    const at = ROW_LENGTH * branch;
    const site = lowering.sites[from[at + FIELD.site]];
    makeRoomForRows(rows + 1);
    const row = rows++;
    siteOf[row] = site.id;
    repeatedMisses[row] = repeated;
    branches.pcs[row] = site.address;
    branches.targets[row] = from[at + FIELD.target];
    branches.kinds[row] = site.kind;
    branches.afters[row] = site.after;
    branches.takens[row] = from[at + FIELD.taken];
    branches.statics[row] = from[at + FIELD.staticTarget];
    branches.learns[row] = learned;
    if (contextual) addContext(row, from[at + FIELD.virtualAddress], from[at + FIELD.pointsTo]);
    if ((kinds & site.kind) === 0) changed = true;
    kinds |= site.kind;
    onRow?.(lowering.branch(branch));
  }
  function addContext(row: number, virtualAddress: number, pointsTo: number): void {
    contexts.virtualAddresses[row] = virtualAddress;
    contexts.pointsTo[row] = pointsTo;
    if (pointsTo !== SUCCESSOR) contexts.opcodesThere[row] = program.opcodeAt(pointsTo);
  }
  const targetOf = (branch: number): number => lowering.rows[ROW_LENGTH * branch + FIELD.target];
  function begin(): void {
    for (let row = 0; row <= ENTRY_ROW; row++) add(ENTRY, targetOf(ENTRY), 0);
  }
  const isWanted = (branch: number): boolean => (lowering.sites[lowering.rows[ROW_LENGTH * branch + FIELD.site]].kind & wanted) !== 0;
  function addWanted(variant: number, branch: number, learned: number, repeated: number): void {
    if (targetOf(branch) === NEXT) {
      variants.patches[variant] = rows;
      if (!patched) changed = true;
      patched = true;
    }
    add(branch, learned, repeated);
  }
  function layOutOneByOne(variant: number, { from, to }: Rows): void {
    for (let branch = from; branch < to; branch++) if (isWanted(branch)) addWanted(variant, branch, targetOf(branch), 0);
  }
  function layOut(variant: number, interior: Rows, tail: Rows): void {
    variants.starts[variant] = rows;
    variants.patches[variant] = 0;
    if (merger !== undefined) {
      const { count, rows: firsts, learned, repeatedMisses: repeated } = merger.merge(interior, tail);
      for (let i = 0; i < count; i++) addWanted(variant, firsts[i], learned[i], repeated[i]);
    } else {
      layOutOneByOne(variant, interior);
      layOutOneByOne(variant, tail);
    }
    variants.stops[variant] = rows;
  }
  /** Whether the same branches that are wanted execute and go to the same targets. */
  function alike(some: Rows, others: Rows): boolean {
    if (some === others) return true;
    const at = lowering.rows;
    let other = others.from;
    for (let one = some.from; one < some.to; one++) {
      if (!isWanted(one)) continue;
      while (other < others.to && !isWanted(other)) other++;
      if (other === others.to) return false;
      const [a, b] = [ROW_LENGTH * one, ROW_LENGTH * other++];
      if (at[a + FIELD.site] !== at[b + FIELD.site]) return false;
      if (at[a + FIELD.target] !== at[b + FIELD.target] || at[a + FIELD.taken] !== at[b + FIELD.taken]) return false;
    }
    while (other < others.to && !isWanted(other)) other++;
    return other === others.to;
  }
  function admitBlock(id: number): void {
    const { start, end, entry, interiorRows: interior, tailRows: tails } = lowering.lower(id);
    blocks.firsts[id] = start;
    blocks.ends[id] = end;
    blocks.entries[id] = entry;
    blocks.opcodes[id] = program.opcodeAt(start);
    executed[2 * id] = interior.to - interior.from + tails[0].to - tails[0].from;
    executed[2 * id + 1] = interior.to - interior.from + tails[1].to - tails[1].from;
    layOut(2 * id, interior, tails[0]);
    if (alike(tails[0], tails[1])) {
      variants.starts[2 * id + 1] = variants.starts[2 * id];
      variants.stops[2 * id + 1] = variants.stops[2 * id];
      variants.patches[2 * id + 1] = variants.patches[2 * id];
    } else {
      layOut(2 * id + 1, interior, tails[1]);
      if (!sided) changed = true;
      sided = true;
    }
  }
  /** Makes room for the blocks up to `count` and all their branches at once. */
  function makeRoom(count: number): void {
    let most = Math.max(rows, ENTRY_ROW + 1);
    for (let block = known; block < count; block++) {
      const { interiorRows: interior, tailRows: tails } = lowering.lower(block);
      most += tails[0].to - interior.from;
      if (tails[1] !== tails[0]) most += interior.to - interior.from + tails[1].to - tails[1].from;
    }
    makeRoomForRows(most);
    // one more row, for the last instruction of a run
    if (reserve(blocks, count + 1)) changed = true;
    if (reserve(variants, 2 * blocks.firsts.length)) changed = true;
    executed = grown(executed, 2 * blocks.firsts.length);
  }
  /** Sites up to here do not disturb each other; their addresses. */
  let sitesSeen = 0;
  const addresses: number[] = [];
  const distinct = new Set<number>();
  /** Whether the sites of the blocks up to `count`, which are lowered for it, do not disturb each other. */
  function separate(count: number): boolean {
    for (let block = known; block < count; block++) lowering.lower(block);
    const { sites } = lowering;
    const before = addresses.length;
    for (; sitesSeen < sites.length; sitesSeen++) {
      const { kind, address } = sites[sitesSeen];
      if (merging === undefined || (kind & merging.owned) === 0) continue;
      if (distinct.has(address)) return false;
      distinct.add(address);
      addresses.push(address);
    }
    return addresses.length === before || (merging?.separates(addresses) ?? false);
  }
  function splitMerged(): void {
    beforeAnew?.();
    merger = undefined;
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
        if (merger !== undefined && !separate(count)) splitMerged();
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
      return { siteOf, rows, sites: lowering.sites.length, addRepeated: merger === undefined ? undefined : addRepeated };
    },
    get executed() {
      return executed;
    },
    interiorRows(block) {
      const start = rows;
      const { from, to } = lowering.lower(block).interiorRows;
      for (let branch = from; branch < to; branch++) if (isWanted(branch)) add(branch, targetOf(branch), 0);
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
      return merger === undefined ? 0 : (merging?.kinds ?? 0);
    },
  };
}
