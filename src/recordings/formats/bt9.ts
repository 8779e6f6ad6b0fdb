// BT9, the traces of the championships of 2014 and 2016 (CBP-4 and CBP-5; cited from memory): text. Nodes are static branches;
// edges give a branch's outcome and the next branch; the numbers of the executed edges follow.
//
//   NODE id address physical-address opcode size class: RET|JMP|CALL + DIR|IND + CND|UCD …
//   EDGE id from to T|N target physical-target instructions-between …
//
// Node 0 is no branch: an edge from it is the beginning, an edge to it the end.
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { hexOf, highOf, highOfDigits, lowOf, lowOfDigits } from "../addresses.ts";
import { createLosses } from "../coding/losses.ts";
import { firstLine, quoted, readLines } from "../coding/text-lines.ts";
import { conditionalForm, untakenNotes } from "../coding/untaken.ts";
import { MAX_EVENTS, tooManyBranches } from "../events.ts";
import { createPackets } from "../packets.ts";
import type {
  ByteSource,
  RecordedBranch,
  RecordingFormat,
  RecordingSink,
  RecordingSurvey,
  RecordingTotals,
  RecordingWriter,
  WritableBlocks,
} from "../recording.ts";

const MAGIC = "BT9_SPA_TRACE_FORMAT";
/** What a file has, in order; each begins with its name. */
const PARTS: readonly string[] = [MAGIC, "BT9_NODES", "BT9_EDGES", "BT9_EDGE_SEQUENCE", "EOF"];
const [HEADER, NODES, EDGES, SEQUENCE, END] = PARTS.keys();
const MAX_ID = 2 ** 31 - 1;

interface Address {
  readonly low: number;
  readonly high: number;
}
interface Node extends Address {
  /** undefined where its class does not say. */
  readonly kind: number | undefined;
}
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly taken: 0 | 1;
  readonly target: Address;
  readonly between: number;
}

/** Words of a class. RET is always indirect. */
const KINDS_OF_CLASS = new Map([
  ["JMP+DIR", JUMP],
  ["JMP+IND", INDIRECT_JUMP],
  ["CALL+DIR", CALL],
  ["CALL+IND", INDIRECT_CALL],
  ["RET+DIR", RETURN],
  ["RET+IND", RETURN],
  ["RET+N/A", RETURN],
]);
const classOf = (kind: number): string => {
  const [words] = [...KINDS_OF_CLASS].findLast(([, other]) => other === (kind & ~CONDITIONAL)) ?? [];
  return `${words === "RET+N/A" ? "RET+IND" : (words ?? "JMP+DIR")}+${kind & CONDITIONAL ? "CND" : "UCD"}`;
};

function kindOf(text: string): number | undefined {
  const [type, direct, condition] = text.split("+");
  const kind = KINDS_OF_CLASS.get(`${type}+${direct}`);
  if (kind === undefined || (condition !== "CND" && condition !== "UCD")) return undefined;
  return condition === "CND" ? conditionalForm(kind) : kind;
}

/** A number as C writes it: 0x, a leading zero for octal, or decimal; undefined if it is none, or has more than 64 bits. */
function numberIn(text: string): bigint | undefined {
  if (!/^(0x[\da-f]{1,16}|0[0-7]{0,22}|[1-9]\d{0,19})$/i.test(text)) return undefined;
  const value = BigInt(/^0[0-7]+$/.test(text) ? `0o${text}` : text);
  return value >> 64n === 0n ? value : undefined;
}

function addressIn(text: string): Address | undefined {
  if (/^0x[\da-f]{1,16}$/i.test(text)) return { low: lowOfDigits(text.slice(2)), high: highOfDigits(text.slice(2)) };
  const value = numberIn(text);
  return value === undefined ? undefined : { low: lowOf(value), high: highOf(value) };
}

function countIn(text: string, most: number): number | undefined {
  const value = numberIn(text);
  return value === undefined || value > BigInt(most) ? undefined : Number(value);
}

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const packets = createPackets(sink);
  const nodes = new Map<number, Node>();
  const edges = new Map<number, Edge>();
  const header = new Map<string, number>();
  let part = -1;
  let line = 0;
  /** Instructions between the branch before and the next one. */
  let between = 0;

  const expected = (what: string, got: string): UsageError => new UsageError(`expected ${what}, got ${quoted(got)} in line ${line}`);
  function must<T>(value: T | undefined, what: string, got: string): T {
    if (value === undefined) throw expected(what, got);
    return value;
  }
  const idIn = (text = ""): number => must(countIn(text, MAX_ID), `a number from 0 to ${MAX_ID}`, text);
  const placeIn = (text = ""): Address => must(addressIn(text), "an address of at most 64 bits", text);

  /** Begins the next part. */
  function begin(text: string): void {
    const next = PARTS.indexOf(text);
    if (part < 0 && next !== HEADER)
      throw new UsageError(`expected a BT9 trace, which begins with ${MAGIC}, got ${quoted(text)} in line ${line}`);
    if (next !== part + 1) throw expected(PARTS[part + 1] ?? "nothing after EOF", text);
    part = next;
  }
  function readHeader(text: string): void {
    const [, key, value] = /^([^\s:]+):\s*(.*)$/.exec(text) ?? [];
    if (key === undefined) throw expected(`key: value, or ${PARTS[NODES]}`, text);
    if (/^(total|branch)_instruction_count$/.test(key))
      header.set(key, must(countIn(value, Number.MAX_SAFE_INTEGER), `a number of instructions after ${key}`, value));
  }
  function readNode(tokens: readonly string[], text: string): void {
    if (tokens[0] !== "NODE" || tokens.length < 6) throw expected(`NODE id address physical-address opcode size, or ${PARTS[EDGES]}`, text);
    const id = idIn(tokens[1]);
    if (nodes.has(id)) throw new UsageError(`node ${id} is defined a second time in line ${line}`);
    if (nodes.size > MAX_EVENTS) throw tooManyBranches();
    const at = tokens.indexOf("class:", 6);
    nodes.set(id, { ...placeIn(tokens[2]), kind: at < 0 ? undefined : kindOf(tokens[at + 1] ?? "") });
  }
  function readEdge(tokens: readonly string[], text: string): void {
    if (tokens[0] !== "EDGE" || tokens.length < 8)
      throw expected(`EDGE id from to T|N target physical-target instructions, or ${PARTS[SEQUENCE]}`, text);
    const [, number, from, to, outcome, target, , inBetween] = tokens;
    const id = idIn(number);
    if (edges.has(id)) throw new UsageError(`edge ${id} is defined a second time in line ${line}`);
    if (edges.size > 2 * MAX_EVENTS) throw tooManyBranches();
    if (outcome !== "T" && outcome !== "N") throw expected("T or N", outcome);
    for (const end of [from, to]) if (!nodes.has(idIn(end))) throw expected("a node that is defined", end);
    edges.set(id, {
      from: idIn(from),
      to: idIn(to),
      taken: outcome === "T" ? 1 : 0,
      target: placeIn(target),
      between: must(countIn(inBetween, Number.MAX_SAFE_INTEGER - 1), "a number of instructions", inBetween),
    });
  }
  function execute(text: string): void {
    const { from, taken, target, between: behind } = must(edges.get(idIn(text)), "an edge that is defined", text);
    if (from !== 0) {
      const { low, high, kind } = nodes.get(from) ?? { low: 0, high: 0, kind: undefined };
      if (kind === undefined)
        throw new UsageError(
          `node ${from} executes in line ${line}: expected a class of RET, JMP or CALL, DIR or IND, CND or UCD; it has none`,
        );
      packets.add({ pc: low, pcHigh: high, target: target.low, targetHigh: target.high, kind, taken, gap: between + 1 });
    }
    between = behind;
  }
  await readLines(source, (raw, number) => {
    line = number;
    const comment = raw.indexOf("#");
    const text = (comment < 0 ? raw : raw.slice(0, comment)).trim();
    if (text === "") return;
    if (part === SEQUENCE && text !== PARTS[END]) return execute(text);
    if (part < 0 || part === END || PARTS.includes(text)) return begin(text);
    const tokens = text.split(/\s+/);
    if (part === HEADER) return readHeader(text);
    return part === NODES ? readNode(tokens, text) : readEdge(tokens, text);
  });
  packets.flush();
  if (line === 0) throw new UsageError("it is empty, expected a BT9 trace");
  if (part < SEQUENCE) throw new UsageError(`it is cut short: it ends before ${PARTS[part + 1]}; fetch or record it again`);
  const totals = totalsOf(header, packets.branches, packets.instructions + between);
  return { ...totals, notes: [...totals.notes, ...untakenNotes(packets.untaken)] };
}

function totalsOf(header: ReadonlyMap<string, number>, branches: number, sum: number): RecordingTotals {
  if (branches === 0) throw new UsageError("it holds no branches");
  if (!Number.isSafeInteger(sum)) throw new UsageError(`it is damaged: it has more than ${Number.MAX_SAFE_INTEGER} instructions`);
  // node 0 counts as one
  const counted = header.get("branch_instruction_count") ?? 0;
  if (counted > branches + 1)
    throw new UsageError(`it is cut short: its header says ${counted - 1} branches, there are ${branches}; fetch or record it again`);
  const instructions = header.get("total_instruction_count") ?? 0;
  if (instructions === 0)
    return { format: "bt9", instructions: sum, notes: ["Its header does not say how many instructions it has: gaps are added up."] };
  if (instructions < branches)
    throw new UsageError(
      `it is damaged: its header says ${instructions} instructions, but there are ${branches} branches; fetch or record it again`,
    );
  const notes = sum > instructions ? [`Its edges have ${sum} instructions, its header says ${instructions}: some gaps are too long.`] : [];
  return { format: "bt9", instructions, notes };
}

/** An edge as it is written: the first branch that came next, and the instructions between. */
interface WrittenEdge {
  readonly node: number;
  readonly branch: RecordedBranch;
  to: number;
  between: number;
}

const MOST_TEXT = 1 << 16;

function createWriter(write: (bytes: Uint8Array) => void, surveyed: WritableBlocks): RecordingSurvey {
  const losses = createLosses();
  /** Address → number of a node, from 1; number → its first branch. */
  const nodeNumbers = new Map<string, number>();
  const nodes: RecordedBranch[] = [];
  const edgeNumbers = new Map<string, number>();
  const edges: WrittenEdge[] = [];
  let branches = 0;
  let instructions = 0;
  let firstGap = 1;
  let last: WrittenEdge | undefined;

  function nodeOf(branch: RecordedBranch): number {
    const key = hexOf(branch.pc, branch.pcHigh);
    const known = nodeNumbers.get(key);
    if (known !== undefined) return known;
    nodeNumbers.set(key, nodes.push(branch));
    return nodes.length;
  }
  /** The edge of a branch: one for each target, one where it falls through. */
  function edgeOf(branch: RecordedBranch): number {
    const node = nodeOf(branch);
    const key = `${node} ${branch.taken ? hexOf(branch.target, branch.targetHigh) : "N"}`;
    const known = edgeNumbers.get(key);
    if (known !== undefined) return known;
    // edge 0 comes from node 0
    edgeNumbers.set(key, edges.push({ node, branch, to: 0, between: 0 }));
    return edges.length;
  }
  /** By number of a branch. */
  function createEdgesOfBranches(blocks: WritableBlocks): (number: number) => number {
    const known: number[] = [];
    return (number) => {
      known[number] ??= edgeOf(blocks.branch(number));
      return known[number];
    };
  }
  function lose(branch: RecordedBranch, { node, branch: first }: WrittenEdge): void {
    if (nodes[node - 1].kind !== branch.kind) losses.count("a branch is of the kind that the first one at its address had");
    if (first.target !== branch.target || first.targetHigh !== branch.targetHigh)
      losses.count("where a conditional that fell through would have gone: it is where it would have gone the first time");
    if (branch.gap === 0) losses.count("a gap of 0 becomes 1");
  }
  const edgeOfSurveyed = createEdgesOfBranches(surveyed);

  function* lines(said: number): Generator<string> {
    yield MAGIC;
    yield "bt9_minor_version: 0";
    yield "has_physical_address: 0";
    yield `total_instruction_count: ${said}`;
    yield `branch_instruction_count: ${branches + 1}`;
    yield PARTS[NODES];
    yield "NODE 0 0 - 0 0";
    for (const [i, { pc, pcHigh, kind }] of nodes.entries()) yield `NODE ${i + 1} ${hexOf(pc, pcHigh)} - 0 4 class: ${classOf(kind)}`;
    yield PARTS[EDGES];
    yield `EDGE 0 0 1 N 0 - ${firstGap - 1}`;
    for (const [i, { node, branch, to, between }] of edges.entries()) {
      const { taken, target, targetHigh } = branch;
      yield `EDGE ${i + 1} ${node} ${to} ${taken ? "T" : "N"} ${hexOf(target, targetHigh)} - ${between}`;
    }
    yield PARTS[SEQUENCE];
    yield "0";
  }
  /** The last branch goes to node 0: by a separate edge, unless its edge leads nowhere else. */
  function close(said: number): number {
    if (last === undefined) return 0;
    const rest = Math.max(said - instructions, 0);
    const end = last.to === 0 ? last : { ...last, to: 0 };
    end.between = rest;
    return end === last ? edges.indexOf(last) + 1 : edges.push(end);
  }
  return {
    blocks(ids, count) {
      for (let i = 0; i < count; i++) {
        for (const number of surveyed.branchesOf(ids[i])) {
          const branch = surveyed.branch(number);
          const edge = edges[edgeOfSurveyed(number) - 1];
          const gap = Math.max(branch.gap, 1);
          lose(branch, edge);
          if (last === undefined) firstGap = gap;
          else if (last.to === 0) {
            last.to = edge.node;
            last.between = gap - 1;
          } else {
            if (last.to !== edge.node) losses.count("an edge leads to the branch that came next the first time, not to this one");
            if (last.between !== gap - 1) losses.count("its gap is that of the first time when the branch before went the same way");
          }
          last = edge;
          branches++;
          instructions += gap;
        }
      }
    },
    writer(blocks, total): RecordingWriter {
      const said = Math.max(total, branches);
      const end = close(said);
      let text = "";
      const print = (line: string | number): void => {
        text += `${line}\n`;
        if (text.length >= MOST_TEXT) flush();
      };
      const flush = (): void => {
        write(Buffer.from(text, "latin1"));
        text = "";
      };
      for (const line of lines(said)) print(line);
      const edgeOfBranch = createEdgesOfBranches(blocks);
      let left = branches;
      return {
        blocks(ids, count) {
          for (let i = 0; i < count; i++)
            for (const number of blocks.branchesOf(ids[i])) {
              left--;
              print(left === 0 ? end : edgeOfBranch(number));
            }
        },
        finish() {
          print(PARTS[END]);
          flush();
          const changed = said === total ? [] : [`It says ${said} instructions instead of ${total}: there are as many branches.`];
          return [...losses.sentences(), ...changed];
        },
      };
    },
  };
}

const bt9: RecordingFormat = {
  file: "a BT9 trace",
  endings: [".bt9.trace", ".bt9"],
  recognises: (start) => firstLine(start) === MAGIC,
  read,
  createWriter,
};
export default bt9;
