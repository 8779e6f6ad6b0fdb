// Bodies of words, the data that CREATE, VALUE and DEFER give them.
import type { Machine } from "./machine/machine.ts";

/**
 * What `0 >body` gives: an address after all memory, so that what is this much less than a body is no execution token. In Gforth an
 * execution token is that much less than its body, and programs find a word by it: `( body ) 0 >body - >name`.
 */
export const BODY_OF_0 = 2 ** 30;

const KINDS = ["(dovar)", "(dodoes)", "(doval)", "(dodefer)"];

/** Whether an execution token is that of a word with a body. */
export const hasBody = (m: Pick<Machine, "tokens" | "shapes" | "op">, xt: number): boolean =>
  m.tokens[xt] === 1 && KINDS.includes(m.shapes[m.op[xt]]?.name);
