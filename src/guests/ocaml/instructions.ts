// The instruction set of the OCaml guest: one table in the order of OCaml's opcode numbers (caml/instruct.h, 4.13 to 5.3),
// from which the interpreter, the loader and the facts for dispatch techniques all derive. A row is
//
//     [name, operands, what it does in JavaScript, how control leaves it]
//
// In the code:  A  the operand, where there is one   pc  where the operands stand, after them once A is read
//               st, sp  the stack, which grows down   accu, env, extra, trap  the registers
//               TARGET  goes where the label says   CALL  calls the function in accu, ENTER without a look at the stack
//               LEFT(at)  its block was left after the instruction, which ends at `at`   fail(why)  stops: corrupt code
//               ENV(n)  a field of the environment   C(…)  calls C   RAISE, DIVIDED_BY_ZERO, STOP  as they say
// Integers are numbers wherever a double is exact, so bodies have a way for numbers and one for the rest (`integers`).
// V8 compares values of any kinds by a call: `typeof` in front of a comparison leaves it kinds that it compares itself.

import type { Flow } from "../../trace/virtual.ts";
import { QUICK } from "./inlined-primitives.ts";

/** Kind of an operand, which the loader checks: a plain number, a count, or a reference. */
export type Operand = "integer" | "count" | "label" | "primitive" | "global" | "field" | "tag";

export interface Instruction {
  readonly name: string;
  /** Operands; a list of labels follows those of SWITCH and CLOSUREREC. */
  readonly operands: readonly Operand[];
  readonly code: string;
  readonly flow: Flow;
}

type Row = readonly [name: string, operands: readonly Operand[], code: string, flow?: Flow];

const counted = (name: string, code: (n: string) => string, numbers: readonly number[], last: string): Row[] => [
  ...numbers.map((n): Row => [`${name}${n}`, [], code(String(n))]),
  ...(last === "" ? [] : [[last, ["count"], `const n = A; ${code("n")}`] as Row]),
];

const PUSH = "st[--sp] = accu;";
const pushed = (rows: readonly Row[]): Row[] => rows.map(([name, operands, code]): Row => [`PUSH${name}`, operands, `${PUSH} ${code}`]);

const acc = counted("ACC", (n) => `accu = st[sp + ${n}]`, [0, 1, 2, 3, 4, 5, 6, 7], "ACC");
const envacc = counted("ENVACC", (n) => `accu = ENV(${n})`, [1, 2, 3, 4], "ENVACC");

/** Slides arguments to the top of the frame and drops the rest of it. */
const appterm = (n: number): string => {
  const from = Array.from({ length: n }, (_, i) => `a${i} = st[sp + ${i}]`).join(", ");
  const to = Array.from({ length: n }, (_, i) => `st[sp + ${i}] = a${i}`).join("; ");
  return `const ${from}; sp += A - ${n}; ${to}; extra += ${n - 1}; CALL`;
};
const apply = (n: number): string => {
  const from = Array.from({ length: n }, (_, i) => `a${i} = st[sp + ${i}]`).join(", ");
  const to = Array.from({ length: n }, (_, i) => `st[sp + ${i}] = a${i}`).join("; ");
  return `const ${from}; sp -= 3; ${to}; st[sp + ${n}] = pc; st[sp + ${n + 1}] = env; st[sp + ${n + 2}] = extra; extra = ${n - 1}; CALL`;
};
const RETURN_TO_CALLER = "pc = st[sp]; env = st[sp + 1]; extra = st[sp + 2]; sp += 3";

// biome-ignore format: one row a line, in columns
const functions: readonly Row[] = [
  ["PUSH_RETADDR", /* pushes a frame to return to              */ ["label"],          "sp -= 3; st[sp] = A; st[sp + 1] = env; st[sp + 2] = extra"],
  ["APPLY",        /* calls with n arguments                   */ ["count"],          "extra = A - 1; CALL", "indirect-call"],
  ["APPLY1",       /* calls with one                           */ [],                 apply(1),              "indirect-call"],
  ["APPLY2",       /* calls with two                           */ [],                 apply(2),              "indirect-call"],
  ["APPLY3",       /* calls with three                         */ [],                 apply(3),              "indirect-call"],
  ["APPTERM",      /* tail call with n arguments               */ ["count", "count"], "const n = A, to = sp + A - n; for (let i = n - 1; i >= 0; i--) st[to + i] = st[sp + i]; sp = to; extra += n - 1; CALL", "tail-call"],
  ["APPTERM1",     /* tail call with one                       */ ["count"],          appterm(1),            "tail-call"],
  ["APPTERM2",     /* tail call with two                       */ ["count"],          appterm(2),            "tail-call"],
  ["APPTERM3",     /* tail call with three                     */ ["count"],          appterm(3),            "tail-call"],
  // with arguments left over, what is returned is the function that takes them
  ["RETURN",       /* returns, or calls with what is left over */ ["count"],          `sp += A; if (extra > 0) { extra--; ENTER } else { ${RETURN_TO_CALLER} }`, "return"],
  ["RESTART",      /* unpacks a partial application            */ [],                 "const n = env.length - 4; sp -= n; for (let i = 0; i < n; i++) st[sp + i] = env[i + 4]; env = env[3]; extra += n"],
  // With too few arguments it makes a closure of what there is and returns that. That is rare, and GRAB then counts as left in
  // the middle of its block: as a virtual branch it would cost techniques that know them a dispatch at every function's entry.
  ["GRAB",         /* makes one if arguments are missing       */ ["count"],          `const n = A; if (extra >= n) extra -= n; else { const left = pc; st[sp - 1] = env; st[sp - 2] = 2; st[sp - 3] = pc - 3; st[sp - 4] = CLOSURE; accu = st.slice(sp - 4, sp + 1 + extra); sp += 1 + extra; ${RETURN_TO_CALLER}; LEFT(left) }`],
];

/** A closure with `n` values of its environment on the stack; arrays of a known length are made without a call. */
const closure = (n: number): string => `[CLOSURE, label, 2${Array.from({ length: n }, (_, i) => `, st[sp + ${i}]`).join("")}]`;
/** The same for one function that knows itself. */
const anyClosure = "(st[sp - 1] = 2, st[sp - 2] = label, st[sp - 3] = CLOSURE, st.slice(sp - 3, sp + n))";
const makeClosure = `n === 0 ? ${closure(0)} : n === 1 ? ${closure(1)} : n === 2 ? ${closure(2)} : n === 3 ? ${closure(3)} : ${anyClosure}`;

// biome-ignore format: one row a line, in columns
const offsetClosure = [
  ["OFFSETCLOSUREM3", /* the function before this one */ [],          "accu = sibling(env, -3)"],
  ["OFFSETCLOSURE0",  /* this function                */ [],          "accu = env"],
  ["OFFSETCLOSURE3",  /* the function after this one  */ [],          "accu = sibling(env, 3)"],
  ["OFFSETCLOSURE",   /* the function at a distance   */ ["integer"], "accu = sibling(env, A)"],
] as const satisfies readonly Row[];

// biome-ignore format: one row a line, in columns
const closures: readonly Row[] = [
  ["CLOSURE",              /* makes a closure                   */ ["count", "label"], `const n = A, label = A; if (n > 0) st[--sp] = accu; accu = ${makeClosure}; sp += n`],
  ["CLOSUREREC",           /* makes mutually recursive closures */ ["count", "count"], `const f = A, n = A, label = code[pc]; if (n > 0) st[--sp] = accu; if (f === 1) { accu = ${makeClosure}; sp += n; st[--sp] = accu } else { accu = closures(code, pc, f, st.slice(sp, sp + n)); sp += n; st[--sp] = accu; for (let i = 1; i < f; i++) st[--sp] = accu[3 * i] } pc += f`],
  ...offsetClosure,
  ...pushed(offsetClosure),
];

const getGlobal = ["GETGLOBAL", ["global"], "accu = globals[A + 1]"] as const;
const getGlobalField = ["GETGLOBALFIELD", ["global", "field"], "accu = globals[A + 1][A + 1]"] as const;
// biome-ignore format: one row a line, in columns
const atoms = [
  ["ATOM0", /* the empty block of tag 0 */ [],      "accu = atoms[0]"],
  ["ATOM",  /* an empty block           */ ["tag"], "accu = atoms[A]"],
] as const satisfies readonly Row[];

// biome-ignore format: one row a line, in columns
const data: readonly Row[] = [
  getGlobal,
  ...pushed([getGlobal]),
  getGlobalField,
  ...pushed([getGlobalField]),
  ["SETGLOBAL",               /* sets a global              */ ["global"],       "globals[A + 1] = accu; accu = 0"],
  ...atoms,
  ...pushed(atoms),
  ["MAKEBLOCK",               /* makes a block of n fields  */ ["count", "tag"], "const n = A; st[sp - 1] = accu; st[sp - 2] = TAGS[A]; accu = st.slice(sp - 2, sp + n - 1); sp += n - 1"],
  ["MAKEBLOCK1",              /* of one                     */ ["tag"],          "accu = [TAGS[A], accu]"],
  ["MAKEBLOCK2",              /* of two                     */ ["tag"],          "accu = [TAGS[A], accu, st[sp++]]"],
  ["MAKEBLOCK3",              /* of three                   */ ["tag"],          "accu = [TAGS[A], accu, st[sp], st[sp + 1]]; sp += 2"],
  ["MAKEFLOATBLOCK",          /* makes an array of n floats */ ["count"],        "const n = A, floats = new Float64Array(n); writeFloat(floats, 0, accu); for (let i = 1; i < n; i++) writeFloat(floats, i, st[sp++]); accu = floats"],
  ...counted("GETFIELD",      /* reads field n              */ (n) => `accu = accu[${n} + 1]`, [0, 1, 2, 3],             "GETFIELD"),
  ["GETFLOATFIELD",           /* reads float n              */ ["count"],        "accu = readFloat(accu, A)"],
  ...counted("SETFIELD",      /* writes field n             */ (n) => `accu[${n} + 1] = st[sp++]; accu = 0`, [0, 1, 2, 3],             "SETFIELD"),
  ["SETFLOATFIELD",           /* writes float n             */ ["count"],        "writeFloat(accu, A, st[sp++]); accu = 0"],
  ["VECTLENGTH",              /* length of an array         */ [],               "accu = Array.isArray(accu) ? accu.length - 1 : wordsOf(accu)"],
  ["GETVECTITEM",             /* reads an element           */ [],               "accu = accu[st[sp++] + 1]"],
  ["SETVECTITEM",             /* writes an element          */ [],               "accu[st[sp] + 1] = st[sp + 1]; accu = 0; sp += 2"],
  ["GETBYTESCHAR",            /* reads a byte of bytes      */ [],               "accu = accu[st[sp++]]"],
  ["SETBYTESCHAR",            /* writes a byte              */ [],               "accu[st[sp]] = st[sp + 1]; accu = 0; sp += 2"],
];

// biome-ignore format: one row a line, in columns
const control: readonly Row[] = [
  ["BRANCH",        /* jumps                              */ ["label"],   "TARGET",          "jump"],
  ["BRANCHIF",      /* jumps if true                      */ ["label"],   'if (typeof accu !== "number" || accu !== 0) TARGET; else pc++', "conditional"],
  ["BRANCHIFNOT",   /* jumps if false                     */ ["label"],   'if (typeof accu === "number" && accu === 0) TARGET; else pc++', "conditional"],
  ["SWITCH",        /* jumps by integer or tag            */ ["integer"], 'const sizes = A; if (typeof accu === "number") { if (accu >>> 0 >= (sizes & 0xffff)) fail("a switch has no case for an integer"); pc = code[pc + accu] } else { const tag = accu[0].number; if (tag >= sizes >>> 16) fail("a switch has no case for a tag"); pc = code[pc + (sizes & 0xffff) + tag] }', "switch"],
  ["BOOLNOT",       /* not                                */ [],          "accu = 1 - accu"],
  ["PUSHTRAP",      /* installs an exception handler      */ ["label"],   "sp -= 4; st[sp] = A; st[sp + 1] = trap; st[sp + 2] = env; st[sp + 3] = extra; trap = sp"],
  ["POPTRAP",       /* removes it                         */ [],          "trap = st[sp + 1]; sp += 4"],
  ["RAISE",         /* raises an exception                */ [],          "RAISE",           "raise"],
  ["CHECK_SIGNALS", /* nothing: there are no signals here */ [],          ""],
];

const callC = (n: number): string => `C(accu${Array.from({ length: n - 1 }, (_, i) => `, st[sp + ${i}]`).join("")}); sp += ${n - 1}; BACK`;

const constants = counted("CONST", (n) => `accu = ${n}`, [0, 1, 2, 3], "");
const constant = ["CONSTINT", ["integer"], "accu = A"] as const;

// biome-ignore format: one row a line, in columns
const calls: readonly Row[] = [
  ...[1, 2, 3, 4, 5].map((n): Row => [`C_CALL${n}`, ["primitive"], n === 2 ? `${QUICK} ${callC(n)}` : callC(n)]),
  ["C_CALLN", /* calls a primitive with n arguments */ ["count", "primitive"], "const n = A; st[--sp] = accu; C(...st.slice(sp, sp + n)); sp += n; BACK"],
  ...constants,
  constant,
  ...pushed([...constants, constant]),
];

const NUMBERS = 'typeof accu === "number" && typeof b === "number"';
const INT32 = `${NUMBERS} && (accu | 0) === accu && (b | 0) === b`;

/** An operation on two integers: `exact` on numbers that are `fit` for it; `integers.NAME` on any. */
const binary = (name: string, fit: string, exact: string, general: string): Row => [
  name,
  [],
  `const b = st[sp++]; if (${fit}) accu = ${exact}; else accu = integers.${general}(accu, b)`,
];
/** One whose result may be too large for a number. */
const growing = (name: string, operator: string, general: string): Row => [
  name,
  [],
  `const b = st[sp++]; let r; if (${NUMBERS} && (r = accu ${operator} b) <= 9007199254740991 && r >= -9007199254740991) accu = r; else accu = integers.${general}(accu, b)`,
];
/** One that raises Division_by_zero. */
const dividing = (name: string, exact: string, general: string): Row => [
  name,
  [],
  `const b = st[sp]; if (b === 0) DIVIDED_BY_ZERO; sp++; if (${INT32}) accu = ${exact}; else accu = integers.${general}(accu, b)`,
];
/** Two's complement without a sign: below 0 is above everything else. */
const below = (a: string, b: string): string => `(${a} < ${b} === (${a} < 0 === ${b} < 0))`;
const comparing = (name: string, exact: string): Row => [
  name,
  [],
  `const b = st[sp++]; if (${NUMBERS}) accu = ${exact} ? 1 : 0; else accu = integers.compare(accu, b, (a, b) => ${exact.replaceAll("accu", "a")})`,
];
/** @param other whether what is no number passes */
const branching = (name: string, exact: string, other = `integers.compare(a, accu, (a, accu) => ${exact})`): Row => [
  name,
  ["integer", "label"],
  `const a = A; if (typeof accu === "number" ? ${exact} : ${other}) TARGET; else pc++`,
  "conditional",
];
const EQUAL = '(typeof accu === "number" ? typeof b === "number" && accu === b : typeof b !== "number" && accu === b)';

// biome-ignore format: one row a line, in columns
const arithmetic: readonly Row[] = [
  ["NEGINT",         /* changes the sign             */ [],             'if (typeof accu === "number") accu = 0 - accu; else accu = integers.subtract(0, accu)'],
  growing("ADDINT",  /* sum                          */ "+",            "add"),
  growing("SUBINT",  /* difference                   */ "-",            "subtract"),
  // 0 * -1 is -0, which is no integer of OCaml
  ["MULINT",         /* product                      */ [],             `const b = st[sp++]; let r; if (${NUMBERS} && (r = accu * b) <= 9007199254740991 && r >= -9007199254740991) accu = r + 0; else accu = integers.multiply(accu, b)`],
  dividing("DIVINT", /* quotient, towards 0          */ "b === -1 ? 0 - accu : accu / b | 0", "divide"),
  dividing("MODINT", /* remainder                    */ "accu % b | 0", "remainder"),
  binary("ANDINT",   /* bitwise                      */ INT32,          "accu & b",        "and"),
  binary("ORINT",    /* bitwise                      */ INT32,          "accu | b",        "or"),
  binary("XORINT",   /* bitwise                      */ INT32,          "accu ^ b",        "xor"),
  binary("LSLINT",   /* shifts left                  */ `${INT32} && b >>> 0 < 22`, "accu * (1 << b)", "shiftLeft"),
  binary("LSRINT",   /* shifts right, zeros come in  */ `${INT32} && b >>> 0 < 32 && accu >= 0`, "accu >>> b",      "shiftRight"),
  binary("ASRINT",   /* shifts right, keeps the sign */ `${INT32} && b >>> 0 < 32`, "accu >> b",       "shiftRightSigned"),
  ["EQ",             /* same integer or same block   */ [],             `const b = st[sp++]; accu = ${EQUAL} ? 1 : 0`],
  ["NEQ",            /* not the same                 */ [],             `const b = st[sp++]; accu = ${EQUAL} ? 0 : 1`],
  comparing("LTINT", /* less                         */ "accu < b"),
  comparing("LEINT", /* not greater                  */ "accu <= b"),
  comparing("GTINT", /* greater                      */ "accu > b"),
  comparing("GEINT", /* not less                     */ "accu >= b"),
  ["OFFSETINT",      /* adds the operand             */ ["integer"],    'const n = A; let r; if (typeof accu === "number" && (r = accu + n) <= 9007199254740991 && r >= -9007199254740991) accu = r; else accu = integers.add(accu, n)'],
  ["OFFSETREF",      /* adds it to a reference       */ ["integer"],    "accu[1] = integers.add(accu[1], A); accu = 0"],
  ["ISINT",          /* is it an integer             */ [],             'accu = typeof accu === "number" || typeof accu === "bigint" ? 1 : 0'],
];

/**
 * Finds a public method in the table of an object's class, which is sorted: how many, …, method, tag, method, tag, … A table that
 * damaged code made longer than it is would be searched for ever.
 */
const FIND_METHOD =
  'const methods = st[sp][1]; let low = 3, high = 2 * methods[1] + 1; if (high >= methods.length) fail("a table of methods that are not there"); while (low < high) { const middle = low + high >> 1 | 1; if (accu < methods[middle + 1]) high = middle - 2; else low = middle; } accu = methods[low]';

// biome-ignore format: one row a line, in columns
const rest: readonly Row[] = [
  ["GETMETHOD",        /* method at a number            */ [],                       "accu = st[sp][1][accu + 1]"],
  branching("BEQ",     /* jumps if equal to the operand */ "a === accu",             "false"),
  branching("BNEQ",    /* jumps if not                  */ "a !== accu",             "true"),
  branching("BLTINT",  /* jumps if the operand is less  */ "a < accu"),
  branching("BLEINT",  /* jumps if it is not greater    */ "a <= accu"),
  branching("BGTINT",  /* jumps if it is greater        */ "a > accu"),
  branching("BGEINT",  /* jumps if it is not less       */ "a >= accu"),
  comparing("ULTINT",  /* less, unsigned                */ below("accu", "b")),
  comparing("UGEINT",  /* not less, unsigned            */ `!${below("accu", "b")}`),
  branching("BULTINT", /* jumps if less, unsigned       */ below("a", "accu")),
  branching("BUGEINT", /* jumps if not less, unsigned   */ `!${below("a", "accu")}`),
  // OCaml keeps the last place of the method in the second operand: faster there, and the same method
  ["GETPUBMET",        /* method by the operand's hash  */ ["integer", "integer"],   `${PUSH} accu = A; pc++; ${FIND_METHOD}`],
  ["GETDYNMET",        /* method by a hash              */ [],                       FIND_METHOD],
  ["STOP",             /* ends the program              */ [],                       "STOP",                  "halt"],
  // written into code by debuggers: no file contains them
  ["EVENT",            /* a debugger's                  */ [],                       'fail("an instruction for debuggers")'],
  ["BREAK",            /* a debugger's                  */ [],                       'fail("an instruction for debuggers")'],
  ["RERAISE",          /* raises again                  */ [],                       "RAISE",                 "raise"],
  ["RAISE_NOTRACE",    /* raises without a trace        */ [],                       "RAISE",                 "raise"],
  ["GETSTRINGCHAR",    /* reads a byte of a string      */ [],                       "accu = accu[st[sp++]]"],
];

/** What OCaml 5 has besides: they move stacks, which the machine does (fibers.ts). */
// biome-ignore format: columns
const effects: readonly Row[] = [
  ["PERFORM",       /* hands an effect to the handler */ [],        "EFFECT", "indirect-call"],
  ["RESUME",        /* goes on in a fiber             */ [],        "EFFECT", "indirect-call"],
  ["RESUMETERM",    /* the same, as a tail call       */ ["count"], "EFFECT", "tail-call"],
  ["REPERFORMTERM", /* hands it to the next handler   */ ["count"], "EFFECT", "tail-call"],
];
/** How many instructions are OCaml 5's alone: the last ones. */
export const EFFECT_INSTRUCTIONS = effects.length;

export const instructions: readonly Instruction[] = [
  ...acc,
  ["PUSH", [], PUSH] as const,
  ...pushed(acc),
  ["POP", ["count"], "sp += A"] as const,
  ["ASSIGN", ["count"], "st[sp + A] = accu; accu = 0"] as const,
  ...envacc,
  ...pushed(envacc),
  ...functions,
  ...closures,
  ...data,
  ...control,
  ...calls,
  ...arithmetic,
  ...rest,
  ...effects,
].map(([name, operands, code, flow = "next"]: Row) => ({ name, operands, code, flow }));

/** The number of an instruction by its name. */
export function opcodeOf(name: string): number {
  return instructions.findIndex((instruction) => instruction.name === name);
}
