// Code made at load time by copying the bodies of a direct-threaded interpreter with memcpy, shared by all dynamic
// techniques. Bodies that may not be copied stay where they are, each with its own dispatch.
import { grown } from "../../files/grown.ts";
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import type { LayoutContext, NativeCode, NativeInstruction, Site } from "../native-code.ts";
import { ofOpcode } from "./by-opcode.ts";
import { endOfBasicBlock, fallsThrough, type Later, type LoadedCode, lazily } from "./load-order.ts";
import { type CodeSpace, createCodeSpace } from "./placement.ts";
import { BYTES, bodyConditional, dispatchJump, instructionOf } from "./sites.ts";
import { type Reserved, straightCode, type Unplaced } from "./straight-code.ts";

/** Direct threading's dispatch: load, advance, jmp *%reg. */
export const DISPATCH = { bytes: 9, instructions: 3 } as const;
/** The part of it that is needed without a jump: advancing the virtual program counter. */
export const ADVANCE = { bytes: 4, instructions: 1 } as const;

/** A direct-threaded interpreter: bodies to copy, and to execute where they may not be copied. */
export interface ThreadedBodies {
  readonly space: CodeSpace;
  readonly entry: Site;
  /** The code of an instruction with this opcode, executed in its original body. */
  original(opcode: number): NativeInstruction;
  /** The same at a virtual address. */
  inPlace(address: number): NativeInstruction;
}

export function threadedBodies(program: VirtualProgram, context: LayoutContext, align: number): ThreadedBodies {
  const space = createCodeSpace(program, context, align, DISPATCH.bytes);
  const entry = dispatchJump(space.shared(DISPATCH.bytes).end, "entry");
  const original = ofOpcode((opcode) => copyOf(program.opcodes[opcode], space.bodyOf(opcode).start));
  const inPlace = (address: number): NativeInstruction => original(program.opcodeAt(address));
  return { space, entry, original, inPlace };
}

/** Names of longer sequences are abbreviated. */
const MOST_NAMES = 8;

/** A superinstruction by its sequence: "lit + ;s"; of a long one the first and the last, and how many there are. */
function sequenceOf(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return names.join(" ");
  return `${names.slice(0, 4).join(" ")} … ${names.slice(-2).join(" ")} (${names.length})`;
}

/** A copy of a body at `start`, with its own dispatch. */
export function copyOf({ name, bodyBytes, nativeInstructions }: Opcode, start: number): NativeInstruction {
  const end = start + bodyBytes + DISPATCH.bytes;
  return instructionOf(start, nativeInstructions + DISPATCH.instructions, [dispatchJump(end, name)], [{ start, end }]);
}

/** Several instructions as one piece of code at `start`: their work, advancing in between, one dispatch at the end. */
export function concatenated(opcodes: readonly Opcode[], start: number, advance: typeof ADVANCE | typeof NO_CODE = ADVANCE): Later[] {
  const all = lazily(() => {
    let at = start;
    const owner = sequenceOf(opcodes.map(({ name }) => name));
    return opcodes.map(({ bodyBytes, nativeInstructions }, i): NativeInstruction => {
      const last = i === opcodes.length - 1;
      const added = last ? DISPATCH : advance;
      const entry = at;
      at += bodyBytes + added.bytes;
      const sites = last ? [dispatchJump(at, owner)] : [];
      return instructionOf(entry, nativeInstructions + added.instructions, sites, [{ start: entry, end: at }]);
    });
  });
  return opcodes.map((_, i) => () => all()[i]);
}

export const NO_CODE = { bytes: 0, instructions: 0 } as const;

/** Bytes of the same. */
export const concatenatedBytes = (opcodes: readonly Opcode[], advance: typeof ADVANCE | typeof NO_CODE = ADVANCE): number =>
  opcodes.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0) + (opcodes.length - 1) * advance.bytes + DISPATCH.bytes;

/** Cuts a static basic block into runs of bodies that may be copied and bodies that may not, one by one. */
export function copiedRuns(
  program: VirtualProgram,
  start: number,
  end: number,
  mayCopy: (opcode: Opcode) => boolean,
): { readonly start: number; readonly opcodes: readonly Opcode[]; readonly copied: boolean }[] {
  const runs: { start: number; opcodes: Opcode[]; copied: boolean }[] = [];
  const opcodeAt = (address: number): Opcode => program.opcodes[program.opcodeAt(address)];
  for (let at = start; at < end; ) {
    const first = at;
    at = endOfRun(program, first, end, (address) => mayCopy(opcodeAt(address)));
    runs.push({
      start: first,
      opcodes: Array.from({ length: at - first }, (_, i) => opcodeAt(first + i)),
      copied: mayCopy(opcodeAt(first)),
    });
  }
  return runs;
}

/** The address after the run of bodies that are copied, or the single body that is not, at `start` of a basic block. */
function endOfRun(program: VirtualProgram, start: number, end: number, copied: (address: number) => boolean): number {
  let at = start + 1;
  if (!copied(start)) return at;
  // an instruction that was rewritten may transfer control now, and end what was a part of a block
  while (at < end && program.flowAt(at - 1) === "next" && copied(at)) at++;
  return at;
}

/** Native code of a loaded program together with the bodies. */
export function loadedBeside({ entry, space }: Pick<ThreadedBodies, "entry" | "space">, loaded: LoadedCode): NativeCode {
  return {
    entry,
    at: loaded.at,
    pieces() {
      loaded.all();
      return space.pieces();
    },
  };
}

/** Of an address: whether it ends its unit, or is not known to be in one. */
const UNKNOWN = 0;
const WITHIN = 1;
const LAST = 2;

/**
 * Copies one after the other in load order, without a dispatch where control falls through: dispatches remain for taken
 * virtual branches, calls and returns, and between copied bodies and bodies that may not be copied.
 * @param unitEnds cuts the run of copied bodies from `start` to `end` - 1 into units, within which nothing advances the
 *                 virtual program counter: the virtual addresses after them, in order; default: each body is one
 */
export function copiesAcrossBlocks(
  program: VirtualProgram,
  bodies: ThreadedBodies,
  mayCopy: (opcode: Opcode) => boolean,
  unitEnds?: (start: number, end: number) => readonly number[],
): NativeCode {
  const loadedAt = (address: number): Opcode | undefined =>
    address < program.addressCount && program.opcodeAt(address) >= 0 ? program.opcodes[program.opcodeAt(address)] : undefined;
  const copied = (address: number): boolean => {
    if (address >= program.addressCount) return false;
    const opcode = program.opcodeAt(address);
    return opcode >= 0 && mayCopy(program.opcodes[opcode]);
  };
  /** Of each address whose code has been laid out: whether it ends its unit, its opcode at that time, and where its unit begins. */
  let ends = new Uint8Array(0);
  let opcodesThen = new Int32Array(0);
  let unitStarts = new Int32Array(0);
  function endsUnit(address: number): boolean {
    if (address >= ends.length) {
      ends = grown(ends, program.addressCount);
      opcodesThen = grown(opcodesThen, ends.length);
      unitStarts = grown(unitStarts, ends.length);
    }
    if (ends[address] === UNKNOWN) {
      const end = endOfBasicBlock(program, address);
      for (let start = address; start < end; ) start = cutRun(start, end);
    }
    return ends[address] !== WITHIN;
  }
  /** Cuts the run of copied bodies, or the single body, at `start` of a basic block into units; returns the address after it. */
  function cutRun(start: number, end: number): number {
    const after = endOfRun(program, start, end, copied);
    const afterUnits = unitEnds?.(start, after);
    let unit = 0;
    let unitStart = start;
    for (let at = start; at < after; at++) {
      const last = afterUnits === undefined || afterUnits[unit] === at + 1;
      ends[at] = last ? LAST : WITHIN;
      opcodesThen[at] = program.opcodeAt(at);
      unitStarts[at] = unitStart;
      if (!last) continue;
      unit++;
      unitStart = at + 1;
    }
    return after;
  }
  /** Code by its opcode and how control goes on. Long enough, because V8 makes a hash table of a list with large gaps. */
  const codes = new Array<Unplaced | undefined>(8 * program.opcodes.length);
  /** The sequence of a unit up to an address. */
  function unitAt(address: number): string {
    const start = unitStarts[address];
    return sequenceOf(Array.from({ length: address - start + 1 }, (_, i) => program.opcodes[opcodesThen[start + i]].name));
  }
  function codeFor(address: number, followed?: boolean): Unplaced | NativeInstruction | Reserved {
    const unitEnd = endsUnit(address);
    if (!copied(address)) {
      const elsewhere = bodies.inPlace(address);
      const standing = loadedAt(address);
      return standing?.quickens ? { elsewhere, room: standing.bodyBytes + DISPATCH.bytes } : elsewhere;
    }
    const opcode = program.opcodeAt(address);
    const flow = program.flowAt(address);
    // a conditional is not laid out again with what follows it: it runs into the room there from the beginning
    const runsInto = (): boolean => copied(address + 1) || (flow !== "next" && loadedAt(address + 1)?.quickens === true);
    const onward = !unitEnd || (fallsThrough(flow) && (followed ?? runsInto()));
    const branches = onward && flow !== "next";
    const key = (opcode << 3) | (unitEnd ? 4 : 0) | (onward ? 2 : 0) | (branches ? 1 : 0);
    const known = codes[key];
    if (known !== undefined) return known;
    const code = newCode(opcode, unitEnd, onward, branches);
    codes[key] = code;
    return code;
  }
  function newCode(opcode: number, unitEnd: boolean, onward: boolean, branches: boolean): Unplaced {
    const { name, bodyBytes, nativeInstructions } = program.opcodes[opcode];
    const added = branches ? BRANCHING_DISPATCH : !onward ? DISPATCH : unitEnd ? ADVANCE : NO_CODE;
    return {
      bytes: bodyBytes + added.bytes,
      runsOn: onward,
      at({ start, end }, address) {
        const code = [{ start, end }];
        if (!branches)
          return instructionOf(start, nativeInstructions + added.instructions, onward ? [] : [dispatchJump(end, unitAt(address))], code);
        const test = start + bodyBytes;
        const over = test + BYTES.shortConditional + DISPATCH.bytes;
        const sites = [bodyConditional(test, over, name, "fall-through"), dispatchJump(over, unitAt(address), BYTES.indirectJump, "taken")];
        const tested = nativeInstructions + 1;
        return instructionOf(start, tested + ADVANCE.instructions, sites, code, tested + DISPATCH.instructions);
      },
    };
  }
  return loadedBeside(bodies, straightCode(program, bodies.space, codeFor));
}

/** A body of a virtual conditional: its test skips its dispatch, which is followed by the code that advances. */
const BRANCHING_DISPATCH = { bytes: BYTES.shortConditional + DISPATCH.bytes + ADVANCE.bytes, instructions: 0 } as const;
