// What instructions do to control and to probes: most do nothing, and a few dozen are treated in a way of their own.
import { instructions } from "../instructions.ts";

/** What instructions do to control and probes; all others have 0. */
const ROLES = [
  "",
  "block",
  "loop",
  "if",
  "else",
  "end",
  "br",
  "br_if",
  "br_table",
  "call",
  "call_indirect",
  "call_ref",
  "return_call",
  "catch",
  "catch_all",
  "delegate",
  "rethrow",
  "try",
  "try_table",
  "br_on_null",
  "br_on_non_null",
  "br_on_cast",
  "br_on_cast_fail",
  "memory.atomic.wait32",
  "memory.atomic.wait64",
] as const;
const role = (name: (typeof ROLES)[number]): number => ROLES.indexOf(name);
/** Roles by opcode. */
export const ROLE_OF = Uint8Array.from(instructions, ({ name }) => Math.max(0, ROLES.indexOf(name as (typeof ROLES)[number])));
export const BLOCK = role("block");
export const LOOP = role("loop");
export const IF = role("if");
export const ELSE = role("else");
export const END = role("end");
export const BR = role("br");
export const BR_IF = role("br_if");
export const BR_TABLE = role("br_table");
export const CALL = role("call");
export const CALL_INDIRECT = role("call_indirect");
export const CALL_REF = role("call_ref");
export const RETURN_CALL = role("return_call");
export const CATCH = role("catch");
export const CATCH_ALL = role("catch_all");
export const DELEGATE = role("delegate");
export const RETHROW = role("rethrow");
export const TRY = role("try");
export const TRY_TABLE = role("try_table");
export const BR_ON_NULL = role("br_on_null");
export const BR_ON_NON_NULL = role("br_on_non_null");
export const BR_ON_CAST = role("br_on_cast");
export const BR_ON_CAST_FAIL = role("br_on_cast_fail");
export const WAIT32 = role("memory.atomic.wait32");
export const WAIT64 = role("memory.atomic.wait64");
