// Forms of interpreters in C. Each implements the technique of the same name.
import { type CBody, LOAD } from "./c-bodies.ts";

/** The code of a form. */
export interface Form {
  /** Leaves a body for the next virtual instruction, or for the handler of an exception. */
  readonly next: (number: number) => string;
  readonly raise: string;
  /** Leaves the interpreter. */
  readonly stop: string;
  /** All bodies, and \`interpret\`. */
  readonly write: (bodies: readonly CBody[], name: (number: number) => string) => string;
  /** Converts the opcodes of loaded code; \`i\` counts addresses. */
  readonly bind?: string;
  /** What runs `interpret`, if it is not called directly. */
  readonly around?: string;
}

const UNWIND = `if (handler == 0) {
    if (!next_run()) STOP;
    ${LOAD}
  } else {
    intptr_t frame = handler;
    lp = rs[frame - 2]; sp = rs[frame - 3] + 1; handler = rs[frame - 4]; ip = rs[frame - 5]; rp = frame - 5;
    t = fault;
  }`;
const LOCALS = "intptr_t ip, sp, rp, lp; int32_t t;";
export const PARAMETERS = "intptr_t ip, intptr_t sp, intptr_t rp, int32_t t, intptr_t lp";

/** The forms with one function, in which bodies are labels. */
const labelled = (next: (number: number) => string, declare = "", behind = ""): Form => ({
  next,
  raise: "goto raise",
  stop: "return",
  write: (bodies, name) => `
static __attribute__((noinline)) void interpret(void) {
  ${declare}
  ${LOCALS}
  if (!next_run()) return;
  ${LOAD}
  ${next(-1)};
${bodies.map(({ name: opcode, work }, i) => `${name(i)}: /* ${opcode.replaceAll("*/", "* /")} */ {\n  ${work}\n  ${next(i)};\n}`).join("\n")}
raise:
  ${UNWIND}
  ${next(-1)};
${behind}}`,
});

const cases = (count: number): string => Array.from({ length: count }, (_, i) => `case ${i}: goto op_${i};`).join(" ");

/**
 * The forms in which every body is a function.
 * @param next    leaves a body
 * @param between C before the bodies
 * @param enter   executes the first instruction
 */
const tailCalls = (next: string, between = "", enter = "body[ip](ip + 1, sp, rp, t, lp)"): Form => ({
  next: () => next,
  raise: "TAIL_TO(raise)",
  stop: "return",
  write: (bodies, name) => `
#if defined __has_attribute
#if __has_attribute(musttail)
#define MUSTTAIL __attribute__((musttail))
#endif
#endif
#ifndef MUSTTAIL
#define MUSTTAIL
#endif
#define TAIL(f) MUSTTAIL return f(ip + 1, sp, rp, t, lp)
#define TAIL_TO(f) MUSTTAIL return f(ip, sp, rp, t, lp)
${between}
static __attribute__((noinline)) void raise(${PARAMETERS}) { ${UNWIND} ${next}; }
${bodies.map(({ name: opcode, work }, i) => `static void ${name(i)}(${PARAMETERS}) { /* ${opcode.replaceAll("*/", "* /")} */\n  ${work}\n  ${next};\n}`).join("\n")}
static void (*const bodies[])(${PARAMETERS}) = { ${bodies.map((_, i) => name(i)).join(", ")} };
static __attribute__((noinline)) void interpret(void) {
  ${LOCALS}
  if (!next_run()) return;
  ${LOAD}
  ${enter};
}`,
  bind: "for (int32_t i = 0; i < here; i++) body[i] = bodies[op[i] < 0 ? 0 : op[i]];",
});

/** Runs `interpret` on a stack large enough for a frame per virtual instruction: untouched pages take no memory. */
const LARGE_STACK = `
#include <sys/mman.h>
#include <ucontext.h>
static void on_large_stack(void) {
  static ucontext_t here_context, there;
  const size_t bytes = (size_t)16 << 30;
  void *stack = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (stack == MAP_FAILED) { fprintf(stderr, "no memory for the native stack\\n"); exit(2); }
  getcontext(&there);
  there.uc_stack.ss_sp = stack;
  there.uc_stack.ss_size = bytes;
  there.uc_link = &here_context;
  makecontext(&there, interpret, 0);
  swapcontext(&here_context, &there);
}
#define interpret on_large_stack
`;

/** The form of a technique. @param hot opcodes that get their own dispatch in a replicated switch */
export function formOf(technique: string, count: number, hot: ReadonlySet<number>): Form {
  const labels = Array.from({ length: count }, (_, i) => `&&op_${i}`).join(", ");
  switch (technique) {
    case "switch":
      return {
        next: () => "continue",
        raise: "goto raise",
        stop: "return",
        write: (bodies) => `
static __attribute__((noinline)) void interpret(void) {
  ${LOCALS}
  if (!next_run()) return;
  ${LOAD}
  for (;;) {
    switch (op[ip++]) {
${bodies.map(({ name, work }, i) => `case ${i}: /* ${name.replaceAll("*/", "* /")} */ {\n  ${work}\n  continue;\n}`).join("\n")}
    default: __builtin_unreachable();
    }
raise:
  ${UNWIND}
  }
}`,
      };
    case "token-threading":
      return labelled(() => "goto *bodies[op[ip++]]", `static void *const bodies[] = { ${labels} };`);
    case "direct-threading":
      return {
        ...labelled(
          () => "goto *body[ip++]",
          `static void *const bodies[] = { ${labels} };
  if (loading) { for (int32_t i = 0; i < here; i++) body[i] = bodies[op[i] < 0 ? 0 : op[i]]; return; }`,
        ),
        bind: "loading = 1; interpret(); loading = 0;",
      };
    case "indirect-threading":
      return {
        ...labelled(
          () => "goto **field[ip++]",
          `static void *bodies[] = { ${labels} };
  if (loading) { for (int32_t i = 0; i < here; i++) field[i] = &bodies[op[i] < 0 ? 0 : op[i]]; return; }`,
        ),
        bind: "loading = 1; interpret(); loading = 0;",
      };
    case "replicated-switch": {
      const dispatch = `switch (op[ip++]) { ${cases(count)} default: __builtin_unreachable(); }`;
      return labelled((number) => (hot.has(number) ? dispatch : "goto dispatch"), "", `dispatch:\n  ${dispatch}\n`);
    }
    case "call-threading":
      return {
        next: () => "return",
        raise: "{ raise(); return; }",
        stop: "{ running = 0; return; }",
        write: (bodies, name) => `
static ${LOCALS}
static int running = 1;
static __attribute__((noinline)) void raise(void) { ${UNWIND.replace("STOP", "{ running = 0; return; }")} }
${bodies.map(({ name: opcode, work }, i) => `static void ${name(i)}(void) { /* ${opcode.replaceAll("*/", "* /")} */\n  ${work}\n}`).join("\n")}
static void (*const bodies[])(void) = { ${bodies.map((_, i) => name(i)).join(", ")} };
static __attribute__((noinline)) void interpret(void) {
  if (!next_run()) return;
  ${LOAD}
  do body[ip++](); while (running);
}`,
        bind: "for (int32_t i = 0; i < here; i++) body[i] = bodies[op[i] < 0 ? 0 : op[i]];",
      };
    case "tail-call-threading":
      return tailCalls("TAIL(body[ip])");
    case "tail-call-dispatcher":
      return tailCalls(
        "TAIL_TO(dispatcher)",
        `static __attribute__((noinline)) void dispatcher(${PARAMETERS}) { TAIL(body[ip]); }`,
        "dispatcher(ip, sp, rp, t, lp)",
      );
    case "tail-call-no-elimination":
      return { ...tailCalls("TAIL(body[ip])", "#undef MUSTTAIL\n#define MUSTTAIL"), around: LARGE_STACK };
    default:
      throw new Error(`no form in C: ${technique}`);
  }
}

/** The techniques that have a form in C. */
export const FORMS = [
  "switch",
  "token-threading",
  "direct-threading",
  "call-threading",
  "tail-call-threading",
  "replicated-switch",
  "indirect-threading",
  "tail-call-dispatcher",
  "tail-call-no-elimination",
] as const;
export type FormName = (typeof FORMS)[number];

const FUNCTIONS = `static void (*body[sizeof op / sizeof *op])(${PARAMETERS});\n`;

/** Declarations before a form's bodies. */
export const DECLARED: Readonly<Record<FormName, string>> = {
  switch: "",
  "token-threading": "",
  "replicated-switch": "",
  "direct-threading": "static void *body[sizeof op / sizeof *op];\nstatic int loading;\n",
  "indirect-threading": "static void **field[sizeof op / sizeof *op];\nstatic int loading;\n",
  "call-threading": "static void (*body[sizeof op / sizeof *op])(void);\n",
  "tail-call-threading": FUNCTIONS,
  "tail-call-dispatcher": FUNCTIONS,
  "tail-call-no-elimination": FUNCTIONS,
};

/** Compiler options that a form needs besides the user's. */
export const FORM_FLAGS: Partial<Readonly<Record<FormName, readonly string[]>>> = {
  "tail-call-no-elimination": ["-fno-optimize-sibling-calls"],
};

/** Forms whose bodies call the next one through a pointer; others jump. */
export const CALLING_FORMS: readonly string[] = ["call-threading", "tail-call-no-elimination"] satisfies FormName[];

/** Forms whose bodies have no addresses in the program. */
export const FORMS_WITHOUT_TABLE: readonly string[] = ["switch", "replicated-switch"] satisfies FormName[];
