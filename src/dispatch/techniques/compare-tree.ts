// A switch without a jump table, as compilers write it for few cases or under retpolines: every body jumps back to a
// balanced tree of compares, which leads to the next body by conditional branches alone.
//
//   head:  load opcode            0 ─┐
//          cmp 2; jae ───────┐       ├ node: falls through to its left half, is taken to its right half
//          cmp 1; jae body 1 │    1 ─┘
//          jmp body 0        │
//          …            <────┘
import { CONDITIONAL, JUMP } from "../../branch.ts";
import { byOpcode } from "../layouts/by-opcode.ts";
import { alignment, createCodeSpace } from "../layouts/placement.ts";
import { BYTES, instructionOf, jump, siteOf } from "../layouts/sites.ts";
import { defineTechnique, type Site } from "../native-code.ts";

// load; advance
const HEAD = { bytes: 7, instructions: 2 };
const COMPARE_BYTES = 3;
const NODE_BYTES = COMPARE_BYTES + BYTES.conditional;

/** A node separates the opcodes below its pivot from the others. A leaf is an opcode. */
type Tree = number | { readonly start: number; readonly pivot: number; readonly left: Tree; readonly right: Tree };

/** Entry address of a tree: its first compare, or the body. */
const bytesOf = (from: number, to: number): number =>
  to - from === 1 ? BYTES.jump : NODE_BYTES + leftBytes(from, to) + rightBytes(from, to);
const middle = (from: number, to: number): number => Math.ceil((from + to) / 2);
const leftBytes = (from: number, to: number): number => bytesOf(from, middle(from, to));
/** A right half of a single opcode needs no code: the branch goes straight to its body. */
const rightBytes = (from: number, to: number): number => (to - middle(from, to) === 1 ? 0 : bytesOf(middle(from, to), to));

function grow(start: number, from: number, to: number): Tree {
  if (to - from === 1) return from;
  const pivot = middle(from, to);
  const left = start + NODE_BYTES;
  return { start, pivot, left: grow(left, from, pivot), right: grow(left + leftBytes(from, to), pivot, to) };
}

export default defineTechnique({
  title: "Switch as a compare tree",
  description: "every body jumps back to a balanced tree of compares and conditional branches; no indirect branch",
  means: "portable C",
  source:
    "What compilers make of a switch with -fno-jump-tables, under retpolines, or for few cases. Tree by halving the opcode table; a compare of 3 " +
    "bytes and a branch of 6 per node, a jump for opcodes that fall out of it (x86-64 encodings, not measured). Each branch of the tree counts as a dispatch.",
  parameters: { ...alignment },
  layout(program, { align }, context) {
    const space = createCodeSpace(program, context, align, BYTES.jump);
    const cases = program.opcodes.length;
    const entry = space.shared(BYTES.jump);
    const head = space.shared(HEAD.bytes + bytesOf(0, cases));
    const tree = grow(head.start + HEAD.bytes, 0, cases);

    /** The branches that lead to an opcode's body, with their addresses in the tree. */
    function pathTo(opcode: number): { sites: Site[]; starts: number[] } {
      const sites: Site[] = [];
      const starts: number[] = [];
      const body = space.bodyOf(opcode).start;
      const owner = "compare tree";
      let node = tree;
      let at = head.start + HEAD.bytes;
      while (typeof node !== "number") {
        const goesRight = opcode >= node.pivot;
        const after = node.start + NODE_BYTES;
        const { right } = node;
        const target = typeof right === "number" ? space.bodyOf(right).start : right.start;
        sites.push(siteOf(CONDITIONAL, after - BYTES.conditional, target, after, true, goesRight ? "always" : "never", owner));
        starts.push(node.start);
        at = after;
        node = goesRight ? right : node.left;
        if (typeof node === "number" && goesRight) return { sites, starts };
      }
      sites.push(jump(at, body, owner));
      return { sites, starts };
    }
    return {
      entry: jump(entry.start, head.start, "entry"),
      at: byOpcode(program, (opcode) => {
        const { name, nativeInstructions } = program.opcodes[opcode];
        const { start, end } = space.bodyOf(opcode);
        const { sites, starts } = pathTo(Math.min(opcode, cases - 1));
        const falls = sites[sites.length - 1].kind === JUMP;
        const executed = nativeInstructions + 1 + HEAD.instructions + 2 * starts.length + (falls ? 1 : 0);
        const code = [
          { start: head.start, end: head.start + HEAD.bytes },
          ...starts.map((node) => ({ start: node, end: node + NODE_BYTES })),
          ...(falls ? [{ start: sites[sites.length - 1].address, end: sites[sites.length - 1].after }] : []),
          { start, end },
        ];
        return instructionOf(start, executed, [jump(end - BYTES.jump, head.start, name)], code, undefined, sites);
      }),
      pieces: () => space.pieces(),
    };
  },
});
