// Runs of recorded branches that come again and again, found as they come: a tree of packets, from each one to those that have
// followed it. A run that is not short ends with a branch whose target is not in the code, or with one that goes back, or when
// it is long; most that a program executes it has executed before. Packets are compared with what followed last time, not decoded.
//
// A packet costs 8 to 9 ns so (CPython). What a node is compared by and what is read next stand in one cache line: in a prototype
// more than twice as fast as a column for each.
import { INDIRECT, RETURN } from "../branch.ts";
import { scramble } from "./distinct-branches.ts";
import { PACKET_WORDS, type RecordedBranch } from "./recording.ts";

/**
 * Branches of a run, at least and at most. gshare over ocamlrun and two small interpreters in C, M branches/s: 183, 200 and 175 with
 * 1 to 8; 384, 771 and 474 with 4 to 16; 393, 915 and 524 with 6 to 16; beyond, files grow. CPython: 223, 252 and 258.
 */
const MIN_LENGTH = 6;
const MAX_LENGTH = 16;

/** Nodes from which on no runs are added, only branches: 8 MB. */
const MAX_NODES = 1 << 18;

/** Words of a node: the packet, the two nodes that followed (the first ever, the last of the others), the block that ends here. */
const NODE = 8;
const FIRST = 4;
const LAST = 5;
const BLOCK = 6;

export interface PhraseHost {
  /** A packet that has not occurred so far, its branch admitted; returns its number, by which `end` gets it. */
  admit(words: Int32Array, at: number): { readonly id: number; readonly branch: RecordedBranch; readonly waits: boolean };
  /** A run that has not occurred so far; returns the number of its block. */
  end(branches: readonly number[]): number;
}

export interface Phrases {
  /** Writes the blocks that end within `count` packets; returns how many do. The last run goes on with the next packets. */
  identify(words: Int32Array, count: number, ids: Int32Array): number;
  /** The block of the run that has not ended; 0 if there is none. */
  finish(): number;
  /** A branch has another number from now on. */
  replace(old: number, now: number): void;
}

/** @param maxLength branches of a run; 1: every branch is a block */
export function createPhrases(host: PhraseHost, maxLength = MAX_LENGTH): Phrases {
  let nodes = new Int32Array(NODE << 12);
  /** Node 0 is no node: what comes first follows it. */
  let count = 1;
  /** By node: its branch, how many branches the run has up to it, and the node before; 0 for the first of a run. */
  const branchOf = [0];
  const lengthOf = [0];
  const before = [0];
  /** Of first nodes: whether runs end with their branch, and whether it is always a run of its own. */
  const ending = [false];
  const alone = [false];
  /** The first nodes of runs, by packet, and all others, by the node before and the packet's own. At most half full. */
  let roots = new Int32Array(1 << 12);
  let children = new Int32Array(1 << 12);
  let rootCount = 0;
  /** The first nodes of runs, by branch: only those that may be replaced. */
  const waiting = new Map<number, number>();
  /** Blocks that end where their run may also go on. */
  const shortBlocks = new Map<number, number>();
  let current = 0;

  /** The slot of a packet among the first nodes. */
  function rootSlot(a: number, b: number, c: number, d: number): number {
    const mask = roots.length - 1;
    let slot = scramble(a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d, 0xc2b2ae35)) & mask;
    for (;;) {
      const at = roots[slot] * NODE;
      if (at === 0 || (nodes[at] === a && nodes[at + 1] === b && nodes[at + 2] === c && nodes[at + 3] === d)) return slot;
      slot = (slot + 1) & mask;
    }
  }
  function childSlot(parent: number, branch: number): number {
    const mask = children.length - 1;
    let slot = scramble(Math.imul(parent, 0x9e3779b1) ^ branch) & mask;
    for (;;) {
      const node = children[slot];
      if (node === 0 || (before[node] === parent && branchOf[node] === branch)) return slot;
      slot = (slot + 1) & mask;
    }
  }
  /** Twice the table, filled again. */
  function rehash(table: Int32Array, wanted: (node: number) => boolean, slotOf: (node: number) => number): void {
    table.fill(0);
    for (let node = 1; node < count; node++) if (wanted(node)) table[slotOf(node)] = node;
  }
  function growTables(): void {
    if (rootCount * 2 > roots.length) {
      roots = new Int32Array(roots.length * 2);
      rehash(
        roots,
        (node) => before[node] === 0,
        (node) => rootSlot(nodes[node * NODE], nodes[node * NODE + 1], nodes[node * NODE + 2], nodes[node * NODE + 3]),
      );
    }
    if ((count - rootCount) * 2 > children.length) {
      children = new Int32Array(children.length * 2);
      rehash(
        children,
        (node) => before[node] !== 0,
        (node) => childSlot(before[node], branchOf[node]),
      );
    }
  }

  /** The branches of the run up to a node. */
  function runTo(node: number): number[] {
    const run: number[] = [];
    for (let at = node; at !== 0; at = before[at]) run.push(branchOf[at]);
    return run.reverse();
  }
  function create(words: Int32Array, at: number, branch: number, parent: number, ends: boolean, waits: boolean): number {
    const node = count++;
    if (nodes.length < count * NODE) {
      const more = new Int32Array(nodes.length * 2);
      more.set(nodes);
      nodes = more;
    }
    for (let word = 0; word < PACKET_WORDS; word++) nodes[node * NODE + word] = words[at + word];
    branchOf.push(branch);
    before.push(parent);
    lengthOf.push(lengthOf[parent] + 1);
    ending.push(false);
    alone.push(false);
    const length = lengthOf[node];
    if (waits || (ends && length >= MIN_LENGTH) || length >= maxLength || count > MAX_NODES)
      nodes[node * NODE + BLOCK] = host.end(runTo(node));
    return node;
  }
  /** Whether runs that are not short end with a branch. */
  function endsRun({ pc, pcHigh, target, targetHigh, kind, taken }: RecordedBranch): boolean {
    const back = targetHigh === pcHigh ? target >>> 0 <= pc >>> 0 : targetHigh < pcHigh;
    return (kind & (INDIRECT | RETURN)) !== 0 || (taken === 1 && back);
  }
  function rootOf(words: Int32Array, at: number): number {
    const slot = rootSlot(words[at], words[at + 1], words[at + 2], words[at + 3]);
    if (roots[slot] !== 0) return roots[slot];
    const { id, branch, waits } = host.admit(words, at);
    const ends = endsRun(branch);
    const node = create(words, at, id, 0, ends, waits);
    ending[node] = ends;
    alone[node] = waits;
    roots[slot] = node;
    rootCount++;
    if (waits) waiting.set(id, node);
    growTables();
    return node;
  }
  /** The node behind another one of a run that goes on; 0 if there can be none. */
  function childOf(parent: number, root: number, words: Int32Array, at: number): number {
    const slot = childSlot(parent, branchOf[root]);
    if (children[slot] !== 0 || count > MAX_NODES || alone[root]) return children[slot];
    const node = create(words, at, branchOf[root], parent, ending[root], false);
    children[slot] = node;
    growTables();
    return node;
  }
  /** The block of a run that ends before its time. */
  function shortBlock(node: number): number {
    const block = shortBlocks.get(node) ?? host.end(runTo(node));
    shortBlocks.set(node, block);
    return block;
  }
  /** A block that ends before the packet that is looked up. */
  let cut = 0;

  /** Where a packet leads that neither of the two that followed before is; sets `cut` if the run so far ends here. */
  function lookUp(parent: number, words: Int32Array, at: number): number {
    const root = rootOf(words, at);
    const follows = parent === 0 || nodes[parent * NODE + BLOCK] !== 0;
    const child = follows ? root : childOf(parent, root, words, at);
    if (child === 0) {
      cut = shortBlock(parent);
      return root;
    }
    const kid = parent * NODE + (nodes[parent * NODE + FIRST] === 0 ? FIRST : LAST);
    nodes[kid] = child * NODE;
    return child;
  }

  return {
    identify(words, packets, ids) {
      let found = 0;
      let tree = nodes;
      let node = current * NODE;
      const stop = packets * PACKET_WORDS;
      for (let at = 0; at < stop; at += PACKET_WORDS) {
        const a = words[at];
        const b = words[at + 1];
        const c = words[at + 2];
        const d = words[at + 3];
        let next = tree[node + FIRST];
        if (tree[next] !== a || tree[next + 2] !== c || tree[next + 1] !== b || tree[next + 3] !== d || next === 0) {
          next = tree[node + LAST];
          if (tree[next] !== a || tree[next + 2] !== c || tree[next + 1] !== b || tree[next + 3] !== d || next === 0) {
            next = lookUp(node / NODE, words, at) * NODE;
            tree = nodes;
            if (cut !== 0) {
              ids[found++] = cut;
              cut = 0;
            }
          }
        }
        node = next;
        const block = tree[node + BLOCK];
        if (block !== 0) ids[found++] = block;
      }
      current = node / NODE;
      return found;
    },
    finish() {
      const open = current !== 0 && nodes[current * NODE + BLOCK] === 0;
      const block = open ? shortBlock(current) : 0;
      current = 0;
      return block;
    },
    replace(old, now) {
      const node = waiting.get(old);
      if (node === undefined) return;
      waiting.delete(old);
      branchOf[node] = now;
      nodes[node * NODE + BLOCK] = host.end([now]);
    },
  };
}
