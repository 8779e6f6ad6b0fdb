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
import { type BodyFacts, readMeasuredBodies } from "../../../bodies/measured-bodies.ts";
import type { BlockSink, Flow, Opcode, VirtualProgram } from "../../../trace/virtual.ts";
import { ForthException, Halt } from "../exceptions.ts";
import { FloatStack } from "./float-stack.ts";
import { effectOf, type InstructionOptions, instructions } from "./instructions.ts";
import { generate, type InterpretedMachine, type Interpreter } from "./interpreter.ts";
import {
  BLOCK_LIMIT,
  CODE_SIZE,
  CREDIT,
  dictionaryEnd,
  GUARD,
  HALT,
  heapEnd,
  LOWEST,
  MARKS,
  MEMORY_BYTES,
  PRIMITIVE_END,
  RESUME,
  RETURN_BASE,
  RETURN_CELLS,
  RETURN_TOP,
  RUN_END,
  STACK_BASE,
  STACK_CELLS,
  STACK_TOP,
  TRACE_SIZE,
  TRAP,
} from "./layout.ts";

/** What a word of the host does: takes and leaves cells through `pop` and `push`. */
export type HostWord = (machine: Machine) => void;

/** Told when the text interpreter begins to run colon code, and when that has returned. */
export interface RunObserver {
  enter(ip: number): void;
  leave(): void;
}

interface Shape {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly flow: Flow;
  readonly ends: boolean;
  /** Whether its operand is the virtual address that it goes to. */
  readonly direct: boolean;
  /** Whether its operand is a virtual address at all. */
  readonly refers: boolean;
}

/** How control leaves instructions whose operand is the virtual address that it goes to. */
const DIRECT: readonly Flow[] = ["jump", "conditional", "call"];

/** The interpreter whose primitives' measured bodies give instructions their native cost. */
const GFORTH = "gforth-0.7.3-gcc12";

/** The facts of a word that the host executes: a body that calls a C function, like Gforth's; the size of most, 47 bytes with its dispatch. */
const HOST_BODY: BodyFacts = { bodyBytes: 37, nativeInstructions: 9, conditionalBranches: 0, helperCalls: 1, relocatable: false };

function bodyFacts(name: string | undefined): BodyFacts {
  if (name === undefined) return HOST_BODY;
  const body = readMeasuredBodies(GFORTH).bodyOf(name);
  if (body === undefined) throw new Error(`no measured body: ${name}`);
  return body.facts;
}

export class Machine implements VirtualProgram, InterpretedMachine {
  readonly memoryBytes: number;
  readonly dictionaryEnd: number;
  readonly heapEnd: number;
  readonly buffer: ArrayBuffer;
  readonly cells: Int32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly ds = new Int32Array(STACK_CELLS);
  readonly rs = new Int32Array(RETURN_CELLS);
  readonly op = new Uint16Array(CODE_SIZE);
  readonly arg = new Int32Array(CODE_SIZE);
  readonly credit = new Int32Array(CODE_SIZE);
  readonly blockAt = new Int32Array(CODE_SIZE);
  /** What the block at an address adds to `tally`. */
  readonly tallyAt = new Int32Array(CODE_SIZE);
  /** 1 where control may arrive from elsewhere. */
  readonly #entered = new Uint8Array(CODE_SIZE + 1);
  /** 1 where an execution token may point. */
  readonly tokens = new Uint8Array(CODE_SIZE);
  readonly shapes: Shape[] = [];
  readonly opcodes: Opcode[] = [];
  readonly hostWords: (HostWord | undefined)[] = [];
  readonly #numberOf = new Map<string, number>();

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
  /** Depth of nested input sources, asked by CATCH and restored by THROW. */
  /** What CATCH notes of the host in one cell (nested input sources, depth of the floating-point stack), and THROW restores. */
  hostMark: () => number = () => 0;
  restoreHost: (mark: number) => void = () => {};
  readonly floats = new FloatStack();
  /** The exception that the last CATCH caught, and the text of the last ABORT". */
  caught: ForthException | undefined;

  /** Virtual instructions that ran, up to the last flush. */
  executed = 0;
  #limit = Number.POSITIVE_INFINITY;
  sink: BlockSink | undefined;
  /** Called with a virtual address in use when what is known of it changes. */
  rewritten: (address: number) => void = () => {};
  observer: RunObserver | undefined;
  readonly trace = new Int32Array(TRACE_SIZE);
  /**
   * Blocks on the trace in the lower half, their virtual instructions in the upper one; below 0 it is time to hand them on. One
   * addition counts both, and no block has no instructions, so the trace cannot overflow. Adding up lengths when blocks are handed
   * on, and asking for the end of the buffer apart, a traced run took 1.32 times as long.
   */
  tally = 0;
  #emptyTally = 0;
  #blockCount = 0;
  #blockStarts = new Int32Array(1 << 12);
  #blockLengths = new Int32Array(1 << 12);
  readonly #cuts = new Map<string, number>();
  readonly #leftByHost = new Set<number>();
  #trapAt = -1;
  #trapped = 0;
  #run: Interpreter = () => {};
  #generated = -1;

  /** @param memoryBytes bytes of data memory, a multiple of 4 MiB up to 1 GiB */
  constructor(memoryBytes = MEMORY_BYTES) {
    this.memoryBytes = memoryBytes;
    this.dictionaryEnd = dictionaryEnd(memoryBytes);
    this.heapEnd = heapEnd(memoryBytes);
    this.buffer = new ArrayBuffer(memoryBytes);
    this.bytes = new Uint8Array(this.buffer);
    this.cells = new Int32Array(this.buffer);
    this.view = new DataView(this.buffer);
    this.lp = memoryBytes;

    for (const name of ["(halt)", "(resume)", "(trap)"]) {
      this.shapes.push({ name, inputs: 0, outputs: 0, flow: "halt", ends: true, direct: false, refers: false });
      this.hostWords.push(undefined);
    }
    for (const [name, effect, , options = {}] of instructions) {
      this.#define(name, effect, options, options.body ?? name, undefined);
    }
    this.emit(HALT, 0);
    this.emit(this.number("(catch-end)"), 0);
    this.emit(HALT, 0);
  }

  #define(name: string, effect: string, options: InstructionOptions, body: string | undefined, host: HostWord | undefined): number {
    const { inputs, outputs } = effectOf(effect);
    const flow = options.flow ?? "next";
    const ends = flow !== "next" || options.ends === true;
    const direct = options.operands === 1 && DIRECT.includes(flow);
    const refers = direct || options.handler === true;
    this.shapes.push({ name, inputs: inputs.length, outputs: outputs.length, flow, ends, direct, refers });
    this.hostWords.push(host);
    this.opcodes.push({ name, flow, operands: options.operands ?? 0, ...bodyFacts(body) });
    this.#numberOf.set(name, this.shapes.length - 1);
    return this.shapes.length - 1;
  }

  /** Adds an instruction that the host executes; returns its opcode number. */
  defineHostWord(name: string, effect: string, run: HostWord, options: InstructionOptions): number {
    return this.#define(name, effect, options, options.body, run);
  }

  /** The opcode number of an instruction by its name. */
  number(name: string): number {
    const number = this.#numberOf.get(name);
    if (number === undefined) throw new Error(`no instruction ${name}`);
    return number;
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
    return this.#blockCount;
  }
  blockStart(block: number): number {
    return this.#blockStarts[block];
  }
  blockLength(block: number): number {
    return this.#blockLengths[block];
  }

  // --- code ---

  emit(op: number, arg: number): number {
    if (this.here >= CODE_SIZE - 2) throw new ForthException(-8, "code space full");
    this.op[this.here] = op;
    this.arg[this.here] = arg | 0;
    if (this.shapes[op].refers) this.#enter(arg);
    return this.here++;
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
  emitToken(op: number, arg: number): number {
    const xt = this.emit(op, arg);
    this.tokens[xt] = 1;
    this.#entered[xt] = 1;
    this.emit(RESUME, 0);
    return xt;
  }

  /** Changes what stands at a virtual address; blocks that contained it keep their ids and are not used again. */
  patch(address: number, op: number, arg: number): void {
    this.op[address] = op;
    this.arg[address] = arg | 0;
    this.credit[address] = 0;
    this.rewritten(address);
  }

  // --- blocks ---

  #addBlock(start: number, length: number): number {
    if (this.#blockCount === this.#blockStarts.length) {
      for (const grow of ["starts", "lengths"] as const) {
        const old = grow === "starts" ? this.#blockStarts : this.#blockLengths;
        const larger = new Int32Array(old.length * 2);
        larger.set(old);
        if (grow === "starts") this.#blockStarts = larger;
        else this.#blockLengths = larger;
      }
    }
    this.#blockStarts[this.#blockCount] = start;
    this.#blockLengths[this.#blockCount] = length;
    return this.#blockCount++;
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
      this.blockAt[ip] = this.#addBlock(ip, at - ip + 1);
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

  /**
   * An exception, with `ip` after the instruction that threw it: cuts the last block of the trace to what ran. If all of it
   * did, its last instruction did not transfer control itself, unless that is what throwing means.
   */
  cut(ip: number): void {
    const count = this.tally & 0xffff;
    if (count === 0) return;
    const block = this.trace[count - 1];
    const start = this.#blockStarts[block];
    const length = this.#blockLengths[block];
    const ran = ip - start;
    const whole = ran <= 0 || ran >= length;
    const flow = this.flowAt(start + length - 1);
    if (whole && (flow === "next" || flow === "raise")) return;
    const key = `${start}:${whole ? length : ran}:${whole}`;
    let id = this.#cuts.get(key);
    if (id === undefined) {
      id = this.#addBlock(start, whole ? length : ran);
      this.#cuts.set(key, id);
      if (whole) this.#leftByHost.add(id);
    }
    this.trace[count - 1] = id;
    if (!whole) this.tally = (this.tally - ((length - ran) << 16)) | 0;
  }
  leftByHost(block: number): boolean {
    return this.#leftByHost.has(block);
  }

  /** Hands on all blocks but the last, whose successor is not known yet. */
  flush(): void {
    const { trace } = this;
    const count = this.tally & 0xffff;
    if (count === 0) return;
    const last = trace[count - 1];
    const lastLength = this.#blockLengths[last];
    this.executed += ((this.tally - this.#emptyTally) >>> 16) - lastLength;
    if (count > 1) this.sink?.(trace, count - 1, last);
    if (this.executed >= this.#limit) throw new Halt("limit");
    this.#emptyTrace();
    trace[0] = last;
    this.tally = (this.tally + (lastLength << 16) + 1) | 0;
  }

  /** Virtual instructions that ran, with all of the block that is running. */
  get count(): number {
    return this.executed + ((this.tally - this.#emptyTally) >>> 16);
  }

  /** Virtual instructions after which a run ends, with the block that it is in. */
  get limit(): number {
    return this.#limit;
  }
  set limit(instructions: number) {
    this.#limit = instructions;
    if (this.tally === this.#emptyTally) this.#emptyTrace();
  }
  /** No blocks; near the limit it has instructions, so that it is full there. */
  #emptyTrace(): void {
    const room = Math.max(1, Math.min(0x8000, this.#limit - this.executed));
    this.#emptyTally = (0x8000 - room) << 16;
    this.tally = this.#emptyTally;
  }
  forgetTrace(): void {
    this.executed = 0;
    this.#emptyTrace();
  }

  /** The run is over: hands on what is left. */
  finish(): void {
    this.flush();
    if (this.tally !== this.#emptyTally) {
      this.executed += this.#blockLengths[this.trace[0]];
      this.sink?.(this.trace, 1, -1);
    }
    this.#emptyTrace();
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
    this.rs[this.rp++] = RUN_END;
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
      this.tally = (this.tally - this.tallyAt[xt]) | 0;
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

  /** Whether an exception frame is still what CATCH left on the return stack: programs can pop and overwrite it. */
  frameIntact(handler: number, rp: number, returnBase: number): boolean {
    const { rs } = this;
    const [, outer, sp, lp] = rs.subarray(handler - 5, handler);
    return (
      handler <= rp &&
      handler - 5 >= returnBase &&
      (outer === 0 || (outer > returnBase && outer < handler)) &&
      sp >= STACK_BASE &&
      sp < STACK_CELLS &&
      lp > this.heapEnd &&
      lp <= this.memoryBytes
    );
  }

  /** The operand of a word of the host that is running. */
  get operand(): number {
    return this.arg[this.ip - 1];
  }

  // --- the data stack, for words of the host ---

  get depth(): number {
    return this.sp - STACK_BASE;
  }
  push(x: number): void {
    if (this.sp >= STACK_CELLS - GUARD) throw new ForthException(-3);
    this.ds[++this.sp] = x;
  }
  pop(): number {
    if (this.sp <= STACK_BASE) throw new ForthException(-4);
    return this.ds[this.sp--];
  }
  /** Pops a string, its length on top of its address. */
  popText(): string {
    const length = this.pop();
    return this.text(this.pop(), length);
  }
  clearStack(): void {
    this.sp = STACK_BASE;
  }
  /** The cell `index` below the top, which is 0. */
  peek(index: number): number {
    return this.ds[this.sp - index];
  }
  poke(index: number, x: number): void {
    this.ds[this.sp - index] = x;
  }

  // --- stacks as addresses: above all memory, growing down as in Gforth; the cell at SP@ is the top ---

  stackAddress(stack: "data" | "return"): number {
    return stack === "data" ? STACK_TOP - 4 * this.depth : RETURN_TOP - 4 * (this.rp - RETURN_BASE);
  }
  /** SP! and RP!. @throws ForthException -4, -3, -6 or -5 where the stack does not reach */
  moveStack(stack: "data" | "return", address: number): void {
    const depth = ((stack === "data" ? STACK_TOP : RETURN_TOP) - address) >> 2;
    if (stack === "data") {
      if (depth < 0) throw new ForthException(-4);
      if (depth > STACK_CELLS - GUARD - STACK_BASE) throw new ForthException(-3);
      this.sp = STACK_BASE + depth;
    } else {
      if (depth < 0) throw new ForthException(-6);
      if (depth > RETURN_CELLS - GUARD - RETURN_BASE) throw new ForthException(-5);
      this.rp = RETURN_BASE + depth;
    }
  }
  /** LP!. */
  moveLocals(address: number): void {
    if (address <= this.heapEnd || address > this.memoryBytes || (address & 3) !== 0)
      throw new ForthException(-9, `no address of locals: ${address}`);
    this.lp = address;
  }
  /** Where a cell of a stack is that has an address; undefined for other addresses. */
  #stackCell(address: number): { readonly cells: Int32Array; readonly index: number } | undefined {
    if (address >= STACK_TOP - 4 * STACK_CELLS && address < STACK_TOP)
      return { cells: this.ds, index: STACK_BASE + ((STACK_TOP - address) >> 2) };
    if (address >= RETURN_TOP - 4 * RETURN_CELLS && address < RETURN_TOP)
      return { cells: this.rs, index: RETURN_BASE - 1 + ((RETURN_TOP - address) >> 2) };
    return undefined;
  }

  // --- memory, checked ---

  /** @throws ForthException -9 unless `bytes` bytes from `address` on are memory */
  check(address: number, bytes: number): void {
    const start = address >>> 0;
    if (start < LOWEST || start + (bytes >>> 0) > this.memoryBytes) {
      throw new ForthException(-9, `invalid memory address ${start}${bytes > 4 ? ` (${bytes >>> 0} bytes)` : ""}`);
    }
  }
  fetch(address: number): number {
    const cell = this.#stackCell(address);
    if (cell !== undefined) return cell.cells[cell.index];
    this.check(address, 4);
    return this.view.getInt32(address, true);
  }
  store(address: number, x: number): void {
    const cell = this.#stackCell(address);
    if (cell !== undefined) {
      cell.cells[cell.index] = x;
      return;
    }
    this.check(address, 4);
    this.view.setInt32(address, x, true);
  }
  byte(address: number): number {
    this.check(address, 1);
    return this.bytes[address];
  }
  setByte(address: number, x: number): void {
    this.check(address, 1);
    this.bytes[address] = x;
  }
  /** The characters of a string in memory, one byte each. */
  text(address: number, length: number): string {
    if (length === 0) return "";
    this.check(address, length);
    return Buffer.from(this.buffer, address, length).toString("latin1");
  }
  /** Writes one byte a character; returns the number of bytes. */
  setText(address: number, text: string): number {
    this.check(address, text.length);
    for (let i = 0; i < text.length; i++) this.bytes[address + i] = text.charCodeAt(i);
    return text.length;
  }
}
