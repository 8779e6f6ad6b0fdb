// The inner interpreter of the Forth guest: runs threaded code and emits the block of every transfer of control. Its text
// is generated from the instruction table, because V8 only makes a jump table of `case`s that are literals, and because a
// table is the readable form of 150 primitives.
import { createArithmetic } from "./arithmetic.ts";
import { ForthException } from "./exceptions.ts";
import { effectOf, instructions } from "./instructions.ts";
import {
  CATCH_END,
  CREDIT,
  GUARD,
  HALT,
  HEAP_END,
  LOWEST,
  MARKS,
  MEMORY_BYTES,
  PRIMITIVE_END,
  RESUME,
  RETURN_CELLS,
  RUN_END,
  STACK_BASE,
  STACK_CELLS,
  TRAP,
} from "./layout.ts";
import type { Machine } from "./machine.ts";

/** Runs from a virtual address until control comes to `end`; the return stack must not fall below `returnBase`. */
export type Interpreter = (ip: number, returnBase: number, end: number) => void;

/** JavaScript for one instruction: takes inputs from t and ds, runs its code, leaves the outputs. */
function bodyText(effect: string, code: string, leaves: boolean): string {
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
  return `{ ${lines.join(" ")} continue${leaves ? " enter" : ""}; }`;
}

/** Writes out the short forms that the instruction table uses. */
function expand(text: string): string {
  return text
    .replace(/\bFETCH\((\w+)\)/g, `(($1 & 3) === 0 && $1 - ${LOWEST} >>> 0 < ${MEMORY_BYTES - LOWEST} ? M[$1 >> 2] : machine.fetch($1))`)
    .replace(
      /\bSTORE\((\w+), (\w+)\)/g,
      `if (($1 & 3) === 0 && $1 - ${LOWEST} >>> 0 < ${MEMORY_BYTES - LOWEST}) M[$1 >> 2] = $2; else machine.store($1, $2)`,
    )
    .replace(/\bSETBYTE\((\w+), (\w+)\)/g, `if ($1 - ${LOWEST} >>> 0 < ${MEMORY_BYTES - LOWEST}) B[$1] = $2; else machine.setByte($1, $2)`)
    .replace(/\bBYTE\((\w+)\)/g, `($1 - ${LOWEST} >>> 0 < ${MEMORY_BYTES - LOWEST} ? B[$1] : machine.byte($1))`)
    .replace(/\btoken\((\w+)\)/g, "if (tokens[$1] !== 1) badToken($1)")
    .replace(/\bA\b/g, "arg[ip - 1]")
    .replace(/\bRESUME\b/g, String(RESUME))
    .replace(/\bCATCH_END\b/g, String(CATCH_END))
    .replace(/\bSTACK_BASE\b/g, String(STACK_BASE))
    .replace(/\bRETURN_LIMIT\b/g, String(RETURN_CELLS - GUARD))
    .replace(/\bLOCALS_LIMIT\b/g, String(HEAP_END + 64));
}

/** The interpreter of one machine, with all instructions that it has by now. */
export function generate(machine: Machine): Interpreter {
  const cases = instructions.map(([name, effect, code], i) => {
    const shape = machine.shapes[i + MARKS];
    return `case ${i + MARKS}: /* ${name.replaceAll("*/", "* /")} */ ${bodyText(effect, expand(code), shape.ends)}`;
  });
  const text = `
const { ds, rs, op, arg, credit, blockAt, tokens, trace, cells: M, bytes: B, hostWords, shapes } = machine;
return function interpret(ip, returnBase, end) {
  let sp = machine.sp, rp = machine.rp, lp = machine.lp, handler = machine.handler;
  let t = ds[sp], n = machine.traceCount, full = machine.traceEnd, resume = 0, fault = 0, hosted = false, thrown;
  for (;;) {
    run: {
      try {
        enter: for (;;) {
          if (!(sp + credit[ip] >= ${CREDIT})) {
            if (ip === ${PRIMITIVE_END} || ip === ${RUN_END}) {
              // a RUN ends with its own return address, the last on its return stack
              if (ip !== end || (end === ${RUN_END} && rp !== returnBase)) { ip = -1; fail(-25); }
              ds[sp] = t;
              machine.sp = sp; machine.rp = rp; machine.lp = lp; machine.traceCount = n;
              return;
            }
            if (op[ip] === ${RESUME}) { ip = resume; resume = 0; continue enter; }
            const target = ip;
            ip = -1;
            machine.admit(target, sp);
            ip = target;
          }
          if (sp > ${STACK_CELLS - GUARD}) { ip = -1; fail(-3); }
          if (n >= full) { n = machine.flush(n); full = machine.traceEnd; }
          trace[n++] = blockAt[ip];
          for (;;) {
            const o = op[ip++];
            switch (o) {
              case ${HALT}: fail(-22);
              case ${RESUME}: ip = resume; resume = 0; continue enter;
              case ${TRAP}: machine.underflow(sp);
              ${cases.join("\n              ")}
              default: {
                ds[sp] = t;
                machine.sp = sp; machine.rp = rp; machine.lp = lp; machine.handler = handler; machine.traceCount = n;
                hosted = true;
                hostWords[o](machine);
                hosted = false;
                sp = machine.sp; rp = machine.rp; lp = machine.lp; n = machine.traceCount; full = machine.traceEnd;
                t = ds[sp];
                if (shapes[o].ends) continue enter;
              }
            }
          }
        }
      } catch (e) {
        if (hosted) { n = machine.traceCount; full = machine.traceEnd; hosted = false; }
        thrown = toForth(e);
        fault = thrown.code;
      }
    }
    // an exception: ip is after the instruction that threw
    machine.clearTrap();
    machine.cut(n, ip);
    if (thrown === undefined) thrown = machine.caught !== undefined && machine.caught.code === fault ? machine.caught : new ForthException(fault);
    if (handler !== 0 && !machine.frameIntact(handler, rp, returnBase)) {
      handler = 0;
      thrown = new ForthException(-25, thrown.what + "; the return stack no longer holds what CATCH left there");
    }
    if (handler === 0) {
      machine.traceCount = n;
      throw thrown;
    }
    machine.caught = thrown;
    thrown = undefined;
    machine.unnest(rs[handler - 1]);
    rp = handler - 5;
    lp = rs[handler - 2];
    sp = rs[handler - 3] + 1;
    t = fault;
    ip = rs[handler - 5];
    handler = rs[handler - 4];
  }
};`;
  const fail = (code: number): never => {
    throw new ForthException(code);
  };
  const badToken = (xt: number): never => {
    throw new ForthException(-9, `${xt} is not an execution token`);
  };
  const toForth = (e: unknown): ForthException => {
    if (e instanceof ForthException) return e;
    if (e instanceof RangeError && /call stack/.test(e.message)) return new ForthException(-5, "too many nested interpreters");
    throw e;
  };
  const memory = createArithmetic(machine);
  const make = new Function("machine", "memory", "fail", "badToken", "toForth", "ForthException", text) as (
    ...context: unknown[]
  ) => Interpreter;
  return make(machine, memory, fail, badToken, toForth, ForthException);
}
