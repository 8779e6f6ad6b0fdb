// A tree of packets, from each packet to those that have followed it: the runs of branches that phrases.ts finds. A run begins at
// a root, which is found by its packet; every other node is found by the node before it and its own branch.
//
// The key of a node and the values read next are one row of 32 bytes, in one cache line: in a prototype more than twice as fast
// as separate columns.
import { grown } from "../files/grown.ts";
import { scramble } from "./placed-addresses.ts";
import { PACKET_WORDS } from "./recording.ts";

/** Words of a node: the packet, the two nodes that followed (the first ever, the last of the others), the block that ends here. */
export const NODE = 8;
export const FIRST = 4;
export const LAST = 5;
export const BLOCK = 6;

/** With this many nodes (8 MB) no runs are added any more, only branches. */
const MAX_NODES = 1 << 18;

export interface PhraseTree {
  /** A row of NODE words for each node; row 0 is none. Longer rows take their place. */
  readonly nodes: Int32Array;
  readonly full: boolean;
  /** The first node of a packet; 0 if there is none. */
  rootOf(words: Int32Array, at: number): number;
  addRoot(words: Int32Array, at: number, branch: number): number;
  /** The node of a branch after another node; 0 if there is none. */
  childOf(parent: number, branch: number): number;
  addChild(words: Int32Array, at: number, branch: number, parent: number): number;
  branchOf(node: number): number;
  setBranch(node: number, branch: number): void;
  /** Branches of the run up to a node. */
  lengthOf(node: number): number;
  /** The branches of the run up to a node. */
  runTo(node: number): number[];
}

export function createPhraseTree(): PhraseTree {
  let nodes = new Int32Array(NODE << 12);
  let count = 1;
  /** By node: its branch, how many branches the run has up to it, and the node before; 0 for the first of a run. */
  const branches = [0];
  const lengths = [0];
  const before = [0];
  /** First nodes by packet, and all others by the node before and the branch. At most half full. */
  let roots = new Int32Array(1 << 12);
  let children = new Int32Array(1 << 12);
  let rootCount = 0;

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
  const rootSlotIn = (words: Int32Array, at: number): number => rootSlot(words[at], words[at + 1], words[at + 2], words[at + 3]);
  function childSlot(parent: number, branch: number): number {
    const mask = children.length - 1;
    let slot = scramble(Math.imul(parent, 0x9e3779b1) ^ branch) & mask;
    for (;;) {
      const node = children[slot];
      if (node === 0 || (before[node] === parent && branches[node] === branch)) return slot;
      slot = (slot + 1) & mask;
    }
  }
  /** Rehashes a table of twice the length. */
  function rehash(table: Int32Array, belongs: (node: number) => boolean, slotOf: (node: number) => number): void {
    for (let node = 1; node < count; node++) if (belongs(node)) table[slotOf(node)] = node;
  }
  function growTables(): void {
    if (rootCount * 2 > roots.length) {
      roots = new Int32Array(roots.length * 2);
      rehash(
        roots,
        (node) => before[node] === 0,
        (node) => rootSlotIn(nodes, node * NODE),
      );
    }
    if ((count - rootCount) * 2 > children.length) {
      children = new Int32Array(children.length * 2);
      rehash(
        children,
        (node) => before[node] !== 0,
        (node) => childSlot(before[node], branches[node]),
      );
    }
  }
  function add(words: Int32Array, at: number, branch: number, parent: number): number {
    const node = count++;
    nodes = grown(nodes, count * NODE);
    for (let word = 0; word < PACKET_WORDS; word++) nodes[node * NODE + word] = words[at + word];
    branches.push(branch);
    before.push(parent);
    lengths.push(lengths[parent] + 1);
    return node;
  }
  return {
    get nodes() {
      return nodes;
    },
    get full() {
      return count > MAX_NODES;
    },
    rootOf: (words, at) => roots[rootSlotIn(words, at)],
    addRoot(words, at, branch) {
      const slot = rootSlotIn(words, at);
      roots[slot] = add(words, at, branch, 0);
      rootCount++;
      const node = roots[slot];
      growTables();
      return node;
    },
    childOf: (parent, branch) => children[childSlot(parent, branch)],
    addChild(words, at, branch, parent) {
      const slot = childSlot(parent, branch);
      const node = add(words, at, branch, parent);
      children[slot] = node;
      growTables();
      return node;
    },
    branchOf: (node) => branches[node],
    setBranch(node, branch) {
      branches[node] = branch;
    },
    lengthOf: (node) => lengths[node],
    runTo(node) {
      const run: number[] = [];
      for (let at = node; at !== 0; at = before[at]) run.push(branches[at]);
      return run.reverse();
    },
  };
}
