// The body of an opcode that has not been measured: the median of those that have.

/** The median one of 333 bodies measured in Gforth (39 bytes, 9 instructions), without its dispatch. */
export const MEDIAN_BODY = {
  bodyBytes: 29,
  nativeInstructions: 6,
  conditionalBranches: 0,
  helperCalls: 0,
  relocatable: true,
  operands: 0,
} as const;
