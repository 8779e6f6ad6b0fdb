// The instruction set of the Forth guest: one table, from which the interpreter, the stack checks and the facts for
// dispatch techniques all derive (the way vmgen does it). A row is
//
//     [name, stack effect, what it does in JavaScript, options]
//
// The effect names the cells that it takes and leaves, top last; the code computes the results from the inputs.
// In the code:  A  the operand   rs, rp  return stack and its pointer (rs[rp - 1] is the top)   lp  locals pointer
//               ip the next virtual instruction   resume  where an instruction run by EXECUTE continues
//               FETCH(a) STORE(a, x) BYTE(a) SETBYTE(a, x)  checked memory   memory.…  helpers   fail(code)  throw
// Primitives follow Gforth's, whose measured bodies (`body`: their name in its source) give their native cost. What Gforth
// has no primitive for (CATCH, THROW, R@, …) borrows the body of the one nearest to it.
import type { Flow } from "../../../trace/virtual.ts";

export interface InstructionOptions {
  readonly flow?: Flow;
  /** The measured body, by its name in Gforth's source. */
  readonly body?: string;
  readonly operands?: 1;
  /** Not a word that programs can name. */
  readonly hidden?: true;
  /** Ends its block although control goes on to the next instruction (what it leaves on the stack varies). */
  readonly ends?: true;
  readonly immediate?: true;
  /** The operand is the virtual address where control arrives after an exception. */
  readonly handler?: true;
}

export type Instruction = readonly [name: string, effect: string, code: string, options?: InstructionOptions];

const operand = { operands: 1, hidden: true } as const;

const loops: readonly Instruction[] = [
  ["(do)", "limit index --", "rs[rp++] = limit; rs[rp++] = index; if (rp > RETURN_LIMIT) fail(-5)", { hidden: true, body: "paren_do" }],
  [
    "(?do)",
    "limit index --",
    "rs[rp++] = limit; rs[rp++] = index; if (limit === index) ip = A",
    { ...operand, flow: "conditional", body: "paren_question_do" },
  ],
  [
    "(+do)",
    "limit index --",
    "rs[rp++] = limit; rs[rp++] = index; if (index >= limit) ip = A",
    { ...operand, flow: "conditional", body: "paren_plus_do" },
  ],
  [
    "(u+do)",
    "limit index --",
    "rs[rp++] = limit; rs[rp++] = index; if (index >>> 0 >= limit >>> 0) ip = A",
    { ...operand, flow: "conditional", body: "paren_u_plus_do" },
  ],
  [
    "(-do)",
    "limit index --",
    "rs[rp++] = limit; rs[rp++] = index; if (index <= limit) ip = A",
    { ...operand, flow: "conditional", body: "paren_minus_do" },
  ],
  [
    "(u-do)",
    "limit index --",
    "rs[rp++] = limit; rs[rp++] = index; if (index >>> 0 <= limit >>> 0) ip = A",
    { ...operand, flow: "conditional", body: "paren_u_minus_do" },
  ],
  [
    "(loop)",
    "--",
    "const i = rs[rp - 1] + 1 | 0; rs[rp - 1] = i; if (i !== rs[rp - 2]) ip = A",
    { ...operand, flow: "conditional", body: "paren_loop" },
  ],
  // crosses the border between limit - 1 and limit when the signs of distance, distance + n and n say so
  [
    "(+loop)",
    "n --",
    "const i = rs[rp - 1], d = i - rs[rp - 2] | 0; rs[rp - 1] = i + n | 0; if (((d ^ d + n) & (d ^ n)) >= 0) ip = A",
    { ...operand, flow: "conditional", body: "paren_plus_loop" },
  ],
  [
    "(-loop)",
    "u --",
    "const i = rs[rp - 1], d = i - rs[rp - 2] | 0; rs[rp - 1] = i - u | 0; if (d >>> 0 > u >>> 0) ip = A",
    { ...operand, flow: "conditional", body: "paren_minus_loop" },
  ],
  // Gforth's symmetric loop: ends at the limit, which is excluded whichever way the step goes
  [
    "(s+loop)",
    "n --",
    "const i = rs[rp - 1], d = i - rs[rp - 2] | 0, e = d + n | 0; rs[rp - 1] = i + n | 0; if (n < 0 ? d <= 0 || e > 0 : d >= 0 || e < 0) ip = A",
    { ...operand, flow: "conditional", body: "paren_symmetric_plus_loop" },
  ],
  ["(for)", "n --", "rs[rp++] = 0; rs[rp++] = n", { hidden: true, body: "paren_for" }],
  ["(next)", "--", "if (rs[rp - 1]-- !== 0) ip = A", { ...operand, flow: "conditional", body: "paren_next" }],
  ["unloop", "--", "if (rp <= returnBase + 1) fail(-6); rp -= 2"],
  ["i", "-- n", "n = rs[rp - 1]"],
  ["i'", "-- n", "n = rs[rp - 2]", { body: "i_tick" }],
  ["j", "-- n", "n = rs[rp - 3]"],
  ["k", "-- n", "n = rs[rp - 5]"],
];

const control: readonly Instruction[] = [
  ["noop", "--", ""],
  ["lit", "-- x", "x = A", operand],
  ["call", "--", "rs[rp++] = ip; ip = A; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "call" }],
  [";s", "--", "if (rp <= returnBase) fail(-6); ip = rs[--rp]", { flow: "return", hidden: true, body: "semis" }],
  ["branch", "--", "ip = A", { ...operand, flow: "jump" }],
  ["?branch", "f --", "if (f === 0) ip = A", { ...operand, flow: "conditional", body: "question_branch" }],
  ["execute", "xt --", "token(xt); if (op[ip] !== RESUME) resume = ip; ip = xt", { flow: "indirect-call" }],
  ["perform", "a --", "const xt = FETCH(a); token(xt); if (op[ip] !== RESUME) resume = ip; ip = xt", { flow: "indirect-call" }],
  [
    "lit-perform",
    "--",
    "const a = A; const xt = FETCH(a); token(xt); resume = ip; ip = xt",
    { ...operand, flow: "indirect-call", body: "lit_perform" },
  ],
  [
    "does-exec",
    "-- a",
    "const xt = A; a = arg[xt]; rs[rp++] = ip; ip = arg[xt + 1]; if (rp > RETURN_LIMIT) fail(-5)",
    { ...operand, flow: "indirect-call", body: "does_exec" },
  ],
  // code fields: what EXECUTE finds at an execution token; the cell after one is `resume`, or holds a DOES> code's address.
  // EXECUTE was the call: from a code field, control only goes on
  [
    "(docol)",
    "--",
    "rs[rp++] = resume; resume = 0; ip = A; if (rp > RETURN_LIMIT) fail(-5)",
    { ...operand, flow: "jump", body: "paren_docol" },
  ],
  ["(docon)", "-- x", "x = A", { ...operand, body: "paren_docon" }],
  ["(dovar)", "-- a", "a = A", { ...operand, body: "paren_dovar" }],
  ["(doval)", "-- x", "const a = A; x = FETCH(a)", { ...operand, body: "paren_doval" }],
  ["(dodefer)", "--", "const a = A; const xt = FETCH(a); token(xt); ip = xt", { ...operand, flow: "tail-call", body: "paren_dodefer" }],
  [
    "(dodoes)",
    "-- a",
    "a = A; rs[rp++] = resume; resume = 0; ip = arg[ip]; if (rp > RETURN_LIMIT) fail(-5)",
    { ...operand, flow: "tail-call", body: "paren_dodoes" },
  ],
  // exception frames: [ip after CATCH, previous handler, data stack pointer, locals pointer, mark of the host] on the return stack
  [
    "catch",
    "xt --",
    "token(xt); ds[sp] = t; rs[rp++] = op[ip] === RESUME ? resume : ip; rs[rp++] = handler; rs[rp++] = sp; rs[rp++] = lp; rs[rp++] = memory.hostMark(); handler = rp; resume = CATCH_END; ip = xt; if (rp > RETURN_LIMIT) fail(-5)",
    { flow: "indirect-call", body: "execute" },
  ],
  [
    "(catch-end)",
    "-- n",
    "n = 0; if (rp !== handler) fail(-25); handler = rs[rp - 4]; ip = rs[rp - 5]; rp -= 5",
    { hidden: true, flow: "return", body: "semis" },
  ],
  // TRY of Gforth: a frame whose handler is in the same definition
  [
    "(try)",
    "--",
    "ds[sp] = t; rs[rp++] = A; rs[rp++] = handler; rs[rp++] = sp; rs[rp++] = lp; rs[rp++] = memory.hostMark(); handler = rp; if (rp > RETURN_LIMIT) fail(-5)",
    { ...operand, body: "execute" },
  ],
  // after an exception: the same frame again, below the exception's number
  [
    "(retry)",
    "n -- n",
    "rs[rp++] = A; rs[rp++] = handler; rs[rp++] = sp - 1; rs[rp++] = lp; rs[rp++] = memory.hostMark(); handler = rp; if (rp > RETURN_LIMIT) fail(-5)",
    { ...operand, handler: true, body: "execute" },
  ],
  ["(endtry)", "--", "if (handler === 0 || rp !== handler) fail(-25); handler = rs[rp - 4]; rp -= 5", { hidden: true, body: "semis" }],
  ["throw", "n --", "if (n !== 0) { fault = n; break run; }", { flow: "raise", body: "question_branch" }],
  [
    '(abort")',
    "f c-addr u --",
    "if (f !== 0) { memory.abortMessage(c_addr, u); fault = -2; break run; }",
    { hidden: true, flow: "raise", body: "question_branch" },
  ],
];

const stack: readonly Instruction[] = [
  ["dup", "x -- x x", "", { body: "dupe" }],
  ["drop", "x --", ""],
  ["swap", "a b -- b a", ""],
  ["over", "a b -- a b a", ""],
  ["rot", "a b c -- b c a", "", { body: "rote" }],
  ["-rot", "a b c -- c a b", "", { body: "not_rote" }],
  ["nip", "a b -- b", ""],
  ["tuck", "a b -- b a b", ""],
  ["?dup", "x -- x", "if (x !== 0) { ds[sp++] = x; }", { ends: true, body: "question_dupe" }],
  ["pick", "u -- x", "if (u >>> 0 > sp - STACK_BASE - 2) fail(-4); x = ds[sp - 1 - u]"],
  ["2drop", "a b --", "", { body: "two_drop" }],
  ["2dup", "a b -- a b a b", "", { body: "two_dupe" }],
  ["2over", "a b c d -- a b c d a b", "", { body: "two_over" }],
  ["2swap", "a b c d -- c d a b", "", { body: "two_swap" }],
  ["2rot", "a b c d e f -- c d e f a b", "", { body: "two_rote" }],
  ["2nip", "a b c d -- c d", "", { body: "two_nip" }],
  ["2tuck", "a b c d -- c d a b c d", "", { body: "two_tuck" }],
  [">r", "x --", "rs[rp++] = x; if (rp > RETURN_LIMIT) fail(-5)", { body: "to_r" }],
  ["r>", "-- x", "if (rp <= returnBase) fail(-6); x = rs[--rp]", { body: "r_from" }],
  ["r@", "-- x", "x = rs[rp - 1]", { body: "i" }],
  ["rdrop", "--", "if (rp <= returnBase) fail(-6); rp--"],
  ["2>r", "a b --", "rs[rp++] = a; rs[rp++] = b; if (rp > RETURN_LIMIT) fail(-5)", { body: "two_to_r" }],
  ["2r>", "-- a b", "if (rp <= returnBase + 1) fail(-6); rp -= 2; a = rs[rp]; b = rs[rp + 1]", { body: "two_r_from" }],
  ["2r@", "-- a b", "a = rs[rp - 2]; b = rs[rp - 1]", { body: "two_r_fetch" }],
  ["2rdrop", "--", "if (rp <= returnBase + 1) fail(-6); rp -= 2", { body: "two_r_drop" }],
  ["depth", "-- n", "n = sp - STACK_BASE", { body: "sp_fetch" }],
];

const compare = (name: string, test: string, body: string): Instruction => [name, "a b -- f", `f = ${test} ? -1 : 0`, { body }];
const compareZero = (name: string, test: string, body: string): Instruction => [name, "a -- f", `f = ${test} ? -1 : 0`, { body }];

const arithmetic: readonly Instruction[] = [
  ["+", "a b -- c", "c = a + b | 0", { body: "plus" }],
  ["under+", "a b c -- d b", "d = a + c | 0", { body: "under_plus" }],
  ["lit+", "a -- c", "c = a + A | 0", { ...operand, body: "lit_plus" }],
  ["-", "a b -- c", "c = a - b | 0", { body: "minus" }],
  ["negate", "a -- b", "b = -a | 0"],
  ["1+", "a -- b", "b = a + 1 | 0", { body: "one_plus" }],
  ["1-", "a -- b", "b = a - 1 | 0", { body: "one_minus" }],
  ["max", "a b -- c", "c = a > b ? a : b"],
  ["min", "a b -- c", "c = a < b ? a : b"],
  ["abs", "a -- b", "b = a < 0 ? -a | 0 : a"],
  ["*", "a b -- c", "c = Math.imul(a, b)", { body: "star" }],
  // division is floored, as in Gforth
  ["/", "a b -- q", "if (b === 0) fail(-10); q = a / b | 0; if ((a ^ b) < 0 && Math.imul(q, b) !== a) q--", { body: "slash" }],
  ["mod", "a b -- r", "if (b === 0) fail(-10); r = a % b | 0; if (r !== 0 && (r ^ b) < 0) r = r + b | 0"],
  [
    "/mod",
    "a b -- r q",
    "if (b === 0) fail(-10); q = a / b | 0; r = a % b | 0; if (r !== 0 && (r ^ b) < 0) { r = r + b | 0; q--; }",
    { body: "slash_mod" },
  ],
  ["*/mod", "a b c -- r q", "memory.mulDivMod(a, b, c); r = memory.low; q = memory.high", { body: "star_slash_mod" }],
  ["*/", "a b c -- q", "memory.mulDivMod(a, b, c); q = memory.high", { body: "star_slash" }],
  ["2*", "a -- b", "b = a << 1", { body: "two_star" }],
  ["2/", "a -- b", "b = a >> 1", { body: "two_slash" }],
  ["fm/mod", "l h n -- r q", "memory.floorDivide(l, h, n); r = memory.low; q = memory.high", { body: "f_m_slash_mod" }],
  ["sm/rem", "l h n -- r q", "memory.truncDivide(l, h, n); r = memory.low; q = memory.high", { body: "s_m_slash_rem" }],
  ["m*", "a b -- l h", "l = Math.imul(a, b); h = memory.mulHigh(a, b)", { body: "m_star" }],
  ["um*", "a b -- l h", "l = Math.imul(a, b); h = memory.umulHigh(a, b)", { body: "u_m_star" }],
  ["um/mod", "l h u -- r q", "memory.unsignedDivide(l, h, u); r = memory.low; q = memory.high", { body: "u_m_slash_mod" }],
  ["and", "a b -- c", "c = a & b"],
  ["or", "a b -- c", "c = a | b"],
  ["xor", "a b -- c", "c = a ^ b", { body: "x_or" }],
  ["invert", "a -- b", "b = ~a"],
  ["rshift", "a u -- b", "b = u >>> 0 > 31 ? 0 : a >>> u | 0", { body: "r_shift" }],
  ["lshift", "a u -- b", "b = u >>> 0 > 31 ? 0 : a << u", { body: "l_shift" }],
  compareZero("0=", "a === 0", "zero_equals"),
  compareZero("0<>", "a !== 0", "zero_not_equals"),
  compareZero("0<", "a < 0", "zero_less_than"),
  compareZero("0>", "a > 0", "zero_greater_than"),
  compareZero("0<=", "a <= 0", "zero_less_or_equal"),
  compareZero("0>=", "a >= 0", "zero_greater_or_equal"),
  compare("=", "a === b", "equals"),
  compare("<>", "a !== b", "not_equals"),
  compare("<", "a < b", "less_than"),
  compare(">", "a > b", "greater_than"),
  compare("<=", "a <= b", "less_or_equal"),
  compare(">=", "a >= b", "greater_or_equal"),
  compare("u<", "a >>> 0 < b >>> 0", "u_less_than"),
  compare("u>", "a >>> 0 > b >>> 0", "u_greater_than"),
  compare("u<=", "a >>> 0 <= b >>> 0", "u_less_or_equal"),
  compare("u>=", "a >>> 0 >= b >>> 0", "u_greater_or_equal"),
  ["within", "a b c -- f", "f = a - b >>> 0 < c - b >>> 0 ? -1 : 0"],
  ["m+", "l h n -- x y", "x = l + n | 0; y = h + (n >> 31) + (x >>> 0 < l >>> 0 ? 1 : 0) | 0", { body: "m_plus" }],
  ["d+", "al ah bl bh -- l h", "l = al + bl | 0; h = ah + bh + (l >>> 0 < al >>> 0 ? 1 : 0) | 0", { body: "d_plus" }],
  ["d-", "al ah bl bh -- l h", "l = al - bl | 0; h = ah - bh - (al >>> 0 < bl >>> 0 ? 1 : 0) | 0", { body: "d_minus" }],
  ["dnegate", "al ah -- l h", "l = -al | 0; h = ~ah + (al === 0 ? 1 : 0) | 0", { body: "d_negate" }],
  ["d2*", "al ah -- l h", "l = al << 1; h = ah << 1 | al >>> 31", { body: "d_two_star" }],
  ["d2/", "al ah -- l h", "l = al >>> 1 | ah << 31; h = ah >> 1", { body: "d_two_slash" }],
  ["d0=", "l h -- f", "f = (l | h) === 0 ? -1 : 0", { body: "d_zero_equals" }],
  ["d0<", "l h -- f", "f = h < 0 ? -1 : 0", { body: "d_zero_less_than" }],
  ["d=", "al ah bl bh -- f", "f = al === bl && ah === bh ? -1 : 0", { body: "d_equals" }],
  ["d<", "al ah bl bh -- f", "f = (ah === bh ? al >>> 0 < bl >>> 0 : ah < bh) ? -1 : 0", { body: "d_less_than" }],
  ["du<", "al ah bl bh -- f", "f = (ah === bh ? al >>> 0 < bl >>> 0 : ah >>> 0 < bh >>> 0) ? -1 : 0", { body: "d_u_less_than" }],
];

const storage: readonly Instruction[] = [
  ["@", "a -- x", "x = FETCH(a)", { body: "fetch" }],
  ["lit@", "-- x", "const a = A; x = FETCH(a)", { ...operand, body: "lit_fetch" }],
  ["!", "x a --", "STORE(a, x)", { body: "store" }],
  ["+!", "n a --", "const x = FETCH(a) + n | 0; STORE(a, x)", { body: "plus_store" }],
  ["c@", "a -- c", "c = BYTE(a)", { body: "c_fetch" }],
  ["c!", "c a --", "SETBYTE(a, c)", { body: "c_store" }],
  ["2@", "a -- x y", "y = FETCH(a); const b = a + 4 | 0; x = FETCH(b)", { body: "two_fetch" }],
  ["2!", "x y a --", "STORE(a, y); const b = a + 4 | 0; STORE(b, x)", { body: "two_store" }],
  ["cell+", "a -- b", "b = a + 4 | 0", { body: "cell_plus" }],
  ["cells", "n -- m", "m = n << 2"],
  ["char+", "a -- b", "b = a + 1 | 0", { body: "char_plus" }],
  ["chars", "n -- n", "", { body: "paren_chars" }],
  ["aligned", "a -- b", "b = a + 3 & -4"],
  ["count", "a -- b c", "c = BYTE(a); b = a + 1 | 0"],
  ["/string", "a u n -- b v", "b = a + n | 0; v = u - n | 0", { body: "slash_string" }],
  ["move", "a b u --", "memory.move(a, b, u)"],
  ["cmove", "a b u --", "memory.cmove(a, b, u)", { body: "c_move" }],
  ["cmove>", "a b u --", "memory.cmoveUp(a, b, u)", { body: "c_move_up" }],
  ["fill", "a u c --", "memory.fill(a, u, c)"],
  ["compare", "a u b v -- n", "n = memory.compare(a, u, b, v)"],
  ["toupper", "c -- d", "d = c >= 97 && c <= 122 ? c - 32 : c"],
];

const locals: readonly Instruction[] = [
  [">l", "x --", "lp = lp - 4 | 0; if (lp < LOCALS_LIMIT) fail(-5); M[lp >> 2] = x", { hidden: true, body: "to_l" }],
  ["@local0", "-- x", "x = M[lp >> 2] | 0", { hidden: true, body: "fetch_local_zero" }],
  ["@local1", "-- x", "x = M[lp + 4 >> 2] | 0", { hidden: true, body: "fetch_local_four" }],
  ["@local2", "-- x", "x = M[lp + 8 >> 2] | 0", { hidden: true, body: "fetch_local_eight" }],
  ["@local3", "-- x", "x = M[lp + 12 >> 2] | 0", { hidden: true, body: "fetch_local_twelve" }],
  ["@local#", "-- x", "x = M[lp + A >> 2] | 0", { ...operand, body: "fetch_local_number" }],
  ["laddr#", "-- a", "a = lp + A | 0", { ...operand, body: "laddr_number" }],
  ["lp+!#", "--", "lp = lp + A | 0", { ...operand, body: "lp_plus_store_number" }],
];

/** Every instruction that the interpreter executes itself. Words of the host (files, parsing, …) get opcodes after these. */
export const instructions: readonly Instruction[] = [...control, ...loops, ...stack, ...arithmetic, ...storage, ...locals];

/** The inputs and outputs of a stack effect "a b -- c". */
export function effectOf(effect: string): { readonly inputs: readonly string[]; readonly outputs: readonly string[] } {
  const [before, after] = effect.split("--").map((side) =>
    side
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((n) => n.replace(/\W/g, "_")),
  );
  return { inputs: before, outputs: after };
}
