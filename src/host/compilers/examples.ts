// Small interpreters, written by us, of the kinds discussed in proposals for better dispatch; the compiled objects show what a
// compiler makes of each.
import type { CompilerLanguage } from "./find.ts";

/** The dispatch in the source: one for all instructions, or one at the end of each. */
export type AskedDispatch = "shared" | "own";

export interface ExampleInterpreter {
  readonly id: string;
  readonly title: string;
  readonly language: CompilerLanguage;
  readonly wanted: AskedDispatch;
  /** Instructions that dispatch. */
  readonly opcodes: number;
  readonly text: string;
}

const OPS = ["increment", "decrement", "double", "halve", "negate", "invert", "square", "swap_bytes", "mix", "rotate"] as const;
const many = (line: (name: string, number: number) => string): string => OPS.map(line).join("\n");

const C_HANDLERS = `#include <stddef.h>\n#include <stdint.h>\n${many((op) => `uint32_t handle_${op}(uint32_t);`)}\n`;
const RUST_HANDLERS = `extern "C" {\n${many((op) => `fn handle_${op}(x: u32) -> u32;`)}\n}\n`;
const ZIG_HANDLERS = many((op) => `extern fn handle_${op}(u32) u32;`);

/** A register machine of four-byte instructions, as a Rust experiment with dispatch had it: operation, and three registers. */
const STEPS = ["a + b", "a - b", "a * b", "a & b", "a | b", "a ^ b", "a << (b & 31)", "a >> (b & 31)", "a == b", "a < b", "~a", "b"];

export const EXAMPLES: readonly ExampleInterpreter[] = [
  {
    id: "length-test",
    title: "switch in a loop that tests a length after each instruction",
    language: "c",
    wanted: "shared",
    opcodes: OPS.length,
    text: `${C_HANDLERS}void interpret(const uint32_t *code, size_t length, uint32_t *out) {
  size_t i = 0;
  if (length == 0) return;
  for (;;) {
    switch (code[i]) {
${many((op, n) => `    case ${n}: out[i] = handle_${op}(${n}); if (++i < length) continue; return;`)}
    default: __builtin_unreachable();
    }
  }
}\n`,
  },
  {
    id: "end-tag",
    title: "switch in a loop that an instruction ends",
    language: "c",
    wanted: "shared",
    opcodes: OPS.length,
    text: `${C_HANDLERS}void interpret(const uint32_t *code, uint32_t *out) {
  for (size_t i = 0;;) {
    switch (code[i]) {
    case ${OPS.length}: return;
${many((op, n) => `    case ${n}: out[i] = handle_${op}(${n}); i++; continue;`)}
    default: __builtin_unreachable();
    }
  }
}\n`,
  },
  {
    id: "register-machine",
    title: "computed goto, four-byte register instructions",
    language: "c",
    wanted: "own",
    opcodes: STEPS.length,
    text: `#include <stdint.h>
struct step { uint8_t op, a, b, to; };
void interpret(const struct step *pc, uint32_t *r) {
  static const void *const go[] = { ${STEPS.map((_, n) => `&&op_${n}`).join(", ")}, &&halt };
#define NEXT do { a = r[pc->a]; b = r[pc->b]; goto *go[pc->op]; } while (0)
  uint32_t a, b;
  NEXT;
${STEPS.map((step, n) => `op_${n}: r[pc->to] = ${step}; pc++; NEXT;`).join("\n")}
halt: return;
}\n`,
  },
  {
    id: "tail-calls",
    title: "functions that end with a call of the next, plain tail calls",
    language: "c",
    wanted: "own",
    opcodes: STEPS.length,
    text: `#include <stdint.h>
struct step { uint8_t op, a, b, to; };
typedef void body(const struct step *pc, uint32_t *r);
extern body *const go[];
#define NEXT do { pc++; go[pc->op](pc, r); } while (0)
${STEPS.map((step, n) => `void interpret_${n}(const struct step *pc, uint32_t *r) { uint32_t a = r[pc->a], b = r[pc->b]; (void)a; (void)b; r[pc->to] = ${step}; NEXT; }`).join("\n")}\n`,
  },
  {
    id: "match-slices",
    title: "match in a loop over a slice",
    language: "rust",
    wanted: "shared",
    opcodes: OPS.length,
    text: `#![crate_type = "lib"]\n${RUST_HANDLERS}#[no_mangle]\npub unsafe fn interpret(code: &[u8], out: &mut [u32]) {
  let mut i = 0;
  loop {
    match code[i] {
${many((op, n) => `      ${n} => { out[i] = handle_${op}(${n}); i += 1; }`)}
      _ => return,
    }
  }
}\n`,
  },
  {
    id: "match-unchecked",
    title: "match in a loop, nothing checked",
    language: "rust",
    wanted: "shared",
    opcodes: OPS.length,
    text: `#![crate_type = "lib"]\n${RUST_HANDLERS}#[no_mangle]\npub unsafe fn interpret(mut code: *const u8, mut out: *mut u32) {
  loop {
    match *code {
      ${OPS.length} => return,
${many((op, n) => `      ${n} => { *out = handle_${op}(${n}); code = code.add(1); out = out.add(1); }`)}
      _ => core::hint::unreachable_unchecked(),
    }
  }
}\n`,
  },
  {
    id: "rust-tail-calls",
    title: "functions that end with a call of the next, plain tail calls",
    language: "rust",
    wanted: "own",
    opcodes: OPS.length,
    text: `#![crate_type = "lib"]\npub type Body = unsafe extern "C" fn(*const u8, *mut u32, *const Body0, u32);\n#[repr(C)] pub struct Body0(Body);\n${RUST_HANDLERS}${many(
      (op, n) =>
        `#[no_mangle] pub unsafe extern "C" fn interpret_${n}(code: *const u8, out: *mut u32, go: *const Body0, sum: u32) { *out = sum.wrapping_mul(${2 * n + 3}) ^ ${n}; ((*go.add(*code as usize)).0)(code.add(1), out.add(1), go, sum.wrapping_add(${n + 1})) } // ${op}`,
    )}\n`,
  },
  {
    id: "zig-loop",
    title: "switch in a loop that an instruction ends",
    language: "zig",
    wanted: "shared",
    opcodes: OPS.length,
    text: `${ZIG_HANDLERS}\nexport fn interpret(code: [*]const u32, out: [*]u32) void {
    var i: usize = 0;
    while (true) {
        switch (code[i]) {
${many((op, n) => `            ${n} => { out[i] = handle_${op}(${n}); i += 1; continue; },`)}
            else => return,
        }
    }
}\n`,
  },
  {
    id: "zig-labeled-switch",
    title: "labeled switch that continues at the next instruction",
    language: "zig",
    wanted: "own",
    opcodes: OPS.length,
    text: `${ZIG_HANDLERS}\nexport fn interpret(code: [*]const u32, out: [*]u32) void {
    var i: usize = 0;
    sw: switch (code[i]) {
${many((op, n) => `        ${n} => { out[i] = handle_${op}(${n}); i += 1; continue :sw code[i]; },`)}
        else => return,
    }
}\n`,
  },
  {
    id: "go-switch",
    title: "switch in a loop over a slice",
    language: "go",
    wanted: "shared",
    opcodes: STEPS.length,
    text: `package interpreter\n\nfunc Interpret(code []byte, a, b uint32) uint32 {
\tfor _, op := range code {
\t\tswitch op {
${STEPS.slice(0, 8)
  .map((step, n) => `\t\tcase ${n}:\n\t\t\ta = ${step}`)
  .join("\n")}
\t\tcase 8:\n\t\t\ta, b = b, a
\t\tcase 9:\n\t\t\tb = a + 1
\t\tcase 10:\n\t\t\ta = ^a
\t\tcase 11:\n\t\t\ta = b
\t\t}
\t}
\treturn a
}\n`,
  },
];
