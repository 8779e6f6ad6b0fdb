// Sizes of the two TAGE-SC-L that won the fifth Championship Branch Prediction.
import type { BankedTageSizes } from "./banked-tage-sizes.ts";
import type { CorrectorSizes } from "./corrector-sizes.ts";

/** What was published, in two sizes, by KB. */
export const TAGE_SC_L_SIZES = {
  64: {
    tage: {
      rowBits: 10,
      baseBits: 13,
      banks: [10, 20],
      tables: [2, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24, 26, 28, 32, 36],
      firstLong: 13,
      logicalTables: 36,
      minHistory: 6,
      maxHistory: 3000,
      usefulBits: 1,
      choices: 16,
    },
    loops: 32,
    corrector: {
      biasBits: 8,
      large: true,
      groups: [
        { history: { of: "backward", withAnswer: true }, rowBits: 10, lengths: [40, 24, 10] },
        { history: { of: "path" }, rowBits: 9, lengths: [25, 16, 9] },
        { history: { of: "local", histories: 256, shift: 2, mixesAddress: false }, rowBits: 10, lengths: [11, 6, 3] },
        { history: { of: "local", histories: 16, shift: 5, mixesAddress: true }, rowBits: 9, lengths: [16, 11, 6] },
        { history: { of: "local", histories: 16, shift: 10, mixesAddress: false }, rowBits: 10, lengths: [9, 4] },
        { history: { of: "outcomes by round" }, rowBits: 9, lengths: [10, 4] },
        { history: { of: "rounds" }, rowBits: 8, lengths: [8] },
      ],
    },
  },
  8: {
    tage: {
      rowBits: 7,
      baseBits: 12,
      banks: [9, 17],
      tables: [2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 26, 28, 30],
      firstLong: 11,
      logicalTables: 30,
      minHistory: 4,
      maxHistory: 1000,
      usefulBits: 2,
      choices: 8,
    },
    loops: 8,
    corrector: {
      biasBits: 7,
      large: false,
      groups: [
        { history: { of: "outcomes" }, rowBits: 7, lengths: [6, 3] },
        { history: { of: "backward", withAnswer: false }, rowBits: 7, lengths: [16, 8] },
        { history: { of: "local", histories: 64, shift: 2, mixesAddress: false }, rowBits: 7, lengths: [6, 3] },
        { history: { of: "rounds" }, rowBits: 7, lengths: [8] },
      ],
    },
  },
} satisfies Record<string, { tage: BankedTageSizes; loops: number; corrector: CorrectorSizes }>;
