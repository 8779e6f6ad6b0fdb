// Where the system's own things are in data memory:
//   system cells | WORD and number buffers | PAD | block buffers | S" strings | dictionary … | heap … | locals

/** Cells of the system in data memory. */
export const CELL = {
  state: 4096,
  base: 4100,
  in: 4104,
  blk: 4108,
  scr: 4112,
  span: 4116,
  current: 4120,
  latest: 4124,
  output: 4128,
  dp: 4132,
  hooks: 4136,
} as const;
export const HOLD_END = 4864;
export const WORD_BUFFER = 5120;
export const PAD = 8192;
export const BLOCK_BUFFERS = 16384;
export const STRINGS = 65536;
/** Strings have a megabyte: Gforth keeps what S" reads while interpreting for ever, and tables of such strings rely on it. */
export const DICTIONARY_START = STRINGS + (1 << 20);
