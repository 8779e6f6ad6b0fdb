// The inner interpreter of the Forth guest: runs threaded code and emits the block of every transfer of control. Its text
// is generated from the instruction table, because V8 only makes a jump table of `case`s that are literals, and because a
// table is the readable form of 150 primitives.

import { asForthException, ForthException } from "../exceptions.ts";
import { createNarrowDoubles } from "./arithmetic.ts";
import type { BlockTrace } from "./block-trace.ts";
import { type Calls, replaceCalls, withCells } from "./cell-text.ts";
import type { CellArray, Cells } from "./cells.ts";
import type { DataMemory } from "./data-memory.ts";
import { effectOf, instructions } from "./instructions.ts";
import {
  CATCH_END,
  CREDIT,
  GUARD,
  HALT,
  LOWEST,
  MARKS,
  PRIMITIVE_END,
  RESUME,
  RETURN_CELLS,
  RUN_END,
  STACK_BASE,
  STACK_CELLS,
  TRACE_SIZE,
  TRAP,
} from "./layout.ts";
import { createMemoryBlocks, type MachineWithMemory } from "./memory-blocks.ts";
import { createWideDoubles } from "./wide-arithmetic.ts";

/** Runs from a virtual address until control comes to `end`; the return stack must not fall below `returnBase`. */
export type Interpreter = (ip: number, returnBase: number, end: number) => void;

/** What the interpreter reads and changes of the machine that it runs on; the generated text also reads `hostWords`. */
export interface InterpretedMachine extends MachineWithMemory {
  readonly cell: Cells;
  readonly shapes: readonly { readonly ends: boolean }[];
  /** Code, and of each virtual address the depth that its block needs, its block, and what that adds to `tally`. */
  readonly op: Uint16Array;
  readonly arg: Int32Array;
  readonly credit: Int32Array;
  readonly blockAt: Int32Array;
  readonly tallyAt: Int32Array;
  /** 1 where an execution token may point. */
  readonly tokens: Uint8Array;
  readonly cells: CellArray;
  /** Operands as cells. */
  readonly literals: CellArray;
  /** Bytes of data memory, and where locals begin in it, growing down from its end. */
  readonly memoryBytes: number;
  readonly heapEnd: number;
  /** Stacks and registers. */
  readonly ds: CellArray;
  readonly rs: CellArray;
  sp: number;
  rp: number;
  lp: number;
  handler: number;
  resume: number;
  /** The exception that stopped the generated part: its code, 0 if none, and the exception. */
  fault: number;
  thrown: ForthException | undefined;
  readonly blocks: BlockTrace;
  /** The buffer of `blocks`. */
  readonly trace: Int32Array;
  /** Control arrives at a block that is unknown or needs more than the stack holds. */
  admit(ip: number, sp: number): void;
  underflow(sp: number): never;
  clearTrap(): void;
  /** Memory when the address may be wrong. */
  readonly memory: DataMemory;
  /** Exceptions. */
  restoreHost: (mark: number) => void;
  restore(to: { readonly sp: number; readonly rp: number; readonly lp: number; readonly handler: number }): void;
}

/** JavaScript for one instruction: takes inputs from t and ds, runs its code, leaves the outputs. */
function bodyText(effect: string, code: string, ends: boolean): string {
  const { inputs, outputs } = effectOf(effect);
  const n = inputs.length;
  const m = outputs.length;
  const lines: string[] = [];
  inputs.forEach((name, i) => {
    lines.push(`let ${name} = ${i === n - 1 ? "t" : `ds[sp - ${n - 1 - i}]`};`);
  });
  const fresh = outputs.filter((name, i) => !inputs.includes(name) && outputs.indexOf(name) === i);
  if (fresh.length > 0) lines.push(`let ${fresh.join(", ")};`);
  if (n === 0 && m > 0) lines.push("ds[sp] = t;");
  if (m === 0 && n > 0) lines.push(`sp -= ${n}; t = ds[sp];`);
  if (code !== "") lines.push(`${code};`);
  if (m > 0) {
    if (m !== n) lines.push(`sp += ${m - n};`);
    outputs.forEach((name, i) => {
      if (i === m - 1) lines.push(`t = ${name};`);
      else if (!(i < n - 1 && inputs[i] === name)) lines.push(`ds[sp - ${m - 1 - i}] = ${name};`);
    });
  }
  return `{ ${lines.join(" ")} ${ends ? "break block" : "continue"}; }`;
}

/** Checked memory for cells that are numbers, of 32 bits. */
function narrowMemory(memoryBytes: number): Calls {
  const inside = (a: string): string => `${a} - ${LOWEST} >>> 0 < ${memoryBytes - LOWEST}`;
  const aligned = (a: string): string => `(${a} & 3) === 0 && ${inside(a)}`;
  return {
    FETCH: (a) => `(${aligned(a)} ? M[${a} >> 2] : machine.memory.fetch(${a}))`,
    STORE: (a, x) => `if (${aligned(a)}) M[${a} >> 2] = ${x}; else machine.memory.store(${a}, ${x})`,
    BYTE: (a) => `(${inside(a)} ? B[${a}] : machine.memory.byte(${a}))`,
    SETBYTE: (a, x) => `if (${inside(a)}) B[${a}] = ${x}; else machine.memory.setByte(${a}, ${x})`,
  };
}

/** Checked memory for cells that are bigints, of 64 bits: `p` is the address as a number. */
function wideMemory(memoryBytes: number): Calls {
  const inside = (a: string): string => `(p = Number(${a})) >= ${LOWEST} && p < ${memoryBytes}`;
  const aligned = (a: string): string => `${inside(a)} && (p & 7) === 0`;
  return {
    FETCH: (a) => `(${aligned(a)} ? M[p >> 3] : machine.memory.fetchCell(p))`,
    STORE: (a, x) => `if (${aligned(a)}) M[p >> 3] = ${x}; else machine.memory.store(p, ${x})`,
    BYTE: (a) => `(${inside(a)} ? B[p] : machine.memory.byte(p))`,
    SETBYTE: (a, x) => `if (${inside(a)}) B[p] = Number(${x} & 255n); else machine.memory.setByte(p, Number(${x} & 255n))`,
  };
}

/** Writes out the short forms that the instruction table uses. */
function expand(text: string, { cell, memoryBytes, heapEnd }: InterpretedMachine): string {
  return replaceCalls(withCells(text, cell), cell.bits === 32 ? narrowMemory(memoryBytes) : wideMemory(memoryBytes))
    .replace(/\btoken\((\w+)\)/g, "if (tokens[$1] !== 1) badToken($1)")
    .replace(/\bA\b/g, "arg[ip - 1]")
    .replace(/\bRESUME\b/g, String(RESUME))
    .replace(/\bCATCH_END\b/g, String(CATCH_END))
    .replace(/\bSTACK_BASE\b/g, String(STACK_BASE))
    .replace(/\bRETURN_LIMIT\b/g, String(RETURN_CELLS - GUARD))
    .replace(/\bLOCALS_LIMIT\b/g, String(heapEnd + 64));
}

/** What the text for cells of 64 bits uses besides: operands as cells, and an address as a number. */
const WIDE_NAMES = "const { literals } = arrays; let p = 0;";

/**
 * The generated part: runs from the start of a block that is already on the trace, until control reaches a point that needs more work
 * than storing a block's id, or until an exception, which is then in machine.fault. Returns the address where it stopped.
 */
type Stretch = (ip: number, returnBase: number) => number;

/**
 * V8 inlines functions that the interpreter calls, even if it calls them rarely; so rare work (a new block, a full buffer, an
 * exception) is done outside of this function: 1.13 times as fast. Arrays read inside of the function from an object whose fields were
 * set once are constants in its code, address and length; read outside of it they were not: 1.22 times as fast. The machine is no such
 * object: a field that is declared first and set by the constructor is set twice (fibonacci and queens 0.85 to 0.95 of the rate).
 */
function generateStretch(machine: InterpretedMachine): Stretch {
  const cases = instructions.map(([name, effect, code], i) => {
    const shape = machine.shapes[i + MARKS];
    return `case ${i + MARKS}: /* ${name.replaceAll("*/", "* /")} */ ${bodyText(effect, expand(code, machine), shape.ends)}`;
  });
  const text = `
return function interpret(ip, returnBase) {
  const { ds, rs, op, arg, credit, blockAt, tallyAt, tokens, trace, M, B } = arrays, { hostWords, shapes, blocks } = machine;
  let sp = machine.sp, rp = machine.rp, lp = machine.lp, handler = machine.handler, resume = machine.resume;
  let t = ds[sp], fault = 0, hosted = false, thrown;
  ${machine.cell.bits === 32 ? "" : WIDE_NAMES}
  let tally = blocks.tally;
  run: try {
    for (;;) {
      block: for (;;) {
        const o = op[ip++];
        switch (o) {
          case ${HALT}: fail(-22);
          case ${RESUME}: ip = resume; resume = 0; break block;
          case ${TRAP}: machine.underflow(sp);
          ${cases.join("\n          ")}
          default: {
            ds[sp] = t;
            machine.sp = sp; machine.rp = rp; machine.lp = lp; machine.handler = handler; machine.ip = ip;
            blocks.tally = tally;
            hosted = true;
            hostWords[o](machine);
            hosted = false;
            sp = machine.sp; rp = machine.rp; lp = machine.lp;
            tally = blocks.tally;
            t = ds[sp];
            if (shapes[o].ends) break block;
          }
        }
      }
      if (!(sp + credit[ip] >= ${CREDIT} && sp <= ${STACK_CELLS - GUARD} && tally >= 0)) {
        ds[sp] = t;
        break run;
      }
      trace[tally & ${TRACE_SIZE - 1}] = blockAt[ip]; tally = tally + tallyAt[ip] | 0;
    }
  } catch (e) {
    if (hosted) tally = blocks.tally;
    thrown = asForthException(e);
    fault = thrown.code;
  }
  machine.sp = sp; machine.rp = rp; machine.lp = lp; machine.handler = handler; machine.resume = resume;
  blocks.tally = tally;
  machine.fault = fault; machine.thrown = thrown;
  return ip;
};`;
  const fail = (code: number): never => {
    throw new ForthException(code);
  };
  const badToken = (xt: number): never => {
    throw new ForthException(-9, `${xt} is not an execution token`);
  };
  const make = new Function("machine", "arrays", "memory", "doubles", "fail", "badToken", "asForthException", text) as (
    ...context: unknown[]
  ) => Stretch;
  const doubles = machine.cell.bits === 32 ? createNarrowDoubles() : createWideDoubles();
  const { ds, rs, op, arg, literals, credit, blockAt, tallyAt, tokens, trace, cells: M, bytes: B } = machine;
  const arrays = { ds, rs, op, arg, literals, credit, blockAt, tallyAt, tokens, trace, M, B };
  return make(machine, arrays, createMemoryBlocks(machine), doubles, fail, badToken, asForthException);
}

/** Whether the exception frame is still what CATCH left on the return stack: programs can pop and overwrite it. */
function frameIntact({ rs, handler, rp, heapEnd, memoryBytes }: InterpretedMachine, returnBase: number): boolean {
  const [outer, sp, lp] = [handler - 4, handler - 3, handler - 2].map((at) => Number(rs[at]));
  return (
    handler <= rp &&
    handler - 5 >= returnBase &&
    (outer === 0 || (outer > returnBase && outer < handler)) &&
    sp >= STACK_BASE &&
    sp < STACK_CELLS &&
    lp > heapEnd &&
    lp <= memoryBytes
  );
}

/** The interpreter of one machine, with all instructions that it has by now. */
export function generate(machine: InterpretedMachine): Interpreter {
  const stretch = generateStretch(machine);
  const { blocks } = machine;

  /** Control comes to `ip`: puts the block there on the trace. Says whether that is where the interpreter was to stop. */
  function arrive(ip: number, returnBase: number, end: number): boolean {
    if (ip === PRIMITIVE_END || ip === RUN_END) {
      // a RUN ends with its own return address, the last on its return stack
      if (ip !== end || (end === RUN_END && machine.rp !== returnBase)) throw new ForthException(-25);
      return true;
    }
    const { sp } = machine;
    if (!(sp + machine.credit[ip] >= CREDIT)) machine.admit(ip, sp);
    if (sp > STACK_CELLS - GUARD) throw new ForthException(-3);
    if (blocks.tally < 0) blocks.flush();
    blocks.buffer[blocks.tally & (TRACE_SIZE - 1)] = machine.blockAt[ip];
    blocks.tally = (blocks.tally + machine.tallyAt[ip]) | 0;
    return false;
  }

  /** An exception: `ip` is after the instruction that threw. Returns where it is caught. */
  function unwind(ip: number, returnBase: number, fault: number, exception: ForthException | undefined): number {
    machine.clearTrap();
    blocks.cut(ip);
    let thrown = exception ?? (machine.caught?.code === fault ? machine.caught : new ForthException(fault));
    const { rs, handler } = machine;
    const intact = handler !== 0 && frameIntact(machine, returnBase);
    if (handler !== 0 && !intact) {
      thrown = new ForthException(-25, `${thrown.what}; the return stack no longer holds what CATCH left there`);
    }
    if (!intact) throw thrown;
    machine.caught = thrown;
    const noted = (below: number): number => Number(rs[handler - below]);
    machine.restoreHost(noted(1));
    machine.restore({ sp: noted(3) + 1, rp: handler - 5, lp: noted(2), handler: noted(4) });
    machine.ds[machine.sp] = machine.cell.from(fault);
    return Number(rs[machine.rp]);
  }

  return (start, returnBase, end) => {
    let ip = start;
    machine.resume = 0;
    for (;;) {
      try {
        if (arrive(ip, returnBase, end)) return;
      } catch (error) {
        const exception = asForthException(error);
        ip = unwind(-1, returnBase, exception.code, exception);
        continue;
      }
      ip = stretch(ip, returnBase);
      if (machine.fault !== 0) ip = unwind(ip, returnBase, machine.fault, machine.thrown);
      else if (machine.op[ip] === RESUME) {
        ip = machine.resume;
        machine.resume = 0;
      }
    }
  };
}
