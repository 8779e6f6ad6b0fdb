// Constructors of branch sites: x86-64 instructions with their lengths in bytes.
import { CALL, CONDITIONAL, INDIRECT_JUMP, JUMP, RETURN } from "../../branch.ts";
import { NEXT, type Site } from "../native-code.ts";
import { OUTSIDE } from "./placement.ts";

/** Bytes of `jmp rel32`, `call rel32`, `jmp *%reg`, `ret`, of a short `jcc` within a body, and of `jcc rel32`. */
export const BYTES = { jump: 5, call: 5, indirectJump: 2, return: 1, shortConditional: 2, conditional: 6 } as const;

// Each is written out in full: with a common part spread into each, laying out and lowering a program took 2 to 3 times as long.

/** A direct jump at `address`. */
export const jump = (address: number, target: number, owner: string): Site => {
  return { kind: JUMP, address, target, after: address + BYTES.jump, dispatch: false, when: "always", owner };
};

/** A direct call at `address` that dispatches. */
export const call = (address: number, target: number, owner: string): Site => {
  return { kind: CALL, address, target, after: address + BYTES.call, dispatch: true, when: "always", owner };
};

/** A return that ends at `end`. */
export const returnTo = (end: number, target: number, owner: string, dispatch = false): Site => {
  return { kind: RETURN, address: end - BYTES.return, target, after: end, dispatch, when: "always", owner };
};

/** The indirect jump of a dispatch; it ends at `end`. */
export const dispatchJump = (end: number, owner: string, bytes: number = BYTES.indirectJump): Site => {
  return { kind: INDIRECT_JUMP, address: end - bytes, target: NEXT, after: end, dispatch: true, when: "always", owner };
};

/** A short conditional within a body, taken when the virtual instruction transfers control. */
export const bodyConditional = (address: number, target: number, owner: string): Site => {
  return { kind: CONDITIONAL, address, target, after: address + BYTES.shortConditional, dispatch: false, when: "taken", owner };
};

/** A check that never fails: a short conditional out of the interpreter. */
export const checkBranch = (address: number, owner: string): Site => {
  return { kind: CONDITIONAL, address, target: OUTSIDE, after: address + BYTES.shortConditional, dispatch: false, when: "never", owner };
};
