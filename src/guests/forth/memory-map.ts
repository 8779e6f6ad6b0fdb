// Where the system's own things are in data memory:
//   system cells | WORD and number buffers | PAD | block buffers | S" strings | dictionary … | heap … | locals

const SYSTEM_CELLS = ["state", "base", "in", "blk", "scr", "span", "current", "latest", "output", "dp", "hooks"] as const;
const FIRST = 4096;

/** Addresses of the system's own cells. */
export type SystemCells = Readonly<Record<(typeof SYSTEM_CELLS)[number], number>>;

/** Where the system's own cells are, one after the other; those of hooks come last. */
export function systemCells(cellBytes: number): SystemCells {
  const [state, base, in_, blk, scr, span, current, latest, output, dp, hooks] = SYSTEM_CELLS.map((_, i) => FIRST + i * cellBytes);
  return { state, base, in: in_, blk, scr, span, current, latest, output, dp, hooks };
}
export const HOLD_END = 4864;
export const WORD_BUFFER = 5120;
export const PAD = 8192;
export const BLOCK_BUFFERS = 16384;
export const STRINGS = 65536;
/** Strings have a megabyte: Gforth keeps what S" reads while interpreting for ever, and tables of such strings rely on it. */
export const DICTIONARY_START = STRINGS + (1 << 20);
