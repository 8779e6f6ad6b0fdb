// The inner interpreter of the Forth guest: runs threaded code and emits the block of every transfer of control. Its text
// is generated from the instruction table, because V8 only makes a jump table of `case`s that are literals, and because a
// table is the readable form of 150 primitives.

import { asForthException, ForthException } from "../exceptions.ts";
import { type ArithmeticMachine, createArithmetic } from "./arithmetic.ts";
import type { BlockTrace } from "./block-trace.ts";
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

/** Runs from a virtual address until control comes to `end`; the return stack must not fall below `returnBase`. */
export type Interpreter = (ip: number, returnBase: number, end: number) => void;

/** What the interpreter reads and changes of the machine that it runs on; the generated text also reads `hostWords`. */
export interface InterpretedMachine extends ArithmeticMachine {
  readonly shapes: readonly { readonly ends: boolean }[];
  /** Code, and of each virtual address the depth that its block needs, its block, and what that adds to `tally`. */
  readonly op: Uint16Array;
  readonly arg: Int32Array;
  readonly credit: Int32Array;
  readonly blockAt: Int32Array;
  readonly tallyAt: Int32Array;
  /** 1 where an execution token may point. */
  readonly tokens: Uint8Array;
  readonly cells: Int32Array;
  /** Bytes of data memory, and where locals begin in it, growing down from its end. */
  readonly memoryBytes: number;
  readonly heapEnd: number;
  /** Stacks and registers. */
  readonly ds: Int32Array;
  readonly rs: Int32Array;
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

/** Writes out the short forms that the instruction table uses. */
function expand(text: string, { memoryBytes, heapEnd }: InterpretedMachine): string {
  return text
    .replace(
      /\bFETCH\((\w+)\)/g,
      `(($1 & 3) === 0 && $1 - ${LOWEST} >>> 0 < ${memoryBytes - LOWEST} ? M[$1 >> 2] : machine.memory.fetch($1))`,
    )
    .replace(
      /\bSTORE\((\w+), (\w+)\)/g,
      `if (($1 & 3) === 0 && $1 - ${LOWEST} >>> 0 < ${memoryBytes - LOWEST}) M[$1 >> 2] = $2; else machine.memory.store($1, $2)`,
    )
    .replace(
      /\bSETBYTE\((\w+), (\w+)\)/g,
      `if ($1 - ${LOWEST} >>> 0 < ${memoryBytes - LOWEST}) B[$1] = $2; else machine.memory.setByte($1, $2)`,
    )
    .replace(/\bBYTE\((\w+)\)/g, `($1 - ${LOWEST} >>> 0 < ${memoryBytes - LOWEST} ? B[$1] : machine.memory.byte($1))`)
    .replace(/\btoken\((\w+)\)/g, "if (tokens[$1] !== 1) badToken($1)")
    .replace(/\bA\b/g, "arg[ip - 1]")
    .replace(/\bRESUME\b/g, String(RESUME))
    .replace(/\bCATCH_END\b/g, String(CATCH_END))
    .replace(/\bSTACK_BASE\b/g, String(STACK_BASE))
    .replace(/\bRETURN_LIMIT\b/g, String(RETURN_CELLS - GUARD))
    .replace(/\bLOCALS_LIMIT\b/g, String(heapEnd + 64));
}

/**
 * The generated part: runs from the start of a block that is already on the trace, until control reaches a point that needs more work
 * than storing a block's id, or until an exception, which is then in machine.fault. Returns the address where it stopped.
 */
type Stretch = (ip: number, returnBase: number) => number;

/**
 * V8 inlines functions that the interpreter calls, even if it calls them rarely; so rare work (a new block, a full buffer, an
 * exception) is done outside of this function: 1.13 times as fast. Arrays read from the machine inside of the function are constants
 * in its code, address and length; read outside of it they were not: 1.22 times as fast.
 */
function generateStretch(machine: InterpretedMachine): Stretch {
  const cases = instructions.map(([name, effect, code], i) => {
    const shape = machine.shapes[i + MARKS];
    return `case ${i + MARKS}: /* ${name.replaceAll("*/", "* /")} */ ${bodyText(effect, expand(code, machine), shape.ends)}`;
  });
  const text = `
return function interpret(ip, returnBase) {
  const { ds, rs, op, arg, credit, blockAt, tallyAt, tokens, trace, cells: M, bytes: B, hostWords, shapes, blocks } = machine;
  let sp = machine.sp, rp = machine.rp, lp = machine.lp, handler = machine.handler, resume = machine.resume;
  let t = ds[sp], fault = 0, hosted = false, thrown;
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
  const make = new Function("machine", "memory", "fail", "badToken", "asForthException", text) as (...context: unknown[]) => Stretch;
  return make(machine, createArithmetic(machine), fail, badToken, asForthException);
}

/** Whether the exception frame is still what CATCH left on the return stack: programs can pop and overwrite it. */
function frameIntact({ rs, handler, rp, heapEnd, memoryBytes }: InterpretedMachine, returnBase: number): boolean {
  const [, outer, sp, lp] = rs.subarray(handler - 5, handler);
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
    machine.restoreHost(rs[handler - 1]);
    machine.restore({ sp: rs[handler - 3] + 1, rp: handler - 5, lp: rs[handler - 2], handler: rs[handler - 4] });
    machine.ds[machine.sp] = fault;
    return rs[handler - 5];
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
