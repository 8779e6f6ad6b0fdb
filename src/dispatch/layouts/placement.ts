// Addresses of native code: the interpreter's text with a body for every opcode, its jump tables, and code generated at load
// time, far away from both. Every byte has one owner (see `Piece`).
import { grown } from "../../files/grown.ts";
import type { VirtualProgram } from "../../trace/virtual.ts";
import { type LayoutContext, PIECES, type Piece, type PieceKind, type Place } from "../native-code.ts";

/** The interpreter's compiled code. */
const TEXT = 0x0040_1000;
/** Code generated while a program is loaded: more than 1 MB away from the text. */
const GENERATED = 0x1000_0000;
/** Code of rewritten instructions that do not fit at the old place. */
const PATCHES = 0x1800_0000;
/** Jump tables, in the interpreter's read-only data. */
const TABLES = 0x2000_0000;
/** Not modelled code after all text: the target of failed checks and of the end of a loop. */
export const OUTSIDE = 0x0f00_0000;
/** Padding that a layout seed puts before bodies: up to this many multiples of the alignment. */
const MOST_PADDING = 4;

/** Numbers of kinds of pieces, and pieces that there is room for at first. */
const WORK = PIECES.indexOf("body");
const DISPATCH = PIECES.indexOf("dispatch");
const GENERATED_CODE = PIECES.indexOf("generated");
const FIRST_PIECES = 16;

/** The parameter of every technique with bodies: where they may start. */
export const alignment = {
  align: { default: 16, min: 1, max: 64, powerOfTwo: true, unit: "bytes", description: "every body starts at a multiple of this" },
} as const;

/** One body: its work, then what the technique adds. */
export interface Body extends Place {
  /** Where its work ends. */
  readonly workEnd: number;
}

export interface CodeSpace {
  /** Code shared by all bodies: a dispatch loop, a common tail, the entry to the first body. */
  shared(bytes: number): Place;
  /** The body of an opcode; bodies have the order of the opcode table, unless a layout seed permutes them. */
  bodyOf(opcode: number): Body;
  /** Another set of all bodies, placed when the first of them is needed, in its own order. */
  copyOfBodies(): (opcode: number) => Body;
  /** One more body: a superinstruction, a replica. */
  anotherBody(workBytes: number, addedBytes: number): Body;
  /** Code generated at load time, each piece directly after the one before; returns its address. */
  generate(bytes: number): number;
  /** Code generated later, for rewritten instructions, apart from other code. */
  patch(bytes: number): Place;
  /** A jump table; returns its address. */
  table(entries: number, entryBytes: number): number;
  /** All code and tables so far, including the bodies of all opcodes. */
  pieces(): readonly Piece[];
}

/** A stream of pseudo-random numbers from 0 to `bound` - 1: Marsaglia's xorshift, seeded. */
export function randomNumbers(seed: number): (bound: number) => number {
  // a different start for every seed, never 0, at which xorshift would stay
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x2545f491 || 1;
  const step = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let i = 0; i < 8; i++) step();
  return (bound) => step() % bound;
}

/**
 * @param align      every body starts at a multiple of this many bytes
 * @param addedBytes bytes that the technique adds to the body of an opcode: its dispatch, a jump back; undefined if the
 *                   opcode has no body of its own
 */
export function createCodeSpace(
  program: VirtualProgram,
  { layoutSeed }: LayoutContext,
  align: number,
  addedBytes: number | ((opcode: number) => number | undefined),
): CodeSpace {
  /** Pieces in the order in which they were claimed: the number of each one's kind, its start, its end. */
  let pieces = new Int32Array(3 * FIRST_PIECES);
  let used = 0;
  const added = typeof addedBytes === "number" ? () => addedBytes : addedBytes;
  const aligned = (address: number): number => Math.ceil(address / align) * align;
  const random = randomNumbers(layoutSeed);
  const padding = (): number => (layoutSeed === 0 ? 0 : align * random(MOST_PADDING + 1));
  let text = aligned(TEXT);
  let generated = GENERATED;
  let patches = PATCHES;
  let tables = TABLES;

  function claim(kind: PieceKind, start: number, bytes: number): Place {
    const end = start + bytes;
    record(PIECES.indexOf(kind), start, end);
    return { start, end };
  }
  function record(kind: number, start: number, end: number): void {
    if (start === end) return;
    // generated code comes in many small pieces without a gap
    if (kind === GENERATED_CODE && used > 0 && pieces[used - 3] === kind && pieces[used - 1] === start) {
      pieces[used - 1] = end;
      return;
    }
    pieces = grown(pieces, used + 3);
    pieces[used] = kind;
    pieces[used + 1] = start;
    pieces[used + 2] = end;
    used += 3;
  }
  function placeBody(workBytes: number, dispatchBytes: number): Body {
    const start = aligned(text) + padding();
    const workEnd = start + workBytes;
    text = workEnd + dispatchBytes;
    record(WORK, start, workEnd);
    record(DISPATCH, workEnd, text);
    return { start, workEnd, end: text };
  }
  const sets: (() => void)[] = [];
  /** A body for each opcode, placed when the first of them is needed. */
  function bodySet(): (opcode: number) => Body {
    /** Of each opcode's body: its start, the end of its work, its end; 0 of one that has none. */
    let bodies = new Int32Array(0);
    let ordered = 0;
    function placeAll(): void {
      // opcodes that appear while a program runs (Forth's MARKER) come after the others
      const first = ordered;
      const order = new Int32Array(program.opcodes.length - first);
      for (let i = 0; i < order.length; i++) order[i] = first + i;
      if (layoutSeed !== 0) {
        for (let i = order.length - 1; i > 0; i--) {
          const j = random(i + 1);
          [order[i], order[j]] = [order[j], order[i]];
        }
      }
      ordered = program.opcodes.length;
      bodies = grown(bodies, 3 * ordered);
      for (let i = 0; i < order.length; i++) {
        const opcode = order[i];
        const bytes = added(opcode);
        if (bytes === undefined) continue;
        const { start, workEnd, end } = placeBody(program.opcodes[opcode].bodyBytes, bytes);
        bodies[3 * opcode] = start;
        bodies[3 * opcode + 1] = workEnd;
        bodies[3 * opcode + 2] = end;
      }
    }
    sets.push(placeAll);
    return (opcode) => {
      if (opcode >= ordered) placeAll();
      return { start: bodies[3 * opcode], workEnd: bodies[3 * opcode + 1], end: bodies[3 * opcode + 2] };
    };
  }
  const bodyOf = bodySet();
  return {
    shared(bytes) {
      const place = claim("dispatch", text, bytes);
      text = place.end;
      return place;
    },
    bodyOf,
    copyOfBodies: bodySet,
    anotherBody: placeBody,
    generate(bytes) {
      const start = generated;
      generated += bytes;
      record(GENERATED_CODE, start, generated);
      return start;
    },
    patch(bytes) {
      const place = claim("generated", patches, bytes);
      patches = place.end;
      return place;
    },
    table(entries, entryBytes) {
      const { start, end } = claim("table", tables, entries * entryBytes);
      // tables of 8-byte entries begin at a multiple of 8
      tables = Math.ceil(end / 8) * 8;
      return start;
    },
    pieces() {
      for (const placeAll of sets) placeAll();
      return Array.from({ length: used / 3 }, (_, i) => ({
        kind: PIECES[pieces[3 * i]],
        start: pieces[3 * i + 1],
        end: pieces[3 * i + 2],
      }));
    },
  };
}
