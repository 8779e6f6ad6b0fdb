// Bytes of a technique's native code and tables, by purpose, and how many of them executed.
import type { Lowering } from "../dispatch/lowering.ts";
import { type NativeInstruction, PIECES, type PieceKind } from "../dispatch/native-code.ts";
import type { Census } from "./census.ts";

export interface CodeFootprint {
  /** Bytes of the interpreter and of the loaded parts of the program, without padding. */
  readonly bytes: Readonly<Record<PieceKind, number>>;
  /** Distinct bytes of native code that executed. */
  readonly touchedBytes: number;
}

/** @param census of the blocks that the lowering knows */
export function footprintOf(census: Census, lowering: Lowering): CodeFootprint {
  const bytes = Object.fromEntries(PIECES.map((kind) => [kind, 0])) as Record<PieceKind, number>;
  for (const { kind, start, end } of lowering.code.pieces()) bytes[kind] += end - start;
  const touched: number[] = [];
  /** By virtual address: the code that was seen there last, which several blocks execute. */
  const seen: NativeInstruction[] = [];
  census.forEach((id) => {
    const { start, instructions } = lowering.lower(id);
    for (let i = 0; i < instructions.length; i++) {
      const instruction = instructions[i];
      if (seen[start + i] === instruction) continue;
      seen[start + i] = instruction;
      for (const { start: from, end } of instruction.code) touched.push(from * MOST_BYTES + (end - from));
    }
  });
  return { bytes, touchedBytes: distinctBytes(touched) };
}

/**
 * More bytes than the code of any instruction has: a place is one number, so that places are sorted without being compared by a function.
 * Tables begin at 2 ** 29, after all code, so such a number is exact.
 */
const MOST_BYTES = 2 ** 23;

function distinctBytes(places: readonly number[]): number {
  let sum = 0;
  let covered = 0;
  for (const place of Float64Array.from(places).sort()) {
    const start = Math.floor(place / MOST_BYTES);
    const end = start + (place % MOST_BYTES);
    sum += Math.max(0, end - Math.max(start, covered));
    covered = Math.max(covered, end);
  }
  return sum;
}
