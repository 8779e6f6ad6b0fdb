// The parts of a compiled interpreter besides its instructions: memory, stacks, the functions that the table calls on `memory` and `doubles`
// (double-cell arithmetic and blocks of memory, as in guests/forth/arithmetic.ts), and the script that replaces the text interpreter.
import { EMITS, EVENT, TYPES } from "../guests/forth/image.ts";
import {
  CODE_SIZE,
  dictionaryEnd,
  MEMORY_BYTES,
  RETURN_BASE,
  RETURN_CELLS,
  RUN_END,
  STACK_BASE,
  STACK_CELLS,
} from "../guests/forth/machine/layout.ts";
import { TIMED, timingText } from "./c-timing.ts";

/** C before the instructions. */
export const supportText = `#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* generated code calls these with a stack that is aligned to 8 bytes only */
#ifdef __x86_64__
#define APART __attribute__((noinline, force_align_arg_pointer))
#else
#define APART __attribute__((noinline))
#endif

enum { STACK_BASE = ${STACK_BASE}, CATCH_END = 1, HALT = 0, RESUME = 1 };
typedef int32_t __attribute__((may_alias, aligned(1))) loose;
typedef int32_t __attribute__((may_alias)) cell;
static uint8_t B[${MEMORY_BYTES}] __attribute__((aligned(64)));
#define M ((cell *)B)
static int32_t ds[${STACK_CELLS}], rs[${RETURN_CELLS}], op[${CODE_SIZE}], arg[${CODE_SIZE}];
static int32_t handler, resume, fault, here;
static intptr_t saved_ip, saved_sp, saved_rp, saved_lp;

#define FETCH(a) (*(loose *)(B + (uint32_t)(a)))
#define STORE(a, x) (*(loose *)(B + (uint32_t)(a)) = (x))
#define BYTE(a) (B[(uint32_t)(a)])
#define SETBYTE(a, x) (B[(uint32_t)(a)] = (uint8_t)(x))
#define A (arg[ip - 1])

static int32_t doubles_low, doubles_high;
static int32_t memory_hostMark(void) { return 1; }
static void memory_abortMessage(int32_t a, int32_t u) { (void)a; (void)u; }
static int32_t doubles_mulHigh(int32_t a, int32_t b) { return (int32_t)((int64_t)a * b >> 32); }
static int32_t doubles_umulHigh(int32_t a, int32_t b) { return (int32_t)((uint64_t)(uint32_t)a * (uint32_t)b >> 32); }
static void leave(__int128 dividend, __int128 divisor, int floored) {
  __int128 quotient = dividend / divisor, remainder = dividend % divisor;
  if (floored && remainder != 0 && (remainder < 0) != (divisor < 0)) { quotient--; remainder += divisor; }
  doubles_low = (int32_t)remainder;
  doubles_high = (int32_t)quotient;
}
static int64_t pair(int32_t l, int32_t h) { return (int64_t)((uint64_t)(uint32_t)h << 32 | (uint32_t)l); }
static void doubles_unsignedDivide(int32_t l, int32_t h, int32_t u) { leave((uint64_t)pair(l, h), (uint32_t)u, 1); }
static void doubles_floorDivide(int32_t l, int32_t h, int32_t n) { leave(pair(l, h), n, 1); }
static void doubles_truncDivide(int32_t l, int32_t h, int32_t n) { leave(pair(l, h), n, 0); }
static void doubles_mulDivMod(int32_t a, int32_t b, int32_t c) { leave((int64_t)a * b, c, 1); }
static void memory_move(int32_t from, int32_t to, int32_t n) { memmove(B + (uint32_t)to, B + (uint32_t)from, (uint32_t)n); }
static void memory_cmove(int32_t from, int32_t to, int32_t n) {
  for (uint32_t i = 0; i < (uint32_t)n; i++) B[(uint32_t)to + i] = B[(uint32_t)from + i];
}
static void memory_cmoveUp(int32_t from, int32_t to, int32_t n) {
  for (uint32_t i = (uint32_t)n; i-- > 0;) B[(uint32_t)to + i] = B[(uint32_t)from + i];
}
static void memory_fill(int32_t at, int32_t n, int32_t c) { memset(B + (uint32_t)at, c, (uint32_t)n); }
static int32_t memory_compare(int32_t a, int32_t u, int32_t b, int32_t v) {
  int order = memcmp(B + (uint32_t)a, B + (uint32_t)b, (uint32_t)(u < v ? u : v));
  return order < 0 ? -1 : order > 0 ? 1 : u < v ? -1 : u > v;
}

static const int32_t *event;
static int checks;
static void wrong(const char *what) {
  fflush(stdout);
  fprintf(stderr, "the interpreter went another way than the guest: %s\\n", what);
  exit(3);
}
static uint32_t hash(const int32_t *cells, intptr_t from, intptr_t to) {
  uint32_t h = 0x811c9dc5;
  for (intptr_t i = from; i < to; i++) h = (h ^ (uint32_t)cells[i]) * 0x01000193;
  return h;
}
static void text(void) {
  int32_t n = *event++;
  fwrite(event, 1, (size_t)n, stdout);
  event += (n + 3) >> 2;
}
static void patch(void) {
  for (int32_t n = *event++; n > 0; n--) {
    int32_t bytes = event[1];
    memcpy(B + (uint32_t)event[0], event + 2, (size_t)bytes);
    event += 2 + ((bytes + 3) >> 2);
  }
}
static void stack_is(intptr_t sp, const char *what) {
  if (sp != event[0] || hash(ds, STACK_BASE + 1, sp + 1) != (uint32_t)event[1]) wrong(what);
  event += 2;
}
/** What a word of the host did; returns the stack pointer after it. */
static APART intptr_t host(int32_t opcode, intptr_t sp) {
  if (event[0] != ${EVENT.host} || event[1] != opcode) wrong("it executes another word of the host");
  event += 2;
  stack_is(sp, "the stack differs where it executes a word of the host");
  int32_t top = ds[sp], second = ds[sp - 1];
  sp = event[0];
  int32_t from = event[1];
  event += 2;
  for (intptr_t i = from; i <= sp; i++) ds[i] = *event++;
  if (*event == ${TYPES}) { event++; fwrite(B + (uint32_t)second, 1, (uint32_t)top, stdout); }
  else if (*event == ${EMITS}) { event++; putchar(top); }
  else text();
  patch();
  return sp;
}
/** Comes to the next run of colon code; 0 at the end. */
static APART int next_run(void) {
  if (*event == ${EVENT.enter}) {
    event++;
    text();
    patch();
    saved_sp = event[0];
    saved_lp = event[1];
    saved_ip = event[2];
    event += 3;
    for (intptr_t i = STACK_BASE + 1; i <= saved_sp; i++) ds[i] = *event++;
    rs[${RETURN_BASE}] = ${RUN_END};
    saved_rp = ${RETURN_BASE + 1};
    handler = resume = 0;
    return 1;
  }
  if (*event++ != ${EVENT.end}) wrong("it ends where the guest goes on");
  text();
  patch();
  if (checks && (hash((int32_t *)B, 0, event[0]) != (uint32_t)event[1] || hash((int32_t *)B, ${dictionaryEnd(MEMORY_BYTES) >> 2}, event[2]) != (uint32_t)event[3]))
    wrong("memory differs at the end");
  return 0;
}
/** The run is over. */
static APART int end_run(intptr_t sp) {
  if (*event++ != ${EVENT.leave}) wrong("a run ends where the guest's does not");
  stack_is(sp, "the stack differs at the end of a run");
  return next_run();
}
`;

/**
 * C after the instructions: reads threaded code and script, and runs them. After the image, the argument `check` also compares
 * memory at the end; `time` prints the interpreter's time (c-timing.ts).
 * @param bind  code that converts the opcodes
 * @param other code for a form's own argument, `argument`
 */
export const mainText = (bind: string, other = ""): string => `${timingText}
int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
  if (file == NULL) { fprintf(stderr, "expected an image\\n"); return 2; }
  int timing = 0;
  for (int i = 2; i < argc; i++) {
    const char *argument = argv[i];
    if (strcmp(argument, "check") == 0) checks = 1;
    else if (strcmp(argument, "${TIMED}") == 0) timing = 1;
    else { ${other} }
  }
  fseek(file, 0, SEEK_END);
  size_t bytes = (size_t)ftell(file);
  rewind(file);
  int32_t *words = malloc(bytes);
  if (words == NULL || fread(words, 1, bytes, file) != bytes) return 2;
  here = words[0];
  for (int32_t i = 0; i < here; i++) {
    op[i] = words[1 + 2 * i];
    arg[i] = words[2 + 2 * i];
  }
  event = words + 1 + 2 * here;
  ${bind}
  if (timing) timed();
  else interpret();
  fflush(stdout);
  return 0;
}
`;
