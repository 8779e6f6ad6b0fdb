// The OCaml guest's virtual machine: a loaded program, its stack and registers, the interface for C primitives, and the executed
// blocks. Its interpreter is generated (interpreter.ts).
//
// Code is words, as in the file; a virtual address is the number of an instruction among all. The stack grows down. Stack and
// globals are arrays without holes that begin with an object, as blocks do: V8 then has one kind of array to deal with.
import { messageOf, RunError, UsageError } from "../../errors.ts";
import type { VirtualProgram } from "../../trace/virtual.ts";
import { ExecutedBlocks } from "./executed-blocks.ts";
import { createFibers, type Fibers } from "./fibers.ts";
import type { Host } from "./host.ts";
import { checkMemory, limitMet } from "./host-limits.ts";
import { quickOf } from "./inlined-primitives.ts";
import { Corrupt } from "./integers.ts";
import {
  ARRIVED,
  DIVIDED_BY_ZERO,
  EFFECT,
  generate,
  type InterpretedMachine,
  OVERFLOWN,
  STACK_WORDS,
  STOPPED,
  type Stretch,
  THROWN,
  UNCAUGHT,
} from "./interpreter.ts";
import type { Bytecode } from "./loading/bytecode.ts";
import { CALLBACK_RETURN, type Code, loadCode } from "./loading/code.ts";
import { readGlobals } from "./loading/globals.ts";
import { primitives as allPrimitives } from "./primitives/all.ts";
import { virtualProgram } from "./program.ts";
import { listToArray } from "./runtime/lists.ts";
import { reportUncaught } from "./uncaught.ts";
import {
  allocateHeapBlock,
  EMPTY_ARRAY,
  fieldOf,
  type HeapBlock,
  makeHeapBlock,
  PREDEFINED_EXCEPTIONS,
  type PredefinedException,
  Raised,
  type Runtime,
  sizeOf,
  type Value,
} from "./value.ts";

/** The exit code of a program that an exception has ended. */
const UNCAUGHT_EXCEPTION = 2;

/** The program ends itself. */
export class Exit {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}

type Primitive = (...values: Value[]) => Value;

export interface MachineOptions {
  /** The program's name in messages. */
  readonly path: string;
  readonly words: readonly string[];
  readonly host: Host;
  /** Whether it puts blocks on a trace: otherwise instructions are neither counted nor limited. */
  readonly traced: boolean;
  readonly maxInstructions: number;
}

export class Machine implements Runtime, InterpretedMachine {
  readonly program: VirtualProgram;
  readonly blocks: ExecutedBlocks;
  readonly code: Int32Array;
  readonly primitives: readonly Primitive[];
  /** Which of them the interpreter does itself. */
  readonly quick: Int32Array;
  readonly globals: HeapBlock;
  readonly atoms: readonly HeapBlock[] = Array.from({ length: 256 }, (_, tag) => (tag === 0 ? EMPTY_ARRAY : makeHeapBlock(tag)));
  readonly stack = allocateHeapBlock(0, STACK_WORDS, 0);

  // what follows is described in InterpretedMachine
  pc = 0;
  sp = STACK_WORDS;
  accu: Value = 0;
  env: Value;
  extra = 0;
  trap = STACK_WORDS;
  status = ARRIVED;
  thrown: unknown;
  fuel = 0;
  called = false;

  readonly named = new Map<string, Value>();
  readonly words: readonly string[];
  readonly host: Host;
  readonly #path: string;
  readonly #traced: boolean;
  readonly #code: Code;
  readonly #stretch: Stretch;
  readonly #fibers: Fibers;
  /** Every C primitive that the guest has. */
  readonly #known: Readonly<Record<string, Primitive>>;

  /** @throws UsageError when the bytecode is damaged */
  constructor(bytecode: Bytecode, { path, words, host, traced, maxInstructions }: MachineOptions) {
    const damaged = (what: string): UsageError => new UsageError(`${path} is damaged: ${what}`);
    this.#path = path;
    this.#traced = traced;
    this.words = words;
    this.host = host;
    this.env = this.atoms[0];
    this.globals = readGlobals(bytecode.data, damaged);
    const limits = { effects: bytecode.effects !== undefined, primitives: bytecode.primitives.length, globals: sizeOf(this.globals) };
    this.#code = loadCode(bytecode.words, limits, damaged);
    const { fiberEnd = 0, raiser = 0 } = this.#code;
    this.#fibers = createFibers(this, bytecode.effects ?? "5.2", fiberEnd, raiser);
    this.code = this.#code.words;
    this.blocks = new ExecutedBlocks(this.#code, path, maxInstructions);
    this.program = virtualProgram(this.#code, this.blocks);
    this.quick = quickOf(bytecode.primitives);
    this.#known = { ...allPrimitives(this), ...this.#fibers.primitives } as Readonly<Record<string, Primitive>>;
    this.primitives = bytecode.primitives.map((name) =>
      name === "caml_ensure_stack_capacity"
        ? (words) => this.#ensureStack(words)
        : Object.hasOwn(this.#known, name)
          ? this.#known[name]
          : this.#missing(name),
    );
    this.#stretch = generate(this, traced);
  }

  #missing(name: string): Primitive {
    return () => {
      throw new RunError(`${this.#path} calls the C primitive ${name}, which the OCaml guest does not have`);
    };
  }

  // --- running ---

  /** Runs from a word to STOP; returns what is in the accumulator. @throws Raised when nothing in this run handles an exception */
  #run(start: number): Value {
    const base = this.sp;
    this.accu = 0;
    this.env = this.atoms[0];
    this.extra = 0;
    this.trap = STACK_WORDS;
    let pc = start;
    for (;;) {
      this.#arrive(pc);
      pc = this.#stretch(pc, base);
      if (this.status === STOPPED) {
        if (pc - 1 !== this.#code.fiberEnd) return this.accu;
        pc = this.#fibers.finish();
      } else if (this.status === ARRIVED) {
        // on a trace the end of a fiber is no instruction, and the interpreter comes back there
        if (pc === this.#code.fiberEnd) pc = this.#fibers.finish();
        this.checkMemory();
      } else if (this.status === EFFECT) pc = this.#perform(pc, base);
      else pc = this.#raise(pc, base);
    }
  }

  /** @throws RunError when there is little left */
  checkMemory(): void {
    checkMemory(this.#path);
  }

  /** Control comes to a word. */
  #arrive(pc: number): void {
    if (this.sp < 0 || this.sp > STACK_WORDS || this.#code.addressOf[pc] === undefined || this.#code.addressOf[pc] < 0) {
      throw this.#corrupt(pc, "control comes where no instruction begins, or the stack has run over");
    }
    if (this.#traced) this.blocks.enter(pc);
  }

  /** An instruction for effects, whose operands stand at a word. Returns where control goes. */
  #perform(pc: number, base: number): number {
    try {
      return this.#fibers.perform(pc);
    } catch (error) {
      this.status = THROWN;
      this.thrown = error;
      return this.#raise(pc, base);
    }
  }

  /** An exception after the instruction that ends at `pc`, or in the primitive that it calls. Returns where it is handled. */
  #raise(pc: number, base: number): number {
    // a primitive that has called a function has left its block already
    if (this.#traced && !this.called) this.blocks.cut(pc);
    this.called = false;
    const exception = this.#exceptionOf(pc);
    if (this.trap >= base) {
      const taken = this.#fibers.raise(exception);
      if (taken !== undefined) return taken;
      this.sp = base;
      this.pc = pc;
      throw new Raised(exception);
    }
    const { stack, trap } = this;
    const [handler, outer, env, extra] = [stack[trap], stack[trap + 1], stack[trap + 2], stack[trap + 3]] as [
      number,
      number,
      Value,
      number,
    ];
    this.trap = outer;
    this.env = env;
    this.extra = extra;
    this.sp = trap + 4;
    this.accu = exception;
    return handler;
  }

  #exceptionOf(pc: number): Value {
    const { status, thrown } = this;
    if (status === UNCAUGHT) return this.accu;
    if (status === DIVIDED_BY_ZERO) return this.#predefined("Division_by_zero");
    if (status === OVERFLOWN) return this.#predefined("Stack_overflow");
    if (thrown instanceof Raised) return thrown.value;
    const limit = limitMet(thrown);
    if (limit !== undefined) return this.#predefined(limit);
    if (thrown instanceof Corrupt || thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof SyntaxError) {
      throw this.#corrupt(pc, messageOf(thrown));
    }
    throw thrown;
  }

  #corrupt(pc: number, why: string): RunError {
    const where = Number.isInteger(pc) ? `, near word ${pc} of its code` : "";
    return new RunError(`${this.#path}: corrupt bytecode, or a value taken for one of another type${where}: ${why}`);
  }

  #predefined(name: PredefinedException): Value {
    return fieldOf(this.globals, PREDEFINED_EXCEPTIONS.indexOf(name));
  }

  /** Runs the program. Returns its exit code. */
  main(): number {
    try {
      try {
        this.#run(0);
        return 0;
      } catch (error) {
        if (!(error instanceof Raised)) throw error;
        reportUncaught(this, error.value);
        return UNCAUGHT_EXCEPTION;
      }
    } catch (error) {
      if (error instanceof Exit) return error.code;
      this.#flush();
      throw error;
    } finally {
      if (this.#traced) this.blocks.finish();
    }
  }

  /** Writes the program's buffered output, which it can no longer flush itself. */
  #flush(): void {
    try {
      for (const channel of listToArray(this.#known.caml_ml_out_channels_list(0))) this.#known.caml_ml_flush(channel);
    } catch {
      // the error that ended the run is reported, not this one
    }
  }

  // --- what primitives ask for ---

  raiseWith(name: PredefinedException, message: string | Uint8Array): never {
    const text = typeof message === "string" ? new TextEncoder().encode(message) : message;
    throw new Raised(makeHeapBlock(0, this.#predefined(name), text));
  }

  raise(name: PredefinedException): never {
    throw new Raised(this.#predefined(name));
  }

  exit(code: number): never {
    throw new Exit(code);
  }

  callback(closure: Value, ...values: Value[]): Value {
    const { stack, sp, trap, pc } = this;
    const { callback } = this.#code;
    const count = values.length;
    if (this.#traced && !this.called) this.blocks.cut(pc);
    this.called = false;
    this.sp -= count + 4;
    [...values, callback + CALLBACK_RETURN, 0, 0, closure].forEach((value, i) => {
      stack[this.sp + i] = value;
    });
    this.code[callback + 1] = count + 3;
    this.code[callback + 3] = count;
    const endRun = this.#fibers.enterRun();
    try {
      return this.#run(callback);
    } finally {
      endRun();
      this.sp = sp;
      this.trap = trap;
      this.pc = pc;
      this.called = true;
    }
  }

  #ensureStack(words: Value): Value {
    if (this.sp - (words as number) < 0) this.raise("Stack_overflow");
    return 0;
  }
}
