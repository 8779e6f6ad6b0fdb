// Bodies to copy. The instruction table is compiled once more as tail calls, but each body ends in a jump to the undefined symbol
// ONWARD, which the copy's dispatch replaces in generated code. The relocations that the linker kept say which bytes of a body
// depend on its address. CPython's copy-and-patch compiler works the same way.
//
//   op_7:  mov (B, %ecx), %ecx        a copy:  mov (B, %ecx), %ecx
//          add $1, %rdi                        add $1, %rdi
//          jmp ONWARD                            …dispatch, or the next body
//
// The specialised bodies, for catenation, have their operand and the virtual address after them as constants in the code.
import { RunError } from "../../errors.ts";
import { type RelocatableFunction, readRelocatable } from "../../recordings/recorder/elf-relocations.ts";
import type { Flow } from "../../trace/virtual.ts";
import { type CCompiler, compileC } from "../binary.ts";
import { bodiesOf, type CBodies, type CBody, LOAD } from "../c-bodies.ts";
import { PARAMETERS } from "../c-forms.ts";
import { mainText, supportText } from "../c-support.ts";

/**
 * Room for generated code in the interpreter itself: copies reach what they call, and the heap, which Linux puts anywhere in the
 * gigabyte after the executable, never lies there.
 */
const CODE_ROOM_BYTES = 1 << 26;

/** The value of these symbols in bodies that have not been copied. */
const NOWHERE = 0x40_0000;

/** Options besides the user's: bodies must be in one piece, and address data absolutely. */
export const STENCIL_FLAGS = [
  "-ffunction-sections",
  "-fno-jump-tables",
  "-fno-stack-protector",
  "-fcf-protection=none",
  "-fno-asynchronous-unwind-tables",
  "-fomit-frame-pointer",
  "-Wl,--emit-relocs",
  ...["ONWARD", "OPERAND", "HERE"].map((symbol) => `-Wl,--defsym=${symbol}=${NOWHERE}`),
];

/** Bodies that return whether control is transferred, which generated code tests after them. */
const decides = (flow: Flow): boolean => flow === "conditional" || flow === "raise";
/** Bodies that compute the target of control. */
const leads = (flow: Flow): boolean => flow !== "next" && flow !== "conditional" && flow !== "jump" && flow !== "call";

const STATE = `${PARAMETERS}, int32_t flag`;
const ARGUMENTS = "sp, rp, t, lp, flag";

function plain({ name, work, flow }: CBody, number: number): string {
  const body = decides(flow) ? `flag = 0; ${work.replaceAll("ip = A;", "{ ip = A; flag = 1; }")}` : work;
  return `APIECE op_${number}(${STATE}) { /* ${name.replaceAll("*/", "* /")} */\n  ${body}\n  TAIL ONWARD(ip + 1, ${ARGUMENTS});\n}`;
}

function specialised({ name, work, flow }: CBody, number: number): string {
  const body = decides(flow) ? `flag = 0; ${work.replaceAll("ip = A;", "flag = 1;")}` : work;
  // only bodies that compute the target of control need the virtual program counter
  const ip = leads(flow) ? "ip + 1" : "unused";
  return `APIECE special_${number}(${STATE.replace("intptr_t ip", "intptr_t unused")}) { /* ${name.replaceAll("*/", "* /")} */
  intptr_t ip = CONSTANT(HERE);\n  ${body}\n  TAIL ONWARD(${ip}, ${ARGUMENTS});\n}`;
}

const RAISING = `{
  saved_ip = ip; saved_sp = sp; saved_rp = rp; saved_lp = lp;
  unwind();
  ${LOAD}
  flag = 1;
}`;

function source({ bodies }: CBodies): string {
  return `${supportText}
#include <setjmp.h>
#include <sys/mman.h>
static jmp_buf left;
#if __has_attribute(musttail)
#define TAIL __attribute__((musttail)) return
#else
#define TAIL return
#endif
#define APIECE __attribute__((no_icf)) void
#define STOP longjmp(left, 1)
#define RAISE ${RAISING.replaceAll("\n", " \\\n")}
#define CONSTANT(symbol) ({ int32_t constant; __asm__("movl $" #symbol ", %0" : "=r"(constant)); constant; })
void ONWARD(${STATE});
extern char OPERAND[], HERE[];
void *body[sizeof op / sizeof *op];
char generated[${CODE_ROOM_BYTES}] __attribute__((aligned(4096)));
static void (*entry)(${STATE});
static APART void unwind(void) {
  if (handler == 0) {
    if (!next_run()) STOP;
    return;
  }
  intptr_t frame = handler;
  saved_lp = rs[frame - 2]; saved_sp = rs[frame - 3] + 1; handler = rs[frame - 4]; saved_ip = rs[frame - 5]; saved_rp = frame - 5;
  ds[saved_sp] = fault;
}
${bodies.map(plain).join("\n")}
#undef A
#define A CONSTANT(OPERAND)
${bodies.map(specialised).join("\n")}
/** Generated code: its bytes, where control enters it, the addresses of virtual instructions, then the code. */
static int load(const char *path) {
  uint64_t head[3];
  FILE *file = fopen(path, "rb");
  if (file == NULL || fread(head, sizeof head, 1, file) != 1) return 0;
  entry = (void (*)(${STATE}))head[1];
  int complete = fread(body, sizeof *body, head[2], file) == head[2] && fread(generated, 1, head[0], file) == head[0];
  fclose(file);
  return complete && mprotect(generated, head[0], PROT_READ | PROT_EXEC) == 0;
}
static __attribute__((noinline)) void interpret(void) {
  intptr_t ip, sp, rp, lp; int32_t t;
  /* generated code leaves from any depth of the native stack */
  if (setjmp(left) != 0 || !next_run()) return;
  ${LOAD}
  entry(ip + 1, sp, rp, t, lp, 0);
}
${mainText("", 'if (!load(argument)) { fprintf(stderr, "cannot load generated code\\n"); return 2; }')}`;
}

/** A body to copy. */
export interface Stencil {
  /** Without the jump to ONWARD at its end. */
  readonly code: Buffer;
  /** Places to fill with the distance to an address. */
  readonly relative: readonly { readonly offset: number; readonly value: number }[];
  /** Places of jumps to ONWARD: to the end of the copy. */
  readonly ends: readonly number[];
  /** Places to fill with the operand, and with the virtual address after the instruction. */
  readonly operands: readonly number[];
  readonly here: readonly number[];
}

const ABSOLUTE = [1, 10, 11];
const RELATIVE = [2, 4];
const JUMP = 0xe9;
const CALL = 0xe8;

function stencilOf(name: string, { address, code, relocations }: RelocatableFunction): Stencil {
  const relative: { offset: number; value: number }[] = [];
  const ends: number[] = [];
  const operands: number[] = [];
  const here: number[] = [];
  let length = code.length;
  for (const { offset, type, symbol } of relocations) {
    // the linker's value: for memset and others, which are chosen when the program starts, that is not the symbol's address
    const value = code.readInt32LE(offset) + (RELATIVE.includes(type) ? address + offset : 0);
    if (/^(op|special)_|\.cold/.test(symbol))
      throw new RunError(`${name}: the compiler left a part of it in ${symbol}: it cannot be copied`);
    if (symbol === "OPERAND") operands.push(offset);
    else if (symbol === "HERE") here.push(offset);
    else if (symbol === "ONWARD") {
      if (code[offset - 1] === CALL)
        throw new RunError(`${name}: the compiler left a call where a tail call stands: it makes jumps of them at -O2`);
      if (offset + 4 === code.length && code[offset - 1] === JUMP) length = offset - 1;
      else ends.push(offset);
    } else if (RELATIVE.includes(type)) {
      // references within the body move with it
      if (value + 4 < address || value + 4 >= address + code.length) relative.push({ offset, value });
    } else if (!ABSOLUTE.includes(type))
      throw new RunError(`${name}: expected relocations of x86-64 code that may be copied, got type ${type}`);
    else if (value >= address && value < address + code.length)
      throw new RunError(`${name}: the compiler left an address of its own code in it`);
  }
  return { code: code.subarray(0, length), relative, ends, operands, here };
}

/** An interpreter that runs generated code, and the bodies for such code. */
export interface Stencils {
  /** The executable. It takes an image, and a file of generated code. */
  readonly path: string;
  /** Of each opcode, by name. */
  readonly plain: ReadonlyMap<string, Stencil>;
  readonly specialised: ReadonlyMap<string, Stencil>;
  /** Address of the table of virtual instructions' addresses, 8 bytes each. */
  readonly bodyTable: number;
  /** Where generated code is loaded, and how many bytes of it at most. */
  readonly codeAddress: number;
  readonly codeRoomBytes: number;
  /** The C side's number of an opcode of the guest's machine; -1 if it has none. */
  opcode(number: number): number;
}

/**
 * Compiles the bodies.
 * @param hostWords words of the host that get one: number and name in the guest's machine
 * @param write     writes a source, returns its path
 * @throws RunError when the compiler fails, or leaves what cannot be copied
 */
export function compileStencils(
  { command, flags, limit }: CCompiler,
  hostWords: ReadonlyMap<number, string>,
  write: (text: string) => string,
  path: string,
): Stencils {
  const all = bodiesOf(hostWords);
  compileC({ command, flags: [...flags, ...STENCIL_FLAGS], limit }, write(source(all)), path);
  const linked = readRelocatable(path, (name) => /^(op|special)_\d+$/.test(name));
  const bodyTable = linked?.symbols.get("body");
  const codeAddress = linked?.symbols.get("generated");
  if (linked === undefined || bodyTable === undefined || codeAddress === undefined)
    throw new RunError(`${path}: expected symbols and relocations, found none`);
  const read = (prefix: string): ReadonlyMap<string, Stencil> =>
    new Map(
      all.bodies.map(({ name }, i) => {
        const found = linked.functions.get(`${prefix}_${i}`);
        if (found === undefined) throw new RunError(`${path}: expected a function ${prefix}_${i} (${name}), found none`);
        return [name, stencilOf(name, found)];
      }),
    );
  const copied = { plain: read("op"), specialised: read("special") };
  return { path, ...copied, bodyTable, codeAddress, codeRoomBytes: CODE_ROOM_BYTES, opcode: all.opcode };
}
