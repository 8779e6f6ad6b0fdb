// A native branch as a processor's front end sees it: its address, its target,
// whether it is taken, and of what kind it is. Kinds are bit flags, so that a set of kinds
// (what a predictor covers, what it tracks) is one small integer.

/** Conditional direct branch: taken or not. */
export const CONDITIONAL = 1;
/** Unconditional direct jump. */
export const JUMP = 2;
/** Indirect jump: the target comes from a register or from memory. */
export const INDIRECT_JUMP = 4;
/** Direct call. */
export const CALL = 8;
/** Indirect call. */
export const INDIRECT_CALL = 16;
/** Return from a call. */
export const RETURN = 32;

/** Indirect jumps and indirect calls: what an indirect predictor covers. */
export const INDIRECT = INDIRECT_JUMP | INDIRECT_CALL;
/** Direct and indirect calls: what a return stack pushes. */
export const CALLS = CALL | INDIRECT_CALL;
/** Conditionals, direct jumps and direct calls: a decoder sees their targets. */
export const DIRECT = CONDITIONAL | JUMP | CALL;
/** Kinds that can be mispredicted; the target of a direct jump or call is known as soon as it is decoded. */
export const PREDICTED = CONDITIONAL | INDIRECT | RETURN;
/** Every kind. */
export const ALL_KINDS = CONDITIONAL | JUMP | INDIRECT_JUMP | CALL | INDIRECT_CALL | RETURN;

/** Every kind with its name in outputs, in ascending order of flag. */
export const KINDS: readonly (readonly [flag: number, name: string])[] = [
  [CONDITIONAL, "conditional"],
  [JUMP, "jump"],
  [INDIRECT_JUMP, "indirect-jump"],
  [CALL, "call"],
  [INDIRECT_CALL, "indirect-call"],
  [RETURN, "return"],
];

/** A byte address as people write it: "0x401000". */
export const hexadecimal = (address: number): string => `0x${(address >>> 0).toString(16)}`;

/** The names of the kinds in a set, for messages. */
export function kindNames(kinds: number): string {
  return KINDS.filter(([flag]) => kinds & flag)
    .map(([, name]) => name)
    .join(", ");
}

/**
 * No address: the answer of a predictor that predicts nothing, the target of a branch whose static
 * target is unknown. No native code of the lab lies at 0xffffffff, so it never equals a target.
 */
export const NONE = -1;
