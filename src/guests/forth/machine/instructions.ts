// The instruction set of the Forth guest: one table, from which the interpreter, the stack checks and the facts for
// dispatch techniques all derive (the way vmgen does it). A row is
//
//     [name, stack effect, what it does in JavaScript, options]
//
// The effect names the cells that it takes and leaves, top last; the code computes the results from the inputs.
// In the code, cells are numbers or, if they have 64 bits, bigints; what depends on that is written so (cells.ts):
//   0c 1c …  literal cells   WRAP(x)  cut to a cell   U(x)  unsigned   FLAG(condition)   TIMES(a, b)   RSHIFT(x, u)
//   NUM(x)  the number that a cell is   CELL(n)  the cell that a number is   SIGN  the number of the sign's bit, as a cell
//   WIDTH, SHIFT  bytes of a cell, and their logarithm   LOCAL(a)  the local at an address
// Besides:  A  the operand as a number, L as a cell   rs, rp  return stack and its pointer (rs[rp - 1] is the top)   lp  locals pointer
//           ip the next virtual instruction   resume  where an instruction run by EXECUTE continues
//           FETCH(a) STORE(a, x) BYTE(a) SETBYTE(a, x)  checked memory   memory.… doubles.…  helpers   fail(code)  throw
//           FRAME(sp)  the rest of an exception frame, which becomes the handler
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
  ["(u+do)",   "limit index --", /* the same, unsigned                  */ "rs[rp++] = limit; rs[rp++] = index; if (U(index) >= U(limit)) ip = A",       { ...operand, flow: "conditional", body: "paren_u_plus_do" }],
  ["(-do)",    "limit index --", /* the same, skipped if index ≤ limit  */ "rs[rp++] = limit; rs[rp++] = index; if (index <= limit) ip = A", { ...operand, flow: "conditional", body: "paren_minus_do" }],
  ["(u-do)",   "limit index --", /* the same, unsigned                  */ "rs[rp++] = limit; rs[rp++] = index; if (U(index) <= U(limit)) ip = A",       { ...operand, flow: "conditional", body: "paren_u_minus_do" }],
  ["(loop)",   "--",             /* adds 1, repeats up to the limit     */ "const i = WRAP(rs[rp - 1] + 1c); rs[rp - 1] = i; if (i !== rs[rp - 2]) ip = A", { ...operand, flow: "conditional", body: "paren_loop" }],
  // crosses the border between limit - 1 and limit when the signs of distance, distance + n and n say so
  ["(+loop)",  "n --",           /* adds n, repeats up to the limit     */ "const i = rs[rp - 1], d = WRAP(i - rs[rp - 2]); rs[rp - 1] = WRAP(i + n); if (((d ^ WRAP(d + n)) & (d ^ n)) >= 0c) ip = A", { ...operand, flow: "conditional", body: "paren_plus_loop" }],
  ["(-loop)",  "u --",           /* subtracts u, repeats                */ "const i = rs[rp - 1], d = WRAP(i - rs[rp - 2]); rs[rp - 1] = WRAP(i - u); if (U(d) > U(u)) ip = A",   { ...operand, flow: "conditional", body: "paren_minus_loop" }],
  // Gforth's symmetric loop: ends at the limit, which is excluded whichever way the step goes
  ["(s+loop)", "n --",           /* adds n, symmetric about the limit   */ "const i = rs[rp - 1], d = WRAP(i - rs[rp - 2]), e = WRAP(d + n); rs[rp - 1] = WRAP(i + n); if (n < 0c ? d <= 0c || e > 0c : d >= 0c || e < 0c) ip = A", { ...operand, flow: "conditional", body: "paren_symmetric_plus_loop" }],
  ["(for)",    "n --",           /* begins a loop that counts down to 0 */ "rs[rp++] = 0c; rs[rp++] = n",                                    { hidden: true, body: "paren_for" }],
  ["(next)",   "--",             /* subtracts 1, repeats down to 0      */ "if (rs[rp - 1]-- !== 0c) ip = A",                                { ...operand, flow: "conditional", body: "paren_next" }],
  ["unloop",   "--",             /* drops a loop's index and limit      */ "if (rp <= returnBase + 1) fail(-6); rp -= 2"],
  ["i",        "-- n",           /* index of the innermost loop         */ "n = rs[rp - 1]"],
  ["i'",       "-- n",           /* its limit                           */ "n = rs[rp - 2]",                                                 { body: "i_tick" }],
  ["j",        "-- n",           /* index of the second loop            */ "n = rs[rp - 3]"],
  ["k",        "-- n",           /* index of the third loop             */ "n = rs[rp - 5]"],
];

// biome-ignore format: one row a line, in columns
const control: readonly Instruction[] = [
  ["noop",        "--",            /* nothing                           */ ""],
  ["lit",         "-- x",          /* pushes the operand                */ "x = L",                                                  operand],
  ["call",        "--",            /* calls a colon definition          */ "rs[rp++] = CELL(ip); ip = A; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "call" }],
  [";s",          "--",            /* returns from one                  */ "if (rp <= returnBase) fail(-6); ip = NUM(rs[--rp])",     { flow: "return", hidden: true, body: "semis" }],
  ["branch",      "--",            /* jumps                             */ "ip = A",                                                 { ...operand, flow: "jump" }],
  ["?branch",     "f --",          /* jumps if f is 0                   */ "if (f === 0c) ip = A",                                   { ...operand, flow: "conditional", body: "question_branch" }],
  ["execute",     "xt --",         /* runs an execution token           */ "const to = NUM(xt); token(to); if (op[ip] !== RESUME) resume = ip; ip = to", { flow: "indirect-call" }],
  ["perform",     "a --",          /* runs the token at an address      */ "const to = NUM(FETCH(a)); token(to); if (op[ip] !== RESUME) resume = ip; ip = to", { flow: "indirect-call" }],
  ["lit-perform", "--",            /* the same, address in the operand  */ "const a = A; const to = NUM(FETCH(a)); token(to); resume = ip; ip = to", { ...operand, flow: "indirect-call", body: "lit_perform" }],
  ["does-exec",   "-- a",          /* runs the code after DOES>         */ "const xt = A; a = CELL(arg[xt]); rs[rp++] = CELL(ip); ip = arg[xt + 1]; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "indirect-call", body: "does_exec" }],
  // code fields: what EXECUTE finds at an execution token; the cell after one is `resume`, or holds a DOES> code's address.
  // EXECUTE was the call: from a code field, control only goes on
  ["(docol)",     "--",            /* code field of a colon definition  */ "rs[rp++] = CELL(resume); resume = 0; ip = A; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "jump", body: "paren_docol" }],
  ["(docon)",     "-- x",          /* code field of a constant          */ "x = L",                                                  { ...operand, body: "paren_docon" }],
  ["(dovar)",     "-- a",          /* code field of a variable          */ "a = CELL(A)",                                            { ...operand, body: "paren_dovar" }],
  ["(doval)",     "-- x",          /* code field of a value             */ "const a = A; x = FETCH(a)",                              { ...operand, body: "paren_doval" }],
  ["(dodefer)",   "--",            /* code field of a deferred word     */ "const a = A; const to = NUM(FETCH(a)); token(to); ip = to", { ...operand, flow: "tail-call", body: "paren_dodefer" }],
  ["(dodoes)",    "-- a",          /* code field of a word with DOES>   */ "a = CELL(A); rs[rp++] = CELL(resume); resume = 0; ip = arg[ip]; if (rp > RETURN_LIMIT) fail(-5)", { ...operand, flow: "tail-call", body: "paren_dodoes" }],
  // exception frames: [ip after CATCH, previous handler, data stack pointer, locals pointer, mark of the host] on the return stack
  ["catch",       "xt --",         /* runs a token, catches exceptions  */ "const to = NUM(xt); token(to); ds[sp] = t; rs[rp++] = CELL(op[ip] === RESUME ? resume : ip); FRAME(sp); resume = CATCH_END; ip = to; if (rp > RETURN_LIMIT) fail(-5)",                                                          { flow: "indirect-call", body: "execute" }],
  ["(catch-end)", "-- n",          /* it returned without an exception  */ "n = 0c; if (rp !== handler) fail(-25); handler = NUM(rs[rp - 4]); ip = NUM(rs[rp - 5]); rp -= 5", { hidden: true, flow: "return", body: "semis" }],
  // TRY of Gforth: a frame whose handler is in the same definition
  ["(try)",       "--",            /* begins TRY, catches exceptions    */ "ds[sp] = t; rs[rp++] = CELL(A); FRAME(sp); if (rp > RETURN_LIMIT) fail(-5)",                                                                              { ...operand, body: "execute" }],
  // after an exception: the same frame again, below the exception's number
  ["(retry)",     "n -- n",        /* sets the frame of TRY anew        */ "rs[rp++] = CELL(A); FRAME(sp - 1); if (rp > RETURN_LIMIT) fail(-5)",                                                                              { ...operand, handler: true, body: "execute" }],
  ["(endtry)",    "--",            /* ends TRY                          */ "if (handler === 0 || rp !== handler) fail(-25); handler = NUM(rs[rp - 4]); rp -= 5", { hidden: true, body: "semis" }],
  ["throw",       "n --",          /* raises exception n if it is not 0 */ "if (n !== 0c) { fault = NUM(n); break run; }",           { flow: "raise", body: "question_branch" }],
  ['(abort")',    "f c-addr u --", /* raises -2 with a message if f     */ "if (f !== 0c) { memory.abortMessage(NUM(c_addr), NUM(u)); fault = -2; break run; }", { hidden: true, flow: "raise", body: "question_branch" }],
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
  ["?dup",   "x -- x",                     /* copies the top unless it is 0    */ "if (x !== 0c) { ds[sp++] = x; }",                             { ends: true, body: "question_dupe" }],
  ["pick",   "u -- x",                     /* copies the u-th                  */ "const i = NUM(U(u)); if (i > sp - STACK_BASE - 2) fail(-4); x = ds[sp - 1 - i]"],
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
  ["depth",  "-- n",                       /* cells on the stack               */ "n = CELL(sp - STACK_BASE)",                                   { body: "sp_fetch" }],
];

const compare = (name: string, test: string, body: string): Instruction => [name, "a b -- f", `f = FLAG(${test})`, { body }];
const compareZero = (name: string, test: string, body: string): Instruction => [name, "a -- f", `f = FLAG(${test})`, { body }];

// biome-ignore format: one row a line, in columns
const arithmetic: readonly Instruction[] = [
  ["+",              "a b -- c",           /* sum                               */ "c = WRAP(a + b)",                                              { body: "plus" }],
  ["under+",         "a b c -- d b",       /* adds the top to the third         */ "d = WRAP(a + c)",                                              { body: "under_plus" }],
  ["lit+",           "a -- c",             /* adds the operand                  */ "c = WRAP(a + L)",                                              { ...operand, body: "lit_plus" }],
  ["-",              "a b -- c",           /* difference                        */ "c = WRAP(a - b)",                                              { body: "minus" }],
  ["negate",         "a -- b",             /* changes the sign                  */ "b = WRAP(-a)"],
  ["1+",             "a -- b",             /* adds 1                            */ "b = WRAP(a + 1c)",                                             { body: "one_plus" }],
  ["1-",             "a -- b",             /* subtracts 1                       */ "b = WRAP(a - 1c)",                                             { body: "one_minus" }],
  ["max",            "a b -- c",           /* the greater                       */ "c = a > b ? a : b"],
  ["min",            "a b -- c",           /* the lesser                        */ "c = a < b ? a : b"],
  ["abs",            "a -- b",             /* without its sign                  */ "b = a < 0c ? WRAP(-a) : a"],
  ["*",              "a b -- c",           /* product                           */ "c = TIMES(a, b)",                                              { body: "star" }],
  // division is floored, as in Gforth
  ["/",              "a b -- q",           /* quotient                          */ "if (b === 0c) fail(-10); q = WRAP(a / b); if ((a ^ b) < 0c && TIMES(q, b) !== a) q--", { body: "slash" }],
  ["mod",            "a b -- r",           /* remainder                         */ "if (b === 0c) fail(-10); r = WRAP(a % b); if (r !== 0c && (r ^ b) < 0c) r = WRAP(r + b)"],
  ["/mod",           "a b -- r q",         /* both                              */ "if (b === 0c) fail(-10); q = WRAP(a / b); r = WRAP(a % b); if (r !== 0c && (r ^ b) < 0c) { r = WRAP(r + b); q--; }", { body: "slash_mod" }],
  ["*/mod",          "a b c -- r q",       /* a × b / c, two cells between     */ "doubles.mulDivMod(a, b, c); r = doubles.low; q = doubles.high", { body: "star_slash_mod" }],
  ["*/",             "a b c -- q",         /* the same, quotient alone          */ "doubles.mulDivMod(a, b, c); q = doubles.high",                 { body: "star_slash" }],
  ["2*",             "a -- b",             /* shifts left by 1                  */ "b = WRAP(a << 1c)",                                            { body: "two_star" }],
  ["2/",             "a -- b",             /* shifts right by 1, keeps the sign */ "b = a >> 1c",                                                  { body: "two_slash" }],
  ["fm/mod",         "l h n -- r q",       /* two cells by one, floored         */ "doubles.floorDivide(l, h, n); r = doubles.low; q = doubles.high", { body: "f_m_slash_mod" }],
  ["sm/rem",         "l h n -- r q",       /* two cells by one, towards 0       */ "doubles.truncDivide(l, h, n); r = doubles.low; q = doubles.high", { body: "s_m_slash_rem" }],
  ["m*",             "a b -- l h",         /* product of two cells' width       */ "l = TIMES(a, b); h = doubles.mulHigh(a, b)",                   { body: "m_star" }],
  ["um*",            "a b -- l h",         /* the same, unsigned                */ "l = TIMES(a, b); h = doubles.umulHigh(a, b)",                  { body: "u_m_star" }],
  ["um/mod",         "l h u -- r q",       /* two cells by one, unsigned        */ "doubles.unsignedDivide(l, h, u); r = doubles.low; q = doubles.high", { body: "u_m_slash_mod" }],
  ["and",            "a b -- c",           /* bitwise                           */ "c = a & b"],
  ["or",             "a b -- c",           /* bitwise                           */ "c = a | b"],
  ["xor",            "a b -- c",           /* bitwise                           */ "c = a ^ b",                                                    { body: "x_or" }],
  ["invert",         "a -- b",             /* all bits changed                  */ "b = ~a"],
  ["rshift",         "a u -- b",           /* shifts right, zeros come in       */ "b = U(u) > SIGN ? 0c : RSHIFT(a, u)",                          { body: "r_shift" }],
  ["lshift",         "a u -- b",           /* shifts left                       */ "b = U(u) > SIGN ? 0c : WRAP(a << u)",                          { body: "l_shift" }],
  compareZero("0=",  "a === 0c",           /* is it 0                           */ "zero_equals"),
  compareZero("0<>", "a !== 0c",           /* is it not 0                       */ "zero_not_equals"),
  compareZero("0<",  "a < 0c",             /* is it negative                    */ "zero_less_than"),
  compareZero("0>",  "a > 0c",             /* is it positive                    */ "zero_greater_than"),
  compareZero("0<=", "a <= 0c",            /* is it not positive                */ "zero_less_or_equal"),
  compareZero("0>=", "a >= 0c",            /* is it not negative                */ "zero_greater_or_equal"),
  compare("=",       "a === b",            /* equal                             */ "equals"),
  compare("<>",      "a !== b",            /* different                         */ "not_equals"),
  compare("<",       "a < b",              /* less                              */ "less_than"),
  compare(">",       "a > b",              /* greater                           */ "greater_than"),
  compare("<=",      "a <= b",             /* not greater                       */ "less_or_equal"),
  compare(">=",      "a >= b",             /* not less                          */ "greater_or_equal"),
  compare("u<",      "U(a) < U(b)",        /* less, unsigned                    */ "u_less_than"),
  compare("u>",      "U(a) > U(b)",        /* greater, unsigned                 */ "u_greater_than"),
  compare("u<=",     "U(a) <= U(b)",       /* not greater, unsigned             */ "u_less_or_equal"),
  compare("u>=",     "U(a) >= U(b)",       /* not less, unsigned                */ "u_greater_or_equal"),
  ["within",         "a b c -- f",         /* b ≤ a < c, cells being a circle   */ "f = FLAG(U(a - b) < U(c - b))"],
  ["m+",             "l h n -- x y",       /* sum of two cells with one         */ "x = WRAP(l + n); y = WRAP(h + (n >> SIGN) + (U(x) < U(l) ? 1c : 0c))", { body: "m_plus" }],
  ["d+",             "al ah bl bh -- l h", /* sum, two cells                    */ "l = WRAP(al + bl); h = WRAP(ah + bh + (U(l) < U(al) ? 1c : 0c))", { body: "d_plus" }],
  ["d-",             "al ah bl bh -- l h", /* difference, two cells             */ "l = WRAP(al - bl); h = WRAP(ah - bh - (U(al) < U(bl) ? 1c : 0c))", { body: "d_minus" }],
  ["dnegate",        "al ah -- l h",       /* changes the sign, two cells       */ "l = WRAP(-al); h = WRAP(~ah + (al === 0c ? 1c : 0c))",         { body: "d_negate" }],
  ["d2*",            "al ah -- l h",       /* shifts left by 1, two cells       */ "l = WRAP(al << 1c); h = WRAP(ah << 1c | RSHIFT(al, SIGN))",    { body: "d_two_star" }],
  ["d2/",            "al ah -- l h",       /* shifts right by 1, two cells      */ "l = WRAP(RSHIFT(al, 1c) | ah << SIGN); h = ah >> 1c",          { body: "d_two_slash" }],
  ["d0=",            "l h -- f",           /* is it 0, two cells                */ "f = FLAG((l | h) === 0c)",                                     { body: "d_zero_equals" }],
  ["d0<",            "l h -- f",           /* is it negative, two cells         */ "f = FLAG(h < 0c)",                                             { body: "d_zero_less_than" }],
  ["d=",             "al ah bl bh -- f",   /* equal, two cells                  */ "f = FLAG(al === bl && ah === bh)",                             { body: "d_equals" }],
  ["d<",             "al ah bl bh -- f",   /* less, two cells                   */ "f = FLAG(ah === bh ? U(al) < U(bl) : ah < bh)",                { body: "d_less_than" }],
  ["du<",            "al ah bl bh -- f",   /* less, unsigned, two cells         */ "f = FLAG(ah === bh ? U(al) < U(bl) : U(ah) < U(bh))",                  { body: "d_u_less_than" }],
];

// biome-ignore format: one row a line, in columns
const storage: readonly Instruction[] = [
  ["@",       "a -- x",       /* loads a cell                         */ "x = FETCH(a)",                                    { body: "fetch" }],
  ["lit@",    "-- x",         /* loads a cell at the operand          */ "const a = A; x = FETCH(a)",                       { ...operand, body: "lit_fetch" }],
  ["!",       "x a --",       /* stores a cell                        */ "STORE(a, x)",                                     { body: "store" }],
  ["+!",      "n a --",       /* adds to a cell                       */ "const x = WRAP(FETCH(a) + n); STORE(a, x)",       { body: "plus_store" }],
  ["c@",      "a -- c",       /* loads a byte                         */ "c = CELL(BYTE(a))",                               { body: "c_fetch" }],
  ["c!",      "c a --",       /* stores a byte                        */ "SETBYTE(a, c)",                                   { body: "c_store" }],
  ["2@",      "a -- x y",     /* loads a pair                         */ "y = FETCH(a); const b = WRAP(a + CELL(WIDTH)); x = FETCH(b)", { body: "two_fetch" }],
  ["2!",      "x y a --",     /* stores a pair                        */ "STORE(a, y); const b = WRAP(a + CELL(WIDTH)); STORE(b, x)", { body: "two_store" }],
  ["cell+",   "a -- b",       /* adds the bytes of a cell             */ "b = WRAP(a + CELL(WIDTH))",                       { body: "cell_plus" }],
  ["cells",   "n -- m",       /* bytes of n cells                     */ "m = TIMES(n, CELL(WIDTH))"],
  ["char+",   "a -- b",       /* adds the bytes of a character        */ "b = WRAP(a + 1c)",                                { body: "char_plus" }],
  ["chars",   "n -- n",       /* bytes of n characters                */ "",                                                { body: "paren_chars" }],
  ["aligned", "a -- b",       /* next address of a cell               */ "b = WRAP(a + CELL(WIDTH) - 1c) & -CELL(WIDTH)"],
  ["count",   "a -- b c",     /* bytes and length of a counted string */ "c = CELL(BYTE(a)); b = WRAP(a + 1c)"],
  ["/string", "a u n -- b v", /* drops n characters in front          */ "b = WRAP(a + n); v = WRAP(u - n)",                { body: "slash_string" }],
  ["move",    "a b u --",     /* copies bytes, overlap allowed        */ "memory.move(NUM(a), NUM(b), NUM(u))"],
  ["cmove",   "a b u --",     /* copies bytes upwards                 */ "memory.cmove(NUM(a), NUM(b), NUM(u))",            { body: "c_move" }],
  ["cmove>",  "a b u --",     /* copies bytes downwards               */ "memory.cmoveUp(NUM(a), NUM(b), NUM(u))",          { body: "c_move_up" }],
  ["fill",    "a u c --",     /* stores a byte u times                */ "memory.fill(NUM(a), NUM(u), LOW(c))"],
  ["compare", "a u b v -- n", /* order of two strings: -1, 0, 1       */ "n = CELL(memory.compare(NUM(a), NUM(u), NUM(b), NUM(v)))"],
  ["toupper", "c -- d",       /* upper case                           */ "d = c >= 97c && c <= 122c ? c - 32c : c"],
];

// biome-ignore format: one row a line, in columns
const locals: readonly Instruction[] = [
  [">l",      "x --", /* pushes a local              */ "lp = lp - WIDTH | 0; if (lp < LOCALS_LIMIT) fail(-5); M[lp >> SHIFT] = x", { hidden: true, body: "to_l" }],
  ["@local0", "-- x", /* reads the local at the top  */ "x = LOCAL(lp)",           { hidden: true, body: "fetch_local_zero" }],
  ["@local1", "-- x", /* reads the one below it      */ "x = LOCAL(lp + WIDTH)",   { hidden: true, body: "fetch_local_four" }],
  ["@local2", "-- x", /* reads the third             */ "x = LOCAL(lp + 2 * WIDTH)", { hidden: true, body: "fetch_local_eight" }],
  ["@local3", "-- x", /* reads the fourth            */ "x = LOCAL(lp + 3 * WIDTH)", { hidden: true, body: "fetch_local_twelve" }],
  ["@local#", "-- x", /* reads the one at an offset  */ "x = LOCAL(lp + A)",       { ...operand, body: "fetch_local_number" }],
  ["laddr#",  "-- a", /* address of a local          */ "a = CELL(lp + A | 0)",    { ...operand, body: "laddr_number" }],
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
