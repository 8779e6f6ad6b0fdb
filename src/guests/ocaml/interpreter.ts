// The bytecode interpreter of the OCaml guest. Its text is generated from the instruction table, as the Forth guest's is: V8
// only makes a jump table of `case`s that are literals.

import type { ExecutedBlocks } from "./executed-blocks.ts";
import { readFloat, writeFloat } from "./float-bits.ts";
import { instructions } from "./instructions.ts";
import * as integers from "./integers.ts";
import { CLOSURE_TAG, Float, type HeapBlock, INFIX_TAG, TAGS, type Value, wordsOf } from "./value.ts";

/** Why the generated function stopped. */
export const ARRIVED = 0;
export const THROWN = 1;
export const STOPPED = 2;
export const UNCAUGHT = 3;
export const DIVIDED_BY_ZERO = 4;
export const OVERFLOWN = 5;
export const EFFECT = 6;

/** Words of the stack, and how many below its end must be free where a function is called. */
export const STACK_WORDS = 1 << 20;
export const STACK_RESERVE = 256;

/** The parts of the machine that the generated function reads and changes. */
export interface InterpretedMachine {
  readonly blocks: ExecutedBlocks;
  readonly code: Int32Array;
  readonly primitives: readonly ((...values: Value[]) => Value)[];
  /** Which primitives are inlined in the interpreter. */
  readonly quick: Int32Array;
  readonly globals: HeapBlock;
  readonly atoms: readonly HeapBlock[];
  readonly stack: HeapBlock;
  /** Registers. Primitives find `pc` and `sp` here; the others are here while no generated function runs. */
  pc: number;
  sp: number;
  accu: Value;
  env: Value;
  extra: number;
  /** Where the topmost exception handler is on the stack. */
  trap: number;
  /** Why the generated function stopped, and the error that it caught. */
  status: number;
  thrown: unknown;
  /** Blocks until an untraced run checks memory. */
  fuel: number;
  /** Set when a primitive has called a function: the calling block has ended, and another one continues. */
  called: boolean;
  /** @throws RunError when there is little left */
  checkMemory(): void;
}

/** Blocks until an untraced run checks memory, a millisecond or less; a traced run checks when its buffer is full. */
const FUEL = 1 << 16;

/**
 * Runs from the start of a block, which is on the trace, until rare work is needed, given by `machine.status`. Registers are in the
 * machine before and after. Returns the address where it stopped.
 * @param base the stack pointer below which no handler is this run's
 */
export type Stretch = (pc: number, base: number) => number;

/** Writes out the short forms that the instruction table uses. */
function expand(text: string, traced: boolean): string {
  const enter = "{ pc = accu[1]; env = accu }";
  return text
    .replace(/\bENV\((\w+)\)/g, "(env[0] === INFIX ? env[2][env[3] + $1 + 1] : env[$1 + 1])")
    .replace(/\bCALL\b/g, `{ if (sp < ${STACK_RESERVE}) { status = ${OVERFLOWN}; break run } ${enter} }`)
    .replace(/\bENTER\b/g, enter)
    .replace(/\bTARGET\b/g, "pc = code[pc]")
    .replace(/\bC\((.*?)\);/g, "const f = primitives[A]; machine.pc = pc; machine.sp = sp - 2; accu = f($1);")
    .replace(/\bBACK\b/g, traced ? "if (machine.called) { machine.called = false; break block }" : "")
    .replace(/\bLEFT\((\w+)\)/g, traced ? "blocks.cut($1); break block" : "")
    .replace(/\bDIVIDED_BY_ZERO\b/g, `{ status = ${DIVIDED_BY_ZERO}; break run }`)
    .replace(
      /\bRAISE\b/g,
      `if (trap >= base) { status = ${UNCAUGHT}; break run } sp = trap; pc = st[sp]; trap = st[sp + 1]; env = st[sp + 2]; extra = st[sp + 3]; sp += 4`,
    )
    .replace(/\bSTOP\b/g, `status = ${STOPPED}; break run`)
    .replace(/\bEFFECT\b/g, `status = ${EFFECT}; break run`)
    .replace(/\bCLOSURE\b/g, `TAGS[${CLOSURE_TAG}]`)
    .replace(/\bINFIX\b/g, `TAGS[${INFIX_TAG}]`)
    .replace(/\bA\b/g, "code[pc++]");
}

/** Another function of a `let rec … and …`. @param words its distance from the given one */
function sibling(closure: HeapBlock, words: number): unknown {
  const infix = closure[0] === TAGS[INFIX_TAG];
  const base = (infix ? closure[2] : closure) as HeapBlock;
  const at = (infix ? (closure[3] as number) : 0) + words;
  return at === 0 ? base : base[at];
}

/** The block of several functions; each function except the first has its closure in the place of OCaml's header. */
function closures(code: Int32Array, labels: number, functions: number, environment: HeapBlock): HeapBlock {
  const block: HeapBlock = [TAGS[CLOSURE_TAG], code[labels], 3 * functions - 1];
  for (let i = 1; i < functions; i++) {
    block.push([TAGS[INFIX_TAG], code[labels + i], block, 3 * i], code[labels + i], 3 * (functions - i) - 1);
  }
  // in place: the functions above point here
  for (const value of environment) block.push(value);
  return block;
}

function fail(why: string): never {
  throw new integers.Corrupt(why);
}

/**
 * The generated function exists in two versions: one writes blocks to a trace, which takes 1.0 to 1.2 times as long, one does not. On
 * Node 20 they run 90 to 210 million instructions per second (queens 210, term rewriting 160, floats 130, multiplication modulo
 * 2^30 93) after V8 has compiled them, which takes 0.3 s whenever an instruction is executed for the first time. Executing every
 * instruction once before a program runs saved some of that (0.73 to 1.0 of short runs) and made long ones up to 1.3 times slower.
 */
export function generate(machine: InterpretedMachine, traced: boolean): Stretch {
  const cases = instructions.map(
    ({ name, code, flow }, i) => `case ${i}: /* ${name} */ { ${expand(code, traced)}${flow === "next" ? "; continue" : "; break block"} }`,
  );
  const arrival = traced
    ? `const next = tallyAt[pc]; if (!(next > 0 && blocks.tally >= 0 && sp >>> 0 <= ${STACK_WORDS})) break run;
       trace[blocks.tally & ${0xffff}] = blockAt[pc]; blocks.tally = blocks.tally + next | 0;`
    : `if (sp >>> 0 > ${STACK_WORDS}) break run;
       if (--fuel < 0) { fuel = ${FUEL}; machine.checkMemory(); }`;
  const text = `
return function interpret(pc, base) {
  const { code, primitives, quick, globals, atoms, blocks } = machine;
  const st = machine.stack;
  const { trace, blockAt, tallyAt } = blocks;
  let sp = machine.sp, accu = machine.accu, env = machine.env, extra = machine.extra, trap = machine.trap, status = ${ARRIVED}, fuel = machine.fuel, thrown;
  run: try {
    for (;;) {
      block: for (;;) {
        switch (code[pc++]) {
          ${cases.join("\n          ")}
          default: fail("no instruction");
        }
      }
      ${arrival}
    }
  } catch (e) {
    status = ${THROWN};
    thrown = e;
  }
  machine.sp = sp; machine.accu = accu; machine.env = env; machine.extra = extra; machine.trap = trap;
  machine.status = status; machine.thrown = thrown; machine.fuel = fuel;
  return pc;
};`;
  const context = { machine, Float, integers, sibling, closures, fail, TAGS, readFloat, writeFloat, wordsOf };
  const make = new Function(...Object.keys(context), text) as (...values: unknown[]) => Stretch;
  return make(...Object.values(context));
}
