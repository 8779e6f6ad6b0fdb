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

// biome-ignore format: one row a line, in columns
const loops: readonly Instruction[] = [
  ["(do)",     "limit index --", /* begins a counted loop               */ "rs[rp++] = limit; rs[rp++] = index; if (rp > RETURN_LIMIT) fail(-5)", { hidden: true, body: "paren_do" }],
  ["(?do)",    "limit index --", /* the same, skipped if limit = index  */ "rs[rp++] = limit; rs[rp++] = index; if (limit === index) ip = A", { ...operand, flow: "conditional", body: "paren_question_do" }],
  ["(+do)",    "limit index --", /* the same, skipped if index ≥ limit  */ "rs[rp++] = limit; rs[rp++] = index; if (index >= limit) ip = A", { ...operand, flow: "conditional", body: "paren_plus_do" }],
  ["(u+do)",   "limit index --", /* the same, unsigned                  */ "rs[rp++] = limit; rs[rp++] = index; if (index >>> 0 >= limit >>> 0) ip = A", { ...operand, flow: "conditional", body: "paren_u_plus_do" }],
  ["(-do)",    "limit index --", /* the same, skipped if index ≤ limit  */ "rs[rp++] = limit; rs[rp++] = index; if (index <= limit) ip = A", { ...operand, flow: "conditional", body: "paren_minus_do" }],
  ["(u-do)",   "limit index --", /* the same, unsigned                  */ "rs[rp++] = limit; rs[rp++] = index; if (index >>> 0 <= limit >>> 0) ip = A", { ...operand, flow: "conditional", body: "paren_u_minus_do" }],
  ["(loop)",   "--",             /* adds 1, repeats up to the limit     */ "const i = rs[rp - 1] + 1 | 0; rs[rp - 1] = i; if (i !== rs[rp - 2]) ip = A", { ...operand, flow: "conditional", body: "paren_loop" }],
  // crosses the border between limit - 1 and limit when the signs of distance, distance + n and n say so
  ["(+loop)",  "n --",           /* adds n, repeats up to the limit     */ "const i = rs[rp - 1], d = i - rs[rp - 2] | 0; rs[rp - 1] = i + n | 0; if (((d ^ d + n) & (d ^ n)) >= 0) ip = A", { ...operand, flow: "conditional", body: "paren_plus_loop" }],
  ["(-loop)",  "u --",           /* subtracts u, repeats                */ "const i = rs[rp - 1], d = i - rs[rp - 2] | 0; rs[rp - 1] = i - u | 0; if (d >>> 0 > u >>> 0) ip = A", { ...operand, flow: "conditional", body: "paren_minus_loop" }],
  // Gforth's symmetric loop: ends at the limit, which is excluded whichever way the step goes
  ["(s+loop)", "n --",           /* adds n, symmetric about the limit   */ "const i = rs[rp - 1], d = i - rs[rp - 2] | 0, e = d + n | 0; rs[rp - 1] = i + n | 0; if (n < 0 ? d <= 0 || e > 0 : d >= 0 || e < 0) ip = A", { ...operand, flow: "conditional", body: "paren_symmetric_plus_loop" }],
  ["(for)",    "n --",           /* begins a loop that counts down to 0 */ "rs[rp++] = 0; rs[rp++] = n",                                     { hidden: true, body: "paren_for" }],
  ["(next)",   "--",             /* subtracts 1, repeats down to 0      */ "if (rs[rp - 1]-- !== 0) ip = A",                                 { ...operand, flow: "conditional", body: "paren_next" }],
  ["unloop",   "--",             /* drops a loop's index and limit      */ "if (rp <= returnBase + 1) fail(-6); rp -= 2"],
  ["i",        "-- n",           /* index of the innermost loop         */ "n = rs[rp - 1]"],
  ["i'",       "-- n",           /* its limit                           */ "n = rs[rp - 2]",                                                 { body: "i_tick" }],
  ["j",        "-- n",           /* index of the second loop            */ "n = rs[rp - 3]"],
  ["k",        "-- n",           /* index of the third loop             */ "n = rs[rp - 5]"],
];

// biome-ignore format: one row a line, in columns
const control: readonly Instruction[] = [
  ["noop",        "--",            /* nothing                           */ ""],
  ["lit",         "-- x",          /* pushes the operand                */ "x = A",                                                  operand],
  ["call",        "--",            /* calls a colon definition          */ "rs[rp++] = ip; ip = A; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "call" }],
  [";s",          "--",            /* returns from one                  */ "if (rp <= returnBase) fail(-6); ip = rs[--rp]",          { flow: "return", hidden: true, body: "semis" }],
  ["branch",      "--",            /* jumps                             */ "ip = A",                                                 { ...operand, flow: "jump" }],
  ["?branch",     "f --",          /* jumps if f is 0                   */ "if (f === 0) ip = A",                                    { ...operand, flow: "conditional", body: "question_branch" }],
  ["execute",     "xt --",         /* runs an execution token           */ "token(xt); if (op[ip] !== RESUME) resume = ip; ip = xt", { flow: "indirect-call" }],
  ["perform",     "a --",          /* runs the token at an address      */ "const xt = FETCH(a); token(xt); if (op[ip] !== RESUME) resume = ip; ip = xt", { flow: "indirect-call" }],
  ["lit-perform", "--",            /* the same, address in the operand  */ "const a = A; const xt = FETCH(a); token(xt); resume = ip; ip = xt", { ...operand, flow: "indirect-call", body: "lit_perform" }],
  ["does-exec",   "-- a",          /* runs the code after DOES>         */ "const xt = A; a = arg[xt]; rs[rp++] = ip; ip = arg[xt + 1]; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "indirect-call", body: "does_exec" }],
  // code fields: what EXECUTE finds at an execution token; the cell after one is `resume`, or holds a DOES> code's address.
  // EXECUTE was the call: from a code field, control only goes on
  ["(docol)",     "--",            /* code field of a colon definition  */ "rs[rp++] = resume; resume = 0; ip = A; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "jump", body: "paren_docol" }],
  ["(docon)",     "-- x",          /* code field of a constant          */ "x = A",                                                  { ...operand, body: "paren_docon" }],
  ["(dovar)",     "-- a",          /* code field of a variable          */ "a = A",                                                  { ...operand, body: "paren_dovar" }],
  ["(doval)",     "-- x",          /* code field of a value             */ "const a = A; x = FETCH(a)",                              { ...operand, body: "paren_doval" }],
  ["(dodefer)",   "--",            /* code field of a deferred word     */ "const a = A; const xt = FETCH(a); token(xt); ip = xt",   { ...operand, flow: "tail-call", body: "paren_dodefer" }],
  ["(dodoes)",    "-- a",          /* code field of a word with DOES>   */ "a = A; rs[rp++] = resume; resume = 0; ip = arg[ip]; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "tail-call", body: "paren_dodoes" }],
  // exception frames: [ip after CATCH, previous handler, data stack pointer, locals pointer, mark of the host] on the return stack
  ["catch",       "xt --",         /* runs a token, catches exceptions  */ "token(xt); ds[sp] = t; rs[rp++] = op[ip] === RESUME ? resume : ip; rs[rp++] = handler; rs[rp++] = sp; rs[rp++] = lp; rs[rp++] = memory.hostMark(); handler = rp; resume = CATCH_END; ip = xt; if (rp > RETURN_LIMIT) fail(-5)", { flow: "indirect-call", body: "execute" }],
  ["(catch-end)", "-- n",          /* it returned without an exception  */ "n = 0; if (rp !== handler) fail(-25); handler = rs[rp - 4]; ip = rs[rp - 5]; rp -= 5", { hidden: true, flow: "return", body: "semis" }],
  // TRY of Gforth: a frame whose handler is in the same definition
  ["(try)",       "--",            /* begins TRY, catches exceptions    */ "ds[sp] = t; rs[rp++] = A; rs[rp++] = handler; rs[rp++] = sp; rs[rp++] = lp; rs[rp++] = memory.hostMark(); handler = rp; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, body: "execute" }],
  // after an exception: the same frame again, below the exception's number
  ["(retry)",     "n -- n",        /* sets the frame of TRY anew        */ "rs[rp++] = A; rs[rp++] = handler; rs[rp++] = sp - 1; rs[rp++] = lp; rs[rp++] = memory.hostMark(); handler = rp; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, handler: true, body: "execute" }],
  ["(endtry)",    "--",            /* ends TRY                          */ "if (handler === 0 || rp !== handler) fail(-25); handler = rs[rp - 4]; rp -= 5", { hidden: true, body: "semis" }],
  ["throw",       "n --",          /* raises exception n if it is not 0 */ "if (n !== 0) { fault = n; break run; }",                 { flow: "raise", body: "question_branch" }],
  ['(abort")',    "f c-addr u --", /* raises -2 with a message if f     */ "if (f !== 0) { memory.abortMessage(c_addr, u); fault = -2; break run; }", { hidden: true, flow: "raise", body: "question_branch" }],
];

// biome-ignore format: one row a line, in columns
const stack: readonly Instruction[] = [
  ["dup",    "x -- x x",                   /* copies the top                   */ "",                                                            { body: "dupe" }],
  ["drop",   "x --",                       /* drops the top                    */ ""],
  ["swap",   "a b -- b a",                 /* exchanges the two on top         */ ""],
  ["over",   "a b -- a b a",               /* copies the second                */ ""],
  ["rot",    "a b c -- b c a",             /* third to the top                 */ "",                                                            { body: "rote" }],
  ["-rot",   "a b c -- c a b",             /* top to the third place           */ "",                                                            { body: "not_rote" }],
  ["nip",    "a b -- b",                   /* drops the second                 */ ""],
  ["tuck",   "a b -- b a b",               /* copies the top below the second  */ ""],
  ["?dup",   "x -- x",                     /* copies the top unless it is 0    */ "if (x !== 0) { ds[sp++] = x; }",                              { ends: true, body: "question_dupe" }],
  ["pick",   "u -- x",                     /* copies the u-th                  */ "if (u >>> 0 > sp - STACK_BASE - 2) fail(-4); x = ds[sp - 1 - u]"],
  ["2drop",  "a b --",                     /* drops a pair                     */ "",                                                            { body: "two_drop" }],
  ["2dup",   "a b -- a b a b",             /* copies a pair                    */ "",                                                            { body: "two_dupe" }],
  ["2over",  "a b c d -- a b c d a b",     /* copies the second pair           */ "",                                                            { body: "two_over" }],
  ["2swap",  "a b c d -- c d a b",         /* exchanges two pairs              */ "",                                                            { body: "two_swap" }],
  ["2rot",   "a b c d e f -- c d e f a b", /* third pair to the top            */ "",                                                            { body: "two_rote" }],
  ["2nip",   "a b c d -- c d",             /* drops the second pair            */ "",                                                            { body: "two_nip" }],
  ["2tuck",  "a b c d -- c d a b c d",     /* copies a pair below the second   */ "",                                                            { body: "two_tuck" }],
  [">r",     "x --",                       /* moves to the return stack        */ "rs[rp++] = x; if (rp > RETURN_LIMIT) fail(-5)",               { body: "to_r" }],
  ["r>",     "-- x",                       /* moves from the return stack      */ "if (rp <= returnBase) fail(-6); x = rs[--rp]",                { body: "r_from" }],
  ["r@",     "-- x",                       /* copies from the return stack     */ "x = rs[rp - 1]",                                              { body: "i" }],
  ["rdrop",  "--",                         /* drops from the return stack      */ "if (rp <= returnBase) fail(-6); rp--"],
  ["2>r",    "a b --",                     /* moves a pair to the return stack */ "rs[rp++] = a; rs[rp++] = b; if (rp > RETURN_LIMIT) fail(-5)", { body: "two_to_r" }],
  ["2r>",    "-- a b",                     /* moves a pair from it             */ "if (rp <= returnBase + 1) fail(-6); rp -= 2; a = rs[rp]; b = rs[rp + 1]", { body: "two_r_from" }],
  ["2r@",    "-- a b",                     /* copies a pair from it            */ "a = rs[rp - 2]; b = rs[rp - 1]",                              { body: "two_r_fetch" }],
  ["2rdrop", "--",                         /* drops a pair from it             */ "if (rp <= returnBase + 1) fail(-6); rp -= 2",                 { body: "two_r_drop" }],
  ["depth",  "-- n",                       /* cells on the stack               */ "n = sp - STACK_BASE",                                         { body: "sp_fetch" }],
];

const compare = (name: string, test: string, body: string): Instruction => [name, "a b -- f", `f = ${test} ? -1 : 0`, { body }];
const compareZero = (name: string, test: string, body: string): Instruction => [name, "a -- f", `f = ${test} ? -1 : 0`, { body }];

// biome-ignore format: one row a line, in columns
const arithmetic: readonly Instruction[] = [
  ["+",              "a b -- c",           /* sum                               */ "c = a + b | 0",                                                { body: "plus" }],
  ["under+",         "a b c -- d b",       /* adds the top to the third         */ "d = a + c | 0",                                                { body: "under_plus" }],
  ["lit+",           "a -- c",             /* adds the operand                  */ "c = a + A | 0",                                                { ...operand, body: "lit_plus" }],
  ["-",              "a b -- c",           /* difference                        */ "c = a - b | 0",                                                { body: "minus" }],
  ["negate",         "a -- b",             /* changes the sign                  */ "b = -a | 0"],
  ["1+",             "a -- b",             /* adds 1                            */ "b = a + 1 | 0",                                                { body: "one_plus" }],
  ["1-",             "a -- b",             /* subtracts 1                       */ "b = a - 1 | 0",                                                { body: "one_minus" }],
  ["max",            "a b -- c",           /* the greater                       */ "c = a > b ? a : b"],
  ["min",            "a b -- c",           /* the lesser                        */ "c = a < b ? a : b"],
  ["abs",            "a -- b",             /* without its sign                  */ "b = a < 0 ? -a | 0 : a"],
  ["*",              "a b -- c",           /* product                           */ "c = Math.imul(a, b)",                                          { body: "star" }],
  // division is floored, as in Gforth
  ["/",              "a b -- q",           /* quotient                          */ "if (b === 0) fail(-10); q = a / b | 0; if ((a ^ b) < 0 && Math.imul(q, b) !== a) q--", { body: "slash" }],
  ["mod",            "a b -- r",           /* remainder                         */ "if (b === 0) fail(-10); r = a % b | 0; if (r !== 0 && (r ^ b) < 0) r = r + b | 0"],
  ["/mod",           "a b -- r q",         /* both                              */ "if (b === 0) fail(-10); q = a / b | 0; r = a % b | 0; if (r !== 0 && (r ^ b) < 0) { r = r + b | 0; q--; }", { body: "slash_mod" }],
  ["*/mod",          "a b c -- r q",       /* a × b / c, 64 bits between; both  */ "memory.mulDivMod(a, b, c); r = memory.low; q = memory.high",   { body: "star_slash_mod" }],
  ["*/",             "a b c -- q",         /* the same, quotient alone          */ "memory.mulDivMod(a, b, c); q = memory.high",                   { body: "star_slash" }],
  ["2*",             "a -- b",             /* shifts left by 1                  */ "b = a << 1",                                                   { body: "two_star" }],
  ["2/",             "a -- b",             /* shifts right by 1, keeps the sign */ "b = a >> 1",                                                   { body: "two_slash" }],
  ["fm/mod",         "l h n -- r q",       /* 64 by 32 bits, floored            */ "memory.floorDivide(l, h, n); r = memory.low; q = memory.high", { body: "f_m_slash_mod" }],
  ["sm/rem",         "l h n -- r q",       /* 64 by 32 bits, towards 0          */ "memory.truncDivide(l, h, n); r = memory.low; q = memory.high", { body: "s_m_slash_rem" }],
  ["m*",             "a b -- l h",         /* 64-bit product                    */ "l = Math.imul(a, b); h = memory.mulHigh(a, b)",                { body: "m_star" }],
  ["um*",            "a b -- l h",         /* 64-bit product, unsigned          */ "l = Math.imul(a, b); h = memory.umulHigh(a, b)",               { body: "u_m_star" }],
  ["um/mod",         "l h u -- r q",       /* 64 by 32 bits, unsigned           */ "memory.unsignedDivide(l, h, u); r = memory.low; q = memory.high", { body: "u_m_slash_mod" }],
  ["and",            "a b -- c",           /* bitwise                           */ "c = a & b"],
  ["or",             "a b -- c",           /* bitwise                           */ "c = a | b"],
  ["xor",            "a b -- c",           /* bitwise                           */ "c = a ^ b",                                                    { body: "x_or" }],
  ["invert",         "a -- b",             /* all bits changed                  */ "b = ~a"],
  ["rshift",         "a u -- b",           /* shifts right, zeros come in       */ "b = u >>> 0 > 31 ? 0 : a >>> u | 0",                           { body: "r_shift" }],
  ["lshift",         "a u -- b",           /* shifts left                       */ "b = u >>> 0 > 31 ? 0 : a << u",                                { body: "l_shift" }],
  compareZero("0=",  "a === 0",            /* is it 0                           */ "zero_equals"),
  compareZero("0<>", "a !== 0",            /* is it not 0                       */ "zero_not_equals"),
  compareZero("0<",  "a < 0",              /* is it negative                    */ "zero_less_than"),
  compareZero("0>",  "a > 0",              /* is it positive                    */ "zero_greater_than"),
  compareZero("0<=", "a <= 0",             /* is it not positive                */ "zero_less_or_equal"),
  compareZero("0>=", "a >= 0",             /* is it not negative                */ "zero_greater_or_equal"),
  compare("=",       "a === b",            /* equal                             */ "equals"),
  compare("<>",      "a !== b",            /* different                         */ "not_equals"),
  compare("<",       "a < b",              /* less                              */ "less_than"),
  compare(">",       "a > b",              /* greater                           */ "greater_than"),
  compare("<=",      "a <= b",             /* not greater                       */ "less_or_equal"),
  compare(">=",      "a >= b",             /* not less                          */ "greater_or_equal"),
  compare("u<",      "a >>> 0 < b >>> 0",  /* less, unsigned                    */ "u_less_than"),
  compare("u>",      "a >>> 0 > b >>> 0",  /* greater, unsigned                 */ "u_greater_than"),
  compare("u<=",     "a >>> 0 <= b >>> 0", /* not greater, unsigned             */ "u_less_or_equal"),
  compare("u>=",     "a >>> 0 >= b >>> 0", /* not less, unsigned                */ "u_greater_or_equal"),
  ["within",         "a b c -- f",         /* b ≤ a < c, modulo 2^32            */ "f = a - b >>> 0 < c - b >>> 0 ? -1 : 0"],
  ["m+",             "l h n -- x y",       /* 64-bit sum with a cell            */ "x = l + n | 0; y = h + (n >> 31) + (x >>> 0 < l >>> 0 ? 1 : 0) | 0", { body: "m_plus" }],
  ["d+",             "al ah bl bh -- l h", /* 64-bit sum                        */ "l = al + bl | 0; h = ah + bh + (l >>> 0 < al >>> 0 ? 1 : 0) | 0", { body: "d_plus" }],
  ["d-",             "al ah bl bh -- l h", /* 64-bit difference                 */ "l = al - bl | 0; h = ah - bh - (al >>> 0 < bl >>> 0 ? 1 : 0) | 0", { body: "d_minus" }],
  ["dnegate",        "al ah -- l h",       /* changes the sign, 64 bits         */ "l = -al | 0; h = ~ah + (al === 0 ? 1 : 0) | 0",                { body: "d_negate" }],
  ["d2*",            "al ah -- l h",       /* shifts left by 1, 64 bits         */ "l = al << 1; h = ah << 1 | al >>> 31",                         { body: "d_two_star" }],
  ["d2/",            "al ah -- l h",       /* shifts right by 1, 64 bits        */ "l = al >>> 1 | ah << 31; h = ah >> 1",                         { body: "d_two_slash" }],
  ["d0=",            "l h -- f",           /* is it 0, 64 bits                  */ "f = (l | h) === 0 ? -1 : 0",                                   { body: "d_zero_equals" }],
  ["d0<",            "l h -- f",           /* is it negative, 64 bits           */ "f = h < 0 ? -1 : 0",                                           { body: "d_zero_less_than" }],
  ["d=",             "al ah bl bh -- f",   /* equal, 64 bits                    */ "f = al === bl && ah === bh ? -1 : 0",                          { body: "d_equals" }],
  ["d<",             "al ah bl bh -- f",   /* less, 64 bits                     */ "f = (ah === bh ? al >>> 0 < bl >>> 0 : ah < bh) ? -1 : 0",     { body: "d_less_than" }],
  ["du<",            "al ah bl bh -- f",   /* less, unsigned, 64 bits           */ "f = (ah === bh ? al >>> 0 < bl >>> 0 : ah >>> 0 < bh >>> 0) ? -1 : 0", { body: "d_u_less_than" }],
];

// biome-ignore format: one row a line, in columns
const storage: readonly Instruction[] = [
  ["@",       "a -- x",       /* loads a cell                         */ "x = FETCH(a)",                                    { body: "fetch" }],
  ["lit@",    "-- x",         /* loads a cell at the operand          */ "const a = A; x = FETCH(a)",                       { ...operand, body: "lit_fetch" }],
  ["!",       "x a --",       /* stores a cell                        */ "STORE(a, x)",                                     { body: "store" }],
  ["+!",      "n a --",       /* adds to a cell                       */ "const x = FETCH(a) + n | 0; STORE(a, x)",         { body: "plus_store" }],
  ["c@",      "a -- c",       /* loads a byte                         */ "c = BYTE(a)",                                     { body: "c_fetch" }],
  ["c!",      "c a --",       /* stores a byte                        */ "SETBYTE(a, c)",                                   { body: "c_store" }],
  ["2@",      "a -- x y",     /* loads a pair                         */ "y = FETCH(a); const b = a + 4 | 0; x = FETCH(b)", { body: "two_fetch" }],
  ["2!",      "x y a --",     /* stores a pair                        */ "STORE(a, y); const b = a + 4 | 0; STORE(b, x)",   { body: "two_store" }],
  ["cell+",   "a -- b",       /* adds the bytes of a cell             */ "b = a + 4 | 0",                                   { body: "cell_plus" }],
  ["cells",   "n -- m",       /* bytes of n cells                     */ "m = n << 2"],
  ["char+",   "a -- b",       /* adds the bytes of a character        */ "b = a + 1 | 0",                                   { body: "char_plus" }],
  ["chars",   "n -- n",       /* bytes of n characters                */ "",                                                { body: "paren_chars" }],
  ["aligned", "a -- b",       /* next address of a cell               */ "b = a + 3 & -4"],
  ["count",   "a -- b c",     /* bytes and length of a counted string */ "c = BYTE(a); b = a + 1 | 0"],
  ["/string", "a u n -- b v", /* drops n characters in front          */ "b = a + n | 0; v = u - n | 0",                    { body: "slash_string" }],
  ["move",    "a b u --",     /* copies bytes, overlap allowed        */ "memory.move(a, b, u)"],
  ["cmove",   "a b u --",     /* copies bytes upwards                 */ "memory.cmove(a, b, u)",                           { body: "c_move" }],
  ["cmove>",  "a b u --",     /* copies bytes downwards               */ "memory.cmoveUp(a, b, u)",                         { body: "c_move_up" }],
  ["fill",    "a u c --",     /* stores a byte u times                */ "memory.fill(a, u, c)"],
  ["compare", "a u b v -- n", /* order of two strings: -1, 0, 1       */ "n = memory.compare(a, u, b, v)"],
  ["toupper", "c -- d",       /* upper case                           */ "d = c >= 97 && c <= 122 ? c - 32 : c"],
];

// biome-ignore format: one row a line, in columns
const locals: readonly Instruction[] = [
  [">l",      "x --", /* pushes a local              */ "lp = lp - 4 | 0; if (lp < LOCALS_LIMIT) fail(-5); M[lp >> 2] = x", { hidden: true, body: "to_l" }],
  ["@local0", "-- x", /* reads the local at the top  */ "x = M[lp >> 2] | 0",      { hidden: true, body: "fetch_local_zero" }],
  ["@local1", "-- x", /* reads the one below it      */ "x = M[lp + 4 >> 2] | 0",  { hidden: true, body: "fetch_local_four" }],
  ["@local2", "-- x", /* reads the third             */ "x = M[lp + 8 >> 2] | 0",  { hidden: true, body: "fetch_local_eight" }],
  ["@local3", "-- x", /* reads the fourth            */ "x = M[lp + 12 >> 2] | 0", { hidden: true, body: "fetch_local_twelve" }],
  ["@local#", "-- x", /* reads the one at an offset  */ "x = M[lp + A >> 2] | 0",  { ...operand, body: "fetch_local_number" }],
  ["laddr#",  "-- a", /* address of a local          */ "a = lp + A | 0",          { ...operand, body: "laddr_number" }],
  ["lp+!#",   "--",   /* drops locals, or makes room */ "lp = lp + A | 0",         { ...operand, body: "lp_plus_store_number" }],
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
