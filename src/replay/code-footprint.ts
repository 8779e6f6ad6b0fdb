// Bytes of a technique's native code and tables, by purpose, and how many of them executed.
import type { Lowering } from "../dispatch/lowering.ts";
import { PIECES, type PieceKind, type Place } from "../dispatch/native-code.ts";
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
  const touched: Place[] = [];
  census.forEach((id) => {
    // one by one, because a block may have more places than a call may have arguments
    for (const { code } of lowering.block(id).instructions) for (const place of code) touched.push(place);
  });
  return { bytes, touchedBytes: distinctBytes(touched) };
}

function distinctBytes(places: Place[]): number {
  let sum = 0;
  let covered = 0;
  for (const { start, end } of places.sort((a, b) => a.start - b.start)) {
    sum += Math.max(0, end - Math.max(start, covered));
    covered = Math.max(covered, end);
  }
  return sum;
}
