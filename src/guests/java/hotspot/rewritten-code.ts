// Code as HotSpot's interpreters change it while it runs: takes the executed blocks of a program as its class files have it, and
// passes them on as the interpreter executes them. Two instructions that have become one are executed at the address of the first:
// it jumps to the address after the second, and ends a block.
//
//   class file   aload_0 getfield iadd ireturn      executed the third time   fast_iaccess_0 ──► iadd ireturn
import { grown } from "../../../files/grown.ts";
import type { BlockSink, Opcode, VirtualProgram } from "../../../trace/virtual.ts";
import { PAIRS } from "./codes.ts";
import { afterAload, afterIload, RULES, type Ruled } from "./rules.ts";

const CHUNK = 1 << 15;
const UNKNOWN = -1;
const IS_PAIR: readonly boolean[] = PAIRS.reduce<boolean[]>((is, opcode) => {
  is[opcode] = true;
  return is;
}, []);

export interface RewrittenCode {
  readonly program: VirtualProgram;
  /** A method's instructions have got addresses, from `base` on. `entered`: addresses after two instructions that may become one. */
  learn(base: number, rules: readonly Ruled[], entered: readonly number[]): void;
  /** Takes blocks of the program as it is in class files. */
  readonly take: BlockSink;
  sink: BlockSink;
  /** Called with each address whose opcode has changed. */
  rewriting: (address: number) => void;
}

/**
 * @param source   the program as its class files have it
 * @param opcodes  all opcodes, the interpreter's own included
 * @param resolved the opcode of the instruction at an address once it has found its operand; -1 if it stays
 */
export function createRewrittenCode(
  source: VirtualProgram,
  opcodes: readonly Opcode[],
  resolved: (address: number) => number,
): RewrittenCode {
  /** By address. */
  let codes = new Int32Array(1 << 12).fill(UNKNOWN);
  let rules = new Uint8Array(1 << 12);
  let afterPair = new Uint8Array(1 << 12);
  /** When the opcode was last changed. */
  let changed = new Int32Array(1 << 12);
  let changes = 0;

  /** By block of the source: the blocks that are passed on for it, and when they were made; whether nothing in them is rewritten any more. */
  const pieces: (readonly number[])[] = [];
  let madeAt = new Int32Array(1 << 10);
  let settled = new Uint8Array(1 << 10);
  /** Of blocks that end in a pair: the same ones, but left by the host, as when an exception comes from its second instruction. */
  const piecesLeft: (readonly number[] | undefined)[] = [];

  /** By block that is passed on. */
  let starts = new Int32Array(1 << 10);
  let lengths = new Int32Array(1 << 10);
  let left = new Uint8Array(1 << 10);
  let blockCount = 0;

  const trace = new Int32Array(CHUNK + 1);
  let held = 0;
  /** Opcodes that are about to be replaced: addresses and what they get. */
  let waiting: (readonly [address: number, opcode: number])[] = [];
  /** Instructions that something came between, a class loader or an exception, by the address where control arrives if they go on. */
  const interrupted = new Set<number>();

  function makeBlock(start: number, end: number, isLeft: boolean): number {
    const block = blockCount++;
    starts = grown(starts, blockCount);
    lengths = grown(lengths, blockCount);
    left = grown(left, blockCount);
    starts[block] = start;
    lengths[block] = end - start;
    left[block] = isLeft ? 1 : 0;
    return block;
  }

  const isPair = (address: number, end: number): boolean => IS_PAIR[codes[address]] === true && address + 1 < end;

  /** Cuts a block after each pair. */
  function cut(start: number, end: number, isLeft: boolean): number[] {
    const made: number[] = [];
    let from = start;
    for (let address = start; address < end; address++) {
      if (!isPair(address, end)) continue;
      made.push(makeBlock(from, address + 1, isLeft && address + 2 === end));
      from = address + 2;
      address++;
    }
    if (from < end) made.push(makeBlock(from, end, isLeft));
    return made;
  }

  function put(block: number): void {
    if (held === CHUNK) handOn();
    trace[held++] = block;
  }
  /** Passes on all blocks except the latest, whose successor is not known yet. */
  function handOn(): void {
    const last = trace[held - 1];
    own.sink(trace, held - 1, last);
    trace[0] = last;
    held = 1;
  }

  function replace(address: number, opcode: number): void {
    waiting.push([address, opcode]);
    rules[address] = RULES.stays;
  }
  /** Replaces opcodes: everything up to now is passed on first, so that it is seen as it was. */
  function replaceAll(): void {
    handOn();
    changes++;
    for (const [address, opcode] of waiting) {
      codes[address] = opcode;
      changed[address] = changes;
      own.rewriting(address);
    }
    waiting = [];
  }

  function resolve(address: number): void {
    const opcode = resolved(address);
    if (opcode >= 0) replace(address, opcode);
    else rules[address] = RULES.stays;
  }
  /** What an instruction that was executed becomes. @param last whether its block ends with it: something may have come between */
  function decide(address: number, last: boolean, isLeft: boolean): void {
    const rule = rules[address];
    if (rule === RULES.resolves) {
      if (last && (isLeft || source.flowAt(address) === "next")) interrupted.add(address + 1);
      else resolve(address);
      return;
    }
    const next = codes[address + 1];
    const opcode = rule === RULES.aload ? afterAload(next) : afterIload(next);
    if (opcode >= 0) replace(address, opcode);
    // a field that never gets another opcode
    else if (rules[address + 1] === RULES.stays) rules[address] = RULES.stays;
  }

  /** @param successor the address where control goes on; -1 at the end of the trace */
  function putAll(id: number, successor: number): void {
    const ifLeft = piecesLeft[id];
    const isLeft = ifLeft !== undefined && successor >= 0 && successor !== source.blockStart(id) + source.blockLength(id);
    for (const block of isLeft ? ifLeft : pieces[id]) put(block);
  }

  function execute(id: number, successor: number): void {
    const start = source.blockStart(id);
    const end = start + source.blockLength(id);
    const isLeft = source.leftByHost(id);
    let made = pieces[id];
    if (made !== undefined) for (let address = start; address < end; address++) if (changed[address] > madeAt[id]) made = [];
    if (made === undefined || made.length === 0) {
      made = cut(start, end, isLeft);
      pieces[id] = made;
      madeAt[id] = changes;
      const last = made[made.length - 1];
      const goesOn = starts[last] + lengths[last] === end || isLeft;
      piecesLeft[id] = goesOn ? undefined : [...made.slice(0, -1), makeBlock(starts[last], starts[last] + lengths[last], true)];
    }
    putAll(id, successor);
    let open = false;
    for (let address = start; address < end; address++) {
      const pair = isPair(address, end);
      if (!pair && rules[address] !== RULES.stays) decide(address, address === end - 1, isLeft);
      open ||= rules[address] !== RULES.stays;
      if (pair) address++;
    }
    if (!open && waiting.length === 0) settled[id] = 1;
  }

  const own: RewrittenCode = {
    program: {
      opcodes,
      opcodeAt(address) {
        const code = address < codes.length ? codes[address] : UNKNOWN;
        return code === UNKNOWN ? source.opcodeAt(address) : code;
      },
      flowAt: (address) => (IS_PAIR[codes[address]] === true ? "jump" : source.flowAt(address)),
      get addressCount() {
        return source.addressCount;
      },
      targetAt: (address) => (IS_PAIR[codes[address]] === true ? address + 2 : source.targetAt(address)),
      enteredAt: (address) => afterPair[address] === 1 || source.enteredAt(address),
      get blockCount() {
        return blockCount;
      },
      blockStart: (block) => starts[block],
      blockLength: (block) => lengths[block],
      leftByHost: (block) => left[block] === 1,
    },
    learn(base, given, entered) {
      // one more: the address between methods
      const count = base + given.length + 1;
      const before = codes.length;
      codes = grown(codes, count);
      codes.fill(UNKNOWN, before);
      rules = grown(rules, count);
      afterPair = grown(afterPair, count);
      changed = grown(changed, count);
      for (const [i, { opcode, rule }] of given.entries()) {
        codes[base + i] = opcode;
        rules[base + i] = rule;
      }
      for (const address of entered) afterPair[address] = 1;
    },
    take(ids, count, next) {
      const known = source.blockCount;
      if (known > settled.length) {
        settled = grown(settled, known);
        madeAt = grown(madeAt, known);
      }
      for (let i = 0; i < count; i++) {
        const id = ids[i];
        if (interrupted.size > 0) {
          const start = source.blockStart(id);
          if (interrupted.delete(start) && rules[start - 1] === RULES.resolves) resolve(start - 1);
        }
        // two blocks must have been passed on before anything is replaced
        if (waiting.length > 0 && held > 1) replaceAll();
        const following = i + 1 < count ? ids[i + 1] : next;
        const successor = following < 0 ? -1 : source.blockStart(following);
        if (settled[id] === 1) putAll(id, successor);
        else execute(id, successor);
        if (waiting.length > 0 && held > 1) replaceAll();
      }
      if (next < 0 && held > 0) {
        if (held > 1) handOn();
        own.sink(trace, 1, -1);
        held = 0;
      }
    },
    sink: () => {},
    rewriting: () => {},
  };
  return own;
}
