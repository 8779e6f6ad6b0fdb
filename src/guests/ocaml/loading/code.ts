// Loads a program's code: labels become indices instead of distances, every operand is checked, and each instruction gets its number,
// which is its virtual address.
import type { UsageError } from "../../../errors.ts";
import { EFFECT_INSTRUCTIONS, instructions, type Operand, opcodeOf } from "../instructions.ts";

/** Words after the program's: the code that runs when C calls a function. */
export const CALLBACK = [opcodeOf("ACC"), 0, opcodeOf("APPLY"), 0, opcodeOf("POP"), 1, opcodeOf("STOP")] as const;
/** Where in it the function returns to. */
export const CALLBACK_RETURN = 4;

export interface Code {
  /** The program's words, then those of `CALLBACK`. */
  readonly words: Int32Array;
  /** Where the latter begin. */
  readonly callback: number;
  /** Where a fiber's computation returns to, and a function that raises its argument; undefined without effects. */
  readonly fiberEnd: number | undefined;
  readonly raiser: number | undefined;
  /** Whether it may have OCaml 5's instructions for effects. */
  readonly effects: boolean;
  /** For each word: the virtual address of the instruction that begins there, or -1. */
  readonly addressOf: Int32Array;
  /** Of each virtual address: its word; and one more, where the last one ends. */
  readonly wordOf: Int32Array;
  /** Of each virtual address: 1 where control may arrive from elsewhere. */
  readonly entered: Uint8Array;
}

/** Words after those where a program may have effects: where a fiber's computation returns to, and a function that raises its argument. */
const FIBER_END = [opcodeOf("STOP")] as const;
const RAISER = [opcodeOf("ACC"), 0, opcodeOf("RAISE")] as const;

/** Limits of operands. */
export interface Limits {
  /** Whether there are OCaml 5's instructions for effects. */
  readonly effects: boolean;
  readonly primitives: number;
  readonly globals: number;
}

/** Most values that an instruction takes: the whole stack. */
const MOST_VALUES = 1 << 20;

const SWITCH = opcodeOf("SWITCH");
const CLOSUREREC = opcodeOf("CLOSUREREC");
const RESTART = opcodeOf("RESTART");
const GRAB = opcodeOf("GRAB");
const MAKEBLOCKS = ["MAKEBLOCK", "MAKEFLOATBLOCK"].map(opcodeOf);

/** @throws the error that `damaged` makes for the first invalid instruction */
export function loadCode(program: Int32Array, { effects, primitives, globals }: Limits, damaged: (what: string) => UsageError): Code {
  const callback = program.length;
  const appended: number[] = [...CALLBACK, ...(effects ? [...FIBER_END, ...RAISER] : [])];
  const words = new Int32Array(callback + appended.length);
  words.set(program);
  words.set(appended, callback);
  const fiberEnd = effects ? callback + CALLBACK.length : undefined;
  const raiser = fiberEnd === undefined ? undefined : fiberEnd + FIBER_END.length;
  const known = effects ? instructions.length : instructions.length - EFFECT_INSTRUCTIONS;
  const addressOf = new Int32Array(words.length).fill(-1);
  const starts: number[] = [];
  /** Words that hold a label: it counts from its own word, in lists from the first of them. */
  const labels: number[] = [];
  const bases: number[] = [];
  const wrong = (at: number, what: string): UsageError => damaged(`word ${at} of its code, ${instructions[words[at]].name}, ${what}`);

  const check = (start: number, at: number, kind: Operand): void => {
    const value = words[at];
    const below = (limit: number, what: string): void => {
      if (value < 0 || value >= limit) throw wrong(start, `names ${what} ${value} of ${limit}`);
    };
    if (kind === "label") {
      labels.push(at);
      bases.push(at);
    } else if (kind === "primitive") below(primitives, "primitive");
    else if (kind === "global") below(globals, "global");
    else if (kind === "tag") below(256, "tag");
    else if (kind === "count" || kind === "field") below(MOST_VALUES, "value");
  };
  const list = (start: number, from: number, count: number): number => {
    if (count > callback - from) throw wrong(start, `has ${count} labels, ${callback - from} words are left`);
    for (let i = 0; i < count; i++) {
      labels.push(from + i);
      bases.push(from);
    }
    return from + count;
  };
  for (let at = 0; at < words.length; ) {
    const opcode = words[at];
    if (!(opcode >= 0 && opcode < known)) throw damaged(`word ${at} of its code is ${opcode}, which is no instruction`);
    addressOf[at] = starts.length;
    starts.push(at);
    const { operands } = instructions[opcode];
    const end = at + 1 + operands.length;
    if (end > words.length || (at < callback && end > callback)) throw wrong(at, "is cut short");
    operands.forEach((kind, i) => {
      check(at, at + 1 + i, kind);
    });
    if (MAKEBLOCKS.includes(opcode) && words[at + 1] === 0) throw wrong(at, "makes nothing");
    if (opcode === SWITCH) at = list(at, end, (words[at + 1] & 0xffff) + (words[at + 1] >>> 16));
    else if (opcode === CLOSUREREC) {
      if (words[at + 1] === 0) throw wrong(at, "makes nothing");
      at = list(at, end, words[at + 1]);
    } else at = end;
  }
  const entered = new Uint8Array(starts.length);
  labels.forEach((at, i) => {
    const to = bases[i] + words[at];
    if (to < 0 || to >= callback || addressOf[to] < 0) throw damaged(`word ${at} of its code leads to ${to}, where no instruction begins`);
    words[at] = to;
    entered[addressOf[to]] = 1;
  });
  entered[0] = 1;
  entered[addressOf[callback]] = 1;
  if (raiser !== undefined) entered[addressOf[raiser]] = 1;
  starts.forEach((at, address) => {
    if (words[at] === RESTART) entered[address] = 1;
    if (words[at] === GRAB && words[at - 1] !== RESTART) throw wrong(at, "has no RESTART in front of it");
  });
  const wordOf = Int32Array.from([...starts, words.length]);
  return { words, callback, fiberEnd, raiser, effects, addressOf, wordOf, entered };
}
