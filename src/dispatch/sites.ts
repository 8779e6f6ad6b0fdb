// Branches as layouts write them down: x86-64 instructions with their lengths in bytes.
import { CALL, CONDITIONAL, INDIRECT_JUMP, JUMP, RETURN } from "../branch.ts";
import { NEXT, type Site } from "./native-code.ts";
import { OUTSIDE } from "./placement.ts";

/** Bytes of `jmp rel32`, `call rel32`, `jmp *%reg`, `ret`, of a short `jcc` within a body, and of `jcc rel32`. */
export const BYTES = { jump: 5, call: 5, indirectJump: 2, return: 1, shortConditional: 2, conditional: 6 } as const;

const plain = { dispatch: false, when: "always" } as const;

/** A direct jump at `address`. */
export const jump = (address: number, target: number, owner: string): Site => {
  return { ...plain, kind: JUMP, address, target, after: address + BYTES.jump, owner };
};

/** A direct call at `address`; one that dispatches. */
export const call = (address: number, target: number, owner: string): Site => {
  return { ...plain, kind: CALL, address, target, after: address + BYTES.call, dispatch: true, owner };
};

/** A return whose last byte is in front of `end`. */
export const returnTo = (end: number, target: number, owner: string): Site => {
  return { ...plain, kind: RETURN, address: end - BYTES.return, target, after: end, owner };
};

/** The indirect jump that ends a dispatch: its last byte is in front of `end`. */
export const dispatchJump = (end: number, owner: string, bytes: number = BYTES.indirectJump): Site => {
  return { ...plain, kind: INDIRECT_JUMP, address: end - bytes, target: NEXT, after: end, dispatch: true, owner };
};

/** A short conditional within a body, taken when the virtual instruction transfers control. */
export const bodyConditional = (address: number, target: number, owner: string): Site => {
  return { ...plain, kind: CONDITIONAL, address, target, after: address + BYTES.shortConditional, when: "taken", owner };
};

/** A check that never fails: a short conditional out of the interpreter. */
export const check = (address: number, owner: string): Site => {
  return { ...plain, kind: CONDITIONAL, address, target: OUTSIDE, after: address + BYTES.shortConditional, when: "never", owner };
};
