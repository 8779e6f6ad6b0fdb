// Finds repeated runs of recorded branches, for formats that store runs. A run that is not short ends with a branch whose target
// is not in the code, with a backward branch, or at the largest length; most runs that a program executes have occurred before.
// Packets are compared with those that followed last time, not decoded: 8 to 9 ns per packet (CPython).
import { INDIRECT, RETURN } from "../branch.ts";
import { BLOCK, createPhraseTree, FIRST, LAST, NODE } from "./phrase-tree.ts";
import { PACKET_WORDS, type RecordedBranch } from "./recording.ts";

/** Least and greatest number of branches of a run: replays were as fast with 4 to 16 as with 6 to 16; with more, files grow. */
const MIN_LENGTH = 6;
const MAX_LENGTH = 16;

export interface PhraseHost {
  /**
   * Admits the branch of a new packet; returns its number, which is passed to `end`.
   * A branch that waits is always a separate run, and may get another number.
   */
  admit(words: Int32Array, at: number): { readonly id: number; readonly branch: RecordedBranch; readonly waits: boolean };
  /** Adds a new run; returns the number of its block. */
  end(branches: readonly number[]): number;
}

export interface Phrases {
  /** Writes the blocks that end within `count` packets; returns their number. The last run continues with the next packets. */
  identify(words: Int32Array, count: number, ids: Int32Array): number;
  /** The block of the run that has not ended; 0 if there is none. */
  finish(): number;
  /** Replaces a branch's number. */
  replace(old: number, now: number): void;
}

/** Whether runs that are not short end with a branch. */
function endsRun({ pc, pcHigh, target, targetHigh, kind, taken }: RecordedBranch): boolean {
  const back = targetHigh === pcHigh ? target >>> 0 <= pc >>> 0 : targetHigh < pcHigh;
  return (kind & (INDIRECT | RETURN)) !== 0 || (taken === 1 && back);
}

export function createPhrases(host: PhraseHost): Phrases {
  const tree = createPhraseTree();
  /** By root: whether runs end with its branch, and whether it is always a separate run. */
  const ending: boolean[] = [];
  const alone: boolean[] = [];
  /** Roots of runs, by branch: only those that may be replaced. */
  const waiting = new Map<number, number>();
  /** Blocks that end where their run may also continue. */
  const shortBlocks = new Map<number, number>();
  let current = 0;

  /** Ends runs with a new node where they always end there. */
  function settle(node: number, ends: boolean, waits: boolean): number {
    const length = tree.lengthOf(node);
    if (waits || (ends && length >= MIN_LENGTH) || length >= MAX_LENGTH || tree.full)
      tree.nodes[node * NODE + BLOCK] = host.end(tree.runTo(node));
    return node;
  }
  function rootOf(words: Int32Array, at: number): number {
    const known = tree.rootOf(words, at);
    if (known !== 0) return known;
    const { id, branch, waits } = host.admit(words, at);
    const node = tree.addRoot(words, at, id);
    ending[node] = endsRun(branch);
    alone[node] = waits;
    if (waits) waiting.set(id, node);
    return settle(node, ending[node], waits);
  }
  /** The next node of a run; 0 if there can be none. */
  function childOf(parent: number, root: number, words: Int32Array, at: number): number {
    const branch = tree.branchOf(root);
    const known = tree.childOf(parent, branch);
    if (known !== 0 || tree.full || alone[root]) return known;
    return settle(tree.addChild(words, at, branch, parent), ending[root], false);
  }
  /** The block of a run that ends early. */
  function shortBlock(node: number): number {
    const block = shortBlocks.get(node) ?? host.end(tree.runTo(node));
    shortBlocks.set(node, block);
    return block;
  }
  /** A block that ends before the packet that is looked up. */
  let cut = 0;

  /** The node for a packet that is neither of the two that followed before; sets `cut` if the run so far ends here. */
  function lookUp(parent: number, words: Int32Array, at: number): number {
    const root = rootOf(words, at);
    const follows = parent === 0 || tree.nodes[parent * NODE + BLOCK] !== 0;
    const child = follows ? root : childOf(parent, root, words, at);
    if (child === 0) {
      cut = shortBlock(parent);
      return root;
    }
    const { nodes } = tree;
    nodes[parent * NODE + (nodes[parent * NODE + FIRST] === 0 ? FIRST : LAST)] = child * NODE;
    return child;
  }

  return {
    identify(words, packets, ids) {
      let found = 0;
      let { nodes } = tree;
      let node = current * NODE;
      const stop = packets * PACKET_WORDS;
      for (let at = 0; at < stop; at += PACKET_WORDS) {
        const a = words[at];
        const b = words[at + 1];
        const c = words[at + 2];
        const d = words[at + 3];
        let next = nodes[node + FIRST];
        if (nodes[next] !== a || nodes[next + 2] !== c || nodes[next + 1] !== b || nodes[next + 3] !== d || next === 0) {
          next = nodes[node + LAST];
          if (nodes[next] !== a || nodes[next + 2] !== c || nodes[next + 1] !== b || nodes[next + 3] !== d || next === 0) {
            next = lookUp(node / NODE, words, at) * NODE;
            ({ nodes } = tree);
            if (cut !== 0) {
              ids[found++] = cut;
              cut = 0;
            }
          }
        }
        node = next;
        const block = nodes[node + BLOCK];
        if (block !== 0) ids[found++] = block;
      }
      current = node / NODE;
      return found;
    },
    finish() {
      const open = current !== 0 && tree.nodes[current * NODE + BLOCK] === 0;
      const block = open ? shortBlock(current) : 0;
      current = 0;
      return block;
    },
    replace(old, now) {
      const node = waiting.get(old);
      if (node === undefined) return;
      waiting.delete(old);
      tree.setBranch(node, now);
      tree.nodes[node * NODE + BLOCK] = host.end([now]);
    },
  };
}
