// The instruction set of WebAssembly 3.0 and of threads, as a table: code, name, immediates, how control leaves. Exception
// handling has both its forms, the finished one (`try_table`) and the one that compilers made before (`try`).
import type { Flow } from "../../trace/virtual.ts";

/** Immediates: the data after an opcode in the binary format. */
export const IMMEDIATES = {
  none: 0,
  /** A block type. */
  block: 1,
  label: 2,
  /** A vector of labels and a default. */
  labels: 3,
  /** One index, or two of them. */
  index: 4,
  indices: 5,
  /** Alignment, the memory perhaps, and an offset; and a lane after it. */
  memory: 6,
  memoryLane: 7,
  i32: 8,
  i64: 9,
  f32: 10,
  f64: 11,
  /** A vector of value types. */
  types: 12,
  heapType: 13,
  byte: 14,
  /** A vector's 16 bytes. */
  bytes16: 15,
  /** A block type and a vector of catch clauses. */
  catches: 16,
  /** Flags, a label and two heap types. */
  castBranch: 17,
} as const;

export type Immediates = keyof typeof IMMEDIATES;

export interface Instruction {
  readonly name: string;
  readonly immediates: Immediates;
  /** How control usually leaves it. `end` returns at the end of a function, and falls through elsewhere. */
  readonly flow: Flow;
  /** Whether it is structural: it only marks where blocks begin and end. */
  readonly structural: boolean;
}

type Row = readonly [code: number, name: string, immediates?: Immediates, flow?: Flow];

/** Consecutive codes: the names of a list, each with the same prefix. */
const run = (code: number, prefix: string, names: string, immediates: Immediates = "none"): Row[] =>
  names.split(" ").map((name, i) => [code + i, `${prefix}${name}`, immediates]);

const COMPARE_INTEGERS = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
const COMPARE_FLOATS = "eq ne lt gt le ge";
const INTEGERS = "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr";
const FLOATS = "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign";

// biome-ignore format: one row a line, in columns
const PLAIN: readonly Row[] = [
  [0x00,       "unreachable",          /* traps                              */ "none",         "halt"],
  [0x01,       "nop"],                 /* nothing                            */
  [0x02,       "block",                /* begins a block                     */ "block"],
  [0x03,       "loop",                 /* begins a loop                      */ "block"],
  [0x04,       "if",                   /* begins a conditional block         */ "block",        "conditional"],
  [0x05,       "else",                 /* ends its first part                */ "none",         "jump"],
  [0x06,       "try",                  /* begins a block with handlers       */ "block"],
  [0x07,       "catch",                /* a handler of one tag               */ "index",        "jump"],
  [0x08,       "throw",                /* raises an exception                */ "index",        "raise"],
  [0x09,       "rethrow",              /* raises it again                    */ "label",        "raise"],
  [0x0a,       "throw_ref",            /* raises a caught one                */ "none",         "raise"],
  [0x0b,       "end",                  /* ends a block or function           */ "none",         "return"],
  [0x0c,       "br",                   /* jumps out of blocks                */ "label",        "jump"],
  [0x0d,       "br_if",                /* jumps if not 0                     */ "label",        "conditional"],
  [0x0e,       "br_table",             /* jumps by a table                   */ "labels",       "switch"],
  [0x0f,       "return",               /* returns                            */ "none",         "return"],
  [0x10,       "call",                 /* calls a function                   */ "index",        "call"],
  [0x11,       "call_indirect",        /* calls through a table              */ "indices",      "indirect-call"],
  [0x12,       "return_call",          /* tail call                          */ "index",        "tail-call"],
  [0x13,       "return_call_indirect", /* tail call through a table          */ "indices",      "tail-call"],
  [0x14,       "call_ref",             /* calls a reference                  */ "index",        "indirect-call"],
  [0x15,       "return_call_ref",      /* tail call of a reference           */ "index",        "tail-call"],
  [0x18,       "delegate",             /* hands exceptions to an outer block */ "label"],
  [0x19,       "catch_all",            /* a handler of all tags              */ "none",         "jump"],
  [0x1a,       "drop"],                /* drops the top                      */
  [0x1b,       "select"],              /* one of two, by a third             */
  [0x1c,       "select_t",             /* the same, typed                    */ "types"],
  [0x1f,       "try_table",            /* begins a block with catch clauses  */ "catches"],
  ...run(0x20, "local.",               /* locals                             */ "get set tee",  "index"),
  ...run(0x23, "global.",              /* globals                            */ "get set",      "index"),
  ...run(0x25, "table.",               /* elements of a table                */ "get set",      "index"),
  ...run(0x28, "",                     /* loads                              */ "i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u", "memory"),
  ...run(0x30, "i64.load",             /* loads of narrower integers         */ "8_s 8_u 16_s 16_u 32_s 32_u", "memory"),
  ...run(0x36, "",                     /* stores                             */ "i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32", "memory"),
  ...run(0x3f, "memory.",              /* pages of memory                    */ "size grow",    "index"),
  [0x41,       "i32.const",            /* pushes the operand                 */ "i32"],
  [0x42,       "i64.const",            /* pushes the operand                 */ "i64"],
  [0x43,       "f32.const",            /* pushes the operand                 */ "f32"],
  [0x44,       "f64.const",            /* pushes the operand                 */ "f64"],
  ...run(0x45, "i32.",                 /* comparisons                        */ `eqz ${COMPARE_INTEGERS}`),
  ...run(0x50, "i64.",                 /* comparisons                        */ `eqz ${COMPARE_INTEGERS}`),
  ...run(0x5b, "f32.",                 /* comparisons                        */ COMPARE_FLOATS),
  ...run(0x61, "f64.",                 /* comparisons                        */ COMPARE_FLOATS),
  ...run(0x67, "i32.",                 /* arithmetic                         */ INTEGERS),
  ...run(0x79, "i64.",                 /* arithmetic                         */ INTEGERS),
  ...run(0x8b, "f32.",                 /* arithmetic                         */ FLOATS),
  ...run(0x99, "f64.",                 /* arithmetic                         */ FLOATS),
  ...run(0xa7, "i32.",                 /* conversions to i32                 */ "wrap_i64 trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u"),
  ...run(0xac, "i64.",                 /* conversions to i64                 */ "extend_i32_s extend_i32_u trunc_f32_s trunc_f32_u trunc_f64_s trunc_f64_u"),
  ...run(0xb2, "f32.",                 /* conversions to f32                 */ "convert_i32_s convert_i32_u convert_i64_s convert_i64_u demote_f64"),
  ...run(0xb7, "f64.",                 /* conversions to f64                 */ "convert_i32_s convert_i32_u convert_i64_s convert_i64_u promote_f32"),
  ...run(0xbc, "",                     /* the same bits as another type      */ "i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64"),
  ...run(0xc0, "",                     /* sign extensions                    */ "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"),
  [0xd0,       "ref.null",             /* the null reference                 */ "heapType"],
  [0xd1,       "ref.is_null"],         /* is it null                         */
  [0xd2,       "ref.func",             /* reference to a function            */ "index"],
  [0xd3,       "ref.eq"],              /* same reference                     */
  [0xd4,       "ref.as_non_null"],     /* traps if null                      */
  [0xd5,       "br_on_null",           /* jumps if null                      */ "label",        "conditional"],
  [0xd6,       "br_on_non_null",       /* jumps if not null                  */ "label",        "conditional"],
];

/** After the prefix 0xfb: garbage collection. */
// biome-ignore format: one row a line, in columns
const COLLECTED: readonly Row[] = [
  ...run(0,  "struct.",         /* makes a struct              */ "new new_default",     "index"),
  ...run(2,  "struct.",         /* its fields                  */ "get get_s get_u set", "indices"),
  ...run(6,  "array.",          /* makes an array              */ "new new_default",     "index"),
  ...run(8,  "array.",          /* makes one of given elements */ "new_fixed new_data new_elem", "indices"),
  ...run(11, "array.",          /* its elements                */ "get get_s get_u set", "index"),
  [15,       "array.len"],      /* length of an array          */
  [16,       "array.fill",      /* sets elements               */ "index"],
  ...run(17, "array.",          /* copies elements             */ "copy init_data init_elem", "indices"),
  ...run(20, "ref.",            /* type tests and casts        */ "test test_null cast cast_null", "heapType"),
  [24,       "br_on_cast",      /* jumps if of a type          */ "castBranch",          "conditional"],
  [25,       "br_on_cast_fail", /* jumps if not                */ "castBranch",          "conditional"],
  ...run(26, "",                /* references of other kinds   */ "any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u"),
];

/** After the prefix 0xfc: saturating conversions, bulk operations. */
// biome-ignore format: one row a line, in columns
const BULK: readonly Row[] = [
  ...run(0,  "i32.trunc_sat_", /* conversions that saturate      */ "f32_s f32_u f64_s f64_u"),
  ...run(4,  "i64.trunc_sat_", /* conversions that saturate      */ "f32_s f32_u f64_s f64_u"),
  [8,        "memory.init",    /* copies from a data segment     */ "indices"],
  [9,        "data.drop",      /* gives up a data segment        */ "index"],
  [10,       "memory.copy",    /* copies within memory           */ "indices"],
  [11,       "memory.fill",    /* sets bytes                     */ "index"],
  [12,       "table.init",     /* copies from an element segment */ "indices"],
  [13,       "elem.drop",      /* gives up an element segment    */ "index"],
  [14,       "table.copy",     /* copies within tables           */ "indices"],
  ...run(15, "table.",         /* a table's size and fill        */ "grow size fill", "index"),
];

const EXTENDED_MULTIPLY = (from: string): string => ["low", "high"].map((half) => `extmul_${half}_${from}_s`).join(" ");
const EXTENDED_MULTIPLY_U = (from: string): string => ["low", "high"].map((half) => `extmul_${half}_${from}_u`).join(" ");
const EXTEND = (from: string): string =>
  ["low_S_s", "high_S_s", "low_S_u", "high_S_u"].map((part) => `extend_${part.replace("S", from)}`).join(" ");

/** After the prefix 0xfd: vectors, relaxed ones included. */
// biome-ignore format: one row a line, in columns
const VECTORS: readonly Row[] = [
  ...run(0,   "v128.load",            /* loads                            */ " 8x8_s 8x8_u 16x4_s 16x4_u 32x2_s 32x2_u 8_splat 16_splat 32_splat 64_splat", "memory"),
  [11,        "v128.store",           /* stores a vector                  */ "memory"],
  [12,        "v128.const",           /* pushes the operand               */ "bytes16"],
  [13,        "i8x16.shuffle",        /* bytes by constant places         */ "bytes16"],
  [14,        "i8x16.swizzle"],       /* bytes by places in a vector      */
  ...run(15,  "",                     /* one number in all lanes          */ "i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat"),
  ...run(21,  "i8x16.",               /* single lanes                     */ "extract_lane_s extract_lane_u replace_lane", "byte"),
  ...run(24,  "i16x8.",               /* single lanes                     */ "extract_lane_s extract_lane_u replace_lane", "byte"),
  ...run(27,  "i32x4.",               /* single lanes                     */ "extract_lane replace_lane", "byte"),
  ...run(29,  "i64x2.",               /* single lanes                     */ "extract_lane replace_lane", "byte"),
  ...run(31,  "f32x4.",               /* single lanes                     */ "extract_lane replace_lane", "byte"),
  ...run(33,  "f64x2.",               /* single lanes                     */ "extract_lane replace_lane", "byte"),
  ...run(35,  "i8x16.",               /* comparisons                      */ COMPARE_INTEGERS),
  ...run(45,  "i16x8.",               /* comparisons                      */ COMPARE_INTEGERS),
  ...run(55,  "i32x4.",               /* comparisons                      */ COMPARE_INTEGERS),
  ...run(65,  "f32x4.",               /* comparisons                      */ COMPARE_FLOATS),
  ...run(71,  "f64x2.",               /* comparisons                      */ COMPARE_FLOATS),
  ...run(77,  "v128.",                /* bits                             */ "not and andnot or xor bitselect any_true"),
  ...run(84,  "v128.",                /* loads and stores of single lanes */ "load8_lane load16_lane load32_lane load64_lane store8_lane store16_lane store32_lane store64_lane", "memoryLane"),
  ...run(92,  "v128.",                /* loads, the rest 0                */ "load32_zero load64_zero", "memory"),
  [94,        "f32x4.demote_f64x2_zero"], /* narrows floats                  */
  [95,        "f64x2.promote_low_f32x4"], /* widens floats                   */
  ...run(96,  "i8x16.",               /* lanes alone, and narrower ones   */ "abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u"),
  ...run(103, "f32x4.",               /* rounding                         */ "ceil floor trunc nearest"),
  ...run(107, "i8x16.",               /* shifts, sums, differences        */ "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u"),
  ...run(116, "f64x2.",               /* rounding                         */ "ceil floor"),
  ...run(118, "i8x16.",               /* minimum and maximum              */ "min_s min_u max_s max_u"),
  [122,       "f64x2.trunc"],         /* rounds towards 0                 */
  [123,       "i8x16.avgr_u"],        /* averages, rounded up             */
  ...run(124, "",                     /* sums of neighbours               */ "i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u"),
  ...run(126, "",                     /* sums of neighbours               */ "i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u"),
  ...run(128, "i16x8.",               /* lanes alone, and narrower ones   */ "abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u"),
  ...run(135, "i16x8.",               /* wider lanes                      */ EXTEND("i8x16")),
  ...run(139, "i16x8.",               /* shifts, sums, differences        */ "shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u"),
  [148,       "f64x2.nearest"],       /* rounds to the nearest            */
  ...run(149, "i16x8.",               /* products, minimum and maximum    */ "mul min_s min_u max_s max_u"),
  [155,       "i16x8.avgr_u"],        /* averages, rounded up             */
  ...run(156, "i16x8.",               /* wider products                   */ EXTENDED_MULTIPLY("i8x16")),
  ...run(158, "i16x8.",               /* wider products                   */ EXTENDED_MULTIPLY_U("i8x16")),
  ...run(160, "i32x4.",               /* lanes alone                      */ "abs neg"),
  ...run(163, "i32x4.",               /* all lanes                        */ "all_true bitmask"),
  ...run(167, "i32x4.",               /* wider lanes                      */ EXTEND("i16x8")),
  ...run(171, "i32x4.",               /* shifts and sums                  */ "shl shr_s shr_u add"),
  [177,       "i32x4.sub"],           /* difference                       */
  ...run(181, "i32x4.",               /* products, minimum and maximum    */ "mul min_s min_u max_s max_u dot_i16x8_s"),
  ...run(188, "i32x4.",               /* wider products                   */ EXTENDED_MULTIPLY("i16x8")),
  ...run(190, "i32x4.",               /* wider products                   */ EXTENDED_MULTIPLY_U("i16x8")),
  ...run(192, "i64x2.",               /* lanes alone                      */ "abs neg"),
  ...run(195, "i64x2.",               /* all lanes                        */ "all_true bitmask"),
  ...run(199, "i64x2.",               /* wider lanes                      */ EXTEND("i32x4")),
  ...run(203, "i64x2.",               /* shifts and sums                  */ "shl shr_s shr_u add"),
  [209,       "i64x2.sub"],           /* difference                       */
  ...run(213, "i64x2.",               /* products and comparisons         */ "mul eq ne lt_s gt_s le_s ge_s"),
  ...run(220, "i64x2.",               /* wider products                   */ EXTENDED_MULTIPLY("i32x4")),
  ...run(222, "i64x2.",               /* wider products                   */ EXTENDED_MULTIPLY_U("i32x4")),
  ...run(224, "f32x4.",               /* sign                             */ "abs neg"),
  ...run(227, "f32x4.",               /* arithmetic                       */ "sqrt add sub mul div min max pmin pmax"),
  ...run(236, "f64x2.",               /* sign                             */ "abs neg"),
  ...run(239, "f64x2.",               /* arithmetic                       */ "sqrt add sub mul div min max pmin pmax"),
  ...run(248, "i32x4.trunc_sat_",     /* conversions that saturate        */ "f32x4_s f32x4_u"),
  ...run(250, "f32x4.convert_",       /* conversions                      */ "i32x4_s i32x4_u"),
  ...run(252, "i32x4.trunc_sat_",     /* conversions that saturate        */ "f64x2_s_zero f64x2_u_zero"),
  ...run(254, "f64x2.convert_low_",   /* conversions                      */ "i32x4_s i32x4_u"),
  ...run(256, "",                     /* relaxed: places and conversions  */ "i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u"),
  ...run(259, "i32x4.relaxed_trunc_", /* relaxed: conversions             */ "f64x2_s_zero f64x2_u_zero"),
  ...run(261, "",                     /* relaxed: products with sums      */ "f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd"),
  ...run(265, "",                     /* relaxed: bits from one of two    */ "i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect"),
  ...run(269, "",                     /* relaxed: minimum and maximum     */ "f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max"),
  ...run(273, "",                     /* relaxed: products of integers    */ "i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s"),
];

const ATOMIC_WIDTHS = [
  "i32.atomic.rmw",
  "i64.atomic.rmw",
  "i32.atomic.rmw8",
  "i32.atomic.rmw16",
  "i64.atomic.rmw8",
  "i64.atomic.rmw16",
  "i64.atomic.rmw32",
];
const atomically = (operation: string): string => ATOMIC_WIDTHS.map((width, i) => `${width}.${operation}${i < 2 ? "" : "_u"}`).join(" ");

/** After the prefix 0xfe: threads. */
// biome-ignore format: one row a line, in columns
const ATOMIC: readonly Row[] = [
  ...run(0,    "memory.atomic.",   /* waits and wakes             */ "notify wait32 wait64", "memory"),
  [3,          "atomic.fence",     /* orders memory accesses      */ "byte"],
  ...run(0x10, "",                 /* loads                       */ "i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u", "memory"),
  ...run(0x14, "i64.atomic.load",  /* loads of narrower integers  */ "8_u 16_u 32_u",        "memory"),
  ...run(0x17, "",                 /* stores                      */ "i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16", "memory"),
  ...run(0x1b, "i64.atomic.store", /* stores of narrower integers */ "8 16 32",              "memory"),
  ...["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"].flatMap((operation, i) => run(0x1e + 7 * i, "", atomically(operation), "memory")),
];

const STRUCTURAL: readonly string[] = ["block", "loop", "try", "try_table", "delegate", "end"];

/** Pages of opcodes: rows without prefix, then those of each prefix byte. */
const PAGES: readonly (readonly [prefix: number, rows: readonly Row[]])[] = [
  [0, PLAIN],
  [0xfb, COLLECTED],
  [0xfc, BULK],
  [0xfd, VECTORS],
  [0xfe, ATOMIC],
];

/** Codes that may follow a prefix: 0 to this minus 1. */
export const PAGE_SIZE = 512;

/** All instructions; an index into this list is called opcode. */
export const instructions: readonly Instruction[] = PAGES.flatMap(([, rows]) =>
  rows.map(([, name, immediates = "none", flow = "next"]) => ({ name, immediates, flow, structural: STRUCTURAL.includes(name) })),
);

/** Prefix → code → opcode, -1 if there is none. The first page has no prefix. */
export function opcodePages(): ReadonlyMap<number, Int16Array> {
  let opcode = 0;
  return new Map(
    PAGES.map(([prefix, rows]) => {
      const page = new Int16Array(PAGE_SIZE).fill(-1);
      for (const [code] of rows) page[code] = opcode++;
      return [prefix, page];
    }),
  );
}

/** The opcode of an instruction by name. */
export function opcodeNamed(name: string): number {
  const opcode = instructions.findIndex((instruction) => instruction.name === name);
  if (opcode < 0) throw new Error(`no such instruction: ${name}`);
  return opcode;
}

/** Number of operand slots in an interpreter that copies the code. */
export const operandCount: Readonly<Record<Immediates, number>> = {
  none: 0,
  block: 1,
  label: 1,
  labels: 1,
  index: 1,
  indices: 2,
  memory: 1,
  memoryLane: 2,
  i32: 1,
  i64: 1,
  f32: 1,
  f64: 1,
  types: 0,
  heapType: 1,
  byte: 1,
  bytes16: 2,
  catches: 1,
  castBranch: 1,
};
