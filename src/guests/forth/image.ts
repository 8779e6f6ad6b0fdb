// A Forth program for a compiled interpreter without text interpreter and compiler: its threaded code, and a script of all effects of
// these, in order. The effects of colon definitions are not in it: the interpreter executes them again.
//
//   [op, arg] for every virtual address, then events:
//   ENTER  the text interpreter executes colon code: what it changed in memory and printed, the data stack, where to begin
//   LEAVE  that has returned: what must be on the data stack
//   HOST   colon code executed a word of the host: what must be on the stack, what the word changed there and in memory
//   END    what must be in memory
import { RunError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { StartOptions } from "../guest.ts";
import { createCapturingConsole } from "./console.ts";
import { createProgramForth, runForth } from "./guest.ts";
import type { CellArray } from "./machine/cells.ts";
import { HALT, MARKS, MEMORY_BYTES, RESUME, RETURN_BASE, RUN_END, STACK_BASE } from "./machine/layout.ts";
import type { HostWord, Machine } from "./machine/machine.ts";
import { floatArithmetic } from "./words/optional/floating/arithmetic.ts";

/** Marks in the virtual code besides instructions. */
export const MARK_NAMES = ["(halt)", "(resume)"] as const;
export const EVENT = { enter: 1, leave: 2, host: 3, end: 4 } as const;
/** Instead of a text's length: the interpreter prints what is on its stack, as TYPE and EMIT do. */
export const TYPES = -1;
export const EMITS = -2;

/** Bytes of memory that are compared and patched at once: memory is mostly empty. */
const CHUNK = 1 << 12;
const PAGE = 1 << 16;
type Range = readonly [start: number, end: number];
const ALL: readonly Range[] = [[0, MEMORY_BYTES]];
/** System cells, number buffer and PAD. */
const LOW: Range = [0, 1 << 14];

/** Words of the host that write nowhere but there and at HERE. After any other all of memory is compared. */
const QUIET = new Set(
  `. .r d. d.r u. u.r type cr emit space spaces <# # #s #> hold holds sign here , c, allot align constant create variable (does>)
  roll allocate free parse parse-name >number wordlist get-order set-order definitions previous`.split(/\s+/),
);

/** Words that store a floating-point number at the address on the stack. */
const FLOAT_STORES = new Set(["f!", "df!", "sf!"]);
const WRITING = new Set([...FLOAT_STORES, "faxpy", "f>l"]);
/** Words that write nowhere. */
const PURE = new Set(floatArithmetic.map(([name]) => name).filter((name) => !WRITING.has(name)));

/** What a word may write: before and after it, with HERE before it, HERE after it, and the cell that was on top of the stack. */
function written(name: string, dp: number, dpAfter: number, top: number): readonly Range[] {
  if (PURE.has(name)) return [];
  if (FLOAT_STORES.has(name)) return [[top, top + 8]];
  return QUIET.has(name) ? [LOW, [Math.min(dp, dpAfter), Math.max(dp, dpAfter)]] : ALL;
}

/** A program that ran, with all that is needed to run it again. */
export interface Image {
  readonly program: VirtualProgram;
  /** The executed blocks, once more. */
  run(): VirtualRun;
  /** Virtual addresses in the order in which they executed. */
  addresses(): Generator<number>;
  /** Words of the host that colon code executed: what the machine calls them, and their names. */
  readonly hostWords: ReadonlyMap<number, string>;
  readonly output: string;
  /** Threaded code and script as 32-bit words. @param opcode what the interpreter calls an opcode of the machine's, -1 for one that it does not have */
  words(opcode: (number: number) => number): Int32Array;
}

/** Cells as numbers: compiled interpreters have no others. */
function narrow(cells: CellArray): Int32Array {
  if (!(cells instanceof Int32Array)) throw new Error("expected cells of 32 bits");
  return cells;
}

/** FNV-1a over cells. */
export function hashCells(cells: Int32Array, from: number, to: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ cells[i], 0x01000193);
  return hash;
}

class Words {
  #words = new Int32Array(1 << 16);
  length = 0;
  push(...values: number[]): void {
    this.#reserve(values.length);
    for (const value of values) this.#words[this.length++] = value;
  }
  bytes(bytes: Uint8Array): void {
    const count = (bytes.length + 3) >> 2;
    this.#reserve(count);
    new Uint8Array(this.#words.buffer).set(bytes, this.length * 4);
    this.length += count;
  }
  #reserve(count: number): void {
    if (this.length + count <= this.#words.length) return;
    const larger = new Int32Array(Math.max(this.length + count, this.#words.length * 2));
    larger.set(this.#words);
    this.#words = larger;
  }
  get words(): Int32Array {
    return this.#words.subarray(0, this.length);
  }
}

/**
 * The program as the interpreter runs it: a (halt) follows each run, a (resume) each primitive that EXECUTE ran.
 * Opcodes are those of the table and the words of the host that executed.
 */
function withMarks(machine: Machine, hostWords: ReadonlySet<number>): VirtualProgram {
  const noop = machine.opcodes[0];
  const numbers = [HALT, RESUME, ...machine.shapes.keys()].filter(
    (number, i) => i < 2 || (number >= MARKS && (machine.hostWords[number] === undefined || hostWords.has(number))),
  );
  const dense = new Map(numbers.map((number, i) => [number, i]));
  const opcodes = numbers.map((number, i) =>
    i < 2 ? { ...noop, name: MARK_NAMES[i], flow: "return" as const } : machine.opcodes[number - MARKS],
  );
  const opcodeAt = (address: number): number => dense.get(machine.op[address]) ?? -1;
  const resumes = (block: number): boolean => {
    const last = machine.blockStart(block) + machine.blockLength(block) - 1;
    return machine.op[last + 1] === RESUME && machine.shapes[machine.op[last]].flow === "next" && !machine.leftByHost(block);
  };
  return {
    opcodes,
    opcodeAt,
    flowAt: (address) => opcodes[opcodeAt(address)].flow,
    get addressCount() {
      return machine.addressCount;
    },
    targetAt: (address) => machine.targetAt(address),
    enteredAt: (address) => machine.enteredAt(address),
    get blockCount() {
      return machine.blockCount + 1;
    },
    blockStart: (block) => (block === 0 ? RUN_END : machine.blockStart(block - 1)),
    blockLength: (block) => (block === 0 ? 1 : machine.blockLength(block - 1) + (resumes(block - 1) ? 1 : 0)),
    leftByHost: (block) => block > 0 && machine.leftByHost(block - 1),
  };
}

/**
 * Runs a program and notes what a compiled interpreter needs.
 * @throws RunError as any run of it, and when it does what no script can say
 */
export function recordImage(path: string, { full, maxInstructions, expected }: StartOptions): Image {
  const recorder = createCapturingConsole();
  let printed: Uint8Array[] = [];
  const console = {
    ...recorder,
    write(bytes: Uint8Array): void {
      recorder.write(bytes);
      printed.push(Uint8Array.from(bytes));
    },
  };
  const forth = createProgramForth(console, full, maxInstructions);
  const { machine } = forth;
  const { bytes } = machine;
  const [cells, ds] = [narrow(machine.cells), narrow(machine.ds)];
  const script = new Words();
  const hostWords = new Set<number>();
  const shadow = Buffer.from(new ArrayBuffer(MEMORY_BYTES));
  const memory = Buffer.from(machine.memory.buffer);

  let ids = new Int32Array(1 << 16);
  let count = 0;
  const note = (id: number): void => {
    if (count === ids.length) {
      const larger = new Int32Array(count * 2);
      larger.set(ids);
      ids = larger;
    }
    ids[count++] = id;
  };
  machine.blocks.sink = (blocks, length) => {
    for (let i = 0; i < length; i++) note(blocks[i] + 1);
  };

  /** Notes what differs from the shadow in a range, which it then equals. */
  function patches(ranges: readonly Range[]): void {
    const at = script.length;
    script.push(0);
    let found = 0;
    for (const [start, end] of ranges) {
      for (let page = start; page < end; page += PAGE) {
        const pageEnd = Math.min(page + PAGE, end);
        if (memory.compare(shadow, page, pageEnd, page, pageEnd) === 0) continue;
        for (let from = page; from < pageEnd; from += CHUNK) {
          const to = Math.min(from + CHUNK, pageEnd);
          let first = from;
          let last = to;
          while (first < last && memory[first] === shadow[first]) first++;
          while (last > first && memory[last - 1] === shadow[last - 1]) last--;
          if (first === last) continue;
          script.push(first, last - first);
          script.bytes(bytes.subarray(first, last));
          found++;
        }
        memory.copy(shadow, page, page, pageEnd);
      }
    }
    script.words[at] = found;
  }
  const follow = (ranges: readonly Range[]): void => {
    for (const [start, end] of ranges) {
      for (let page = start; page < end; page += PAGE) {
        const pageEnd = Math.min(page + PAGE, end);
        if (memory.compare(shadow, page, pageEnd, page, pageEnd) !== 0) memory.copy(shadow, page, page, pageEnd);
      }
    }
  };
  function text(): void {
    const all = Buffer.concat(printed);
    printed = [];
    script.push(all.length);
    script.bytes(all);
  }

  /** Colon code is running. */
  const running = (): boolean => machine.rp !== RETURN_BASE;
  const unfit = (what: string): RunError => new RunError(`${path}: ${what}: compiled interpreters cannot follow`);
  machine.observer = {
    enter(ip) {
      if (running()) throw unfit("its colon definitions run the text interpreter");
      machine.blocks.finish();
      script.push(EVENT.enter);
      text();
      patches(ALL);
      script.push(machine.sp, machine.lp, ip);
      for (let i = STACK_BASE + 1; i <= machine.sp; i++) script.push(ds[i]);
    },
    leave() {
      machine.blocks.finish();
      note(0);
      script.push(EVENT.leave, machine.sp, hashCells(ds, STACK_BASE + 1, machine.sp + 1));
      follow(ALL);
    },
  };
  const cut = machine.blocks.cut.bind(machine.blocks);
  machine.blocks.cut = (ip) => {
    if (running() && machine.thrown !== undefined)
      throw unfit(`its colon definitions make the system throw an exception (${machine.thrown.what})`);
    cut(ip);
  };
  const followed =
    (number: number, run: HostWord): HostWord =>
    (m) => {
      if (!running()) {
        run(m);
        return;
      }
      const { name } = m.shapes[number];
      const { sp, rp, lp } = m;
      const before = ds.slice(0, sp + 1);
      const dp = forth.dp;
      const top = before[sp];
      follow(written(name, dp, dp + PAGE, top));
      hostWords.add(number);
      try {
        run(m);
      } catch (error) {
        throw error instanceof RunError ? error : unfit(`its colon definitions leave ${name} by an exception`);
      }
      if (m.rp !== rp || m.lp !== lp) throw unfit(`its colon definitions change the return stack by ${name}`);
      script.push(EVENT.host, number, sp, hashCells(before, STACK_BASE + 1, sp + 1));
      let from = STACK_BASE + 1;
      while (from <= Math.min(sp, m.sp) && ds[from] === before[from]) from++;
      script.push(m.sp, from);
      for (let i = from; i <= m.sp; i++) script.push(ds[i]);
      const typed = Buffer.concat(printed);
      const own =
        name === "type"
          ? typed.equals(memory.subarray(before[sp - 1], before[sp - 1] + before[sp]))
          : name === "emit" && typed.length === 1;
      if (own) {
        printed = [];
        script.push(name === "type" ? TYPES : EMITS);
      } else text();
      patches(written(name, dp, forth.dp, top));
    };
  for (const [number, run] of machine.hostWords.entries()) {
    if (run !== undefined) machine.hostWords[number] = followed(number, run);
  }
  // words of a set that the program has not named yet
  const define = machine.defineHostWord.bind(machine);
  machine.defineHostWord = (name, effect, run, options) => define(name, effect, followed(machine.shapes.length, run), options);
  const exitCode = runForth(forth, () => forth.sources.included(path));
  machine.blocks.finish();
  if (exitCode !== 0) throw new RunError(`${path}: the program ended with exit code ${exitCode}`);
  if (expected !== undefined && recorder.text() !== expected) throw new RunError(`${path}: the output is not what the program must print`);
  const lastOf = (start: number, end: number): number => {
    let last = end >> 2;
    while (last > start >> 2 && cells[last - 1] === 0) last--;
    return last;
  };
  const used = [lastOf(0, machine.dictionaryEnd), lastOf(machine.dictionaryEnd, machine.heapEnd)];
  script.push(EVENT.end);
  text();
  patches(ALL);
  script.push(used[0], hashCells(cells, 0, used[0]), used[1], hashCells(cells, machine.dictionaryEnd >> 2, used[1]));
  const program = withMarks(machine, hostWords);
  const output = recorder.text();
  // what runs again is code and blocks alone: a transfer frees both memories, 128 of the 157 MB that an image held
  structuredClone(undefined, { transfer: [shadow.buffer as ArrayBuffer, machine.memory.buffer] });
  return {
    program,
    hostWords: new Map([...hostWords].map((number) => [number, machine.shapes[number].name])),
    output,
    run: () => ({
      program,
      run(sink) {
        const buffer = new Int32Array((1 << 15) + 1);
        for (let from = 0; from < count; from += 1 << 15) {
          const to = Math.min(count, from + (1 << 15));
          buffer.set(ids.subarray(from, to));
          sink(buffer, to - from, to < count ? ids[to] : -1);
        }
      },
    }),
    *addresses() {
      for (let i = 0; i < count; i++) {
        const start = program.blockStart(ids[i]);
        const end = start + program.blockLength(ids[i]);
        for (let address = start; address < end; address++) yield address;
      }
    },
    words(opcode) {
      const { here } = machine;
      const all = new Int32Array(1 + 2 * here + script.length);
      all[0] = here;
      for (let address = 0; address < here; address++) {
        all[1 + 2 * address] = opcode(machine.op[address]);
        all[2 + 2 * address] = machine.arg[address];
      }
      all.set(script.words, 1 + 2 * here);
      return all;
    },
  };
}
