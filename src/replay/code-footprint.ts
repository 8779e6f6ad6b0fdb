// Bytes of a technique's native code and tables, by purpose, and how many of them executed.
import type { Lowering } from "../dispatch/lowering.ts";
import { PIECES, type PieceKind } from "../dispatch/native-code.ts";
import { grown } from "../files/grown.ts";
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
  const pieces = lowering.code.pieces();
  for (let i = 0; i < pieces.length; i++) bytes[pieces[i].kind] += pieces[i].end - pieces[i].start;
  let touched = new Float64Array(256);
  let count = 0;
  census.forEach((id) => {
    const { instructions } = lowering.lower(id);
    for (let i = 0; i < instructions.length; i++) {
      const { code } = instructions[i];
      touched = grown(touched, count + code.length);
      for (let place = 0; place < code.length; place++) {
        const { start, end } = code[place];
        touched[count++] = start * MOST_BYTES + (end - start);
      }
    }
  });
  return { bytes, touchedBytes: distinctBytes(touched.subarray(0, count)) };
}

/**
 * More bytes than the code of any instruction has: a place is one number, so that places are sorted without being compared by a function.
 * Tables begin at 2 ** 29, after all code, so such a number is exact.
 */
const MOST_BYTES = 2 ** 23;

/** @param places in any order, which changes */
function distinctBytes(places: Float64Array): number {
  let sum = 0;
  let covered = 0;
  places.sort();
  for (let i = 0; i < places.length; i++) {
    const place = places[i];
    const start = Math.floor(place / MOST_BYTES);
    const end = start + (place % MOST_BYTES);
    sum += Math.max(0, end - Math.max(start, covered));
    covered = Math.max(covered, end);
  }
  return sum;
}
