// Address bits of a taken branch that processors are documented, or assumed, to put into a path history of two bits per branch:
// history = (history << 2) ^ footprint, so that eight taken branches overlap in the newest 16 bits.

import { ALL_KINDS, CONDITIONAL, INDIRECT, JUMP } from "../branch.ts";

/** Bits of a footprint. */
export const FOOTPRINT_BITS = 16;

export interface BranchFootprint {
  /** Kinds of branches that leave a footprint when taken. */
  readonly of: number;
  readonly bits: (pc: number, target: number) => number;
}

export const FOOTPRINTS: Readonly<Record<string, BranchFootprint>> = {
  /**
   * Golden Cove (H. Yavarzadeh and others, Half&Half, and L. Li and others, Indirector, through secondary sources): six bits of
   * the target and sixteen of the branch, of every taken branch.
   *
   *     bit         15 14 13 12 11  10 9  8   7 6 5 4 3 2   1   0
   *     of branch   15 14 13 12 11   2 1  0  10 9 8 7 6 5   4   3
   *     of target    .  .  .  .  5   4 3  2   . . . . . .   1   0
   */
  "golden-cove": {
    of: ALL_KINDS,
    bits: (pc, target) => (pc & 0xf800) ^ ((pc & 7) << 8) ^ ((pc >>> 3) & 0xff) ^ (target & 3) ^ ((target & 0x3c) << 6),
  },
  /**
   * Zen 4: assumed, nothing is published. Bits 0 to 3 xor bits 6 to 9 of the target are the simplest choice that distinguishes
   * bodies at odd addresses and at multiples of 64 bytes, but not those at multiples of 16, as measured. Of four sets of branches that
   * may feed it, the one with direct jumps, but without direct calls and returns, came nearest to a clock (docs/cycles.md).
   */
  "zen-4": { of: CONDITIONAL | INDIRECT | JUMP, bits: (_, target) => (target ^ (target >>> 6)) & 15 },
};
