// The first pass over an opcode stream reconstructs the logged program: addresses of instructions, how control left each of them,
// and which were rewritten while it ran.
//
// Virtual addresses are dense, and control falls through from each address to the next. So the addresses of the
// stream are numbered in ascending order, with a gap between neighbours that never ran one right after the other:
//
//   stream  100 add · 102 jump · 100 add · 102 jump · 110 halt      virtual address  0: add   1: jump   2: (gap)   3: halt
//
// Without addresses every opcode is an address, and gaps are everywhere: control is always transferred.
import type { Flow } from "../../trace/virtual.ts";
import type { StreamReader } from "./reader.ts";

export interface Picture {
  /** Instructions in one reading of the stream. */
  readonly instructions: number;
  readonly addressCount: number;
  /** Virtual address by the reader's number. */
  readonly virtual: Int32Array;
  /** By virtual address: its first opcode, negative in gaps. */
  readonly opcodes: Int32Array;
  readonly flows: readonly Flow[];
  /** By virtual address: where a jump or a conditional goes, or -1. */
  readonly targets: Int32Array;
  /** By virtual address: 1 where control arrived from elsewhere. */
  readonly entered: Uint8Array;
  /** By virtual address: 1 where the opcode changed. */
  readonly rewritten: Uint8Array;
  /** By opcode: the most general of the flows of its addresses. */
  readonly flowOfOpcode: readonly Flow[];
  /**
   * A separate virtual address for the very first instruction, or -1. It needs one if it was rewritten and executed again at
   * once: its block cannot have been passed on by then, because nothing else followed it.
   */
  readonly apart: number;
}

/** The flow of an instruction with both flows. */
function moreGeneral(one: Flow, other: Flow): Flow {
  if (one === other || other === "halt") return one;
  if (one === "halt") return other;
  return one === "switch" || other === "switch" ? "switch" : "conditional";
}

/** @param rounds number of executions of the repeated part of the stream */
export function learn(reader: StreamReader, rounds: (reader: StreamReader) => number): Picture {
  // by the reader's number of an address: the first two addresses that followed it, whether there were more, the nearest
  // above it; the first that it followed, whether there were more
  const followers: number[] = [];
  const others: number[] = [];
  const many: boolean[] = [];
  const above: number[] = [];
  const leaders: number[] = [];
  const joined: boolean[] = [];
  const firstOpcodes: number[] = [];
  const latestOpcodes: number[] = [];
  /** All opcodes of addresses that were rewritten. */
  const allOpcodes = new Map<number, Set<number>>();
  let instructions = 0;
  let from = -1;
  let repeatedFrom = -1;
  let rewrittenAtOnce = false;

  function step(address: number, next: number): void {
    const values = reader.addresses;
    if (values !== undefined && values[next] > values[address] && (above[address] < 0 || values[next] < values[above[address]])) {
      above[address] = next;
    }
    if (followers[address] < 0) followers[address] = next;
    else if (followers[address] !== next && others[address] < 0) others[address] = next;
    else if (followers[address] !== next && others[address] !== next) many[address] = true;
    if (leaders[next] < 0) leaders[next] = address;
    else if (leaders[next] !== address) joined[next] = true;
  }
  function rewrite(address: number, opcode: number): void {
    const all = allOpcodes.get(address) ?? new Set([firstOpcodes[address]]);
    allOpcodes.set(address, all.add(opcode));
    latestOpcodes[address] = opcode;
    // an instruction that rewrote itself and was dispatched again is no path of the program
    if (from === address) joined[address] = true;
    if (instructions === 1) rewrittenAtOnce = true;
  }
  reader.read((address, opcode) => {
    if (address === followers.length) {
      followers.push(-1);
      others.push(-1);
      many.push(false);
      above.push(-1);
      leaders.push(-1);
      joined.push(false);
      firstOpcodes.push(opcode);
      latestOpcodes.push(opcode);
    } else if (latestOpcodes[address] !== opcode) {
      rewrite(address, opcode);
      if (address === from) from = -1;
    }
    if (instructions === reader.before) repeatedFrom = address;
    if (from >= 0 && (followers[from] !== address || leaders[address] !== from)) {
      step(from, address);
    }
    from = address;
    instructions++;
  });
  if (rounds(reader) > 1 && instructions > reader.before) step(from, repeatedFrom);

  const { addresses } = reader;
  const order = firstOpcodes.map((_, address) => address);
  if (addresses !== undefined) order.sort((a, b) => addresses[a] - addresses[b]);
  const virtual = new Int32Array(order.length);
  let free = 0;
  order.forEach((address, i) => {
    virtual[address] = free;
    free += i + 1 < order.length && above[address] === order[i + 1] ? 1 : 2;
  });
  const apart = rewrittenAtOnce ? free : -1;
  // the number after the last address has no instruction: it ends the last block, or leads to the one apart
  const addressCount = rewrittenAtOnce ? free + 1 : free - 1;

  const opcodes = new Int32Array(addressCount).fill(-1);
  const flows: Flow[] = new Array<Flow>(addressCount).fill("halt");
  const targets = new Int32Array(addressCount).fill(-1);
  const entered = new Uint8Array(addressCount);
  const rewritten = new Uint8Array(addressCount);
  const flowOfOpcode: Flow[] = reader.opcodes.map(() => "halt");
  order.forEach((address) => {
    const at = virtual[address];
    const successors = [followers[address], others[address]].filter((next) => next >= 0).map((next) => virtual[next]);
    const elsewhere = successors.filter((next) => next !== at + 1);
    const falls = above[address] >= 0 && virtual[above[address]] === at + 1;
    if (many[address] || elsewhere.length > 1) flows[at] = "switch";
    else if (elsewhere.length === 1) flows[at] = falls ? "conditional" : "jump";
    else if (falls) flows[at] = "next";
    if (flows[at] === "conditional" || flows[at] === "jump") targets[at] = elsewhere[0];
    opcodes[at] = firstOpcodes[address];
    entered[at] = address === 0 || joined[address] || (leaders[address] >= 0 && virtual[leaders[address]] !== at - 1) ? 1 : 0;
    const all = allOpcodes.get(address);
    if (all !== undefined) rewritten[at] = 1;
    for (const opcode of all ?? [firstOpcodes[address]]) flowOfOpcode[opcode] = moreGeneral(flowOfOpcode[opcode], flows[at]);
  });
  if (rewrittenAtOnce) {
    opcodes[apart] = firstOpcodes[0];
    flows[apart] = "jump";
    targets[apart] = virtual[0];
    entered[apart] = 1;
    flowOfOpcode[firstOpcodes[0]] = moreGeneral(flowOfOpcode[firstOpcodes[0]], "jump");
  }
  return { instructions, addressCount, virtual, opcodes, flows, targets, entered, rewritten, flowOfOpcode, apart };
}
