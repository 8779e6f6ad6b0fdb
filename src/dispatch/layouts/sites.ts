// Constructors of native code: branch sites, which are x86-64 instructions with their lengths in bytes, and instructions.
import { CALL, CONDITIONAL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { type NativeInstruction, NEXT, type Place, type Site } from "../native-code.ts";
import { OUTSIDE } from "./placement.ts";

/** Bytes of `jmp rel32`, `call rel32`, `jmp *%reg`, `ret`, of a short `jcc` within a body, and of `jcc rel32`. */
export const BYTES = { jump: 5, call: 5, indirectJump: 2, return: 1, shortConditional: 2, conditional: 6 } as const;

// All sites have one shape, and all instructions: where copies were made by spreading others, laying out and lowering a program took
// 2 to 3 times as long.

/** A site with all that a site may have. */
export const siteOf = (
  kind: number,
  address: number,
  target: number,
  after: number,
  dispatch: boolean,
  when: Site["when"],
  owner: string,
  virtualTarget?: number,
  table?: number,
): Site => ({ kind, address, target, after, dispatch, when, owner, virtualTarget, table });

/** An instruction with all that an instruction may have. */
export const instructionOf = (
  entry: number,
  nativeInstructions: number,
  sites: readonly Site[],
  code: readonly Place[],
  transferInstructions?: number,
  arrival?: readonly Site[],
): NativeInstruction => ({ entry, nativeInstructions, transferInstructions, arrival, sites, code });

/** A direct jump at `address`. */
export const jump = (address: number, target: number, owner: string, virtualTarget?: number, dispatch = false): Site =>
  siteOf(JUMP, address, target, address + BYTES.jump, dispatch, "always", owner, virtualTarget);

/** A direct call at `address` that dispatches. */
export const call = (address: number, target: number, owner: string, virtualTarget?: number): Site =>
  siteOf(CALL, address, target, address + BYTES.call, true, "always", owner, virtualTarget);

/** A return that ends at `end`. */
export const returnTo = (end: number, target: number, owner: string, dispatch = false): Site =>
  siteOf(RETURN, end - BYTES.return, target, end, dispatch, "always", owner);

/** The indirect jump of a dispatch; it ends at `end`. */
export const dispatchJump = (end: number, owner: string, bytes: number = BYTES.indirectJump, when: Site["when"] = "always"): Site =>
  siteOf(INDIRECT_JUMP, end - bytes, NEXT, end, true, when, owner);

/** A short conditional within a body, by default taken when the virtual instruction transfers control. */
export const bodyConditional = (address: number, target: number, owner: string, when: Site["when"] = "taken"): Site =>
  siteOf(CONDITIONAL, address, target, address + BYTES.shortConditional, false, when, owner);

/** A check that never fails: a short conditional out of the interpreter. */
export const checkBranch = (address: number, owner: string): Site => bodyConditional(address, OUTSIDE, owner, "never");
