// A C interpreter for the Forth guest's virtual code, generated from the instruction table that the guest's own interpreter is
// generated from, in the forms in which interpreters are written.
import { MARK_NAMES } from "../guests/forth/image.ts";
import { effectOf, instructions } from "../guests/forth/machine/instructions.ts";
import { HALT, MARKS, RESUME } from "../guests/forth/machine/layout.ts";
import { mainText, supportText } from "./c-support.ts";
import { translate } from "./translate.ts";

/** An opcode as the C side numbers it. */
interface Body {
  readonly name: string;
  /** What the body does, in C, before it dispatches. */
  readonly work: string;
}

export interface CInterpreter {
  readonly text: string;
  /** Names of opcodes by the C side's numbers. */
  readonly names: readonly string[];
  /** The C side's number of an opcode of the guest's machine; -1 if it has none. */
  opcode(number: number): number;
}

/** How a form is written: each stands for the technique of the same name. */
interface Form {
  /** Leaves a body for the next virtual instruction, and for where an exception is handled. */
  readonly next: (number: number) => string;
  readonly raise: string;
  /** Leaves the interpreter. */
  readonly stop: string;
  /** All bodies, and \`interpret\`. */
  readonly write: (bodies: readonly Body[], name: (number: number) => string) => string;
  /** What becomes of the opcodes of loaded code: \`i\` counts addresses. */
  readonly bind?: string;
}

const LOAD = "ip = saved_ip; sp = saved_sp; rp = saved_rp; lp = saved_lp; t = ds[sp];";
const UNWIND = `if (handler == 0) {
    if (!next_run()) STOP;
    ${LOAD}
  } else {
    intptr_t frame = handler;
    lp = rs[frame - 2]; sp = rs[frame - 3] + 1; handler = rs[frame - 4]; ip = rs[frame - 5]; rp = frame - 5;
    t = fault;
  }`;
const LOCALS = "intptr_t ip, sp, rp, lp; int32_t t;";
const PARAMETERS = "intptr_t ip, intptr_t sp, intptr_t rp, int32_t t, intptr_t lp";

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

/** The forms, by the technique that each stands for. @param hot opcodes that get a dispatch of their own in a replicated switch */
function formOf(technique: string, count: number, hot: ReadonlySet<number>): Form {
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
      return {
        next: () => "TAIL(body[ip])",
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
static __attribute__((noinline)) void raise(${PARAMETERS}) { ${UNWIND} TAIL(body[ip]); }
${bodies.map(({ name: opcode, work }, i) => `static void ${name(i)}(${PARAMETERS}) { /* ${opcode.replaceAll("*/", "* /")} */\n  ${work}\n  TAIL(body[ip]);\n}`).join("\n")}
static void (*const bodies[])(${PARAMETERS}) = { ${bodies.map((_, i) => name(i)).join(", ")} };
static __attribute__((noinline)) void interpret(void) {
  ${LOCALS}
  if (!next_run()) return;
  ${LOAD}
  body[ip](ip + 1, sp, rp, t, lp);
}`,
        bind: "for (int32_t i = 0; i < here; i++) body[i] = bodies[op[i] < 0 ? 0 : op[i]];",
      };
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
] as const;
export type FormName = (typeof FORMS)[number];

/** What is declared in front of a form's bodies. */
const DECLARED: Readonly<Record<FormName, string>> = {
  switch: "",
  "token-threading": "",
  "replicated-switch": "",
  "direct-threading": "static void *body[sizeof op / sizeof *op];\nstatic int loading;\n",
  "call-threading": "static void (*body[sizeof op / sizeof *op])(void);\n",
  "tail-call-threading": `static void (*body[sizeof op / sizeof *op])(${PARAMETERS});\n`,
};

/** C for one row of the table: takes inputs from t and ds, runs its code, leaves the outputs. */
function workOf(effect: string, code: string): string {
  const { inputs, outputs } = effectOf(effect);
  const n = inputs.length;
  const m = outputs.length;
  const lines = inputs.map((name, i) => `int32_t ${name} = ${i === n - 1 ? "t" : `ds[sp - ${n - 1 - i}]`};`);
  const fresh = outputs.filter((name, i) => !inputs.includes(name) && outputs.indexOf(name) === i);
  if (fresh.length > 0) lines.push(`int32_t ${fresh.join(", ")};`);
  if (n === 0 && m > 0) lines.push("ds[sp] = t;");
  if (m === 0 && n > 0) lines.push(`sp -= ${n}; t = ds[sp];`);
  lines.push(translate(code));
  if (m > 0) {
    if (m !== n) lines.push(`sp += ${m - n};`);
    outputs.forEach((name, i) => {
      if (i === m - 1) lines.push(`t = ${name};`);
      else if (!(i < n - 1 && inputs[i] === name)) lines.push(`ds[sp - ${m - 1 - i}] = ${name};`);
    });
  }
  return lines.filter((line) => line !== "").join(" ");
}

/**
 * @param technique which form
 * @param hostWords  words of the host that get a body: number and name in the guest's machine
 * @param hot        opcodes, by their names, that get a dispatch of their own in a replicated switch
 */
export function writeInterpreter(technique: FormName, hostWords: ReadonlyMap<number, string>, hot: ReadonlySet<string>): CInterpreter {
  const hosts = [...hostWords].sort(([a], [b]) => a - b);
  const bodies: Body[] = [
    { name: MARK_NAMES[0], work: `ds[sp] = t; if (!end_run(sp)) STOP; ${LOAD}` },
    { name: MARK_NAMES[1], work: "ip = resume; resume = 0;" },
    ...instructions.map(([name, effect, code]) => ({ name, work: workOf(effect, code) })),
    ...hosts.map(([number, name]) => ({ name, work: `ds[sp] = t; sp = host(${number}, sp); t = ds[sp];` })),
  ];
  const names = bodies.map(({ name }) => name);
  const form = formOf(technique, bodies.length, new Set(names.flatMap((name, i) => (hot.has(name) ? i : []))));
  const text = `${supportText}${DECLARED[technique]}#define STOP ${form.stop}\n#define RAISE ${form.raise}\n${form.write(bodies, (i) => `op_${i}`)}\n${mainText(form.bind ?? "")}`;
  const numbers = new Map<number, number>([
    [HALT, 0],
    [RESUME, 1],
    ...instructions.map((_, i) => [i + MARKS, i + 2] as const),
    ...hosts.map(([number], i) => [number, instructions.length + 2 + i] as const),
  ]);
  return { text, names, opcode: (number) => numbers.get(number) ?? -1 };
}
