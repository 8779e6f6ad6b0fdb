// The Forth guest's virtual machine: memory, stacks, threaded code, and the blocks of it that ran. The interpreter that
// runs it is generated (interpreter.ts).
//
// Code is two parallel arrays, op[] and arg[], one virtual instruction an index, so a virtual address is an index.
// Data memory is one byte array. Stacks lie outside it. The top of the data stack is cached: inside the interpreter
// `t` is the top and ds[sp - 1] the cell below; outside (host words) ds[sp] is the top. Depth is sp - STACK_BASE.
//
// Stack underflow is not checked by each instruction but once per block: credit[ip] says how deep the stack must be
// where the block starts. A block that would underflow gets a trap in front of the instruction that does, so that
// everything before it still happens. The same test finds blocks that are not known yet, so it comes free; a check in every
// body on top of it took 0.96 to 1.13 times as long (sieve, lz, compiler, fibonacci, queens).
import type { Flow, Opcode, VirtualProgram } from "../../../trace/virtual.ts";
import { ForthException } from "../exceptions.ts";
import { BlockTrace } from "./block-trace.ts";
import { type Cell, type CellArray, type CellBits, type Cells, cellsOf } from "./cells.ts";
import { DataMemory } from "./data-memory.ts";
import { FloatStack } from "./float-stack.ts";
import { InstructionSet, type Shape } from "./instruction-set.ts";
import type { InstructionOptions } from "./instructions.ts";
import { generate, type InterpretedMachine, type Interpreter } from "./interpreter.ts";
import {
  BLOCK_LIMIT,
  CODE_SIZE,
  CREDIT,
  dictionaryEnd,
  GUARD,
  HALT,
  heapEnd,
  MARKS,
  MEMORY_BYTES,
  PRIMITIVE_END,
  RESUME,
  RETURN_BASE,
  RETURN_CELLS,
  RUN_END,
  STACK_BASE,
  STACK_CELLS,
  TRAP,
} from "./layout.ts";

/** What a word of the host does: takes and leaves cells through `pop` and `push`. */
export type HostWord = (machine: Machine) => void;

/** Told when the text interpreter begins to run colon code, and when that has returned. */
export interface RunObserver {
  enter(ip: number): void;
  leave(): void;
}

export class Machine implements VirtualProgram, InterpretedMachine {
  readonly cell: Cells;
  readonly memoryBytes: number;
  readonly dictionaryEnd: number;
  readonly heapEnd: number;
  readonly memory: DataMemory;
  readonly cells: CellArray;
  readonly bytes: Uint8Array;
  readonly ds: CellArray;
  readonly rs: CellArray;
  readonly op = new Uint16Array(CODE_SIZE);
  readonly arg = new Int32Array(CODE_SIZE);
  /** Operands as cells: `arg`, where that is wide enough. */
  readonly literals: CellArray;
  readonly credit = new Int32Array(CODE_SIZE);
  readonly blockAt = new Int32Array(CODE_SIZE);
  /** What the block at an address adds to `tally`. */
  readonly tallyAt = new Int32Array(CODE_SIZE);
  /** 1 where control may arrive from elsewhere. */
  readonly #entered = new Uint8Array(CODE_SIZE + 1);
  /** 1 where an execution token may point. */
  readonly tokens = new Uint8Array(CODE_SIZE);
  readonly #instructionSet = new InstructionSet<HostWord>();
  readonly shapes: readonly Shape[] = this.#instructionSet.shapes;
  readonly opcodes: readonly Opcode[] = this.#instructionSet.opcodes;
  readonly hostWords: (HostWord | undefined)[] = this.#instructionSet.hostWords;
  readonly blocks = new BlockTrace((address) => this.flowAt(address));
  /** For the interpreter: read through `blocks`, whose address V8 then does not know, queens took 1.1 times as long. */
  readonly trace = this.blocks.buffer;

  sp = STACK_BASE;
  rp = RETURN_BASE;
  lp: number;
  handler = 0;
  /** Where an instruction run by EXECUTE continues. */
  resume = 0;
  /** The virtual address after a word of the host that is running. */
  ip = 0;
  /** The exception that stopped the interpreter, 0 if none, and what is known of it. */
  fault = 0;
  thrown: ForthException | undefined;
  /** The next free virtual address. */
  here = 0;
  /** What CATCH notes of the host in one cell (nested input sources, depth of the floating-point stack), and THROW restores. */
  hostMark: () => number = () => 0;
  restoreHost: (mark: number) => void = () => {};
  readonly floats = new FloatStack();
  /** The exception that the last CATCH caught, and the text of the last ABORT". */
  caught: ForthException | undefined;

  /** Called with a virtual address in use when what is known of it changes. */
  rewritten: (address: number) => void = () => {};
  observer: RunObserver | undefined;
  #trapAt = -1;
  #trapped = 0;
  #run: Interpreter = () => {};
  #generated = -1;

  /** @param memoryBytes bytes of data memory, a multiple of 4 MiB up to 1 GiB */
  constructor(memoryBytes = MEMORY_BYTES, cellBits: CellBits = 32) {
    this.cell = cellsOf(cellBits);
    this.ds = this.cell.array(STACK_CELLS);
    this.rs = this.cell.array(RETURN_CELLS);
    this.literals = cellBits === 32 ? this.arg : this.cell.array(CODE_SIZE);
    this.memoryBytes = memoryBytes;
    this.dictionaryEnd = dictionaryEnd(memoryBytes);
    this.heapEnd = heapEnd(memoryBytes);
    this.memory = new DataMemory(memoryBytes, this.cell, this.ds, this.rs);
    this.bytes = this.memory.bytes;
    this.cells = this.memory.cells;
    this.lp = memoryBytes;

    this.emit(HALT, 0);
    this.emit(this.number("(catch-end)"), 0);
    this.emit(HALT, 0);
  }

  /** Adds an instruction that the host executes; returns its opcode number. */
  defineHostWord(name: string, effect: string, run: HostWord, options: InstructionOptions): number {
    return this.#instructionSet.define(name, effect, options, options.body, run);
  }

  /** The opcode number of an instruction by its name. */
  number(name: string): number {
    return this.#instructionSet.number(name);
  }

  // --- the virtual program, as dispatch techniques see it ---

  opcodeAt(address: number): number {
    return this.op[address] - MARKS;
  }
  flowAt(address: number): Flow {
    const { flow } = this.shapes[this.op[address]];
    return flow === "next" && this.op[address + 1] === RESUME ? "return" : flow;
  }
  get addressCount(): number {
    return this.here;
  }
  targetAt(address: number): number {
    return this.shapes[this.op[address]].direct ? this.arg[address] : -1;
  }
  enteredAt(address: number): boolean {
    return this.#entered[address] === 1;
  }
  get blockCount(): number {
    return this.blocks.count;
  }
  blockStart(block: number): number {
    return this.blocks.start(block);
  }
  blockLength(block: number): number {
    return this.blocks.length(block);
  }
  leftByHost(block: number): boolean {
    return this.blocks.leftByHost(block);
  }

  // --- code ---

  /** @param arg the operand: a literal, an address, a count */
  emit(op: number, arg: Cell): number {
    if (this.here >= CODE_SIZE - 2) throw new ForthException(-8, "code space full");
    this.op[this.here] = op;
    this.#setOperand(this.here, arg);
    if (this.shapes[op].refers) this.#enter(this.arg[this.here]);
    return this.here++;
  }

  #setOperand(address: number, x: Cell): void {
    this.arg[address] = typeof x === "number" ? x | 0 : Number(BigInt.asIntN(32, x));
    if (this.cell.bits > 32) this.literals[address] = this.#cellFrom(x);
  }

  #enter(address: number): void {
    if (this.#entered[address] === 1) return;
    this.#entered[address] = 1;
    this.rewritten(address);
  }

  /** The branch at a virtual address goes to what is laid down next. */
  target(branch: number): void {
    this.arg[branch] = this.here;
    this.rewritten(branch);
    this.#entered[this.here] = 1;
  }

  /** Lays down a code field: what EXECUTE finds. Returns the execution token. */
  emitToken(op: number, arg: Cell): number {
    const xt = this.emit(op, arg);
    this.tokens[xt] = 1;
    this.#entered[xt] = 1;
    this.emit(RESUME, 0);
    return xt;
  }

  /** Changes what stands at a virtual address; blocks that contained it keep their ids and are not used again. */
  patch(address: number, op: number, arg: number): void {
    this.op[address] = op;
    this.#setOperand(address, arg);
    this.credit[address] = 0;
    this.rewritten(address);
  }

  /**
   * Control arrives where no block is known, or where the stack may be too shallow for the block.
   * Learns the block; sets a trap if it would underflow.
   */
  admit(ip: number, sp: number): void {
    if (!(ip >= 1 && ip < this.here)) throw new ForthException(-9, `jump to ${ip}, which is no code: return stack imbalance?`);
    let depth = 0;
    let need = 0;
    let at = ip;
    let failing = -1;
    for (; ; at++) {
      const shape = this.shapes[this.op[at]];
      if (this.op[at] < MARKS || at >= this.here) throw new ForthException(-22, "execution of an unfinished definition");
      need = Math.max(need, shape.inputs - depth);
      if (failing < 0 && need > sp - STACK_BASE) failing = at;
      depth += shape.outputs - shape.inputs;
      if (shape.ends || this.op[at + 1] === RESUME || at - ip >= BLOCK_LIMIT) break;
    }
    if (this.credit[ip] === 0) {
      this.blockAt[ip] = this.blocks.add(ip, at - ip + 1);
      this.tallyAt[ip] = ((at - ip + 1) << 16) + 1;
      this.credit[ip] = CREDIT - need - STACK_BASE;
    }
    if (failing >= 0) {
      this.#trapAt = failing;
      this.#trapped = this.op[failing];
      this.op[failing] = TRAP;
      this.rewritten(failing);
    }
  }

  /** The trap was reached: the instruction under it has too little on the stack. */
  underflow(sp: number): never {
    throw this.#tooFew(this.shapes[this.#trapped], sp);
  }
  #tooFew({ name, inputs }: Shape, sp: number): ForthException {
    return new ForthException(-4, `stack underflow in "${name}", needs ${inputs}, has ${Math.max(0, sp - STACK_BASE)}`);
  }

  clearTrap(): void {
    if (this.#trapAt >= 0) {
      this.op[this.#trapAt] = this.#trapped;
      this.rewritten(this.#trapAt);
    }
    this.#trapAt = -1;
  }

  // --- running ---

  #interpreter(): Interpreter {
    if (this.#generated !== this.shapes.length) {
      this.#run = generate(this);
      this.#generated = this.shapes.length;
    }
    return this.#run;
  }

  /** Runs colon code from a virtual address until it returns. Nested runs are what EVALUATE and the like need. */
  run(ip: number): void {
    const { handler, rp } = this;
    this.checkReturnStack(1);
    this.observer?.enter(ip);
    this.rs[this.rp++] = this.cell.from(RUN_END);
    this.handler = 0;
    this.#interpreter()(ip, rp, RUN_END);
    this.observer?.leave();
    this.handler = handler;
    this.rp = rp;
  }

  /** Runs one instruction for the text interpreter, which leaves no trace of it. */
  runPrimitive(xt: number): void {
    const shape = this.shapes[this.op[xt]];
    const host = this.hostWords[this.op[xt]];
    if (this.sp - STACK_BASE < shape.inputs) throw this.#tooFew(shape, this.sp);
    if (host !== undefined) {
      host(this);
      return;
    }
    if (this.sp > STACK_CELLS - GUARD) throw new ForthException(-3);
    const { handler } = this;
    this.handler = 0;
    try {
      this.#interpreter()(xt, RETURN_BASE, PRIMITIVE_END);
    } finally {
      this.blocks.tally = (this.blocks.tally - this.tallyAt[xt]) | 0;
      this.handler = handler;
    }
  }

  /** @throws ForthException -5 unless there is room for `cells` more on the return stack */
  checkReturnStack(cells: number): void {
    if (this.rp + cells > RETURN_CELLS - GUARD) throw new ForthException(-5);
  }

  /** Takes back the stacks to what they were, as CATCH does for the text interpreter. */
  restore(to: { readonly sp: number; readonly rp: number; readonly lp: number; readonly handler: number }): void {
    this.sp = to.sp;
    this.rp = to.rp;
    this.lp = to.lp;
    this.handler = to.handler;
  }

  /** QUIT: empties all but the data stack. */
  clearReturnStack(): void {
    this.restore({ sp: this.sp, rp: RETURN_BASE, lp: this.memoryBytes, handler: 0 });
  }

  /** The operand of a word of the host that is running. */
  get operand(): number {
    return this.arg[this.ip - 1];
  }

  // --- the data stack, for words of the host ---

  get depth(): number {
    return this.sp - STACK_BASE;
  }
  #cellFrom(x: Cell): Cell {
    return this.cell.bits === 64 && typeof x === "number" ? BigInt(x) : x;
  }
  push(x: Cell): void {
    if (this.sp >= STACK_CELLS - GUARD) throw new ForthException(-3);
    this.ds[++this.sp] = this.#cellFrom(x);
  }
  /** The top as it is. */
  popCell(): Cell {
    if (this.sp <= STACK_BASE) throw new ForthException(-4);
    return this.ds[this.sp--];
  }
  /** The top as a number: an address, a count, a flag. Beyond 2^53 it is the nearest. */
  pop(): number {
    const x = this.popCell();
    return typeof x === "number" ? x : Number(x);
  }
  /** The top as a number without a sign. */
  popUnsigned(): number {
    const x = this.popCell();
    return typeof x === "number" ? x >>> 0 : Number(BigInt.asUintN(64, x));
  }
  /** Pops two cells, the high one on top. */
  popDouble(): bigint {
    const high = BigInt(this.popCell());
    return (high << BigInt(this.cell.bits)) | BigInt.asUintN(this.cell.bits, BigInt(this.popCell()));
  }
  pushDouble(x: bigint): void {
    this.push(this.cell.of(x));
    this.push(this.cell.of(x >> BigInt(this.cell.bits)));
  }
  /** Pops a string, its length on top of its address. */
  popText(): string {
    const length = this.pop();
    return this.memory.text(this.pop(), length);
  }
  clearStack(): void {
    this.sp = STACK_BASE;
  }
  /** The cell `index` below the top, which is 0. */
  peek(index: number): Cell {
    return this.ds[this.sp - index];
  }
  poke(index: number, x: Cell): void {
    this.ds[this.sp - index] = this.#cellFrom(x);
  }
}
