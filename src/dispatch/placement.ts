// Where native code stands in memory: the interpreter's text with one body per opcode, and code generated at load time
// far away from it. Bodies stand in the order of the opcode table, each aligned.
import type { VirtualProgram } from "../trace/virtual.ts";

/** The interpreter's compiled code. */
const TEXT = 0x0040_1000;
/** Code generated while a program is loaded: more than 1 MB away from the text. */
export const GENERATED = 0x1000_0000;

/** The parameter of every technique with bodies: where they may start. */
export const alignment = {
  align: { default: 16, min: 1, max: 64, powerOfTwo: true, unit: "bytes", description: "every body starts at a multiple of this" },
} as const;

/** A stretch of native code. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Places one body per opcode, with room for what the technique adds to each.
 * @param extraBytes   bytes added to every body: its dispatch, or a jump back
 * @param sharedBytes  bytes of shared code in front of all bodies: a dispatch loop
 */
export function placeBodies(
  program: VirtualProgram,
  layout: { readonly extraBytes: number; readonly sharedBytes: number; readonly align: number },
): { readonly shared: Place; bodyOf(opcode: number): Place } {
  const { extraBytes, sharedBytes, align } = layout;
  const aligned = (address: number): number => Math.ceil(address / align) * align;
  const start = aligned(TEXT);
  const bodies: Place[] = [];
  let free = start + sharedBytes;
  return {
    shared: { start, end: start + sharedBytes },
    bodyOf(opcode) {
      // a Forth program may make new opcodes while it runs (MARKER): place bodies as far as asked
      while (bodies.length <= opcode) {
        const from = aligned(free);
        free = from + program.opcodes[bodies.length].bodyBytes + extraBytes;
        bodies.push({ start: from, end: free });
      }
      return bodies[opcode];
    },
  };
}
