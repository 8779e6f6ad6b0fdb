// What the code of modules says of the program before it runs: its instructions at dense addresses, function after function,
// and all blocks that control can enter. A block begins where control arrives (at a function, a label, a handler, after a call,
// after a conditional) and goes on to the next transfer of control, so blocks overlap.
import { grown } from "../../files/grown.ts";
import type { Flow } from "../../trace/virtual.ts";
import { instructions, opcodeNamed } from "./instructions.ts";
import { wamrInstructions } from "./wamr/instructions.ts";

/** How control arrives at the beginning of a block: from an instruction before it, or … */
export const ARRIVES = { onward: 0, label: 1, entry: 2, afterImport: 4 } as const;
/** How it leaves at the end: by calling (any kind of call), or for good by a tail call; … or the host took over. */
export const LEAVES = { calling: 8, tailCalling: 16, byHost: 64 } as const;

const LEAVES_BY: Readonly<Partial<Record<Flow, number>>> = {
  call: LEAVES.calling,
  "indirect-call": LEAVES.calling,
  "tail-call": LEAVES.tailCalling,
};

/** Flows that differ from those of opcodes: an `end` within a function; calls of imported functions. */
const GOES_ON = 1;
const RETURNS = 2;

const FLOWS: readonly Flow[] = wamrInstructions.map(({ flow }) => flow);
const CALL = opcodeNamed("call");
const TAIL_CALL = opcodeNamed("return_call");

/** A block whose beginning is not known yet. */
export const LATER = -1;

export class Picture {
  /** By address. */
  #opcodes = new Uint16Array(1 << 10);
  #exceptions = new Uint8Array(1 << 10);
  /** The block to which a jump or a conditional goes, the function that is called, counted among those with code; or -1. */
  #targets = new Int32Array(1 << 10);
  #entered = new Uint8Array(1 << 10);
  addressCount = 0;
  /** By block. */
  #starts = new Int32Array(1 << 8);
  #lengths = new Int32Array(1 << 8);
  /** How control arrives and leaves, as bits. */
  #ways = new Uint8Array(1 << 8);
  blockCount = 0;
  /** By function with code: its first address, then the number of all addresses. */
  readonly functionStarts: number[] = [];
  /** Instructions of the longest block. */
  longest = 1;
  /** Which opcodes there are. */
  readonly used = new Uint8Array(instructions.length);
  /** Functions of the module at hand: imported ones, and those with code in modules before it. */
  #imported = 0;
  #functionsBefore = 0;
  /** Blocks of the function at hand that begin where others begin. */
  #aliases: number[] = [];
  #firstBlock = 0;
  readonly #variants = new Map<string, number>();

  modules = 0;
  /** What comes next is a module's, with so many imported functions. */
  startModule(importedFunctions: number): void {
    this.modules++;
    this.#imported = importedFunctions;
    this.#functionsBefore = this.functionStarts.length;
  }

  /** An instruction; returns its address. */
  add(opcode: number): number {
    const address = this.addressCount++;
    if (address === this.#opcodes.length) this.#makeRoom(address + 1);
    this.#opcodes[address] = opcode;
    this.#exceptions[address] = 0;
    this.#targets[address] = -1;
    this.#entered[address] = 0;
    return address;
  }
  #makeRoom(addresses: number): void {
    this.#opcodes = grown(this.#opcodes, addresses);
    this.#exceptions = grown(this.#exceptions, addresses);
    this.#targets = grown(this.#targets, addresses);
    this.#entered = grown(this.#entered, addresses);
  }
  /** The block where an instruction goes when it transfers control. */
  goesTo(address: number, block: number): void {
    this.#targets[address] = block;
  }
  /** The function that an instruction calls: a tail call of an imported one returns, any other goes on. */
  calls(address: number, index: number): void {
    if (index >= this.#imported) this.#targets[address] = this.#functionsBefore + index - this.#imported;
    else this.#exceptions[address] = this.#opcodes[address] === CALL ? GOES_ON : RETURNS;
  }
  /** An `end` goes on to what comes after it: it is not that of a function. */
  goesOn(address: number): void {
    this.#exceptions[address] = GOES_ON;
  }

  /** A block; it begins at an address, or LATER. */
  block(start: number, arrives: number): number {
    const block = this.blockCount++;
    if (block >= this.#starts.length) {
      this.#starts = grown(this.#starts, block + 1);
      this.#lengths = grown(this.#lengths, block + 1);
      this.#ways = grown(this.#ways, block + 1);
    }
    this.#starts[block] = start;
    this.#ways[block] = arrives;
    return block;
  }
  /** A block that begins where another one begins, which may not be known yet. */
  alias(other: number): number {
    const block = this.block(LATER, ARRIVES.label);
    this.#aliases.push(block, other);
    return block;
  }
  begins(block: number, start: number): void {
    this.#starts[block] = start;
  }
  /** A block cut to its first instructions, or after which the host took over: always the same one. */
  variant(block: number, length: number, byHost: boolean): number {
    const start = this.#starts[block];
    const key = `${start} ${length} ${byHost}`;
    const known = this.#variants.get(key);
    if (known !== undefined) return known;
    const variant = this.block(start, byHost ? LEAVES.byHost : ARRIVES.onward);
    this.#lengths[variant] = length;
    this.#variants.set(key, variant);
    return variant;
  }
  leftByHost(block: number): boolean {
    return (this.#ways[block] & LEAVES.byHost) !== 0;
  }

  /** Takes back what was learned since there were so many modules, functions, addresses and blocks: their module is not run. */
  forget({ modules, functions, addresses, blocks }: ReturnType<Picture["known"]>): void {
    this.modules = modules;
    this.functionStarts.length = functions;
    this.addressCount = addresses;
    this.blockCount = blocks;
  }
  known() {
    return { modules: this.modules, functions: this.functionStarts.length, addresses: this.addressCount, blocks: this.blockCount };
  }

  startFunction(): void {
    this.#aliases = [];
    this.functionStarts.push(this.addressCount);
    this.#firstBlock = this.blockCount;
  }
  /** All blocks of the function begin somewhere: from where to where each goes. */
  endFunction(): void {
    const starts = this.#starts;
    for (let i = 0; i < this.#aliases.length; i += 2) starts[this.#aliases[i]] = starts[this.#aliases[i + 1]];
    const first = this.functionStarts[this.functionStarts.length - 1];
    const ends = this.#endsFrom(first);
    for (let block = this.#firstBlock; block < this.blockCount; block++) {
      const start = starts[block];
      const end = ends[start - first];
      const length = end - start + 1;
      this.#lengths[block] = length;
      if (length > this.longest) this.longest = length;
      if (this.#ways[block] & (ARRIVES.label | ARRIVES.entry)) this.#entered[start] = 1;
      this.#ways[block] |= LEAVES_BY[this.flowAt(end)] ?? 0;
    }
  }
  #scratch = new Int32Array(1 << 10);
  /** Of each address from `first` on: the last one of the straight run that it belongs to. */
  #endsFrom(first: number): Int32Array {
    this.#scratch = grown(this.#scratch, this.addressCount - first);
    const ends = this.#scratch;
    let end = this.addressCount - 1;
    for (let address = end; address >= first; address--) {
      const opcode = this.#opcodes[address];
      if (FLOWS[opcode] !== "next" && (this.#exceptions[address] !== GOES_ON || opcode === CALL)) end = address;
      ends[address - first] = end;
    }
    return ends;
  }

  opcodeAt(address: number): number {
    return address < this.addressCount ? this.#opcodes[address] : -1;
  }
  flowAt(address: number): Flow {
    const exception = this.#exceptions[address];
    return exception === GOES_ON ? "next" : exception === RETURNS ? "return" : FLOWS[this.#opcodes[address]];
  }
  targetAt(address: number): number {
    const target = this.#targets[address];
    if (target < 0) return -1;
    const opcode = this.#opcodes[address];
    if (opcode !== CALL && opcode !== TAIL_CALL) return this.#starts[target];
    return this.functionStarts[target];
  }
  enteredAt(address: number): boolean {
    return this.#entered[address] === 1;
  }
  /** By block: beginnings, lengths, and bits of ARRIVES and LEAVES. */
  get starts(): Int32Array {
    return this.#starts;
  }
  get lengths(): Int32Array {
    return this.#lengths;
  }
  get ways(): Uint8Array {
    return this.#ways;
  }
}
